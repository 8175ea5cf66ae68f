"""Recognition without a race: weeks in which someone acted, milestones, what it all adds up to.

Weeks go from Monday to Sunday of the person's own calendar. One missed week is forgiven, a second in a row ends
the stretch, a week touched by a pause is passed over. What was undone never counts, and nothing here is ever
taken away: a stretch that ended stays as the longest one. No decision reads any of this, least of all the ladder.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.facts import Ref, Taken
from actions.zones import zone_or_utc
from content.model import Adds, Unit

COUNTS = (1, 5, 10, 25, 50, 100)
"""After so many actions a milestone is told."""
WEEKS = (4, 12, 26, 52)
"""After so many weeks of one stretch it is told by itself; else it only stands in the path."""
KEEPS = timedelta(days=2)
"""A milestone that had to wait for so long is told no more."""
KEEPS_LONGER = timedelta(days=14)
"""Sources confirm late, and few act on the very day they joined: these may wait longer."""
FORGIVEN = 1

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest someone chose: from the local day `since` until before the local day `until`."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Streak:
    """Weeks with at least one action: in the stretch that goes on, 0 when none does, and in the longest one ever."""

    weeks: int = 0
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """What recognition reads of a person: what they took, since when they are here, their zone, their rests."""

    taken: Sequence[Taken]
    zone: str
    joined_at: datetime | None = None
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something reached at an instant: `what` is `actions`, `kind`, `verified`, `weeks` or `year`.

    `about` is the count, or the kind; both together name it for good, as in `actions-5`.
    """

    what: str
    about: str
    at: datetime

    @property
    def name(self) -> str:
        """The name under which it is remembered as told."""
        return f"{self.what}-{self.about}" if self.about else self.what

    @property
    def count(self) -> int:
        """The number it is about; 0 where it is about none."""
        return int(self.about) if self.about.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Sum:
    """What someone's actions add up to in one unit; what a source confirmed apart from what they told."""

    unit: Unit
    claimed: int = 0
    verified: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.claimed + self.verified


def streak(life: Life, now: datetime) -> Streak:
    """Return the weeks of the stretch that goes on, and of the longest one."""
    runs = _runs(life, now)
    if not runs:
        return Streak()
    going_on = _missed(runs[-1][-1], _week(_today(life, now)), life.pauses) <= FORGIVEN
    return Streak(len(runs[-1]) if going_on else 0, max(len(run) for run in runs))


def reached(life: Life, now: datetime) -> list[Milestone]:
    """Return every milestone up to now, the weightiest first."""
    done = _counted(life.taken, now)
    counts = [Milestone("actions", str(count), done[count - 1].at) for count in COUNTS if count <= len(done)]
    firsts = [one for one in counts if one.count == 1]
    more = [one for one in reversed(counts) if one.count > 1]
    sure = [Milestone("verified", "", one.at) for one in done if one.status == "verified"][:1]
    return [*_years(life, now), *more, *_stretches(life, done, now), *firsts, *sure, *_kinds(done)]


def to_tell(life: Life, told: Mapping[str, datetime], now: datetime, *, weeks: bool = True) -> Milestone | None:
    """Return the one milestone to tell now, if any: fresh, never told, and the only one of the local day.

    `told` are the names of those told before, and when; without `weeks` the person wants no weeks counted to them.
    """
    zone = zone_or_utc(life.zone)
    if any(at.astimezone(zone).date() == now.astimezone(zone).date() for at in told.values()):
        return None
    for one in reached(life, now):
        if one.name not in told and now - one.at < _keeps(one) and (weeks or one.what != "weeks"):
            return one
    return None


def added(taken: Iterable[Taken], adds: Mapping[Ref, Adds]) -> list[Sum]:
    """Return what actions add up to, one sum for each unit, in the order in which the units came up."""
    sums: list[Sum] = []
    for one in taken:
        each = adds.get(one.action)
        if each is None or one.status == "undone":
            continue
        amount, sure = each.each.amount, one.status == "verified"
        at = next((number for number, known in enumerate(sums) if known.unit == each.each.unit), None)
        if at is None:
            sums.append(Sum(each.each.unit))
            at = len(sums) - 1
        old = sums[at]
        sums[at] = Sum(old.unit, old.claimed + (0 if sure else amount), old.verified + (amount if sure else 0))
    return sums


def _keeps(one: Milestone) -> timedelta:
    return KEEPS_LONGER if one.what in ("year", "verified") else KEEPS


def _counted(taken: Iterable[Taken], now: datetime) -> list[Taken]:
    return sorted((one for one in taken if one.status != "undone" and one.at <= now), key=lambda one: one.at)


def _today(life: Life, now: datetime) -> date:
    return now.astimezone(zone_or_utc(life.zone)).date()


def _week(day: date) -> int:
    """Return the number of a day's week, counted on through all years: the first of January of year 1 is a Monday."""
    return (day.toordinal() - 1) // 7


def _runs(life: Life, now: datetime) -> list[list[int]]:
    """Return the weeks with an action, parted where two weeks in a row were missed."""
    zone = zone_or_utc(life.zone)
    acted = sorted({_week(one.at.astimezone(zone).date()) for one in _counted(life.taken, now)})
    runs: list[list[int]] = []
    for week in acted:
        if runs and _missed(runs[-1][-1], week, life.pauses) <= FORGIVEN:
            runs[-1].append(week)
        else:
            runs.append([week])
    return runs


def _missed(after: int, before: int, pauses: Sequence[Pause]) -> int:
    """Return how many weeks between two were missed, no further than it matters."""
    missed = 0
    for week in range(after + 1, before):
        missed += not any(_week(rest.since) <= week <= _week(rest.until - _DAY) for rest in pauses if _lasts(rest))
        if missed > FORGIVEN:
            break
    return missed


def _lasts(rest: Pause) -> bool:
    return rest.since < rest.until


def _kinds(done: Sequence[Taken]) -> list[Milestone]:
    """Return the first action of each kind; the very first action is a milestone of its own."""
    firsts: dict[str, Milestone] = {}
    for one in done:
        firsts.setdefault(one.kind, Milestone("kind", one.kind, one.at))
    return list(firsts.values())[1:]


def _stretches(life: Life, done: Sequence[Taken], now: datetime) -> list[Milestone]:
    """Return when each length of a stretch was reached last: with the first action of that week."""
    zone = zone_or_utc(life.zone)
    firsts: dict[int, datetime] = {}
    for one in done:
        firsts.setdefault(_week(one.at.astimezone(zone).date()), one.at)
    found = {
        count: Milestone("weeks", str(count), firsts[run[count - 1]])
        for run in _runs(life, now)
        for count in WEEKS
        if count <= len(run)
    }
    return [found[count] for count in sorted(found, reverse=True)]


def _years(life: Life, now: datetime) -> list[Milestone]:
    """Return the days on which another year here was full, the newest first."""
    if life.joined_at is None:
        return []
    zone = zone_or_utc(life.zone)
    joined = life.joined_at.astimezone(zone)
    full = now.astimezone(zone).year - joined.year
    days = [(year, _anniversary(joined, year, zone)) for year in range(full, 0, -1)]
    return [Milestone("year", str(year), at) for year, at in days if at <= now]


def _anniversary(joined: datetime, years: int, zone: ZoneInfo) -> datetime:
    """Return the start of the local day so many years later; a leap day is kept on the first of March."""
    try:
        day = joined.date().replace(year=joined.year + years)
    except ValueError:
        day = date(joined.year + years, 3, 1)
    return datetime.combine(day, datetime.min.time(), zone)
