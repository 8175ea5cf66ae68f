"""The one sender of an account: it fills the permitted rate, replies first, and notes what became of each message.

A letter is claimed (`sending` in the database), kept in hand until its slot, flies, and lands; results are noted
together with the next claim. What is in hand, in flight or landed and not yet noted is never more than `lanes`: so
many may be in doubt after a crash.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.message import Message, Outcome, Receipt
from bot.nudging import outbox
from bot.nudging.hand import PATIENCE, Hand, News
from bot.nudging.outbox import Catch, Letter, Result, Told, Wish
from bot.nudging.pace import SECOND, Pace
from bot.nudging.platform import Platform
from bot.nudging.shift import Shift
from bot.nudging.weather import Weather
from bot.wording.links import PLAIN, Links
from storage import holds, shifts
from storage.deliveries import Claimed
from storage.store import Store

SHORT = 0.002
"""No timer is shorter (seconds): a fast account sends a few messages at once instead."""
JITTER = 0.2
"""At most so many seconds are added to a told wait."""
IDLE = 1.0
LONGEST_IDLE = 8.0
"""An account at which nothing happens looks into its outbox ever more seldom: there may be thousands of them."""
TRIES = 10
"""So often the end of a process tries to note what was sent."""
BUSY_AT_MOST = 500

log = structlog.get_logger()


@dataclass
class Sender:
    """Sends what waits in the outbox of one account.

    `lanes` is how many messages may be in doubt after a crash; some of them are kept free for replies. `held` it sends
    nothing; `trouble` is why the database was not reached lately.
    """

    store: Store
    platform: Platform
    clock: Clock
    lanes: int = 8
    monotonic: Callable[[], float] = time.monotonic
    chance: random.Random = field(default_factory=random.SystemRandom)
    counts: Counter[str] = field(default_factory=Counter)
    links: Links = PLAIN
    held: bool = False
    trouble: str = ""

    def __post_init__(self) -> None:
        now = self.monotonic()
        self.pace = Pace(self.platform.rate, self.platform.chat_gap, self.monotonic, self.platform.crowd)
        self._weather = Weather()
        self._hand = Hand(self.lanes)
        self._news = News(now)
        self._exchange: asyncio.Task[None] | None = None
        self._since: datetime | None = None
        self._look_at = self._rest_until = now
        self._idle = IDLE
        self._curious, self._more, self._blocked = True, False, False
        self._closing, self._running = False, False
        self._failures = 0
        self._shift = Shift(now)
        self._bell, self._quiet = asyncio.Event(), asyncio.Event()

    def wake(self) -> None:
        """Look into the outbox now: something was put there."""
        self._curious = True
        self._quiet.clear()
        self._bell.set()

    async def serve(self, shift: int = 0, linger: float = math.inf) -> tuple[int, int]:
        """Send until cancelled; on the way out, finish what is in flight.

        Where several processes share the accounts, for one `shift`: until nothing was to be done for `linger` seconds,
        `end` is called, or a later shift has begun. Returns what the shift before left in flight, as
        `storage.deliveries.recover` counts it.
        """
        self._shift, self._running = Shift(self.monotonic(), shift, linger), True
        recovered = (0, 0)
        try:
            if shift:
                recovered = await self.store.write(shifts.begin, self.platform.name, shift, self.clock.now())
            if any(recovered):
                self.pace.hold(SECOND)
            await self._begin()
            self.wake()
            while not self._shift.is_over(self.monotonic(), done=self._is_done()):
                await self._turn()
        except shifts.DeposedError:
            log.warning("another process serves this account", account=self.platform.name)
        finally:
            await self.finish()
            if shift:
                # Whoever is next knows nothing of the last second.
                await asyncio.sleep(self.pace.cooling())
            self._running, self._shift = False, Shift(self.monotonic())
        return recovered

    def end(self) -> None:
        """End the shift: nothing more is sent, what was sent is noted as soon as the outbox can be reached."""
        self._shift.ending = True
        self._bell.set()

    async def drain(self) -> None:
        """Send all that is due and return; what must wait for long stays in the outbox.

        Raises `ConnectionError` when the database cannot be reached.
        """
        self.wake()
        if self._running:
            await self._quiet.wait()
            return
        await self._begin()
        while not self._quiet.is_set():
            await self._turn()
            if self._failures >= TRIES:
                raise ConnectionError(f"the outbox was not reached: {self.trouble}")

    async def finish(self) -> None:
        """Send nothing more: wait for what is in flight, note it, put back what is in hand."""
        self._closing = True
        tries = 0
        while tries < TRIES and (self._hand or self._exchange or self._news):
            waits = [*self._hand.flying.values(), *([self._exchange] if self._exchange else [])]
            if waits:
                await asyncio.wait(waits)
                continue
            self._give_back(self._hand.letters, None)
            tries += 1
            await asyncio.sleep(max(0.0, self._rest_until - self.monotonic()))
            self._start_exchange()
        self._quiet.set()
        self._closing = False

    async def _begin(self) -> None:
        self._since = self._since or self.clock.now()
        try:
            left, learned = await self.store.write(holds.load, self.platform.name, self.clock.now())
        except Exception as error:  # noqa: BLE001 - the first exchange finds out the same, and says so
            log.error("holds not read", account=self.platform.name, error=type(error).__name__)
            return
        for chat, rest in left.items():
            self.pace.hold(rest.total_seconds(), chat)
        if learned is not None:
            self.pace.recall(*learned)

    async def _turn(self) -> None:
        self._launch()
        if self._wants_exchange():
            self._start_exchange()
        if self._is_done():
            self._quiet.set()
            if not self._running:
                return
        timer = asyncio.get_running_loop().call_later(max(SHORT, self._next_move()), self._bell.set)
        await self._bell.wait()
        timer.cancel()
        self._bell.clear()

    def _is_done(self) -> bool:
        if self._hand or self._exchange or self._news:
            return False
        return self._silent() or not (self._curious or self._more or self._blocked)

    def _silent(self) -> bool:
        return self.held or self._closing or self._shift.ending or self.pace.held() > PATIENCE

    def _next_move(self) -> float:
        """The seconds until something has to be done that nothing else rings for."""
        now, silent = self.monotonic(), self._silent()
        waits = [LONGEST_IDLE, *([self._shift.left(now)] if self._is_done() else [])]
        if silent and not self.held:
            waits.append(self.pace.held())
        elif not silent and (wait := self._hand.wait(self.pace)) is not None:
            waits.append(wait)
        if self._exchange is None:
            if self._news:
                waits.append(max(self._news.due, self._rest_until) - now)
            if not silent and not self._hand.is_full:
                waits.append(max(self._look_at, self._rest_until) - now)
        return min(waits)

    def _launch(self) -> None:
        """Let fly what may leave now; give back what cannot for a while."""
        if self._silent() or self._shift.is_stale(self.monotonic()):
            self._give_back(self._hand.letters, None)
        for late in self._hand.stuck(self.pace):
            wait = self.pace.chat_wait(late[0].chat)
            self._give_back([late], self.clock.now() + timedelta(seconds=wait))
        while (letter := self._hand.next(self.pace)) is not None:
            row, message = letter
            cost = self.platform.cost(message)
            if self.pace.wait(cost) > 0:
                return
            self.pace.take(cost)
            self._hand.fly(letter, asyncio.create_task(self._send(row, message, cost)))

    def _give_back(self, letters: Sequence[Letter], until: datetime | None) -> None:
        if letters:
            self._news.give_back(letters, until, self.monotonic())
            self._hand.letters = [letter for letter in self._hand.letters if letter not in letters]

    async def _send(self, row: Claimed, message: Message, cost: int) -> None:
        try:
            receipt = await self.platform.send(row.chat, message)
        except Exception as error:
            log.exception("an adapter raised", account=self.platform.name, delivery=row.id)
            receipt = Receipt(Outcome.UNSURE, reason=type(error).__name__)
        receipt = self._obey(row, receipt, cost)
        self._hand.land(row)
        self.counts[receipt.outcome.value] += 1
        jitter = 0.0 if receipt.outcome is Outcome.SENT else self.chance.random()
        self._news.landed(Result(row, receipt, self.clock.now(), jitter), self.monotonic())
        if self._hand.letters or self._wants_exchange():
            self._bell.set()

    def _obey(self, row: Claimed, receipt: Receipt, cost: int) -> Receipt:
        if not receipt.free:
            self.pace.took(row.chat, cost)
        obeyed = self._weather.obey(receipt, row.chat, self.pace, JITTER * self.chance.random())
        if obeyed is not receipt:
            until = self.clock.now() + timedelta(seconds=obeyed.wait)
            self._news.hold("" if obeyed.everyone else row.chat, until, self.pace.memory())
        return obeyed

    def _wants_exchange(self) -> bool:
        now = self.monotonic()
        if self._exchange is not None or self._closing or now < self._rest_until:
            return False
        results = self._news.results
        if self._news and (now >= self._news.due or not self._hand or len(results) * 2 >= self.lanes):
            return True
        if self._silent():
            return False
        if now >= self._look_at:
            self._curious = True
        # What was sent frees its lane when it is noted, which is done first.
        return not self._hand.is_full if self._curious else self._more and self._hand.is_low(self.pace.learned)

    def _start_exchange(self) -> None:
        told, wish = self._news.take(), Wish()
        if not self._silent():
            room, bulk = self._hand.room(self.pace.learned)
            busy = [*self._hand.chats(), *self.pace.resting()]
            wish = Wish(room, bulk, busy[:BUSY_AT_MOST], self._since)
        wish = replace(wish, shift=self._shift.number, links=self.links)
        self._curious = False
        self._exchange = asyncio.create_task(self._trade(told, wish))

    async def _trade(self, told: Told, wish: Wish) -> None:
        asked_at = self.monotonic()
        try:
            catch = await self.store.write(outbox.exchange, self.platform.name, self.clock.now(), told, wish)
        except shifts.DeposedError:
            self._shift.deposed = True
            self._hand.letters = []
            log.warning("another process serves this account", account=self.platform.name)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back; what waits is in it
            log.error("outbox not reached", account=self.platform.name, error=type(error).__name__)
            self.trouble = type(error).__name__
            self._failures += 1
            self._news.take_back(told)
            self._rest_until = self.monotonic() + IDLE
            self._curious = True
        else:
            busy = bool(catch.letters or told.results)
            self._shift.heard(asked_at, self.monotonic(), busy=busy)
            self._heard(catch, wish, busy=busy)
        self._exchange = None
        self._bell.set()

    def _heard(self, catch: Catch, wish: Wish, *, busy: bool) -> None:
        self.trouble = ""
        self._failures = 0
        self._hand.add(catch.letters)
        if wish.limit > 0:
            self._plan(catch, busy=busy)

    def _plan(self, catch: Catch, *, busy: bool) -> None:
        """Decide when to look into the outbox again."""
        self._idle = IDLE if busy else min(LONGEST_IDLE, self._idle * 1.5)
        self._more, self._blocked = catch.more, False
        wait = self._idle
        if catch.next_due is not None:
            due_in = (catch.next_due - self.clock.now()).total_seconds()
            release = self.pace.release() if due_in <= 0 else None
            self._blocked = release is not None and release <= PATIENCE
            wait = min(wait, due_in if due_in > 0 else IDLE if release is None else release)
        self._look_at = self.monotonic() + wait
