"""What happened between us and a person: shown, asked, taken, climbed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from actions import carrots
from actions.facts import Asked, History, Person, Ref, Taken
from actions.reasons import Reason
from actions.shelf import ShelfAction
from storage.catalog import Stock, stock_of
from storage.schema import asks, climbs, consents, pledge_drives, pledgers, shown, subscribers, taken
from storage.schema_carrots import votes

ETHICS = "ethics:"
ASKS_WITHIN = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Ask:
    """An ask as recorded: what its buttons refer to."""

    id: int
    subscriber_id: int
    asked: Asked
    story: Ref | None
    reasons: tuple[Reason, ...]
    origin: str


def of(conn: Connection, person: Person, now: datetime) -> History:
    """One person's history."""
    return of_many(conn, [person], now)[person.id]


def of_many(conn: Connection, people: Sequence[Person], now: datetime) -> dict[int, History]:
    """The history of each person, in a handful of queries."""
    wanted = [person.id for person in people]
    refs = stock_of(conn).refs
    seen: dict[int, dict[Ref, datetime]] = {number: {} for number in wanted}
    asked: dict[int, list[Asked]] = {number: [] for number in wanted}
    done: dict[int, list[Taken]] = {number: [] for number in wanted}
    for row in conn.execute(select(shown).where(shown.c.subscriber_id.in_(wanted))):
        seen[row.subscriber_id][refs[row.story_id]] = row.at
    recent = select(asks).where(asks.c.subscriber_id.in_(wanted), asks.c.at > now - ASKS_WITHIN).order_by(asks.c.id)
    for row in conn.execute(recent):
        asked[row.subscriber_id].append(_asked(row, refs[row.action_id], refs[row.cause_id]))
    for row in conn.execute(select(taken).where(taken.c.subscriber_id.in_(wanted)).order_by(taken.c.id)):
        done[row.subscriber_id].append(_taken(row, refs[row.action_id], refs[row.cause_id]))
    agreed: dict[int, set[str]] = {}
    rules = select(consents.c.subscriber_id, consents.c.what).where(
        consents.c.subscriber_id.in_(wanted), consents.c.what.startswith(ETHICS), consents.c.given.is_(True)
    )
    for row in conn.execute(rules):
        agreed.setdefault(row.subscriber_id, set()).add(row.what.removeprefix(ETHICS))
    pledged: dict[int, set[Ref]] = {}
    for row in conn.execute(_PLEDGED.where(pledgers.c.subscriber_id.in_(wanted))):
        pledged.setdefault(row.subscriber_id, set()).add(refs[row.action_id])
    for who, ref in _in_hand(conn, wanted, now):
        pledged.setdefault(who, set()).add(ref)
    answers = select(subscribers.c.id, subscribers.c.last_answer_at).where(subscribers.c.id.in_(wanted))
    return {
        row.id: History(
            shown=seen[row.id],
            asked=tuple(asked[row.id]),
            taken=tuple(done[row.id]),
            ethics=frozenset(agreed.get(row.id, ())),
            last_answer_at=row.last_answer_at,
            pledged=frozenset(pledged.get(row.id, ())),
        )
        for row in conn.execute(answers)
    }


_PLEDGED = (
    select(pledgers.c.subscriber_id, pledge_drives.c.action_id)
    .join(pledge_drives, pledge_drives.c.id == pledgers.c.drive_id)
    .where(pledgers.c.state == "in")
)


def _in_hand(conn: Connection, wanted: Sequence[int], now: datetime) -> Iterable[tuple[int, Ref]]:
    """Who voted for a carrot day that is still to be decided, or said that they come."""
    stock = stock_of(conn)
    for row in conn.execute(select(votes).where(votes.c.subscriber_id.in_(wanted))):
        ref = stock.refs[row.action_id]
        action = stock.action(ref)
        if action is None or action.carrot is None:
            continue
        if carrots.is_in_hand(action.carrot, now, voted=row.bid != "", coming=row.coming):
            yield row.subscriber_id, ref


def _asked(row: Row[Any], action: Ref, cause: Ref) -> Asked:
    return Asked(action, cause, row.kind, row.rung, row.at, row.answer, row.answered_at, nudged=row.origin != "act")


def _taken(row: Row[Any], action: Ref, cause: Ref) -> Taken:
    return Taken(action, cause, row.kind, row.at, row.status, row.source)


def show(conn: Connection, person: Person, story: Ref, now: datetime) -> None:
    """Note that a story was shown; once is enough."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    conn.execute(
        dialect.insert(shown)
        .values(subscriber_id=person.id, story_id=stock_of(conn).stories[story], at=now)
        .on_conflict_do_nothing()
    )


def take_back(conn: Connection, subscriber_id: int, story_id: int | None, ask_id: int | None) -> None:
    """Forget that a story and its ask were put to a person: the message never reached them."""
    take_all_back(conn, [(subscriber_id, story_id, ask_id)])


def take_all_back(conn: Connection, told: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Do the same for many at once, each given as (subscriber, story, ask)."""
    told = list(told)
    stories = [{"who": who, "what": story} for who, story, _ in told if story is not None]
    if stories:
        conn.execute(_UNSHOW, stories)
    numbers = [number for _, _, number in told if number is not None]
    if numbers:
        conn.execute(delete(asks).where(asks.c.id.in_(numbers), asks.c.answer == ""))


