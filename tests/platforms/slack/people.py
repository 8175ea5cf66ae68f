"""People with an account: they write, type commands, move in and out of channels."""

from tests.platforms.slack import mrkdwn, payloads, uploads
from tests.platforms.slack.acting import run_command
from tests.platforms.slack.calls import Json, Reply
from tests.platforms.slack.hands import Hands
from tests.platforms.slack.messages import Message
from tests.platforms.slack.rooms import Room
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Channel, Team, User

NOT_INSTALLED = "not_installed"


class Person(Hands):
    """Somebody in one workspace, and the direct message with the bot."""

    def __init__(self, stage: Stage, user: User, team: Team) -> None:
        super().__init__(stage, user, team)

    @property
    def name(self) -> str:
        """Return the name."""
        return self.user.name

    @property
    def dm(self) -> str:
        """Return the id of the direct message with the bot, opened if needed."""
        with self._stage.world.lock:
            return self._dm().id

    def can_see(self) -> list[Message]:
        """Return what this person sees: the direct message, the channels they are in, what is for them alone."""
        inside = (each for each in self._stage.world.channels.values() if self.id in each.members)
        every = [message for channel in inside if channel.team == self.team.id for message in channel.visible]
        return sorted((each for each in every if each.visible_to in ("", self.id)), key=lambda each: each.ts)

    def is_own(self, message: Message) -> bool:
        """Return whether this person wrote it."""
        return message.user == self.id

    def says(
        self, text: str, channel: Room | None = None, *, thread: Message | None = None, raw: bool = False
    ) -> Message:
        """Write to the bot, or into a channel; with `raw` the text already is Slack's markup."""
        with self._stage.world.lock:
            where = self._where(channel)
            message = self._writes(text if raw else mrkdwn.escape(text), where, thread)
            if self.team.bot_user in where.members:
                self._stage.tell(self.team, payloads.typed(self._stage.world, message, where))
            return message

    def shares(self, data: bytes, name: str = "IMG_0001.jpg", mimetype: str = "image/jpeg", text: str = "") -> Message:
        """Send the bot a file."""
        world = self._stage.world
        with world.lock:
            where = self._dm()
            message = self._writes(mrkdwn.escape(text), where, None)
            message.files = [uploads.share(world, self.team, self.id, data, name, mimetype)]
            event = payloads.typed(world, message, where)
            about = {"subtype": "file_share", "files": message.files, "upload": False, "display_as_bot": False}
            self._stage.tell(self.team, event | about)
            return message

    def mentions(self, text: str, channel: Room, *, thread: Message | None = None) -> Message:
        """Write into a channel and call the bot; it hears so only as a member."""
        with self._stage.world.lock:
            where = self._where(channel)
            message = self._writes(f"<@{self.team.bot_user}> {mrkdwn.escape(text)}", where, thread)
            if self.team.bot_user in where.members:
                self._stage.tell(self.team, payloads.typed(self._stage.world, message, where, "app_mention"))
                self._stage.tell(self.team, payloads.typed(self._stage.world, message, where))
            return message

    def edits(self, message: Message, text: str) -> Message:
        """Change an own message."""
        world = self._stage.world
        with world.lock:
            channel, previous = world.channels[message.channel], message.as_json()
            message.text, message.edited = mrkdwn.escape(text), True
            world.touch(message)
            event: Json = {"type": "message", "subtype": "message_changed", "message": message.as_json()}
            event |= {"previous_message": previous, "channel": channel.id, "channel_type": channel.kind}
            ts = world.ts()
            if self.team.bot_user in channel.members:
                self._stage.tell(self.team, event | {"ts": ts, "event_ts": ts, "hidden": True})
            return message

    def types(self, command: str, text: str = "", channel: Room | None = None) -> Reply:
        """Type a slash command; return how the bot acknowledged it."""
        world = self._stage.world
        with world.lock:
            where = self._where(channel)
            if not self.team.installed:
                return Reply(0, "", 0.0, NOT_INSTALLED)
            fields = {"command": command, "text": mrkdwn.escape(text)}
            fields["response_url"] = world.token_for(self.team, self.id, where.id)
            fields["trigger_id"] = self._stage.screens.trigger(self.team, self.id)
            form = payloads.command(world, self.team, self.user, where, fields)
        return self._stage.run(run_command(self._stage, self.team, self.id, where, form))

    def opens_home(self, tab: str = "home") -> None:
        """Open the app: its home tab, or the messages."""
        world = self._stage.world
        with world.lock:
            event: Json = {"type": "app_home_opened", "user": self.id, "channel": self._dm().id, "tab": tab}
            home = self._stage.screens.home(self.team, self.id)
            if home is not None and tab == "home":
                event["view"] = home.as_json(world.app_id)
            self._stage.tell(self.team, event | {"event_ts": world.ts()})

    def invites_bot(self, room: Room) -> None:
        """Let the bot into a channel."""
        self._lets_in(room, self.team.bot_user)

    def removes_bot(self, room: Room) -> None:
        """Throw the bot out of a channel."""
        with self._stage.world.lock:
            bot, is_private = self.team.bot_user, room.state.kind == "group"
            assert bot in room.state.members, "the bot is not there"
            room.state.members.remove(bot)
            about = {"channel": room.id, "event_ts": self._stage.world.ts()}
            left = {"type": "member_left_channel", "user": bot, "channel_type": "G" if is_private else "C"}
            self._stage.tell(self.team, left | about | {"team": self.team.id})
            gone = {"type": "group_left" if is_private else "channel_left", "actor_id": self.id}
            self._stage.tell(self.team, gone | about)

    def invites(self, other: "Person", room: Room) -> None:
        """Let somebody else into a channel."""
        self._lets_in(room, other.id)

    def joins(self, room: Room) -> None:
        """Join a public channel."""
        self._lets_in(room, self.id)

    def leaves(self, room: Room) -> None:
        """Leave a channel; the bot is told if it is a member."""
        with self._stage.world.lock:
            room.state.members.remove(self.id)
            event: Json = {"type": "member_left_channel", "user": self.id, "channel": room.id, "team": self.team.id}
            event |= {"channel_type": "G" if room.state.kind == "group" else "C", "event_ts": self._stage.world.ts()}
            if room.has_bot:
                self._stage.tell(self.team, event)

    def _lets_in(self, room: Room, who: str) -> None:
        with self._stage.world.lock:
            assert who not in room.state.members, f"{who} is in {room.id} already"
            room.state.members.append(who)
            event: Json = {"type": "member_joined_channel", "user": who, "channel": room.id, "team": self.team.id}
            event |= {"channel_type": "G" if room.state.kind == "group" else "C", "inviter": self.id}
            if room.has_bot:
                self._stage.tell(self.team, event | {"event_ts": self._stage.world.ts()})

    def _writes(self, text: str, where: Channel, thread: Message | None) -> Message:
        assert not self.user.deactivated, "an account that is gone says nothing"
        assert not where.archived, "nobody writes into an archived channel"
        assert self.id in where.members, f"{self.name} is not in {where.name}"
        world = self._stage.world
        message = Message(world.ts(), where.id, self.id, self.team.id, text, thread_ts=thread.ts if thread else "")
        return world.post(where, message)

    def __repr__(self) -> str:
        return f"<{self.name} {self.id} of {self.team.name}>"
