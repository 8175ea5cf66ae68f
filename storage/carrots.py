"""Carrot days: one vote a person, and the one transaction in which the winner is fixed for good.

A vote holds its day's row against the deciding, and the deciding against every vote: whoever votes in the last moment
is counted, or told that it is over, and never both.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, bindparam, case, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from actions import carrots
from actions.carrots import Stage, Step
from actions.facts import Person, Ref
from content.model import Bid, Carrot
from storage import subscribers
from storage.catalog import stock_of
from storage.columns import Instant
from storage.history import Ask
from storage.schema import subscribers as people
from storage.schema import taken
from storage.schema_carrots import carrot_days, votes

Voting = Literal["voted", "changed", "same", "over"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A carrot day with what is decided, and what one person is to it; `mine` is the bid they voted for."""

    action: Ref
    carrot: Carrot
    stage: Stage = "voting"
    counts: Mapping[str, int] = field(default_factory=dict)
    winner: Bid | None = None
    mine: str = ""
    coming: bool = False
    ask_id: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How a carrot day went so far, without names: votes by bid, how many said they come, how many came."""

    action: Ref
    carrot: Carrot
    votes: Mapping[str, int]
    winner: Bid | None
    coming: int
    claimed: int
    verified: int


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody for whom the next step has come; without a standing the pack has dropped the day."""

    person: Person
    action: Ref
    step: Step
    standing: Standing | None


def terms(conn: Connection, action: Ref) -> Carrot | None:
    """The carrot day of an action; nothing for one that has none."""
    found = stock_of(conn).action(action)
    return found.carrot if found else None


def standing(conn: Connection, person: Person | None, action: Ref, now: datetime) -> Standing | None:
    """How a carrot day stands, also for one person; nothing for an action that has none."""
    carrot = terms(conn, action)
    if carrot is None:
        return None
    number = stock_of(conn).actions[action]
    mine = None
    if person is not None:
        mine = conn.execute(_mine(number, person.id)).first()
    found = _standing(conn, action, carrot, carrots.stage(carrot, now))
    return replace(found, mine=mine.bid, coming=mine.coming, ask_id=mine.ask_id) if mine is not None else found


def vote(conn: Connection, person: Person, ask: Ask, slug: str, now: datetime) -> Voting:
    """Give a person's one vote to a bid, as long as voting goes on.

    Raises `LookupError` for an action without a carrot day or a bid that it has not.
    """
    carrot = terms(conn, ask.asked.action)
    if carrot is None or slug not in carrot.bids:
        raise LookupError(f"{ask.asked.action} has no bid {slug}")
    number = stock_of(conn).actions[ask.asked.action]
    day = _held(conn, number, shared=True)
    if day.decided_at is not None or carrots.stage(carrot, now) != "voting":
        return "over"
    before = conn.scalar(select(votes.c.bid).where(_one(number, person.id)))
    values = {"bid": slug, "at": now, "ask_id": ask.id}
    conn.execute(_upsert(conn, {"subscriber_id": person.id, "action_id": number, **values}, values))
    return "voted" if not before else "same" if before == slug else "changed"


def come(conn: Connection, person: Person, ask: Ask, now: datetime, *, coming: bool) -> Standing | None:
    """Note that a person comes, or does not after all; nothing for an action without a carrot day."""
    carrot = terms(conn, ask.asked.action)
    if carrot is None:
        return None
    number = stock_of(conn).actions[ask.asked.action]
    following = carrots.next_step("winner", carrot, person, coming=coming)
    if following is not None and following[0] == "morning" and following[1] <= now:
        following = carrots.next_step("morning", carrot, person, coming=coming)
    step, due_at = following or ("", None)
    # Who is about to hear whose bid won hears that first.
    first = votes.c.step == "winner"
    new = {"coming": coming, "ask_id": ask.id}
    values = {"subscriber_id": person.id, "action_id": number, "at": now, "step": step, "due_at": due_at, **new}
    kept = {
        "step": case((first, votes.c.step), else_=step),
        "due_at": case((first, votes.c.due_at), else_=literal(due_at, Instant())),
    }
    conn.execute(_upsert(conn, values, {**new, **kept}))
    return standing(conn, person, ask.asked.action, now)


