"""The counting queries behind the public impact page: whole columns counted in the database, no person named.

Actions are counted exactly here; whoever shows a figure in public rounds it, and withholds small ones (`people`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, case, distinct, func, literal, select

from storage.schema import climbs, erased_totals, follows, items, taken


@dataclass(frozen=True, slots=True)
class Count:
    """Actions that stand (not undone), by what vouches for them, and how many people stand behind each number."""

    claimed: int = 0
    verified: int = 0
    people: int = 0
    claimed_people: int = 0
    verified_people: int = 0

    @property
    def actions(self) -> int:
        """All of them."""
        return self.claimed + self.verified


@dataclass(frozen=True, slots=True)
class CauseFigures:
    """What happened in one cause; `ref` is `pack/cause`."""

    ref: str
    taken: Count = field(default_factory=Count)
    followers: int = 0
    climbed: int = 0


def causes(conn: Connection) -> dict[str, CauseFigures]:
    """The figures of every cause that has any, by ref."""
    names = {row.id: f"{row.pack}/{row.slug}" for row in conn.execute(select(items).where(items.c.type == "cause"))}
    followers = _people(conn, follows.c.cause_id, follows.c.subscriber_id)
    climbed = _people(conn, climbs.c.cause_id, climbs.c.subscriber_id)
    counts = _counts(conn, taken.c.cause_id)
    known = followers.keys() | climbed.keys() | counts.keys()
    return {
        names[number]: CauseFigures(
            names[number], counts.get(number, Count()), followers.get(number, 0), climbed.get(number, 0)
        )
        for number in known
    }


def months(conn: Connection, starts: Sequence[datetime]) -> list[Count]:
    """What was taken in each month; `starts` are their beginnings, oldest first, and the end of the last one."""
    bucket = case(
        *(((taken.c.at >= start) & (taken.c.at < end), number) for number, (start, end) in enumerate(pairwise(starts))),
        else_=-1,
    )
    counts = _counts(conn, bucket)
    return [counts.get(number, Count()) for number in range(len(starts) - 1)]


def total(conn: Connection) -> Count:
    """Everything ever taken, with what erased people did; those are no longer counted as people."""
    live = _counts(conn, literal(0)).get(0, Count())
    erased = select(erased_totals.c.status, func.sum(erased_totals.c.count)).group_by(erased_totals.c.status)
    gone = {status: int(number) for status, number in conn.execute(erased)}
    return replace(
        live, claimed=live.claimed + gone.get("claimed", 0), verified=live.verified + gone.get("verified", 0)
    )


def _counts(conn: Connection, key: ColumnElement[int]) -> dict[int, Count]:
    sure = taken.c.status == "verified"
    person = taken.c.subscriber_id
    rows = conn.execute(
        select(
            key.label("bucket"),
            func.count(case((~sure, 1))),
            func.count(case((sure, 1))),
            func.count(distinct(person)),
            func.count(distinct(case((~sure, person)))),
            func.count(distinct(case((sure, person)))),
        )
        .where(taken.c.status != "undone")
        # By its name: PostgreSQL does not see that an expression with parameters is the same one twice.
        .group_by("bucket")
    )
    return {number: Count(*numbers) for number, *numbers in rows}


def _people(conn: Connection, key: ColumnElement[int], person: ColumnElement[int]) -> dict[int, int]:
    rows = conn.execute(select(key, func.count(distinct(person))).group_by(key))
    return {row[0]: row[1] for row in rows}
