"""A small world that lives for months on a stepped clock: people who tap, fall silent, pause, move and stop."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions import ladder
from actions.rhythm import is_quiet, local_day
from storage import history
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Kolkata")
PER_WEEK = {"daily": 7, "weekdays": 5, "three": 3, "weekly": 1}
WISHES = (
    "yes", "yes", "yes", "no", "later", "nothing", "nothing", "nothing", "stop", "oops", "start", "pause", "resume",
    "less", "zone", "hour", "freq", "quiet", "minutes", "asks", "mute", "undo", "act", "tick-late",
)  # fmt: skip


@dataclass
class Seen:
    """One nudge as it reached its person."""

    at: datetime
    day: date
    story: str
    ask: str


@dataclass
class World:
    """One person in one world; every rule is checked as time passes."""

    store: Store
    chance: random.Random
    seen: list[Seen] = field(default_factory=list)
    frequencies: dict[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        causes = ("water", "trees")
        actions = {}
        for cause in causes:
            actions |= make.climb(cause, minutes=self.chance.choice([1, 2, 4, 9]))
            actions[f"{cause}-weekly"] = make.action(cause, kind="learn", rung="curious", repeat="weekly", minutes=1)
            actions[f"{cause}-needs"] = make.action(
                cause, kind="share", needs=(f"{cause}-weekly",), share="Say", minutes=1
            )
            actions[f"{cause}-abroad"] = make.action(cause, regions=("FR",), minutes=1)
            actions[f"{cause}-over"] = make.action(cause, until=date(2026, 3, 20), minutes=1)
        self.pack = make.pack("nature", causes=causes, chapters=40, actions=actions)
        publish(self.store, self.pack)
        self.talk = Talk(self.store)
        self.talk.joins(frequency=self.chance.choice(list(PER_WEEK)), hour=self.chance.randrange(24 * 60))

    def lives(self, days: int) -> None:
        """Let so many days pass, an hour at a time, with something happening now and then."""
        for _ in range(days * 24):
            self.step()

    def step(self) -> None:
        """One hour: a tick, what it brought, and perhaps something the person does."""
        talk = self.talk
        before = talk.me()
        talk.waits(minutes=60 if self.chance.random() < 0.98 else 60 * 30)
        for message in talk.shown:
            if message.text:
                self._note(before)
        if self.chance.random() < 0.08:
            self._do(self.chance.choice(WISHES))

    def _note(self, before: object) -> None:
        rows = [row for row in self.talk.rows("deliveries") if row["kind"] == "nudge" and row["status"] == "sent"]
        row = rows[-1]
        refs = {item["id"]: f"{item['pack']}/{item['slug']}" for item in self.talk.rows("items")}
        person = self.talk.me()
        assert person.state == "active", "nobody who stopped or paused gets a nudge"
        assert not is_quiet(person.rhythm, self.talk.now), "nothing comes in quiet hours"
        story, ask = str(refs.get(row["story_id"], "")), str(refs.get(row["action_id"], ""))
        self._check_ask(story, ask)
        self.seen.append(Seen(self.talk.now, local_day(person.rhythm, self.talk.now), story, ask))

    def _check_ask(self, story: str, ask: str) -> None:
        person = self.talk.me()
        minutes = self.pack.stories[story.partition("/")[2]].minutes if story else 0
        if ask:
            action = self.pack.actions[ask.partition("/")[2]]
            minutes += action.minutes
            assert not action.regions, "nobody is asked for what is elsewhere"
            assert action.until is None or local_day(person.rhythm, self.talk.now) <= action.until

            def look(conn):  # type: ignore[no-untyped-def]
                shelf = stock_of(conn).shelf
                past = history.of(conn, person, self.talk.now)
                offered = shelf.actions[ask]
                return past, offered, ladder.step_of(shelf.causes[offered.cause], past.taken, self.talk.now)

            past, offered, step = self.store.write_now(look)
            live = [one for one in past.taken if one.action == ask and one.status != "undone"]
            assert not live or offered.repeat != "never", "nobody is asked for what they did"
            assert offered.step <= step + 1, "no ask lies more than one rung above"
        assert minutes <= person.rhythm.minutes, "a story and its ask never take longer than the day's minutes"

    def _do(self, wish: str) -> None:
        talk, chance = self.talk, self.chance
        words = {"stop": "stop", "oops": "oops", "start": "/start", "less": "/less", "act": "/act", "pause": "/pause"}
        presses = {
            "resume": "resume",
            "zone": f"set:zone:{chance.choice(ZONES)}",
            "hour": f"set:hour:{chance.randrange(24 * 60)}",
            "freq": f"set:freq:{chance.choice(list(PER_WEEK))}",
            "quiet": f"set:quiet:{chance.choice(['21-8', '22-7', '0-0'])}",
            "minutes": f"set:min:{chance.choice([2, 5, 10, 30])}",
            "asks": f"set:asks:{chance.choice([0, 1, 3, 7])}",
            "mute": f"mute:{chance.choice([1, 2])}",
            "pause": f"pause:{chance.choice([7, 14])}",
        }
        open_asks = [row["id"] for row in talk.rows("asks") if not row["answer"]]
        verb = {"yes": "done", "no": "no", "later": "later"}.get(wish)
        if verb and open_asks:
            talk.presses(f"{verb}:{open_asks[-1]}")
        elif wish == "undo" and talk.rows("taken"):
            talk.presses(f"undo:{talk.rows('taken')[-1]['ask_id']}")
        elif wish in presses:
            talk.presses(presses[wish])
        elif wish in words:
            talk.says(words[wish])
        talk.now += timedelta(seconds=1)

    def check(self) -> None:
        """What must hold over the whole life."""
        stories = Counter(one.story for one in self.seen if one.story)
        assert not [story for story, count in stories.items() if count > 1], "no story comes twice"
        assert not [day for day, count in Counter(one.day for one in self.seen).items() if count > 1], "one a local day"
        slots = [row["slot"] for row in self.talk.rows("deliveries") if row["slot"]]
        assert len(slots) == len(set(slots)), "no slot is planned twice"


def berlin(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """An hour in Berlin."""
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/Berlin"))


__all__ = ["START", "World", "berlin"]
