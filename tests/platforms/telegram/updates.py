"""The updates waiting for the bot: in order, with their ids, until confirmed or too old."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Update = dict[str, Any]

KEPT_SECONDS = 24 * 3600
KEPT_SECONDS_OF_TAP = 150
_ONLY_ON_DEMAND = {"chat_member", "message_reaction", "message_reaction_count"}
_FAR_AHEAD = 10


@dataclass(eq=False)
class Waiting:
    """One update on its way to the bot."""

    id: int
    body: Update
    lane: str
    until: float
    is_forced: bool = False
    handed_out: int = 0


class Updates:
    """The queue of one bot. Not thread-safe by itself: the world's lock guards it."""

    def __init__(self, unix: Callable[[], float]) -> None:
        self.next_id = 700_000_001
        self.allowed: list[str] = []
        self.sent: list[Update] = []
        self._unix = unix
        self._waiting: list[Waiting] = []
        self._held: list[Waiting] | None = None

    def add(self, kind: str, content: dict[str, Any]) -> Update | None:
        """Queue an update of this kind, unless the bot does not want the kind."""
        if kind not in self.allowed if self.allowed else kind in _ONLY_ON_DEMAND:
            return None
        return self._queue({"update_id": self._number(), kind: content})

    def inject(self, raw: Update) -> Update:
        """Queue an update exactly as it is, valid or not; without an id it gets the next one."""
        return self._queue(raw if "update_id" in raw else {"update_id": self._number(), **raw}, is_forced=True)

    def repeat(self, count: int = 1) -> list[Update]:
        """Queue the latest updates once more, ids and all, though the bot may have confirmed them."""
        return [self._queue(body, is_forced=True, is_new=False) for body in self.sent[-count:]]

    @contextmanager
    def held(self) -> Iterator[list[Waiting]]:
        """Hold back what is queued meanwhile; the list given may be reordered, doubled or emptied."""
        held: list[Waiting] = []
        self._held = held
        try:
            yield held
        finally:
            self._held = None
            for each in held:
                each.is_forced = True
            self._waiting += held

    def waiting(self) -> list[Waiting]:
        """Return what the bot has not confirmed, without what is too old."""
        now = self._unix()
        self._waiting = [each for each in self._waiting if each.until > now]
        return self._waiting

    def confirm(self, offset: int) -> None:
        """Forget what the bot has confirmed by asking for later updates."""
        waiting = self.waiting()
        if offset < 0:
            self._waiting = waiting[offset:]
        elif offset <= max([self.next_id, *(each.id + 1 for each in waiting)]) + _FAR_AHEAD:
            # An offset from a far-away future is ignored, as after the ids have started anew.
            self._waiting = [each for each in waiting if each.id >= offset or (each.is_forced and not each.handed_out)]

    def hand_out(self, limit: int) -> list[Update]:
        """Return the first updates waiting."""
        chosen = self.waiting()[:limit]
        for each in chosen:
            each.handed_out += 1
        return [each.body for each in chosen]

    def take_back(self, bodies: list[Update]) -> None:
        """Note that updates handed out never reached the bot."""
        for each in self._waiting:
            if any(each.body is body for body in bodies):
                each.handed_out -= 1

    def done(self, waiting: Waiting) -> None:
        """Forget one update."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    def _number(self) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        return number

    def _queue(self, body: Update, *, is_forced: bool = False, is_new: bool = True) -> Update:
        given = body["update_id"]
        kind = next((name for name in body if name != "update_id"), "")
        kept = KEPT_SECONDS_OF_TAP if kind == "callback_query" else KEPT_SECONDS
        number = given if isinstance(given, int) else self._number()
        waiting = Waiting(number, body, _lane(kind, body), self._unix() + kept, is_forced)
        (self._waiting if self._held is None else self._held).append(waiting)
        if is_new:
            self.sent.append(body)
        return body


def _lane(kind: str, body: Update) -> str:
    """Return the queue inside which order holds: messages by chat, taps and member changes by person."""
    content = body.get(kind)
    if not isinstance(content, dict):
        return "odd"
    about = content.get("chat") if "message" in kind and "callback" not in kind else content.get("from")
    return f"{kind.removeprefix('edited_')}:{about.get('id') if isinstance(about, dict) else ''}"
