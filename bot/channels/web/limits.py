"""How much one chat may say: a bucket for each, so that a loud one does not cost the others."""

from collections import OrderedDict
from dataclasses import dataclass, field

PER_MINUTE = 20.0
CHATS = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float = PER_MINUTE
    at: float = 0.0
    warned: bool = False


@dataclass
class Buckets:
    """One bucket for each chat that spoke lately; `take` says whether one more is taken in."""

    _kept: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def take(self, chat: str, at: float) -> bool:
        """Take one thing out of the chat's bucket at `at` (seconds of a clock that only runs forward)."""
        bucket = self._kept.pop(chat, None) or _Bucket(at=at)
        self._kept[chat] = bucket
        if len(self._kept) > CHATS:
            self._kept.popitem(last=False)
        bucket.left = min(PER_MINUTE, bucket.left + (at - bucket.at) * PER_MINUTE / 60)
        bucket.at = at
        if bucket.left < 1:
            return False
        bucket.left -= 1
        bucket.warned = False
        return True

    def warns(self, chat: str) -> bool:
        """Whether this refusal is the first since something was taken in: only that one is explained."""
        bucket = self._kept[chat]
        first = not bucket.warned
        bucket.warned = True
        return first
