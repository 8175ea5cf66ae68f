"""The last mile of every message: claimed, checked once more, sent at the account's pace, its outcome noted."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection

from actions import rhythm
from bot.clock import Clock
from bot.message import Message, Outcome, Receipt, parse
from bot.nudging import alerts
from bot.nudging.pace import Pace
from bot.wording import asks as words
from storage import deliveries, history, rooms, subscribers
from storage.catalog import stock_of
from storage.deliveries import Claimed
from storage.store import Store

MAX_ATTEMPTS = 5
AHEAD = 0.1
"""So many seconds of slots are claimed at once: more would make a reply wait behind them."""
IDLE = 1.0
LONGEST_IDLE = 8.0
"""An account at which nothing happens looks into its outbox ever more seldom: there may be thousands of them."""
FIRST_BACKOFF = 2.0
LONGEST_BACKOFF = 300.0

log = structlog.get_logger()


class Platform(Protocol):
    """What a sender needs of an adapter."""

    name: str
    rate: float
    chat_gap: float

    async def send(self, chat: str, message: Message) -> Receipt:
        """Send one message."""


def claim(conn: Connection, account: str, now: datetime, limit: int, busy: list[str]) -> list[tuple[Claimed, Message]]:
    """Take the next deliveries in hand; what must not or need not be sent any more ends here, with its reason."""
    ready = []
    for row in deliveries.claim(conn, account, now, limit=limit, busy=busy):
        refusal = _refusal(conn, row, now)
        if refusal is None and alerts.postponed(conn, row, now):
            continue
        if refusal is None:
            ready.append((row, parse(row.body) if row.body else _render(conn, row)))
        else:
            deliveries.note_end(conn, row.id, *refusal)
            _take_back(conn, row)
    return ready


def _refusal(conn: Connection, row: Claimed, now: datetime) -> tuple[str, str] | None:
    if row.expires_at is not None and now >= row.expires_at:
        return ("cancelled", "expired")
    if row.kind not in ("nudge", "alert") or row.subscriber_id is None:
        return None
    person = subscribers.get(conn, row.subscriber_id)
    if row.kind == "alert":
        return alerts.refusal(conn, row, person, now)
    if person.state in ("stopped", "unreachable"):
        return ("cancelled", person.state)
    if rhythm.is_paused(person, now):
        return ("cancelled", "paused")
    if rhythm.is_quiet(person.rhythm, now):
        return ("skipped", "quiet hours")
    return None


def _take_back(conn: Connection, row: Claimed) -> None:
    # While it was in flight its person may have joined this chat with another one of theirs, or have left.
    owner = deliveries.owner(conn, row.id)
    if owner is not None:
        history.take_back(conn, owner, row.story_id, row.ask_id)


def _lose(conn: Connection, row: Claimed) -> None:
    """An address is gone: a person's, or a room's."""
    subscribers.unreachable(conn, row.address_id)
    room = rooms.at_address(conn, row.address_id) if row.subscriber_id is None else None
    if room is not None:
        rooms.leave(conn, room)


def _render(conn: Connection, row: Claimed) -> Message:
    if row.kind == "alert":
        return alerts.render(conn, row)
    stock = stock_of(conn)
    if row.subscriber_id is None:
        raise LookupError("what a room is told is worded when it is planned")
    person = subscribers.get(conn, row.subscriber_id)
    story = stock.refs[row.story_id] if row.story_id is not None else None
    action = stock.refs[row.action_id] if row.action_id is not None else None
    # A pack may have been loaded since: what it dropped is not sent, what it kept is sent in its newest words.
    offer = words.OpenAsk(row.ask_id, action) if action and row.ask_id and stock.action(action) else None
    return words.nudge(stock, person.language, story if story and stock.story(story) else None, offer)


def note(conn: Connection, row: Claimed, receipt: Receipt, now: datetime, jitter: float) -> None:
    """Write down what became of a delivery."""
    match receipt.outcome:
        case Outcome.SENT:
            deliveries.note_sent(conn, row.id, receipt.ref, now)
        case Outcome.RETRY | Outcome.ACCOUNT_STOPPED:
            _again(conn, row, receipt, now, jitter)
        case Outcome.UNSURE if row.kind in deliveries.SENT_AGAIN and row.attempts <= 1:
            deliveries.note_retry(conn, row.id, now + timedelta(seconds=FIRST_BACKOFF), "in doubt, sent again")
        case Outcome.UNSURE:
            deliveries.note_end(conn, row.id, "unsure", receipt.reason)
        case Outcome.UNREACHABLE:
            deliveries.note_end(conn, row.id, "unreachable", receipt.reason)
            _take_back(conn, row)
            _lose(conn, row)
        case Outcome.FAILED:
            deliveries.note_end(conn, row.id, "failed", receipt.reason)
            _take_back(conn, row)


def _again(conn: Connection, row: Claimed, receipt: Receipt, now: datetime, jitter: float) -> None:
    told = receipt.wait > 0 or receipt.outcome is Outcome.ACCOUNT_STOPPED
    if not told and row.attempts >= MAX_ATTEMPTS:
        deliveries.note_end(conn, row.id, "failed", receipt.reason)
        _take_back(conn, row)
        return
    backoff = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** max(0, row.attempts - 1)) * (1 + jitter)
    wait = receipt.wait if receipt.wait > 0 else backoff
    deliveries.note_retry(conn, row.id, now + timedelta(seconds=wait), receipt.reason, counted=not told)


def move(conn: Connection, account: str, row: Claimed, new_chat: str, now: datetime) -> None:
    """A chat moved: its address follows, and the message is sent to the new one."""
    subscribers.move(conn, account, row.chat, new_chat)
    deliveries.note_retry(conn, row.id, now, "moved", counted=False)


Letter = tuple[Claimed, Message]
Letters = tuple[Letter, ...]


@dataclass
class Sender:
    """The one sender of an account: it fills the permitted rate, replies first, at most `lanes` in flight."""

    store: Store
    platform: Platform
    clock: Clock
    lanes: int = 8
    monotonic: Callable[[], float] = time.monotonic
    chance: random.Random = field(default_factory=random.SystemRandom)
    counts: Counter[str] = field(default_factory=Counter)
    held: bool = False
    trouble: str = ""
    _idle: float = IDLE
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _flying: dict[asyncio.Task[None], Letters] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pace = Pace(self.platform.rate, self.platform.chat_gap, self.monotonic)

    def wake(self) -> None:
        """Look into the outbox now: something was put there."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; on the way out, finish what is in flight."""
        try:
            while True:
                if self.held or not await self._round_or_wait():
                    await self._rest()
        finally:
            await self.finish()

    async def _round_or_wait(self) -> bool:
        try:
            worked = await self.round()
        except Exception as error:  # noqa: BLE001 - a database that is away comes back; what waits is in it
            log.error("outbox not reached", account=self.platform.name, error=type(error).__name__)
            self.trouble = type(error).__name__
            await asyncio.sleep(IDLE)
            return False
        self.trouble = ""
        return worked

    async def drain(self) -> None:
        """Send all that is due and return: for `tick`."""
        while await self.round() or self._flying:
            if self._flying:
                await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
            elif wait := self.pace.wait():
                await asyncio.sleep(wait)

    async def finish(self) -> None:
        """Wait for what is in flight."""
        if self._flying:
            await asyncio.wait(self._flying)

    async def _rest(self) -> None:
        waits = [asyncio.ensure_future(self._woken.wait()), *self._flying]
        done, _ = await asyncio.wait(waits, timeout=self._idle, return_when=asyncio.FIRST_COMPLETED)
        self._idle = IDLE if done else min(LONGEST_IDLE, self._idle * 1.5)
        if waits[0] not in done:
            waits[0].cancel()
        self._woken.clear()

    async def round(self) -> bool:
        """Claim what fits into the next tenth of a second and set it off; whether there was anything."""
        free = self.lanes - sum(len(letters) for letters in self._flying.values())
        if free <= 0 or self.pace.wait() > AHEAD:
            await self._until_free()
            return True
        limit = min(free, max(1, int(self.pace.learned * AHEAD)))
        busy = [*(letters[0][0].chat for letters in self._flying.values()), *self.pace.resting()]
        claimed = await self.store.write(claim, self.platform.name, self.clock.now(), limit, busy)
        by_chat: dict[str, list[Letter]] = {}
        for letter in claimed:
            by_chat.setdefault(letter[0].chat, []).append(letter)
        for letters in by_chat.values():
            task = asyncio.create_task(self._send_in_order(tuple(letters)))
            self._flying[task] = tuple(letters)
            task.add_done_callback(self._landed)
        return bool(claimed)

    async def _until_free(self) -> None:
        pause = min(self.pace.wait(), AHEAD) or AHEAD
        if self._flying:
            await asyncio.wait(self._flying, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(pause)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.pop(task, None)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a delivery could not be noted", error=type(error).__name__)

    async def _send_in_order(self, letters: Letters) -> None:
        for row, message in letters:
            await self._send(row, message)

    async def _send(self, row: Claimed, message: Message) -> None:
        if wait := self.pace.take():
            await asyncio.sleep(wait)
        receipt = await self.platform.send(row.chat, message)
        if not receipt.free:
            self.pace.took(row.chat)
        if receipt.wait:
            self.pace.hold(receipt.wait, "" if receipt.everyone else row.chat)
        self.counts[receipt.outcome.value] += 1
        now = self.clock.now()
        if receipt.moved_to:
            await asyncio.shield(self.store.write(move, self.platform.name, row, receipt.moved_to, now))
        else:
            await asyncio.shield(self.store.write(note, row, receipt, now, self.chance.random()))
