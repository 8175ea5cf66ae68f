"""Short-lived addresses that nobody guesses, under which a moderator's chat shows a photo that somebody sent."""

import re
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer

VALID = timedelta(minutes=15)
PHOTO = re.compile(r"photo/([0-9]{1,18})", re.ASCII)
"""The source of a photo. A pack may be called `photo`, but none of its images so."""


def source(number: int) -> str:
    """What names a photo in a message."""
    return f"photo/{number}"


def number_of(source_: str) -> int | None:
    """The number of the photo that a source names; none for any other picture."""
    found = PHOTO.fullmatch(source_)
    return int(found[1]) if found else None


def path(number: int, secret: str, now: datetime) -> str:
    """The path under which a photo is shown for a quarter of an hour."""
    until = int((now + VALID).timestamp())
    return f"/photo/{_signer(secret).sign(f'{number}-{until}').decode()}"


def read(token: str, secret: str, now: datetime) -> int | None:
    """The number of the photo that a token shows; none when it was not made by us, or its time is over."""
    try:
        number, _, until = _signer(secret).unsign(token).decode().partition("-")
    except (BadSignature, UnicodeDecodeError):
        return None
    return int(number) if int(until) > now.timestamp() else None


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="kindling.photo", key_derivation="hmac")
