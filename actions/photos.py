"""Photos as proof: what may be taken at all, before anything is fetched, and for how long."""

from datetime import timedelta
from typing import Literal

BYTES_AT_MOST = 10_000_000
INVITED_FOR = timedelta(days=7)
"""So long after the claim, or after the last one was declined, a photo may be sent."""
KEPT_FOR = timedelta(days=90)
"""So long after the decision the photo itself is kept; then only the decision stays."""
TRIES = 3

Objection = Literal["", "big", "kind"]
Reason = Literal["unclear", "other", "person"]
"""Why a photo is declined: it cannot be made out; it shows another thing; it shows someone who may not want it."""
REASONS: tuple[Reason, ...] = ("unclear", "other", "person")


def objection(size: int, media_type: str) -> Objection:
    """What there is against a file, by what its platform says of it: size in bytes (0: not told), media type (may be
    empty). What is really in it shows only once it was fetched.
    """
    if size > BYTES_AT_MOST:
        return "big"
    return "kind" if media_type and not media_type.lower().startswith("image/") else ""
