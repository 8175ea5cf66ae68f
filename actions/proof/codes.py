"""Words told at an event or printed on a receipt: how they are compared."""

import hashlib

from content.check_proof import CODE_AT_LEAST as CODE_AT_LEAST
from content.check_proof import folded as folded


def digest(action: str, words: str) -> str:
    """What is kept of a code that counts once: a hash bound to its action."""
    return hashlib.blake2b(folded(words).encode(), digest_size=24, key=action.encode()[:64]).hexdigest()
