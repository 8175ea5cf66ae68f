"""A sender's turn at an account, where several processes share the accounts."""

import math
from dataclasses import dataclass, field

LINGER = 5.0
"""So many seconds after the last thing to do a shift ends: whoever answers at once is answered without a new one."""
STALE = 5.0
"""What was taken in hand longer ago than this (seconds) is not sent before the outbox was asked again: this process may
have stood still, and another one may serve the account. Half of `storage.jobs.LEASE`."""


@dataclass
class Shift:
    """One shift: its `number` grows from shift to shift of an account, 0 is that of a process that is alone.

    It is over when nothing was to be done for `linger` seconds, when it was told to end, or when a later one has begun
    (`deposed`). Instants are seconds of a clock that only goes forward.
    """

    began_at: float
    number: int = 0
    linger: float = math.inf
    ending: bool = False
    deposed: bool = False
    heard_at: float = field(init=False)
    busy_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.heard_at = self.busy_at = self.began_at

    def heard(self, asked_at: float, now: float, *, busy: bool) -> None:
        """Note that the outbox answered: it was asked then, and there was something to do."""
        self.heard_at = asked_at
        if busy:
            self.busy_at = now

    def is_stale(self, now: float) -> bool:
        """Whether another shift may have begun without our knowing."""
        return self.number > 0 and now > self.heard_at + STALE

    def left(self, now: float) -> float:
        """The seconds until it is over if nothing happens."""
        return max(0.0, self.busy_at + self.linger - now)

    def is_over(self, now: float, *, done: bool) -> bool:
        """Whether to end it; `done` means that there is nothing to do at this moment."""
        return self.deposed or (done and (self.ending or not self.left(now)))
