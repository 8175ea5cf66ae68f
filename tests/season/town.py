"""The town: its people, its one account on a platform under the sky, and the process that serves it, life after life."""

import asyncio
import contextlib
import hashlib
import heapq
import random
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, update

from bot.conversation import router
from bot.message import Address, Incoming, Message, Outcome, Profile, Receipt
from bot.nudging import tick
from bot.nudging.deliver import Sender
from storage import alerts, deliveries, schema, subscribers
from storage.audit import By
from storage.deliveries import Claimed
from storage.store import Store
from tests import make
from tests.bot.nudging.stage import Loop
from tests.season.people import FREQUENCIES, HOURS, NATURES, ZONES, Neighbour
from tests.season.sky import HOUR, Night, Sky, nights
from tests.talk import HOUSE, publish

ACCOUNT = "telegram:7"
START = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)
"""In half a year from here every zone of the town changes its clocks at least once."""
STEP = 900.0
LANES = 8


noted: ContextVar[Claimed] = ContextVar("row")


class Watched(Sender):
    """A sender that lets the town see which delivery it is sending."""

    async def _send(self, row: Claimed, message: Message, cost: int) -> None:
        noted.set(row)
        await super()._send(row, message, cost)


class GoneError(RuntimeError):
    """The process that wanted this is dead."""


@dataclass
class Life:
    """What one process has of the database: nothing more as soon as it is dead."""

    store: Store
    dead: bool = False

    async def write(self, change: Callable[..., Any], *args: Any) -> Any:
        """Do a transaction."""
        await asyncio.sleep(0.003)
        if self.dead:
            raise GoneError
        return self.store.write_now(change, *args)


@dataclass(frozen=True)
class Heard:
    """A message that the platform accepted: when by the town's clock and by the bot's, for whom, and what it holds."""

    at: float
    bot_time: datetime
    chat: str
    delivery: Claimed
    text: str


