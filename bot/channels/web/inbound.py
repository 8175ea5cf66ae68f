"""From what the page posts to a neutral `Incoming`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.message import Address, File, Incoming, Profile
from content.text import clean

ACCOUNT = "web"
TYPED = 4_000
PRESS_BYTES = 64

_COMMAND = re.compile(r"/([a-z_]{1,32})(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


class NotUnderstoodError(ValueError):
    """What was posted has not the shape that the page posts."""


class TooLongError(ValueError):
    """More was typed than we take."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What the page posted, checked: text, or a press on a message; `tag` is the page's own name for it.

    `quiet` is set when the page itself said it (its greeting), so that it is no line of the transcript.
    """

    text: str = ""
    press: str = ""
    pressed: str = ""
    tag: str = ""
    quiet: bool = False
    profile: Profile = field(default_factory=Profile)


def read(payload: object, accepted: str) -> Posted:
    """Check what was posted; `accepted` is the `Accept-Language` header.

    Raises `NotUnderstoodError` or `TooLongError`.
    """
    if not isinstance(payload, dict):
        raise NotUnderstoodError
    posted = Posted(
        text=clean(_string(payload, "text")).strip(),
        press=_string(payload, "press"),
        pressed=_string(payload, "pressed")[:20],
        tag=_string(payload, "tag")[:40],
        quiet=payload.get("quiet") is True,
        profile=_profile(payload, accepted),
    )
    if len(posted.text) > TYPED:
        raise TooLongError
    if bool(posted.text) == bool(posted.press) or len(posted.press.encode(errors="replace")) > PRESS_BYTES:
        raise NotUnderstoodError
    return posted


def incoming(chat: str, posted: Posted, *, photo: bool = False) -> Incoming:
    """Say in our words what a person did; `photo` tells whether the pressed message shows an image."""
    address = Address(ACCOUNT, chat)
    if posted.press:
        return Incoming(
            address, "press", posted.press, pressed=posted.pressed, pressed_photo=photo, profile=posted.profile
        )
    command = _COMMAND.fullmatch(posted.text)
    if command is None:
        return Incoming(address, "text", posted.text, profile=posted.profile)
    argument = (command[2] or "").strip()
    return Incoming(address, "command", argument, command=command[1].lower(), profile=posted.profile)


def sent(chat: str, fields: Mapping[str, str], file: File, accepted: str) -> Incoming:
    """Say in our words that a person uploaded a file; `fields` came with it, `accepted` is `Accept-Language`."""
    return Incoming(Address(ACCOUNT, chat), "media", profile=_profile(fields, accepted), file=file)


def _string(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key, "")
    if not isinstance(value, str):
        raise NotUnderstoodError
    return value


def _profile(payload: Mapping[str, Any], accepted: str) -> Profile:
    zone = _string(payload, "zone")
    wished = _string(payload, "language") or accepted.partition(",")[0].partition(";")[0].strip()
    return Profile(
        language=wished if _LANGUAGE.fullmatch(wished) else "",
        zone=zone if _ZONE.fullmatch(zone) else "",
    )
