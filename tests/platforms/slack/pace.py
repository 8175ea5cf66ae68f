"""How fast a bot may post: one message a second to a channel, with a small burst on top."""

import math
from collections import Counter

from tests.platforms.slack.errors import RefusedError


class Pace:
    """The limit of chat.postMessage for each channel; a burst of None means none.

    `refusals` counts the refused messages by channel.
    """

    def __init__(self, burst: int | None = 4, per_second: float = 1.0) -> None:
        self.burst = burst
        self.per_second = per_second
        self.refusals: Counter[str] = Counter()
        self._free_at: dict[str, float] = {}

    def admit(self, channel: str, now: float) -> None:
        """Count one message to a channel, or refuse it."""
        if self.burst is None:
            return
        step = 1.0 / self.per_second
        free_at = max(self._free_at.get(channel, now), now)
        wait = free_at - now - (self.burst - 1) * step
        if wait > 1e-9:
            self.refusals[channel] += 1
            raise RefusedError("ratelimited", status=429, retry_after=max(1, math.ceil(wait)))
        self._free_at[channel] = free_at + step
