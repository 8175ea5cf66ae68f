"""A message as it is visible now, and as Slack writes it into answers and events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.slack import blocks as kit
from tests.platforms.slack import mrkdwn

Json = dict[str, Any]


@dataclass(eq=False)
class Message:
    """A message; an edit changes it in place and raises its version."""

    ts: str
    channel: str
    user: str
    team: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    bot_id: str = ""
    app_id: str = ""
    ephemeral: bool = False
    visible_to: str = ""
    thread_ts: str = ""
    metadata: Json | None = None
    edited: bool = False
    deleted: bool = False
    mentions: list[str] = field(default_factory=list)
    options: Json = field(default_factory=dict)
    subtype: str = ""
    version: int = 0
    name: Callable[[str], str] = str

    @property
    def from_bot(self) -> bool:
        """Return whether the bot wrote it."""
        return bool(self.bot_id)

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the buttons."""
        return [each.label for each in kit.buttons(self.blocks)]

    @property
    def words(self) -> str:
        """Return everything a person reads: the blocks, or the text when there are none."""
        parts = [kit.words(self.blocks, self.name) if self.blocks else self.notification]
        for each in self.attachments:
            parts.append(kit.words(each.get("blocks", []), self.name))
            parts += [mrkdwn.shown(str(each[key]), self.name) for key in ("pretext", "title", "text") if key in each]
        parts += [str(file.get("title", "")) for file in self.files]
        return "\n".join(part for part in parts if part)

    @property
    def notification(self) -> str:
        """Return what a notification or a screen reader says: the text."""
        return mrkdwn.shown(self.text, self.name)

    def contains(self, part: str) -> bool:
        """Return whether the words or the notification hold this part."""
        return part in self.words or part in self.notification

    def read_mentions(self) -> None:
        """Note whom it calls now."""
        by_name = (
            str(self.options.get("link_names", "")).lower() in ("1", "true") or self.options.get("parse") == "full"
        )
        plain = self.options.get("parse") == "none" and self.options.get("mrkdwn") is False
        self.mentions = ([] if plain else mrkdwn.mentions(self.text, by_name=by_name)) + kit.mentions(self.blocks)
        for each in self.attachments:
            self.mentions += mrkdwn.mentions(str(each.get("text", ""))) + kit.mentions(each.get("blocks", []))

    def as_json(self, *, with_metadata: bool = False) -> Json:
        """Return it as Slack writes it."""
        tree: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": self.team}
        if self.subtype:
            tree["subtype"] = self.subtype
        if self.bot_id:
            tree |= {"bot_id": self.bot_id, "app_id": self.app_id, "bot_profile": self._bot_profile()}
        for key in ("blocks", "attachments", "files", "thread_ts"):
            if value := getattr(self, key):
                tree[key] = value
        if self.edited:
            tree["edited"] = {"user": self.user, "ts": self.ts}
        if with_metadata and self.metadata is not None:
            tree["metadata"] = self.metadata
        return tree

    def _bot_profile(self) -> Json:
        return {"id": self.bot_id, "app_id": self.app_id, "name": "kindling", "deleted": False, "team_id": self.team}

    def __repr__(self) -> str:
        who = "bot" if self.from_bot else self.name(self.user)
        rows = "".join(f" [{label}]" for label in self.buttons)
        notes = "".join(f" ({word})" for word in ("ephemeral", "edited", "deleted") if getattr(self, word))
        return f"<{who}: {self.words!r}{rows}{notes}>"
