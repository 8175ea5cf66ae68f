"""The neutral words between the adapters and the conversation: what comes in, what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Literal

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on an account: `account` is its name (`telegram:123456`, `web`), `chat` the platform's id of the chat."""

    account: str
    chat: str

    @property
    def channel(self) -> str:
        """The kind of platform: `telegram`, `slack` or `web`."""
        return self.account.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform tells of a person; each field may be empty. Nothing here is trusted or stored as it is."""

    language: str = ""
    zone: str = ""
    country: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody sent: the platform's id or address of it, its size in bytes (0: not told) and its media type
    (empty: not told). What its sender called it is nobody's business.
    """

    id: str
    size: int = 0
    media_type: str = ""


IncomingKind = Literal[
    "text", "command", "press", "media", "blocked", "unblocked", "moved",
    "home", "form", "shortcut", "invited", "removed",
]  # fmt: skip
HOME = "home"
"""The place of a person's own page on a platform that has one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did on a platform, in our words.

    `command` is the bare lower-case word (`start`), `text` what was written (for a command: what follows it; for a
    press: the button's data). `pressed` is the platform's id of the message whose button was pressed; `pressed_photo`
    whether that message carries an image. `moved_to` is the chat's new id after a migration.

    `address` is always the person's own; `room` is the platform's id of the group chat in which they did it, empty in
    private. `place` is where the answers shall be seen, by this person alone, when that is not their own chat: `HOME`
    or the platform's own word for it, handed back as it is. `opener` lets one form be opened as the answer, for a few
    seconds. A `form` that was handed in has its name in `command`, what it was opened with in `text`, and its
    `fields`. A `shortcut` has its name in `command`; used on a message, that message's words are in `text`.
    `file` is what came with `media`, where it is one that could be fetched.
    `home` is a person who opened their page (or, with the text `chat`, the chat with us), `invited` and `removed` tell
    that the bot was taken into a room or out of it.
    """

    address: Address
    kind: IncomingKind
    text: str = ""
    command: str = ""
    pressed: str = ""
    pressed_photo: bool = False
    private: bool = True
    moved_to: str = ""
    profile: Profile = field(default_factory=Profile)
    room: str = ""
    place: str = ""
    opener: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled button that either sends `press` back to us (at most 64 bytes) or opens `url`."""

    label: str
    press: str = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: an https address, `pack/name` of one that a pack brought, what `bot.drawing.kept` returned, or
    `photo/number` of one that a person sent: that one only in the chat of somebody who is to look at it.
    """

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over: a person's own data."""

    name: str
    content: str


FieldKind = Literal["text", "long", "choice", "choices", "time", "number"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `options` are pairs of value and label; several chosen values come back joined by commas.

    `most` is the greatest number of characters, of a number its greatest value.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    optional: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A form to fill in, for platforms that can show one; `argument` comes back with it as it is."""

    name: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What we say: CommonMark (emphasis, links, lists, line breaks), rows of buttons, at most one image or document.

    `replaces` is the platform's id of an earlier message to edit in place; if it can no longer be edited, the message
    is sent anew, or with `or_nothing` not at all. With `replaces` and no `text`, only the buttons of that message
    change, to `buttons` or to none. `notice` is a short plain sentence shown over the chat as the answer to a press; a
    message with nothing but a notice sends nothing. `language` tells the direction of writing. A `direct` message goes
    past the outbox: it is the last one to a chat at which nobody is known any more.

    `place` is where it is seen by its person alone when that is not their own chat (see `Incoming.place`); at `HOME`
    the `parts` make up the whole page. `room` is a group chat that is spoken to instead of the person; `people` are
    the platform's ids of those who agreed to be named in it, beneath the text. A `form` opens with its `opener`;
    where that cannot be, the text and the buttons are sent instead. `errors`, pairs of a field's name and what is
    wrong with it, send a form back to be mended; nothing else is sent with them.
    """

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    image: Image | None = None
    document: Document | None = None
    replaces: str = ""
    replaces_photo: bool = False
    notice: str = ""
    language: str = "en"
    direct: bool = False
    place: str = ""
    parts: tuple["Message", ...] = ()
    room: str = ""
    people: tuple[str, ...] = ()
    form: Form | None = None
    opener: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    or_nothing: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is anything to send: words, a change to an earlier message, a page."""
        return bool((self.text or self.replaces or self.parts) and not self.direct and not self.errors)


class Outcome(Enum):
    """What an attempt to send means for the message; one question each: was it sent, and what now?"""

    SENT = "sent"
    RETRY = "retry"  # known not to have been done, and worth another try
    UNSURE = "unsure"  # may have been done; the platform lets nobody ask
    UNREACHABLE = "unreachable"  # this address is gone until its person writes again
    FAILED = "failed"  # never to be sent in this form
    ACCOUNT_STOPPED = "account stopped"  # the whole account is refused


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one send. `ref` is the platform's id of the message, `reason` a short word for exports.

    `wait` seconds must pass before the next try: for the whole account when `everyone`, else for this chat.
    `moved_to` is the chat's new id, when the platform says it moved. `free` tells that it was no new message in the
    chat, and does not count toward how many the chat may get.
    """

    outcome: Outcome
    ref: str = ""
    reason: str = ""
    wait: float = 0.0
    everyone: bool = False
    moved_to: str = ""
    free: bool = False


@lru_cache
def _shape() -> TypeAdapter[Message]:
    return TypeAdapter(Message)


def dump(message: Message) -> str:
    """Write a message as JSON, for the outbox."""
    return _shape().dump_json(message, exclude_defaults=True).decode()


def parse(document: str) -> Message:
    """Read a message written by `dump`."""
    return _shape().validate_json(document)