def came(conn: Connection, person: Person, ask: Ask, now: datetime) -> None:
    """Note that a person was there: they hear how many came, and what came of it."""
    carrot = terms(conn, ask.asked.action)
    if carrot is None:
        return
    number = stock_of(conn).actions[ask.asked.action]
    due_at = carrots.told_at("thanks", carrot, person)
    new = {"coming": True, "ask_id": ask.id, "step": "thanks", "due_at": due_at}
    conn.execute(_upsert(conn, {"subscriber_id": person.id, "action_id": number, "at": now, **new}, new))


def was_there(conn: Connection, person: Person, action: Ref) -> bool:
    """Whether a person took the action, and did not take it back."""
    mine = (taken.c.subscriber_id == person.id) & (taken.c.action_id == stock_of(conn).actions[action])
    return conn.scalar(select(func.count()).where(mine, taken.c.status != "undone")) != 0


def ripe(conn: Connection, now: datetime) -> tuple[Ref, Literal["decide", "announce"]] | None:
    """A carrot day for which there is something to do: voting is over, or its result has come into the pack."""
    days = {row.action_id: row for row in conn.execute(select(carrot_days))}
    for ref, carrot in _all(conn):
        at = carrots.stage(carrot, now)
        day = days.get(stock_of(conn).actions[ref])
        if at != "voting" and (day is None or day.decided_at is None):
            return ref, "decide"
        if at == "told" and day is not None and day.told_at is None:
            return ref, "announce"
    return None


def decide(conn: Connection, action: Ref, now: datetime) -> bool:
    """Fix the winner for good, and have everybody who voted hear of it; false when it was done before."""
    carrot = terms(conn, action)
    number = stock_of(conn).actions[action]
    if carrot is None or _held(conn, number).decided_at is not None:
        return False
    counts = _counts(conn, number)
    slug = carrots.winner(carrot.bids, counts)
    values = {"winner": slug, "bid": carrot.bids[slug].model_dump_json(exclude_none=True), "decided_at": now}
    conn.execute(
        update(carrot_days).where(carrot_days.c.action_id == number).values(counts=json.dumps(counts), **values)
    )
    voted = (votes.c.action_id == number) & (votes.c.bid != "")
    conn.execute(update(votes).where(voted).values(step="winner", due_at=now))
    return True


def announce(conn: Connection, action: Ref, now: datetime) -> bool:
    """Have everybody who voted or said they come hear the result, once; false when it was done before."""
    number = stock_of(conn).actions[action]
    if _held(conn, number).told_at is not None:
        return False
    conn.execute(update(carrot_days).where(carrot_days.c.action_id == number).values(told_at=now))
    took_part = (votes.c.bid != "") | votes.c.coming.is_(True)
    conn.execute(update(votes).where(votes.c.action_id == number, took_part).values(step="told", due_at=now))
    return True


def due(conn: Connection, now: datetime, limit: int) -> list[Due]:
    """Those for whom a step has come; they are held for this transaction, who is being answered is passed over."""
    wanted = (
        select(
            people, votes.c.action_id, votes.c.bid.label("voted"), votes.c.coming, votes.c.step,
            votes.c.ask_id.label("by_ask"),
        )
        .join(votes, votes.c.subscriber_id == people.c.id)
        .where(votes.c.due_at <= now)
        .order_by(votes.c.due_at, people.c.id)
        .limit(limit)
        .with_for_update(of=[people, votes], skip_locked=True, key_share=True)
    )  # fmt: skip
    found = conn.execute(wanted).all()
    days: dict[int, Standing | None] = {}
    for row in found:
        if row.action_id not in days:
            days[row.action_id] = standing(conn, None, stock_of(conn).refs[row.action_id], now)
    told = subscribers.many(conn, found)
    return [_due(conn, person, row, days[row.action_id]) for person, row in zip(told, found, strict=True)]


