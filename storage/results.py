"""What came of actions: told by a pack or in the chat, to whom it goes, who has heard it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from actions.facts import Person, Ref
from actions.owing import Outcome
from storage import audit
from storage.audit import By
from storage.catalog import stock_of
from storage.schema import result_actions, results, results_told, subscribers, taken
from storage.schema_carrots import carrot_days

PUBLIC = ("telling", "told")
"""The states in which a result may be read by those it is for."""
PAID = ("waiting", *PUBLIC)
COUNTS = text("taken.status <> 'undone'")
"""In these words and not with parameters: both databases then see that the index of what counts is enough."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of some actions; `texts` and `alt` (the picture in words) are by language, the first for all others.

    `cursor` is the number of the last person who was looked at. `kind` is empty in a draft that has none yet.
    """

    id: int
    author: int | None
    pack: str
    kind: Outcome
    state: str
    texts: Mapping[str, str]
    image: str
    alt: Mapping[str, str]
    source: str
    actions: tuple[Ref, ...]
    cursor: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What a person took of that which a result came of."""

    action: Ref
    at: datetime


def dump(texts: Mapping[str, str], image: str | None, alt: Mapping[str, str], source: str | None) -> str:
    """Write what a result says as JSON."""
    body = {"texts": texts, "image": image or "", "alt": alt, "source": source or ""}
    return json.dumps(body, ensure_ascii=False)


def bind(conn: Connection, number: int, actions: Iterable[int]) -> None:
    """Note which actions, by their numbers, a result came of."""
    conn.execute(delete(result_actions).where(result_actions.c.result_id == number))
    conn.execute(insert(result_actions), [{"result_id": number, "action_id": one} for one in actions])


def draft(conn: Connection, person: Person, action: Ref, words: str, now: datetime) -> Result:
    """Keep what an organizer wrote in the chat, in their language; nothing is told yet."""
    values = {
        "subscriber_id": person.id, "pack": action.partition("/")[0], "kind": "", "state": "draft",
        "body": dump({person.language: words}, None, {}, None), "made_at": now,
    }  # fmt: skip
    number = int(conn.execute(insert(results).values(**values).returning(results.c.id)).scalar_one())
    bind(conn, number, [stock_of(conn).actions[action]])
    audit.note(conn, By("chat", person.id), "draft", now, result_id=number)
    return must(conn, number)


def choose(conn: Connection, number: int, kind: Outcome) -> Result:
    """Note of a draft whether it worked."""
    conn.execute(update(results).where(results.c.id == number, results.c.state == "draft").values(kind=kind))
    return must(conn, number)


def send(conn: Connection, number: int, by: By, now: datetime) -> bool:
    """Let a draft be told; false when it was sent or thrown away before."""
    wanted = (results.c.id == number) & (results.c.state == "draft") & (results.c.kind != "")
    if conn.execute(update(results).where(wanted).values(state="waiting")).rowcount == 0:
        return False
    audit.note(conn, by, "send", now, result_id=number)
    return True


def drop(conn: Connection, number: int, by: By, now: datetime) -> None:
    """Throw a draft away."""
    wanted = (results.c.id == number) & (results.c.state == "draft")
    if conn.execute(update(results).where(wanted).values(state="dropped")).rowcount:
        audit.note(conn, by, "cancel", now, result_id=number)


def get(conn: Connection, number: int) -> Result | None:
    """The result of that number."""
    return next(iter(_read(conn, results.c.id == number)), None)


def must(conn: Connection, number: int) -> Result:
    """The result of that number.

    Raises `LookupError` when there is none.
    """
    found = get(conn, number)
    if found is None:
        raise LookupError(f"there is no result {number}")
    return found


def of_actions(conn: Connection, actions: Iterable[Ref], today: date) -> list[Result]:
    """What came of any of these actions, as far as it may be read on a day; oldest first."""
    numbers = [stock_of(conn).actions[ref] for ref in actions if ref in stock_of(conn).actions]
    bound = select(result_actions.c.result_id).where(result_actions.c.action_id.in_(numbers))
    return _read(conn, results.c.id.in_(bound), results.c.state.in_(PAID), _is_open(today))


def _is_open(today: date) -> ColumnElement[bool]:
    return or_(results.c.day.is_(None), results.c.day <= today)


def paid(conn: Connection) -> set[Ref]:
    """The actions whose result is told, or is going to be; that of a carrot day by the shop's promise, kept or not."""
    rows = conn.scalars(
        select(result_actions.c.action_id)
        .join(results, results.c.id == result_actions.c.result_id)
        .where(results.c.state.in_(PAID))
    )
    announced = conn.scalars(select(carrot_days.c.action_id).where(carrot_days.c.told_at.is_not(None)))
    return {stock_of(conn).refs[number] for number in (*rows, *announced)}


