"""The neutral words between the adapters and the conversation: what comes in, what goes out."""

import json
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Literal


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


IncomingKind = Literal["text", "command", "press", "blocked", "unblocked", "moved", "media"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did on a platform, in our words.

    `command` is the bare lower-case word (`start`), `text` what was written (for a command: what follows it; for a
    press: the button's data). `pressed` is the platform's id of the message whose button was pressed; `pressed_photo`
    whether that message carries an image. `moved_to` is the chat's new id after a migration.
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


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled button that either sends `press` back to us (at most 64 bytes) or opens `url`."""

    label: str
    press: str = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: an https address, or `pack/name` of one that a pack brought."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over: a person's own data."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Message:
    """What we say: CommonMark (emphasis, links, lists, line breaks), rows of buttons, at most one image or document.

    `replaces` is the platform's id of an earlier message to edit in place; if it can no longer be edited, the message
    is sent anew. With `replaces` and no `text`, only the buttons of that message change, to `buttons` or to none.
    `notice` is a short plain sentence shown over the chat as the answer to a press; a message with nothing but a
    notice sends nothing. `language` tells the direction of writing. A `direct` message goes past the outbox: it is the
    last one to a chat at which nobody is known any more.
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
    `moved_to` is the chat's new id, when the platform says it moved.
    """

    outcome: Outcome
    ref: str = ""
    reason: str = ""
    wait: float = 0.0
    everyone: bool = False
    moved_to: str = ""


def dump(message: Message) -> str:
    """Write a message as JSON, for the outbox."""
    return json.dumps(asdict(message), ensure_ascii=False, separators=(",", ":"))


def parse(document: str) -> Message:
    """Read a message written by `dump`."""
    data: dict[str, Any] = json.loads(document)
    image = data.pop("image")
    paper = data.pop("document")
    rows = data.pop("buttons")
    return Message(
        **data,
        image=Image(**image) if image else None,
        document=Document(**paper) if paper else None,
        buttons=tuple(tuple(Button(**button) for button in row) for row in rows),
    )