def move_on(conn: Connection, moves: Iterable[tuple[Due, str, datetime | None]]) -> None:
    """Note what each of them hears next, and when: nothing any more with an empty step."""
    numbers = stock_of(conn).actions
    values = [
        {"who": one.person.id, "what": numbers[one.action], "following": step, "when": due_at}
        for one, step, due_at in moves
    ]
    if values:
        conn.execute(_MOVE, values)


_MOVE = (
    update(votes)
    .where(votes.c.subscriber_id == bindparam("who"), votes.c.action_id == bindparam("what"))
    .values(step=bindparam("following"), due_at=bindparam("when"))
)


def totals(conn: Connection, now: datetime) -> list[Totals]:
    """How each carrot day of the live packs stands, for organizers."""
    return [totals_of(conn, ref, now) for ref, _ in _all(conn)]


def totals_of(conn: Connection, action: Ref, now: datetime) -> Totals:
    """How one carrot day stands.

    Raises `LookupError` for an action without one.
    """
    found = standing(conn, None, action, now)
    if found is None:
        raise LookupError(f"{action} has no carrot day")
    number = stock_of(conn).actions[action]
    coming = conn.scalar(select(func.count()).where(votes.c.action_id == number, votes.c.coming.is_(True))) or 0
    rows = conn.execute(
        select(taken.c.status, func.count(func.distinct(taken.c.subscriber_id)).label("people"))
        .where(taken.c.action_id == number)
        .group_by(taken.c.status)
    )
    came_: dict[str, int] = {row.status: row.people for row in rows}
    return Totals(
        action, found.carrot, found.counts, found.winner, coming, came_.get("claimed", 0), came_.get("verified", 0)
    )


def _all(conn: Connection) -> Iterator[tuple[Ref, Carrot]]:
    for slug, pack in stock_of(conn).packs.items():
        for name, action in pack.actions.items():
            if action.carrot is not None:
                yield f"{slug}/{name}", action.carrot


def _held(conn: Connection, number: int, *, shared: bool = False) -> Row[Any]:
    conn.execute(_dialect(conn).insert(carrot_days).values(action_id=number).on_conflict_do_nothing())
    mine = select(carrot_days).where(carrot_days.c.action_id == number)
    return conn.execute(mine.with_for_update(read=shared)).one()


def _one(number: int, subscriber_id: int) -> Any:
    return (votes.c.action_id == number) & (votes.c.subscriber_id == subscriber_id)


def _mine(number: int, subscriber_id: int) -> Any:
    return select(votes.c.bid, votes.c.coming, votes.c.ask_id).where(_one(number, subscriber_id))


def _dialect(conn: Connection) -> Any:
    return postgresql if conn.dialect.name == "postgresql" else sqlite


def _upsert(conn: Connection, values: dict[str, Any], new: dict[str, Any]) -> Any:
    key = ["subscriber_id", "action_id"]
    return _dialect(conn).insert(votes).values(**values).on_conflict_do_update(index_elements=key, set_=new)


def _counts(conn: Connection, number: int) -> dict[str, int]:
    rows = conn.execute(
        select(votes.c.bid, func.count().label("people"))
        .where(votes.c.action_id == number, votes.c.bid != "")
        .group_by(votes.c.bid)
    )
    return {row.bid: row.people for row in rows}


def _standing(conn: Connection, action: Ref, carrot: Carrot, at: Stage) -> Standing:
    number = stock_of(conn).actions[action]
    day = conn.execute(
        select(carrot_days).where(carrot_days.c.action_id == number, carrot_days.c.decided_at.is_not(None))
    ).first()
    if day is not None:
        # What was decided stays so, also when a new version of the pack moves the days.
        decided: Stage = "set" if at == "voting" else at
        return Standing(action, carrot, decided, json.loads(day.counts), Bid.model_validate_json(day.bid))
    counts = _counts(conn, number)
    winner = None if at == "voting" else carrot.bids[carrots.winner(carrot.bids, counts)]
    return Standing(action, carrot, at, counts, winner)


def _due(conn: Connection, person: Person, row: Row[Any], day: Standing | None) -> Due:
    action = stock_of(conn).refs[row.action_id]
    mine = replace(day, mine=row.voted, coming=row.coming, ask_id=row.by_ask) if day is not None else None
    return Due(person, action, cast(Step, row.step), mine)
