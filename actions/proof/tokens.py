"""Signed references: a word that leads from outside back to one ask, and that nobody else can make.

An ask is one action put to one person, so a reference is made for that person and that action. It carries the ask's
number and a signature over it; nothing is kept for the millions that are never used. Letters, digits, `-` and `_`
only, at most 64: what Stripe takes as a `client_reference_id`.
"""

import base64
import hashlib
from functools import lru_cache
from typing import Literal

from itsdangerous import Signer

Purpose = Literal["link", "report"]
"""What a reference is for; one made for a link proves nothing when it comes back as another."""

LONGEST = 10**15


def sign(ask_id: int, purpose: Purpose, secret: str) -> str:
    """The reference of an ask."""
    number = _number(ask_id)
    return number + _signer(purpose, secret).get_signature(number).decode()


def read(reference: str, purpose: Purpose, secret: str) -> int | None:
    """The number of the ask a reference was made for; none for anything else."""
    if not (reference.isascii() and 12 < len(reference) <= 64):
        return None
    number, signature = reference[:8], reference[8:]
    if not _signer(purpose, secret).verify_signature(number, signature):
        return None
    return int.from_bytes(base64.urlsafe_b64decode(number), "big")


def _number(ask_id: int) -> str:
    return base64.urlsafe_b64encode(ask_id.to_bytes(6, "big")).decode()


@lru_cache(maxsize=16)
def _signer(purpose: Purpose, secret: str) -> Signer:
    return Signer(secret, salt=f"kindling.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
