"""From values to a picture that a message can name: drawn once, kept, the same for the same values."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from actions.facts import Person
from storage import drawings

LOOK = 1
"""Raise it when pictures look different: those that are kept are then drawn anew."""

Values = TypeVar("Values")


def kept(
    conn: Connection,
    draw: Callable[[Values], bytes],
    values: Values,
    now: datetime,
    *,
    secret: str,
    about: Person | None = None,
) -> str:
    """The source of a drawn picture, for `Image`; drawn only if these values have not been drawn yet.

    `about` is the person it belongs to: it is private then, and goes when they are erased. `secret` is the instance's:
    without it nobody can compute the address, not even one who knows all the values.
    """
    what = f"{LOOK}\n{draw.__module__}\n{about.key if about else ''}\n{values!r}"
    key = hmac.new(secret.encode(), f"drawing\n{what}".encode(), hashlib.sha256).hexdigest()
    if not drawings.touch(conn, key, now):
        drawings.keep(conn, key, draw(values), now, about)
    return drawings.source(key)
