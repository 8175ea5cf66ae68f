"""From a raw update to `Incoming`: pure, and calm in the face of odd updates.

The library's `Update.de_json` raises on a date that is no number, on a missing field, on an unknown member status;
what is read here are the few fields we use, each where it is found and nowhere else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.message import Address, File, Incoming, Profile

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates to ask for; changed messages come too and are left alone."""

ANONYMOUS_ADMIN = 1_087_968_824
NAME_AT_MOST = 64
TYPE_AT_MOST = 100
PHOTO_TYPE = "image/jpeg"
_MEDIA = (
    "photo", "video", "document", "audio", "voice", "video_note", "animation", "sticker", "location", "venue",
    "contact", "poll", "dice", "story", "paid_media",
)  # fmt: skip
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PRESENT = {"creator", "administrator", "member"}


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are; `username` is empty as long as Telegram has not told it."""

    account: str
    username: str

    @property
    def bot(self) -> str:
        """Our number as a user of Telegram."""
        return self.account.partition(":")[2]

    def is_meant(self, username: str) -> bool:
        """Whether a name after an @ is ours."""
        return not self.username or username.lower() == self.username.lower()


@dataclass(frozen=True, slots=True)
class _Chat:
    number: int
    private: bool


def incoming(raw: Any, account: str, username: str = "") -> Incoming | None:
    """Return what a person did, or None when an update is nothing for us.

    Raises `ValueError` when it is an update of a kind we know, but does not say from where.
    """
    if not isinstance(raw, dict):
        raise ValueError("an update that is no object")
    us = Us(account, username)
    for kind, read in _READERS.items():
        if kind in raw:
            if not isinstance(raw[kind], dict):
                raise ValueError(f"a {kind} that is no object")
            return read(raw[kind], us)
    return None


def press_id(raw: Any) -> str:
    """Return the id under which a press is to be answered, empty when the update is no press."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else ""


def _message(message: dict[str, Any], us: Us) -> Incoming | None:
    chat = _chat(message)
    if moved := _migration(message, chat, us):
        return moved
    sender = _object(message, "from")
    if sender.get("is_bot") is True and sender.get("id") != ANONYMOUS_ADMIN:
        return None
    address = Address(us.account, str(chat.number))
    profile = _profile(sender)
    text = _text(message, "text")
    if not text:
        return _media(message, chat, us)
    command = _COMMAND.fullmatch(text)
    if command:
        name, whom, rest = command.groups("")
        if whom and not us.is_meant(whom):
            return None
        return Incoming(address, "command", rest.strip(), name.lower(), private=chat.private, profile=profile)
    if not (chat.private or _is_addressed(message, text, us)):
        return None
    return Incoming(address, "text", _without_mention(text, us), private=chat.private, profile=profile)


def _media(message: dict[str, Any], chat: _Chat, us: Us) -> Incoming | None:
    caption = _text(message, "caption")
    if not any(kind in message for kind in _MEDIA):
        return None
    if not (chat.private or _is_addressed(message, caption, us)):
        return None
    return Incoming(
        Address(us.account, str(chat.number)),
        "media",
        _without_mention(caption, us),
        private=chat.private,
        profile=_profile(_object(message, "from")),
        file=_file(message),
    )


def _file(message: dict[str, Any]) -> File | None:
    """The largest size of a photo, or a document; what it is called is not read."""
    sizes = message.get("photo")
    if isinstance(sizes, list):
        photos = [found for size in sizes if isinstance(size, dict) and (found := _named(size, PHOTO_TYPE))]
        return max(photos, key=lambda photo: photo.size, default=None)
    document = _object(message, "document")
    return _named(document, _text(document, "mime_type")[:TYPE_AT_MOST].lower())


def _named(tree: dict[str, Any], media_type: str) -> File | None:
    name = tree.get("file_id")
    known = isinstance(name, str) and re.fullmatch(r"[\w-]{1,400}", name, re.ASCII) is not None
    return File(str(name), max(0, _number(tree.get("file_size")) or 0), media_type) if known else None


def _migration(message: dict[str, Any], chat: _Chat, us: Us) -> Incoming | None:
    old, new = _number(message.get("migrate_from_chat_id")), _number(message.get("migrate_to_chat_id"))
    if old is None and new is None:
        return None
    old, new = (chat.number, new) if new is not None else (old, chat.number)
    return Incoming(Address(us.account, str(old)), "moved", private=False, moved_to=str(new))


def _press(query: dict[str, Any], us: Us) -> Incoming | None:
    message, data = _object(query, "message"), query.get("data")
    if not message or not isinstance(data, str):
        return None  # a press under an inline message or a game: we send neither
    chat = _chat(message)
    pressed = _number(message.get("message_id"))
    return Incoming(
        Address(us.account, str(chat.number)),
        "press",
        _UNSTORABLE.sub("", data),
        pressed="" if pressed is None else str(pressed),
        pressed_photo="photo" in message,
        private=chat.private,
        profile=_profile(_object(query, "from")),
    )


def _membership(change: dict[str, Any], us: Us) -> Incoming | None:
    chat = _chat(change)
    before, after = _is_present(change, "old_chat_member"), _is_present(change, "new_chat_member")
    if after is None or before == after:
        return None
    return Incoming(
        Address(us.account, str(chat.number)),
        "unblocked" if after else "blocked",
        private=chat.private,
        profile=_profile(_object(change, "from")) if chat.private else Profile(),
    )


_READERS: Mapping[str, Callable[[dict[str, Any], Us], Incoming | None]] = {
    "message": _message,
    "callback_query": _press,
    "my_chat_member": _membership,
}


def _is_present(change: dict[str, Any], which: str) -> bool | None:
    member = _object(change, which)
    status = member.get("status")
    if status == "restricted":
        return member.get("is_member") is True
    return status in _PRESENT if isinstance(status, str) else None


def _is_addressed(message: dict[str, Any], text: str, us: Us) -> bool:
    author = _object(_object(message, "reply_to_message"), "from").get("id")
    return str(author) == us.bot or bool(us.username and _mention(us).search(text))


def _without_mention(text: str, us: Us) -> str:
    return _mention(us).sub("", text).strip() if us.username else text


def _mention(us: Us) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@])@{re.escape(us.username)}\b", re.IGNORECASE)


def _chat(holder: dict[str, Any]) -> _Chat:
    chat = _object(holder, "chat")
    number = _number(chat.get("id"))
    if number is None:
        raise ValueError("an update that does not say from which chat")
    kind = chat.get("type")
    return _Chat(number, kind == "private" if isinstance(kind, str) else number > 0)


def _profile(sender: dict[str, Any]) -> Profile:
    if sender.get("id") == ANONYMOUS_ADMIN:
        return Profile()
    language = _text(sender, "language_code")[:35]
    country = language.replace("_", "-").rpartition("-")[2] if len(language) > 3 else ""
    return Profile(
        language=language,
        country=country.upper() if re.fullmatch("[A-Za-z]{2}", country) else "",
        name=_text(sender, "first_name")[:NAME_AT_MOST],
    )


def _object(holder: dict[str, Any], name: str) -> dict[str, Any]:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def _text(holder: dict[str, Any], name: str) -> str:
    found = holder.get(name)
    return _UNSTORABLE.sub("", found).strip() if isinstance(found, str) else ""


def _number(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if is_number else None
