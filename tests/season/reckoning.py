"""The promises, held against what the platform saw and what the database says."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from actions import ladder, rhythm
from actions.facts import Person
from storage import history, subscribers
from storage.catalog import stock_of
from storage.deliveries import SENT_AGAIN
from storage.schema import addresses, asks, deliveries, taken
from tests.season.town import LANES, Heard, Town

A_WEEK = {"daily": 7, "weekdays": 5, "three": 3, "weekly": 1}
MEANWHILE = 120.0
"""Seconds: what was on its way when somebody said stop may still arrive."""


class BrokenPromiseError(AssertionError):
    """A promise was not kept; says which, to whom and when."""


@dataclass
class Reckoning:
    """Looks on while a town lives, and holds the lists against each other in the end."""

    town: Town
    days: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    stories: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    frequencies: dict[str, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))
    nudges: int = 0
    broken: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.town.on_heard = self.hears

    def hears(self, heard: Heard) -> None:
        """Look at one message as it reaches its person."""
        if heard.delivery.kind in ("nudge", "alert") and heard.delivery.subscriber_id is not None:
            try:
                self.town.store.write_now(self._look, heard)
            except Exception as error:  # noqa: BLE001 - it is told in the end: the season goes on
                self.broken.append(error)

    def _look(self, conn: Connection, heard: Heard) -> None:
        row = heard.delivery
        person = subscribers.get(conn, row.subscriber_id or 0)
        settled = heard.at - self.town.people[heard.chat].hushed_at > MEANWHILE
        if settled:
            self._require(1, heard, person.state != "stopped", "nobody who stopped hears a story")
            self._require(1, heard, not rhythm.is_paused(person, heard.bot_time), "nobody who paused hears a story")
            self._require(1, heard, not rhythm.is_quiet(person.rhythm, heard.bot_time), "nothing comes in quiet hours")
        if row.kind == "nudge":
            self._nudge(conn, heard, person)

    def _nudge(self, conn: Connection, heard: Heard, person: Person) -> None:
        self.nudges += 1
        row, day = heard.delivery, rhythm.local_day(person.rhythm, heard.bot_time)
        self.days[heard.chat].append(day)
        self.frequencies[heard.chat][day] = A_WEEK[person.rhythm.frequency]
        if row.story_id is not None:
            self._require(2, heard, row.story_id not in self.stories[heard.chat], "no story comes twice")
            self.stories[heard.chat].add(row.story_id)
        if row.ask_id is not None:
            self._ask(conn, heard, person)

    def _ask(self, conn: Connection, heard: Heard, person: Person) -> None:
        stock, row = stock_of(conn), heard.delivery
        ref = stock.refs.get(row.action_id or 0, "")
        offered = stock.shelf.actions.get(ref)
        if offered is None:
            return
        now = heard.bot_time
        past = history.of(conn, person, now)
        asked_at = conn.scalar(select(asks.c.at).where(asks.c.id == row.ask_id))
        did = [one for one in past.taken if one.action == ref and one.status != "undone" and one.at < asked_at]
        self._require(2, heard, not did or offered.repeat != "never", "nobody is asked for what they did")
        # As things stood when it was planned: since then they may have taken something back.
        then = [replace(one, status="claimed") for one in past.taken if one.at < asked_at]
        step = ladder.step_of(stock.shelf.causes[offered.cause], then, asked_at)
        self._require(3, heard, offered.step <= step + 1, "no ask lies more than one rung above")
        minutes = offered.minutes + (1 if row.story_id is not None else 0)
        settled = heard.at - self.town.people[heard.chat].hushed_at > 24 * 3600
        self._require(4, heard, not settled or minutes <= person.rhythm.minutes, "a day's minutes are enough")
        self._require(9, heard, bool(row.reasons) and row.reasons != "[]", "every nudge can say why it came")

    def settles(self) -> None:
        """Hold the platform's list against the database's, when the season is over."""
        for error in self.broken:
            raise error
        rows = self.town.store.write_now(_all)
        seen = Counter(heard.delivery.id for heard in self.town.heard)
        unfinished = [row for row in rows if row["status"] in ("pending", "sending", "retry")]
        soon = self.town.now() + timedelta(hours=1)
        late = [row for row in unfinished if row["due_at"] < soon - timedelta(hours=3)]
        self._all(6, not late, f"everything comes to an end: {late[:3]}")
        for row in rows:
            self._settle(row, seen[row["id"]])
        unsure = sum(row["status"] == "unsure" for row in rows)
        self._all(6, unsure <= LANES * self.town.kills + self.town.doubted, f"{unsure} in doubt are too many")
        slots = Counter((row["subscriber_id"], row["slot"]) for row in rows if row["slot"] is not None)
        self._all(6, max(slots.values(), default=1) == 1, "no slot is planned twice")
        self._thanks()
        self._rhythms()

    def _settle(self, row: dict[str, Any], times: int) -> None:
        about = f"delivery {row['id']} ({row['kind']}, {row['status']}, {row['reason']}) was seen {times} times"
        if row["kind"] == "nudge":
            self._all(6, times <= 1, f"no nudge comes twice: {about}")
        if row["status"] == "sent":
            self._all(6, times >= 1, f"what is called sent was seen: {about}")
        if times and row["status"] not in ("sent", "unsure"):
            # Accepted, answered with an error or not at all, tried again, and then nobody was there any more.
            again = row["kind"] in SENT_AGAIN and row["attempts"] > 1
            self._all(6, again, f"what was seen is sent or in doubt: {about}")
        self._all(6, times <= 2, f"nothing comes three times: {about}")

    def _thanks(self) -> None:
        answered = select(asks.c.id).join(
            taken, (taken.c.subscriber_id == asks.c.subscriber_id) & (taken.c.action_id == asks.c.action_id)
        )
        written = set(self.town.store.write_now(lambda conn: conn.scalars(answered).all()))
        lost = self.town.thanked - written
        self._all(5, not lost, f"nothing thanked for is lost: asks {sorted(lost)}")

    def _rhythms(self) -> None:
        for chat, days in self.days.items():
            twice = [day for day, times in Counter(days).items() if times > 1]
            self._all(7, not twice, f"one nudge a local day: chat {chat} on {twice}")
            weeks: dict[tuple[int, int], list[date]] = defaultdict(list)
            for day in days:
                weeks[day.isocalendar()[:2]].append(day)
            for week, those in weeks.items():
                most = max(self.frequencies[chat][day] for day in those)
                # A rhythm that is changed in mid-week begins anew.
                self._all(1, len(those) <= most + 2, f"no more than wished: chat {chat} in week {week}, {len(those)}")

    def _require(self, promise: int, heard: Heard, kept: bool, words: str) -> None:
        self._all(promise, kept, f"{words}: chat {heard.chat}, {heard.bot_time:%F %T}, delivery {heard.delivery.id}")

    def _all(self, promise: int, kept: bool, words: str) -> None:
        if not kept:
            raise BrokenPromiseError(f"promise {promise}, seed {self.town.seed}: {words}")


def _all(conn: Connection) -> list[dict[str, Any]]:
    found = select(deliveries, addresses.c.chat).join(addresses, addresses.c.id == deliveries.c.address_id)
    return [dict(row) for row in conn.execute(found).mappings()]
