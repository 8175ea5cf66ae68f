"""How fast a bot may send: in all, to one chat, to one group."""

import math
from collections import Counter, deque

from tests.platforms.telegram.errors import too_many

_CHAT_BURST = 3
_GROUP_A_MINUTE = 20


class Pace:
    """The limits of one bot; without a rate there are none.

    `refusals` counts the refused sends by the limit they met: `account`, `chat` or `group`.
    """

    def __init__(self, rate: int | None) -> None:
        self.rate = rate
        self.refusals: Counter[str] = Counter()
        self._all: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._free_at: dict[int, float] = {}

    def admit(self, chat: int, now: float, *, is_group: bool = False) -> None:
        """Count one send to a chat, or refuse it."""
        if self.rate is None:
            return
        _forget(self._all, now - 1.0)
        if len(self._all) >= self.rate:
            raise self._refusal("account", self._all[0] + 1.0 - now)
        sent_to_group = self._groups.setdefault(chat, deque())
        _forget(sent_to_group, now - 60.0)
        if is_group and len(sent_to_group) >= _GROUP_A_MINUTE:
            raise self._refusal("group", sent_to_group[0] + 60.0 - now)
        # One a second in the long run, with a small burst on top: each send books a second of the chat's time.
        free_at = max(self._free_at.get(chat, now), now)
        if free_at - now > _CHAT_BURST - 1:
            raise self._refusal("chat", free_at - now - (_CHAT_BURST - 1))
        self._free_at[chat] = free_at + 1.0
        self._all.append(now)
        if is_group:
            sent_to_group.append(now)

    def _refusal(self, limit: str, wait: float) -> Exception:
        self.refusals[limit] += 1
        return too_many(max(1, math.ceil(wait)))


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
