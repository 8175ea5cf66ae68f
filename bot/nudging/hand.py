"""What a sender has in its hands: letters waiting for their slot, letters in flight, and news for the outbox."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.nudging.outbox import Letter, Result, Told
from bot.nudging.pace import Pace
from storage.deliveries import LANES, Claimed

AHEAD = 0.14
"""So many seconds of slots are claimed at once."""
LOW = 0.04
"""With less than so many seconds of slots in hand more is claimed."""
EMPTY = 0.01
"""With less than so many seconds more is claimed even when there is room for a few only."""
BATCHES = 6
"""A claim worth its transaction brings this part of the lanes."""
PATIENCE = 1.5
"""A letter whose chat has to wait longer (seconds) goes back into the outbox."""
NOTED_WITHIN = 0.08
"""Results wait so many seconds at most for others to be noted with."""


class Hand:
    """Letters claimed and not yet landed; at most `lanes`, of which a quarter is kept free for replies."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.letters: list[Letter] = []
        self.flying: dict[str, asyncio.Task[None]] = {}
        self._replies_flying = 0

    def __len__(self) -> int:
        return len(self.letters) + len(self.flying)

    @property
    def is_full(self) -> bool:
        """Whether not even a reply has room."""
        return len(self) >= self.lanes

    def is_low(self, rate: float) -> bool:
        """Whether more should be claimed now, and has room, at so many messages a second: many at a time, if it can."""
        room = self.lanes - self.lanes // 4 - len(self)
        return room > 0 and len(self.letters) <= rate * (LOW if room >= self.lanes // BATCHES else EMPTY)

    def room(self, rate: float) -> tuple[int, int]:
        """How many letters may be claimed now, and how many of them that are no replies."""
        replies = sum(map(is_reply, (row for row, _ in self.letters)))
        bulk = self.lanes - self.lanes // 4 - (len(self) - replies - self._replies_flying)
        ahead = max(1, round(rate * AHEAD)) - (len(self.letters) - replies)
        room = self.lanes - len(self)
        return room, max(0, min(bulk, ahead, room))

    def chats(self) -> list[str]:
        """The chats of all letters: they get their messages one by one."""
        return [*self.flying, *dict.fromkeys(row.chat for row, _ in self.letters)]

    def add(self, letters: Iterable[Letter]) -> None:
        """Take letters in hand."""
        self.letters = sorted([*self.letters, *letters], key=_place)

    def next(self, pace: Pace) -> Letter | None:
        """The first letter whose chat may get one: lanes first, then the oldest."""
        for letter in self.letters:
            chat = letter[0].chat
            if chat not in self.flying and not pace.chat_wait(chat):
                return letter
        return None

    def stuck(self, pace: Pace) -> list[Letter]:
        """The letters whose chat has to wait for long."""
        return [letter for letter in self.letters if pace.chat_wait(letter[0].chat) > PATIENCE]

    def wait(self, pace: Pace) -> float | None:
        """The seconds until a letter may leave; none when there is none."""
        if not self.letters:
            return None
        return max(pace.wait(), min(pace.chat_wait(row.chat) for row, _ in self.letters))

    def fly(self, letter: Letter, task: asyncio.Task[None]) -> None:
        """Note that a letter has left."""
        self.letters.remove(letter)
        self.flying[letter[0].chat] = task
        self._replies_flying += is_reply(letter[0])

    def land(self, row: Claimed) -> None:
        """Note that a letter is answered."""
        del self.flying[row.chat]
        self._replies_flying -= is_reply(row)


class News:
    """What the outbox has to be told, and when at the latest."""

    def __init__(self, at: float) -> None:
        self.results: list[Result] = []
        self.unsent: list[tuple[Claimed, datetime | None]] = []
        self.holds: dict[str, datetime] = {}
        self.learned: tuple[float, float] | None = None
        self.due = at

    def __bool__(self) -> bool:
        return bool(self.results or self.unsent or self.holds)

    def landed(self, result: Result, now: float) -> None:
        """Add a result; it may wait a little for others."""
        if not self:
            self.due = now + NOTED_WITHIN
        self.results.append(result)

    def give_back(self, letters: Iterable[Letter], until: datetime | None, now: float) -> None:
        """Add letters that are not sent for now. Answers keep their places: they are read one after the other."""
        self.unsent += [(row, None if row.kind == "reply" else until) for row, _ in letters]
        self.due = now

    def hold(self, scope: str, until: datetime, learned: tuple[float, float]) -> None:
        """Add a hold of a chat, or of the account (`""`), and what the pace has learned by it."""
        self.holds[scope] = max(until, self.holds.get(scope, until))
        self.learned = learned

    def take(self) -> Told:
        """Hand everything over."""
        told = Told(self.results, self.unsent, self.holds, self.learned)
        self.results, self.unsent, self.holds, self.learned = [], [], {}, None
        return told

    def take_back(self, told: Told) -> None:
        """It could not be told: keep it for the next time."""
        self.results = [*told.results, *self.results]
        self.unsent = [*told.unsent, *self.unsent]
        holds: Mapping[str, datetime] = told.holds
        self.holds = {**holds, **self.holds}
        self.learned = self.learned or told.learned


def is_reply(row: Claimed) -> bool:
    """Whether somebody waits for this one in front of a screen."""
    return row.lane == LANES["reply"]


def _place(letter: Letter) -> tuple[int, datetime, int]:
    row = letter[0]
    return row.lane, row.due_at, row.id
