"""What people plan to do: when, where, with whom; what they wrote is sealed. (How nudges are planned is elsewhere.)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from actions import planning_ahead
from actions.facts import Person, Ref
from actions.planning_ahead import Next, Stage, When
from storage import sealed
from storage.catalog import stock_of
from storage.schema import asks, intentions, taken

CLAIMABLE = timedelta(days=7)
"""So long after its time may be said that a plan was carried out, also when its action has ended since."""
WAITING = ("open", "reminded")


@dataclass(frozen=True, slots=True)
class Plan:
    """A person's plan for an action. `place` and `company` are codes, or empty when skipped or put in own words."""

    subscriber_id: int
    action: Ref
    ask_id: int
    made_at: datetime
    when: When
    stage: Stage
    place: str
    company: str
    place_words: bytes | None
    company_words: bytes | None
    delivery_id: int | None


def make(conn: Connection, person: Person, ask_id: int, action: Ref, when: When, now: datetime) -> None:
    """Plan to do something at a time, instead of what was planned for it before."""
    number = stock_of(conn).actions[action]
    first = planning_ahead.first(when, person.rhythm, now)
    values = {
        "subscriber_id": person.id, "action_id": number, "ask_id": ask_id, "made_at": now, "day": when.day,
        "minute": when.at.hour * 60 + when.at.minute, "stage": first.stage, "next_at": first.at,
    }  # fmt: skip
    conn.execute(delete(intentions).where(_of(person.id, number)))
    conn.execute(insert(intentions).values(**values))


def say(conn: Connection, plan: Plan, what: str, code: str = "", words: str = "", secret: str = "") -> None:
    """Note where (`place`) or with whom (`company`): by a code, or in the person's own words, which are sealed."""
    values = {what: code, f"{what}_words": sealed.seal(words, secret) if words else None}
    _set(conn, plan, **values)


def end(conn: Connection, plan: Plan) -> None:
    """Let a plan go: no reminder, no question."""
    _set(conn, plan, stage="over", next_at=None)


def move_on(conn: Connection, plan: Plan, following: Next, delivery_id: int | None = None) -> None:
    """Note what a plan waits for now, and the delivery that was made for it."""
    sent = {"delivery_id": delivery_id} if delivery_id is not None else {}
    _set(conn, plan, stage=following.stage, next_at=following.at, **sent)


def _set(conn: Connection, plan: Plan, **values: Any) -> None:
    key = _of(plan.subscriber_id, stock_of(conn).actions[plan.action])
    conn.execute(update(intentions).where(key).values(**values))


def _of(subscriber_id: int, number: int) -> Any:
    return and_(intentions.c.subscriber_id == subscriber_id, intentions.c.action_id == number)


def of(conn: Connection, person: Person, action: Ref) -> Plan | None:
    """A person's plan for an action, as it is or was."""
    number = stock_of(conn).actions.get(action, 0)
    row = conn.execute(select(intentions).where(_of(person.id, number))).first()
    return _plan(conn, row) if row else None


def brought_by(conn: Connection, subscriber_id: int, delivery_id: int) -> Plan | None:
    """The plan that a delivery is about."""
    wanted = (intentions.c.subscriber_id == subscriber_id) & (intentions.c.delivery_id == delivery_id)
    row = conn.execute(select(intentions).where(wanted)).first()
    return _plan(conn, row) if row else None


def due(conn: Connection, now: datetime, limit: int) -> list[Plan]:
    """Plans for which there is something to do, the longest due first, locked against other planners."""
    rows = conn.execute(
        select(intentions)
        .where(intentions.c.next_at <= now)
        .order_by(intentions.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_plan(conn, row) for row in rows]


def is_settled(conn: Connection, plan: Plan) -> bool:
    """Whether the action was done or declined since the plan was made."""
    number = stock_of(conn).actions[plan.action]
    took = select(taken.c.id).where(
        taken.c.subscriber_id == plan.subscriber_id, taken.c.action_id == number, taken.c.status != "undone",
        taken.c.at >= plan.made_at,
    )  # fmt: skip
    said = select(asks.c.id).where(
        asks.c.subscriber_id == plan.subscriber_id, asks.c.action_id == number, asks.c.answered_at >= plan.made_at,
        asks.c.answer == "declined",
    )  # fmt: skip
    return conn.scalar(took.limit(1)) is not None or conn.scalar(said.limit(1)) is not None


def follow(conn: Connection, person: Person, now: datetime) -> None:
    """Let plans follow their person's settings: computed anew by zone, hour and night; let go at a stop or a rest."""
    mine = (intentions.c.subscriber_id == person.id) & intentions.c.stage.in_(WAITING)
    if person.state in ("stopped", "paused"):
        conn.execute(update(intentions).where(mine).values(stage="stopped", stopped_at=now, next_at=None))
        return
    for plan in _plans(conn, conn.execute(select(intentions).where(mine)).all()):
        move_on(conn, plan, planning_ahead.moved(plan.stage, plan.when, person.rhythm, now))


def wake(conn: Connection, person: Person, since: datetime, now: datetime) -> None:
    """Take up again what was let go since a stop that was a slip."""
    mine = (intentions.c.subscriber_id == person.id) & (intentions.c.stage == "stopped")
    for plan in _plans(conn, conn.execute(select(intentions).where(mine, intentions.c.stopped_at >= since)).all()):
        move_on(conn, plan, planning_ahead.first(plan.when, person.rhythm, now))


def judged_at(conn: Connection, person: Person, action: Ref, now: datetime) -> datetime:
    """The moment by which a claim is judged: that of a plan which came true within the last days, else now."""
    plan = of(conn, person, action)
    if plan is None:
        return now
    begin = planning_ahead.begins(plan.when, person.rhythm)
    return begin if begin <= now <= begin + CLAIMABLE else now


def of_person(conn: Connection, person: Person, secret: str) -> list[dict[str, Any]]:
    """All plans of a person, unsealed, for that person."""
    rows = conn.execute(select(intentions).where(intentions.c.subscriber_id == person.id))
    return [
        {
            "action": plan.action,
            "made_at": plan.made_at,
            "day": plan.when.day,
            "at": plan.when.at,
            "where": own_words(plan.place_words, secret) or plan.place,
            "with": own_words(plan.company_words, secret) or plan.company,
            "stage": plan.stage,
        }
        for plan in _plans(conn, rows)
    ]


def own_words(kept: bytes | None, secret: str) -> str:
    """What a person wrote, unsealed; nothing when they wrote nothing, or under another secret."""
    return (sealed.unseal(kept, secret) or "") if kept else ""


def _plans(conn: Connection, rows: Iterable[Row[Any]]) -> list[Plan]:
    return [_plan(conn, row) for row in rows]


def _plan(conn: Connection, row: Row[Any]) -> Plan:
    return Plan(
        subscriber_id=row.subscriber_id,
        action=stock_of(conn).refs[row.action_id],
        ask_id=row.ask_id,
        made_at=row.made_at,
        when=When(row.day, time(row.minute // 60, row.minute % 60)),
        stage=cast(Stage, row.stage),
        place=row.place,
        company=row.company,
        place_words=row.place_words,
        company_words=row.company_words,
        delivery_id=row.delivery_id,
    )
