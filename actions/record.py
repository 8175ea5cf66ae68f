"""What a person's history says at one moment, read once for each decision."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions import limits
from actions.facts import Asked, History, Person, Ref, Taken
from actions.ladder import step_of
from actions.shelf import Shelf, ShelfCause
from actions.zones import zone_or_utc

_REPEATS = {"daily": 1, "weekly": 7}


@dataclass(slots=True)
class Record:
    """A digest of one person's history; filled by `read`, not changed afterwards."""

    person: Person
    history: History
    shelf: Shelf
    now: datetime
    today: date
    zone: ZoneInfo
    places: frozenset[str]
    done: set[Ref] = field(default_factory=set)
    spent: dict[Ref, date] = field(default_factory=dict)
    declined: dict[Ref, datetime] = field(default_factory=dict)
    refusals: dict[Ref, Asked] = field(default_factory=dict)
    waiting: dict[Ref, tuple[str, datetime | None]] = field(default_factory=dict)
    budgeted: list[datetime] = field(default_factory=list)
    last_nudged: datetime | None = None
    silence: int = 0
    noes: int = 0
    kinds: set[str] = field(default_factory=set)
    last_taken: dict[Ref, datetime] = field(default_factory=dict)
    last_taken_at: datetime | None = None
    acts: int = 0

    def step(self, cause: ShelfCause) -> int:
        """Return the place of the person's rung in a cause's ladder."""
        if cause.ref not in self.last_taken:
            return 0
        return step_of(cause, self.history.taken, self.now, self.history.ethics)

    def took_today(self, at: datetime | None) -> bool:
        """Tell whether an instant of taking belongs to this conversation or this local day."""
        if at is None:
            return False
        return self.now - at < limits.CONVERSATION or at.astimezone(self.zone).date() == self.today


def read(person: Person, history: History, shelf: Shelf, now: datetime) -> Record:
    """Return the digest of a person's history at `now`."""
    zone = zone_or_utc(person.rhythm.zone)
    record = Record(person, history, shelf, now, now.astimezone(zone).date(), zone, _places(person.region))
    if history.asked:
        _read_asked(record, history.asked)
    if history.taken:
        _read_taken(record, history.taken)
    # Whoever is in a drive has done what there is to do for now.
    record.spent.update(dict.fromkeys(history.pledged, date.max))
    return record


def due_again(repeat: str, day: date) -> date | None:
    """Return the day on which a repeating action may be taken again, or None when it never may."""
    if repeat == "monthly":
        return _next_month(day)
    days = _REPEATS.get(repeat)
    return None if days is None else day + timedelta(days=days)


def _next_month(day: date) -> date:
    """Return the same day of the next month, or that month's last day where it is shorter."""
    first = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _places(region: str) -> frozenset[str]:
    """Return what a region belongs to: `US-CA` is in the `US` too."""
    return frozenset({region, region.partition("-")[0]}) if region else frozenset()


def _read_asked(record: Record, asked: tuple[Asked, ...]) -> None:
    now = record.now
    week_ago = now - limits.WEEK
    tries: dict[Ref, int] = {}
    for ask in asked:
        if ask.nudged:
            record.last_nudged = ask.at
            record.silence = 0 if ask.answer else record.silence + 1
            if ask.at > week_ago:
                record.budgeted.append(ask.at)
            record.noes = 0 if ask.answer == "taken" else record.noes + (ask.answer == "declined")
        if ask.answer == "declined":
            record.declined[ask.action] = ask.answered_at or ask.at
            record.refusals[ask.cause] = ask
        elif ask.answer == "taken":
            tries.pop(ask.action, None)
        elif ask.nudged or ask.answer:
            tries[ask.action] = tries.get(ask.action, 0) + 1
            _wait(record, ask, tries[ask.action])


def _wait(record: Record, ask: Asked, tries: int) -> None:
    """Note how long an unanswered or postponed action waits before it is put again."""
    if tries >= limits.ASK_TRIES:
        record.waiting[ask.action] = ("asked-enough", None)
        return
    later = ask.answer == "later"
    until = (ask.answered_at or ask.at) + limits.LATER_REST if later else ask.at + limits.ASK_AGAIN
    if until > record.now:
        record.waiting[ask.action] = ("later" if later else "asked-lately", until)
    else:
        record.waiting.pop(ask.action, None)


def _wait_undone(record: Record, one: Taken) -> None:
    """Note that an action taken back is not put again at once."""
    if one.at + limits.ASK_AGAIN > record.now:
        record.waiting.setdefault(one.action, ("asked-lately", one.at + limits.ASK_AGAIN))


def _read_taken(record: Record, taken: tuple[Taken, ...]) -> None:
    recent = record.now - limits.VARIETY
    last: dict[Ref, datetime] = {}
    for one in taken:
        if one.status == "undone":
            _wait_undone(record, one)
            continue
        record.acts += 1
        last[one.action] = record.last_taken[one.cause] = record.last_taken_at = one.at
        if one.at > recent:
            record.kinds.add(one.kind)
    record.done.update(last)
    for ref, at in last.items():
        _spend(record, ref, at)


def _spend(record: Record, ref: Ref, at: datetime) -> None:
    """Note that an action was taken: for good, or until it is due again; then older refusals of it are void."""
    action = record.shelf.actions.get(ref)
    if action is None:
        return
    if action.repeat == "never":
        record.spent[ref] = date.max
        return
    due = due_again(action.repeat, at.astimezone(record.zone).date())
    if due is not None and record.today < due:
        record.spent[ref] = due
    if ref in record.declined and record.declined[ref] < at:
        del record.declined[ref]