_UNSHOW = delete(shown).where(shown.c.subscriber_id == bindparam("who"), shown.c.story_id == bindparam("what"))


def ask_values(  # noqa: PLR0913 - a row has as many columns
    stock: Stock, person: Person, action: Ref, now: datetime, *, reasons: Iterable[Reason], propensity: float,
    origin: str, story: Ref | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The row of an ask, for one insert or many."""
    offered: ShelfAction = stock.shelf.actions[action]
    return {
        "subscriber_id": person.id,
        "action_id": stock.actions[action],
        "cause_id": stock.causes[offered.cause],
        "story_id": stock.stories[story] if story else None,
        "kind": offered.kind,
        "rung": offered.rung,
        "origin": origin,
        "at": now,
        "propensity": propensity,
        "reasons": dump_reasons(reasons),
    }


def ask(conn: Connection, values: dict[str, Any]) -> int:
    """Record an ask (see `ask_values`); returns its number."""
    return int(conn.execute(insert(asks).values(**values).returning(asks.c.id)).scalar_one())


def get_ask(conn: Connection, ask_id: int) -> Ask | None:
    """A recorded ask."""
    row = conn.execute(select(asks).where(asks.c.id == ask_id)).first()
    return _ask(conn, row) if row else None


def open_ask(conn: Connection, person: Person, action: Ref) -> Ask | None:
    """The newest unanswered ask of an action, if one is open."""
    action_id = stock_of(conn).actions.get(action)
    row = conn.execute(
        select(asks)
        .where(asks.c.subscriber_id == person.id, asks.c.action_id == action_id, asks.c.answer == "")
        .order_by(asks.c.id.desc())
    ).first()
    return _ask(conn, row) if row else None


def _ask(conn: Connection, row: Row[Any]) -> Ask:
    refs = stock_of(conn).refs
    return Ask(
        id=row.id,
        subscriber_id=row.subscriber_id,
        asked=_asked(row, refs[row.action_id], refs[row.cause_id]),
        story=refs[row.story_id] if row.story_id else None,
        reasons=parse_reasons(row.reasons),
        origin=row.origin,
    )


def answer(conn: Connection, ask_id: int, words: str, now: datetime) -> None:
    """Note what a person said to an ask: `taken`, `declined`, `later`, or empty again after an undo."""
    conn.execute(update(asks).where(asks.c.id == ask_id).values(answer=words, answered_at=now if words else None))


def claim(conn: Connection, person: Person, ask_of: Ask, period: str, now: datetime) -> bool:
    """Write that a person took an action; false when it was written before, by any path."""
    stock = stock_of(conn)
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    asked = ask_of.asked
    values = {
        "subscriber_id": person.id,
        "action_id": stock.actions[asked.action],
        "cause_id": stock.causes[asked.cause],
        "kind": asked.kind,
        "rung": asked.rung,
        "at": now,
        "period": period,
        "status": "claimed",
        "source": "self",
        "ask_id": ask_of.id,
    }
    written = dialect.insert(taken).values(**values).on_conflict_do_nothing().returning(taken.c.id)
    return conn.scalar(written) is not None


def undo(conn: Connection, person: Person, ask_id: int) -> bool:
    """Take back what was claimed through an ask; false when there is nothing claimed to take back."""
    done = conn.execute(
        update(taken)
        .where(taken.c.subscriber_id == person.id, taken.c.ask_id == ask_id, taken.c.status == "claimed")
        .values(status="undone")
    )
    return done.rowcount > 0


def tell_climb(conn: Connection, person: Person, cause: Ref, rung: str, now: datetime) -> bool:
    """Note that a climb is told; false when it was told before."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    values = {"subscriber_id": person.id, "cause_id": stock_of(conn).causes[cause], "rung": rung, "at": now}
    written = dialect.insert(climbs).values(**values).on_conflict_do_nothing().returning(climbs.c.rung)
    return conn.scalar(written) is not None


def takers(conn: Connection, action: Ref) -> int:
    """How many people took an action, counting those who left since."""
    action_id = stock_of(conn).actions.get(action)
    return (
        conn.scalar(
            select(func.count(func.distinct(taken.c.subscriber_id))).where(
                taken.c.action_id == action_id, taken.c.status != "undone"
            )
        )
        or 0
    )


def dump_reasons(reasons: Iterable[Reason]) -> str:
    """Write reasons as JSON: `[code, about]` each."""
    return json.dumps([[reason.code, reason.about] for reason in reasons], separators=(",", ":"))


def parse_reasons(document: str) -> tuple[Reason, ...]:
    """Read reasons written by `dump_reasons`."""
    pairs = cast(list[list[str]], json.loads(document or "[]"))
    return tuple(Reason(code, about) for code, about in pairs)


def last_ask(conn: Connection, person: Person) -> Ask | None:
    """The newest ask put to a person."""
    row = conn.execute(
        select(asks).where(asks.c.subscriber_id == person.id).order_by(asks.c.id.desc()).limit(1)
    ).first()
    return _ask(conn, row) if row else None