def next_to_tell(conn: Connection, today: date) -> Result | None:
    """The oldest result that is to be told and has people left to look at, locked against other planners."""
    row = conn.execute(
        select(results)
        .where(results.c.state.in_(("waiting", "telling")), _is_open(today))
        .order_by(results.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return _result(conn, row) if row else None


def advance(conn: Connection, number: int, cursor: int | None) -> None:
    """Note how far a result has come; with nothing that everybody was looked at."""
    values: dict[str, Any] = {"state": "told"} if cursor is None else {"state": "telling", "cursor": cursor}
    conn.execute(update(results).where(results.c.id == number).values(**values))


def window(conn: Connection, after: int, limit: int) -> int | None:
    """The number of the last of so many people behind one; nothing when there is nobody."""
    some = select(subscribers.c.id).where(subscribers.c.id > after).order_by(subscribers.c.id).limit(limit)
    last: int | None = conn.scalar(select(func.max(some.subquery().c.id)))
    return last


def takers(conn: Connection, result: Result, after: int, until: int) -> list[int]:
    """Who took one of its actions, of the people behind one number up to another, and has not heard it."""
    heard = select(results_told.c.subscriber_id).where(
        results_told.c.result_id == result.id, results_told.c.subscriber_id == taken.c.subscriber_id
    )
    rows = conn.scalars(
        select(taken.c.subscriber_id)
        .distinct()
        .where(
            taken.c.subscriber_id > after, taken.c.subscriber_id <= until, COUNTS,
            taken.c.action_id.in_(_numbers(conn, result)), ~heard.exists(),
        )
        .order_by(taken.c.subscriber_id)
    )  # fmt: skip
    return list(rows)


def _numbers(conn: Connection, result: Result) -> list[int]:
    return [stock_of(conn).actions[ref] for ref in result.actions]


def done(conn: Connection, subscriber_id: int, result: Result) -> list[Done]:
    """What a person took, and did not take back, of that which a result came of: each action once, the last time."""
    rows = conn.execute(
        select(taken.c.action_id, func.max(taken.c.at).label("at"))
        .where(taken.c.subscriber_id == subscriber_id, COUNTS, taken.c.action_id.in_(_numbers(conn, result)))
        .group_by(taken.c.action_id)
        .order_by(func.max(taken.c.at))
    )
    return [Done(stock_of(conn).refs[row.action_id], row.at) for row in rows]


def readers(conn: Connection, result: Result) -> Counter[str]:
    """How many people would hear a result, by their language."""
    took = select(taken.c.subscriber_id).where(COUNTS, taken.c.action_id.in_(_numbers(conn, result)))
    rows = conn.execute(
        select(subscribers.c.language, func.count().label("people"))
        .where(subscribers.c.id.in_(took), subscribers.c.state.in_(("active", "paused")))
        .group_by(subscribers.c.language)
    )
    return Counter({row.language: row.people for row in rows})


def hear(conn: Connection, people: Sequence[int], result: Result, now: datetime) -> list[int]:
    """Note that people are being told a result; returns those who were not told before."""
    if not people:
        return []
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    rows = [{"subscriber_id": number, "result_id": result.id, "at": now} for number in people]
    written = dialect.insert(results_told).values(rows).on_conflict_do_nothing()
    return list(conn.scalars(written.returning(results_told.c.subscriber_id)))


def sent_by(conn: Connection, sent: Sequence[tuple[int, int]], result: Result) -> None:
    """Note by which delivery each person is told, given as pairs of (subscriber, delivery)."""
    if sent:
        conn.execute(_SENT_BY, [{"who": who, "what": result.id, "number": number} for who, number in sent])


_SENT_BY = (
    update(results_told)
    .where(results_told.c.subscriber_id == bindparam("who"), results_told.c.result_id == bindparam("what"))
    .values(delivery_id=bindparam("number"))
)


def brought_by(conn: Connection, subscriber_id: int, delivery_id: int) -> Result | None:
    """The result that a delivery brings to a person."""
    number = conn.scalar(
        select(results_told.c.result_id).where(
            results_told.c.subscriber_id == subscriber_id, results_told.c.delivery_id == delivery_id
        )
    )
    return get(conn, number) if number is not None else None


def _read(conn: Connection, *where: Any) -> list[Result]:
    return [_result(conn, row) for row in conn.execute(select(results).where(*where).order_by(results.c.id))]


def _result(conn: Connection, row: Row[Any]) -> Result:
    body = json.loads(row.body)
    bound = select(result_actions.c.action_id).where(result_actions.c.result_id == row.id)
    refs = stock_of(conn).refs
    return Result(
        id=row.id,
        author=row.subscriber_id,
        pack=row.pack,
        kind=cast(Outcome, row.kind),
        state=row.state,
        texts=body["texts"],
        image=body["image"],
        alt=body["alt"],
        source=body["source"],
        actions=tuple(sorted(refs[number] for number in conn.scalars(bound))),
        cursor=row.cursor,
    )
