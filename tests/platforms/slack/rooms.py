"""Channels with people in them."""

from tests.platforms.slack.ears import Ears
from tests.platforms.slack.messages import Message
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Channel, Team


class Room(Ears):
    """A channel, public or private; its messages are those everybody in it sees."""

    def __init__(self, stage: Stage, state: Channel, team: Team) -> None:
        super().__init__(stage, f"#{state.name}")
        self.state = state
        self.team = team

    @property
    def id(self) -> str:
        """Return the id."""
        return self.state.id

    @property
    def has_bot(self) -> bool:
        """Return whether the bot is a member."""
        return self.team.bot_user in self.state.members

    def can_see(self) -> list[Message]:
        """Return the messages everybody sees."""
        return [message for message in self.state.visible if not message.ephemeral]

    def archive(self) -> None:
        """Let the channel be archived; the bot is told if it is a member."""
        with self._stage.world.lock:
            self.state.archived = True
            kind = "group_archive" if self.state.kind == "group" else "channel_archive"
            if self.has_bot:
                owner = self.state.members[0]
                event = {"type": kind, "channel": self.id, "user": owner, "event_ts": self._stage.world.ts()}
                self._stage.tell(self.team, event)

    def unarchive(self) -> None:
        """Let the channel live again."""
        with self._stage.world.lock:
            self.state.archived = False
