"""What the platform knows: chats, messages, taps and files, behind one lock."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.platforms.telegram.keyboards import Keyboard, buttons
from tests.platforms.telegram.markup import Entity, to_html
from tests.platforms.telegram.pace import Pace
from tests.platforms.telegram.updates import Updates

Json = dict[str, Any]
T = TypeVar("T")

_STEP = 0.02


@dataclass(eq=False)
class File:
    """A file the platform keeps."""

    id: str
    path: str
    data: bytes
    url: str = ""
    name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0
    manner: str = ""  # how it is handed out: honestly, or as `tests.platforms.downloads` knows it
    told: int | None = None  # the size that is told of it, where that is not the true one

    @property
    def size(self) -> int:
        """Return the size that the platform tells."""
        return len(self.data) if self.told is None else self.told


@dataclass(eq=False)
class Message:
    """A message as it is visible now; an edit changes it in place."""

    id: int
    chat: int
    sender: Json
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: Keyboard | None = None
    photo: File | None = None
    document: File | None = None
    reply_to: "Message | None" = None
    more: Json = field(default_factory=dict)
    edited_at: int | None = None
    deleted: bool = False
    version: int = 0

    @property
    def from_bot(self) -> bool:
        """Return whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    @property
    def html(self) -> str:
        """Return the text with its entities as HTML."""
        return to_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        """Return the rows of buttons as pairs of label and callback data or link."""
        return buttons(self.keyboard)

    @property
    def edited(self) -> bool:
        """Return whether it was changed after it was sent."""
        return self.edited_at is not None

    def __repr__(self) -> str:
        who = "bot" if self.from_bot else self.sender["first_name"]
        rows = "".join(f" [{label}]" for row in self.buttons for label, _ in row)
        return f"<{who}: {'(photo) ' if self.photo else ''}{self.text!r}{rows}{' (edited)' if self.edited else ''}>"


@dataclass(eq=False)
class Chat:
    """One conversation: with a person, or a group.

    `standing` is what the bot may do here: `unknown` (never written to), `member`, `kicked` or `left`.
    """

    id: int
    kind: str
    about: Json
    standing: str = "member"
    is_deactivated: bool = False
    migrated_to: int | None = None
    messages: list[Message] = field(default_factory=list)
    pinned: Message | None = None
    actions: list[str] = field(default_factory=list)
    since: int = 0

    @property
    def as_json(self) -> Json:
        """Return the chat as it stands inside a message."""
        return {"id": self.id, "type": self.kind, **self.about}

    @property
    def visible(self) -> list[Message]:
        """Return the messages that were not deleted."""
        return [message for message in self.messages if not message.deleted]


@dataclass(eq=False)
class Press:
    """A tap on a button, and how the bot answered it."""

    id: str
    person: int
    data: str
    date: float
    answered: bool = False
    answer: str = ""
    is_alert: bool = False
    url: str = ""


class Bell:
    """Wakes everybody who waits for a change: threads and tasks alike."""

    def __init__(self) -> None:
        self.version = 0
        self._changed = threading.Condition()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Say that something changed."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()
            for loop, event in self._sleepers:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    def wait(self, seen: int, timeout: float) -> None:
        """Block until something changes after the version seen."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen, timeout)

    async def sleep(self, seen: int, seconds: float) -> None:
        """Wait in a task until something changes after the version seen, at most so long."""
        event = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), event)
        with self._changed:
            if self.version != seen:
                return
            self._sleepers.add(sleeper)
        try:
            # Not `asyncio.wait_for`: in Python 3.11 it swallows a cancellation that comes together with the event.
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            with self._changed:
                self._sleepers.discard(sleeper)


class Clock:
    """The platform's time, which a test may move on."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def unix(self) -> float:
        """Return the seconds since 1970."""
        return time.time() + self._ahead

    def monotonic(self) -> float:
        """Return seconds for measuring distances."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds


class World:
    """Everything one bot's platform knows; hold `lock` to read or change several things at once."""

    def __init__(self, bot: Json, rate: int | None) -> None:
        self.lock = threading.RLock()
        self.bell = Bell()
        self.clock = Clock()
        self.bot = bot
        self.privacy = True
        self.pace = Pace(rate)
        self.updates = Updates(self.clock.unix)
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files: dict[str, File] = {}
        self.profile: dict[tuple[str, str], Any] = {}
        self._numbers: dict[object, int] = {}

    def number(self, series: object, first: int = 1) -> int:
        """Return the next number of a series."""
        self._numbers[series] = self._numbers.get(series, first - 1) + 1
        return self._numbers[series]

    def post(self, chat: Chat, message: Message) -> Message:
        """Put a message into a chat, with the next number there."""
        message.id = self.number(chat.id if chat.kind == "supergroup" else "messages", first=101)
        chat.messages.append(message)
        return self.touch(message)

    def touch(self, message: Message) -> Message:
        """Note that a message is new or was changed."""
        message.version = self.number("versions")
        self.bell.ring()
        return message

    def keep(self, folder: str, data: bytes, **about: Any) -> File:
        """Keep a file and give it an id."""
        number = self.number("files")
        suffix = str(about.get("name", "")).rpartition(".")[2] or "jpg"
        file = File(f"AgACAgIAAxkBAAI{number:06d}", f"{folder}/file_{number}.{suffix}", data, **about)
        self.files[file.id] = file
        return file

    def as_json(self, message: Message, *, is_nested: bool = False) -> Json:
        """Return a message as the platform writes it into answers and updates."""
        tree: Json = {
            "message_id": message.id,
            "from": message.sender,
            "chat": self.chats[message.chat].as_json,
            "date": message.date,
            **message.more,
        }
        if message.edited_at is not None:
            tree["edit_date"] = message.edited_at
        if message.reply_to is not None and not is_nested:
            tree["reply_to_message"] = self.as_json(message.reply_to, is_nested=True)
        tree |= _media(message)
        words = "caption" if message.photo or message.document else "text"
        if message.text:
            tree[words] = message.text
        if message.entities:
            tree["caption_entities" if words == "caption" else "entities"] = message.entities
        if message.keyboard and "inline_keyboard" in message.keyboard:
            tree["reply_markup"] = message.keyboard
        return tree

    def wait(self, condition: Callable[[], T], timeout: float, problem: Callable[[], str]) -> T:
        """Block until the condition holds and return what it returned."""
        try:
            asyncio.get_running_loop()
            in_loop = True
        except RuntimeError:
            in_loop = False
        deadline = time.monotonic() + timeout
        while True:
            seen = self.bell.version
            if result := condition():
                return result
            if in_loop:
                raise AssertionError("waiting would block the event loop: write `await telegram.wait_for(...)`")
            if time.monotonic() >= deadline:
                raise AssertionError(f"waited {timeout:g} s in vain: {problem()}")
            self.bell.wait(seen, _STEP)


def _media(message: Message) -> Json:
    if message.photo:
        file = message.photo
        small = {"width": 90, "height": 67, "file_size": min(1200, file.size)}
        size = {"width": file.width, "height": file.height, "file_size": file.size}
        thumb = {"file_id": f"{file.id}s", "file_unique_id": f"s{file.id[-6:]}", **small}
        return {"photo": [thumb, {"file_id": file.id, "file_unique_id": f"u{file.id[-6:]}", **size}]}
    if message.document:
        file = message.document
        about = {"file_name": file.name, "file_size": file.size}
        about |= {"mime_type": file.mime_type} if file.mime_type else {}
        return {"document": {"file_id": file.id, "file_unique_id": f"u{file.id[-6:]}", **about}}
    return {}
