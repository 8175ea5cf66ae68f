"""What people write and show, and workspaces' tokens: encrypted at rest with a key that is not beside the data."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


@lru_cache(maxsize=8)
def _box(secret: str) -> Fernet:
    # The instance's secret is long and random already; this only gives it the length of a key of its own.
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"kindling-sealed").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(words: str, secret: str) -> bytes:
    """Encrypt words."""
    return _box(secret).encrypt(words.encode())


def unseal(sealed: bytes, secret: str) -> str | None:
    """Decrypt words; nothing when they were sealed with another secret, or are damaged."""
    try:
        return _box(secret).decrypt(bytes(sealed)).decode()
    except (InvalidToken, UnicodeDecodeError):
        return None


def seal_bytes(content: bytes, secret: str) -> bytes:
    """Encrypt bytes."""
    return _box(secret).encrypt(content)


def unseal_bytes(sealed: bytes, secret: str) -> bytes | None:
    """Decrypt bytes; nothing when they were sealed with another secret, or are damaged."""
    try:
        return _box(secret).decrypt(bytes(sealed))
    except InvalidToken:
        return None


class Sealed(TypeDecorator[str]):
    """A column of text that is sealed in the database; what was sealed with another secret reads as nothing."""

    impl = String
    cache_ok = True

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else seal(value, self.secret).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Unseal on the way out."""
        return None if value is None else unseal(value.encode(), self.secret)