@dataclass
class Town:
    """Everything; `bot_time` is what the process believes, `loop` holds the true seconds of the season."""

    store: Store
    seed: int
    size: int
    days: int
    loop: Loop = field(default_factory=Loop)
    name: str = ACCOUNT
    rate: float = 30.0
    chat_gap: float = 1.0
    heard: list[Heard] = field(default_factory=list)
    kills: int = 0
    doubted: int = 0
    jumped: timedelta = timedelta()
    sender_class: type[Watched] = Watched
    thanked: set[int] = field(default_factory=set)
    on_heard: Callable[[Heard], None] = lambda _heard: None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.sky = Sky(random.Random(self.chance.random()), self.days)
        self.nights: list[Night] = nights(random.Random(self.chance.random()), self.days)
        self.people = {str(chat): self._neighbour(chat) for chat in range(1, self.size + 1)}
        self.diary: list[tuple[float, int, str, str]] = []
        self.numbers, self.refs = count(), count(1)
        self.counts: Counter[str] = Counter()
        self.events = hashlib.sha256()
        self.down_until = 0.0
        self.outages: list[tuple[float, float]] = []
        self._dies_after: float | None = None
        self._version = 1
        publish(self.store, self._pack(), now=START)
        self._born()

    def _neighbour(self, chat: int) -> Neighbour:
        nature = self.chance.choices(list(NATURES), [3, 3, 2, 2, 1])[0]
        return Neighbour(str(chat), nature, random.Random(self.chance.random()))

    def _pack(self) -> Any:
        causes = ("water", "trees")
        actions = {}
        for cause in causes:
            actions |= make.climb(cause, minutes=2)
            actions[f"{cause}-weekly"] = make.action(cause, kind="learn", rung="curious", repeat="weekly", minutes=1)
            actions[f"{cause}-needs"] = make.action(
                cause, kind="share", needs=(f"{cause}-weekly",), share="Say", minutes=1
            )
            actions[f"{cause}-long"] = make.action(cause, kind="event", minutes=8)
        stories = {
            f"{cause}-{nth}": make.story(cause, chapter=nth, text=f"Chapter {nth}. [{cause}-{nth}]")
            for cause in causes
            for nth in range(1, self.days + 1)
        }
        return make.pack("nature", causes=causes, chapters=0, stories=stories, actions=actions, version=self._version)

    # Time and the platform, as the sender sees them.

    def now(self) -> datetime:
        """The bot's clock."""
        return START + timedelta(seconds=self.loop.time()) + self.jumped

    def crowd(self, chat: str) -> int:
        """No groups here."""
        return 0

    def cost(self, message: Message) -> int:
        """One each."""
        return 1

    async def send(self, chat: str, message: Message) -> Receipt:
        """Accept a message, or not, as the weather will have it."""
        trouble = self.sky.trouble(self.loop.time())
        person = self.people[chat]
        begun = self.now()
        await asyncio.sleep(self.sky.takes(trouble))
        if person.blocked:
            self._write("refused", chat)
            return Receipt(Outcome.UNREACHABLE, reason="blocked")
        accepted, receipt = self.sky.answers(trouble)
        if accepted:
            self._accept(person, message, begun)
        if receipt.outcome is Outcome.UNSURE:
            self.doubted += 1
        self.counts[receipt.outcome.value] += 1
        return receipt if receipt.outcome is not Outcome.SENT else Receipt(Outcome.SENT, ref=str(next(self.refs)))

    def _accept(self, person: Neighbour, message: Message, begun: datetime) -> None:
        heard = Heard(self.loop.time(), begun, person.chat, noted.get(), message.text)
        self.heard.append(heard)
        self._write("heard", person.chat, heard.delivery.kind, message.text[:20])
        self.on_heard(heard)
        person.hears(message)
        if heard.delivery.ask_id and (reaction := person.reaction()):
            self._later(reaction[1], person.chat, reaction[0])

    # What happens.

    def lives(self) -> None:
        """Let the season pass."""
        with contextlib.closing(self.loop):
            self.loop.run_until_complete(self._pass())

    async def _pass(self) -> None:
        self._begin()
        end = self.days * 24 * HOUR
        while self.loop.time() < end:
            until = self.loop.time() + STEP
            self._suffer(until)
            if self.loop.time() >= self.down_until:
                self._act(until)
                self._plan()
                await self._deliver()
            await asyncio.sleep(max(0.0, until - self.loop.time()))
        await self._finish()

    def _born(self) -> None:
        for chat, person in self.people.items():
            self._later(self.chance.uniform(0, min(10, self.days / 4) * 24 * HOUR), chat, "join")
            for day in range(self.days):
                if person.chance.random() < person.ways.whims:
                    self._later((day + person.chance.random()) * 24 * HOUR, chat, "whim")
        for day in range(8, self.days, 9):
            self._later((day + self.chance.random()) * 24 * HOUR, "1", "alert")
        for day in range(15, self.days, 30):
            self._later(day * 24 * HOUR, "1", "pack")

    def _later(self, seconds: float, chat: str, what: str) -> None:
        heapq.heappush(self.diary, (self.loop.time() + seconds, next(self.numbers), chat, what))

    def _suffer(self, until: float) -> None:
        while self.nights and self.nights[0].at < until:
            night = self.nights.pop(0)
            self._write(night.what, str(night.by))
            match night.what:
                case "jump":
                    self.jumped += night.by
                case "kill":
                    self._dies_after = self.chance.uniform(0.0, 0.6)
                case "outage":
                    self._die()
                    self.down_until = self.loop.time() + night.by.total_seconds()
                    self.outages.append((self.loop.time(), self.down_until))

    def _begin(self) -> None:
        """Start a process: what the one before left in flight is settled first."""
        self.store.write_now(deliveries.recover, ACCOUNT, self.now())
        self.life = Life(self.store)
        chance = random.Random(self.seed)
        self.sender = self.sender_class(self.life, self, self, LANES, self.loop.time, chance)  # type: ignore[arg-type]

    def _die(self) -> None:
        self.kills += 1
        self.life.dead = True
        self._begin()

    async def _deliver(self) -> None:
        """Send what is due; a process that is to die dies in the midst of it, and the next one goes on."""
        if not self.store.write_now(deliveries.waiting, ACCOUNT, self.now()):
            return
        sending = self.loop.create_task(self.sender.drain())
        if self._dies_after is None:
            await sending
            return
        await asyncio.wait([sending], timeout=self._dies_after)
        if not sending.done():
            self._dies_after = None
            self._die()
            sending.cancel()
            await asyncio.sleep(60)
            await self.sender.drain()

    async def _finish(self) -> None:
        self.sky.spells.clear()
        self._plan()
        for _ in range(8):
            await self._deliver()
            await asyncio.sleep(HOUR / 4)

    def _plan(self) -> None:
        for planner, size in tick.PLANNERS:
            while done := self.store.write_now(tick.piece, planner, self.now(), size):
                self.counts.update(done)

    def _act(self, until: float) -> None:
        while self.diary and self.diary[0][0] < until:
            at, _, chat, what = heapq.heappop(self.diary)
            # While nobody is there, updates wait for a day on the platform's server, a tap for two minutes only.
            late = self.loop.time() - at
            if late < 150 or (late < 24 * HOUR and ":" not in what) or what == "join":
                self._do(self.people[chat], what)

    def _do(self, person: Neighbour, what: str) -> None:
        match what:
            case "join":
                self._join(person)
            case "alert":
                self.store.write_now(self._alert, self.now())
            case "pack":
                self._version += 1
                publish(self.store, self._pack(), now=self.now())
            case "whim":
                self._whim(person, person.whim())
            case _:
                self._turn(person, what)

    def _alert(self, conn: Connection, now: datetime) -> None:
        by = By("terminal")
        made = alerts.draft(conn, by, now)
        alerts.change(conn, made.id, texts={"en": f"Alert {made.id}."})
        alerts.move(conn, made.id, "send", by, now)

    def _join(self, person: Neighbour) -> None:
        zone = person.chance.choice(ZONES)
        self._turn(person, "/start", zone)
        for press in ("join:cause:1", "join:cause:2", "join:go", f"join:freq:{person.chance.choice(FREQUENCIES)}"):
            self._turn(person, press, zone)
        self._turn(person, f"join:hour:{person.chance.choice(HOURS)}", zone)
        self.store.write_now(self._known_by, person.chat)
        if person.chance.random() < 0.5:
            self._turn(person, "set:alerts:on")

    def _known_by(self, conn: Connection, chat: str) -> None:
        # Keys come from the system's chance; here everything has to come from the seed.
        me = subscribers.reach(conn, ACCOUNT, chat)
        if me is not None:
            row = schema.subscribers.c.id == me.person.id
            conn.execute(update(schema.subscribers).where(row).values(key=f"{self.seed}-{chat}"))
            subscribers.schedule(conn, me.person.id, self.now())

    def _whim(self, person: Neighbour, wish: str) -> None:
        if wish == "block":
            person.blocked = True
            self._later(person.chance.uniform(1, 40) * 24 * HOUR, person.chat, "/start")
        else:
            self._turn(person, wish)
        if wish == "stop" and person.chance.random() < 0.6:
            back = person.chance.choice(["oops", "/start"])
            self._later(person.chance.uniform(0.01, 20) * 24 * HOUR, person.chat, back)

    def _turn(self, person: Neighbour, what: str, zone: str = "UTC") -> None:
        person.blocked = False
        verb, _, number = what.partition(":")
        known = what.startswith(("/", "set:", "join:")) or number or what in ("resume", "oops")
        about: dict[str, Any] = {"kind": "text", "text": what}
        if what.startswith("/"):
            about = {"kind": "command", "command": what[1:]}
        elif known:
            about = {"kind": "press", "text": what, "pressed": "1"}
        incoming = Incoming(Address(ACCOUNT, person.chat), profile=Profile(language="en", zone=zone), **about)
        answers = self.store.write_now(router.respond, incoming, self.now(), HOUSE, random.Random(f"{self.seed}{what}"))
        if verb in ("stop", "/pause", "pause", "resume", "oops", "/start", "set"):
            person.hushed_at = self.loop.time()
        if verb == "done":
            person.pressed.append(number)
            if any("Thank you" in message.text for message in answers):
                self.thanked.add(int(number))
        self._write("did", person.chat, what)

    def _write(self, *words: str) -> None:
        self.events.update(f"{self.loop.time():.3f} {' '.join(words)}\n".encode())
