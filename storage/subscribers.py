"""The people the bot talks to, and the chats they are reached at."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from actions import rhythm
from actions.facts import Person, Ref, Rhythm, State
from storage import accounts, intentions, pauses, rhythms
from storage.catalog import stock_of
from storage.schema import addresses, follows, subscribers


@dataclass(frozen=True, slots=True)
class Reached:
    """A person and the address they wrote from."""

    person: Person
    address_id: int
    account_id: int
    onboarded: bool
    reachable: bool = True
    in_dialog: bool = False
    silent: int = 0


def reach(conn: Connection, account: str, chat: str) -> Reached | None:
    """The person at a chat, their row locked for this transaction; `None` when we never met."""
    account_id = accounts.number(conn, account)
    row = conn.execute(
        select(addresses.c.id, addresses.c.subscriber_id, addresses.c.reachable).where(
            addresses.c.account_id == account_id, addresses.c.chat == chat
        )
    ).first()
    if row is None or row.subscriber_id is None:
        return None
    # Not the strongest lock: whoever binds a pledge drive writes down what all in it promised, and must not wait here.
    own = select(subscribers).where(subscribers.c.id == row.subscriber_id).with_for_update(key_share=True)
    found = conn.execute(own).first()
    if found is None:
        # While we waited for the lock they were erased, or joined with their other chat: look again.
        return reach(conn, account, chat)
    return Reached(
        person=_person(conn, found),
        address_id=row.id,
        account_id=account_id,
        onboarded=bool(found.onboarded),
        reachable=bool(row.reachable),
        in_dialog=found.dialog is not None,
        silent=found.silent_nudges,
    )


def join(conn: Connection, account: str, chat: str, person: Person, now: datetime) -> Reached:
    """Note a newcomer with what was guessed of them, and the chat they came from."""
    values = {
        "key": str(uuid.uuid4()),
        "joined_at": now,
        "last_seen_at": now,
        "state": "active",
        "language": person.language,
        "region": person.region,
        **rhythms.columns(person.rhythm),
    }
    subscriber_id = conn.execute(insert(subscribers).values(**values).returning(subscribers.c.id)).scalar_one()
    account_id = accounts.number(conn, account)
    conn.execute(insert(addresses).values(subscriber_id=subscriber_id, account_id=account_id, chat=chat))
    reached = reach(conn, account, chat)
    if reached is None:
        raise LookupError("a subscriber just written is not there")
    return reached


def get(conn: Connection, subscriber_id: int) -> Person:
    """The person of that number.

    Raises `sqlalchemy.exc.NoResultFound` when there is none.
    """
    return _person(conn, conn.execute(select(subscribers).where(subscribers.c.id == subscriber_id)).one())


def locked(conn: Connection, subscriber_id: int) -> Person:
    """The same, and nobody else changes them until this transaction ends."""
    mine = select(subscribers).where(subscribers.c.id == subscriber_id)
    return _person(conn, conn.execute(mine.with_for_update(key_share=True)).one())


def many(conn: Connection, rows: Iterable[Row[Any]]) -> list[Person]:
    """The people of whole `subscribers` rows, with what they follow, in a handful of queries."""
    rows = list(rows)
    refs = stock_of(conn).refs
    wanted = [row.id for row in rows]
    followed: dict[int, set[Ref]] = {}
    muted: dict[int, set[Ref]] = {}
    for row in conn.execute(select(follows).where(follows.c.subscriber_id.in_(wanted))):
        (muted if row.muted else followed).setdefault(row.subscriber_id, set()).add(refs[row.cause_id])
    return [_value(row, followed.get(row.id, set()), muted.get(row.id, set())) for row in rows]


def plain(conn: Connection, numbers: Iterable[int]) -> dict[int, Person]:
    """People by their numbers, without what they follow: enough to tell whether and in which language to speak."""
    rows = conn.execute(_PLAIN, {"wanted": list(numbers)})
    return {row.id: _value(row, set(), set()) for row in rows}


_PLAIN = select(subscribers).where(subscribers.c.id.in_(bindparam("wanted", expanding=True)))


def _person(conn: Connection, row: Row[Any]) -> Person:
    return many(conn, [row])[0]


def _value(row: Row[Any], followed: set[Ref], muted: set[Ref]) -> Person:
    return Person(
        id=row.id,
        key=row.key,
        language=row.language,
        region=row.region,
        state=cast(State, row.state),
        paused_until=row.paused_until,
        rhythm=rhythms.made(
            row.frequency, row.hour, row.zone, (row.quiet_from, row.quiet_until), row.weekday, (row.minutes, row.asks)
        ),
        follows=frozenset(followed | muted),
        muted=frozenset(muted),
        unwanted=frozenset(filter(None, row.unwanted.split(","))),
        joined_at=row.joined_at,
        alerts=bool(row.alerts),
    )


def change(conn: Connection, person: Person, now: datetime, **columns: Any) -> None:
    """Set columns of a subscriber and compute anew when they are due."""
    _set(conn, person, **columns)
    if columns.get("state") == "paused":
        pauses.begin(conn, person, columns.get("paused_until", person.paused_until), now)
    elif "state" in columns:
        pauses.end(conn, person, now)
    schedule(conn, person.id, now)


def set_rhythm(conn: Connection, person: Person, wished: Rhythm, now: datetime) -> None:
    """Keep a new rhythm and compute the next due time by it."""
    change(conn, person, now, **rhythms.columns(wished))


def _set(conn: Connection, person: Person, **columns: Any) -> None:
    conn.execute(update(subscribers).where(subscribers.c.id == person.id).values(**columns))


def schedule(conn: Connection, subscriber_id: int, now: datetime) -> None:
    """Write the instant of the next nudge; none for who is not onboarded, stopped or unreachable."""
    row = conn.execute(select(subscribers).where(subscribers.c.id == subscriber_id)).one()
    due, person = None, _value(row, set(), set())
    if row.onboarded and row.state in ("active", "paused"):
        due = next_due(person, row.last_day, now, row.last_slot_at)
    intentions.follow(conn, person, now)
    conn.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(next_at=due))


def scheduled(conn: Connection, now: datetime, after: int, limit: int) -> list[int]:
    """The numbers of people who will be due some time, in their order from behind `after` on."""
    waiting = select(subscribers.c.id).where(subscribers.c.id > after, subscribers.c.next_at > now)
    return list(conn.scalars(waiting.order_by(subscribers.c.id).limit(limit)))


def next_at(conn: Connection, subscriber_id: int) -> datetime | None:
    """When a person is due, as it was computed last."""
    return conn.scalar(select(subscribers.c.next_at).where(subscribers.c.id == subscriber_id))


def gone(conn: Connection, before: datetime, limit: int) -> list[int]:
    """The numbers of people whom nobody could reach since before an instant, and who were not seen since either."""
    seen = func.coalesce(subscribers.c.last_seen_at, subscribers.c.joined_at) < before
    found = select(subscribers.c.id).where(subscribers.c.state == "unreachable", seen).limit(limit)
    return list(conn.scalars(found))


def next_due(person: Person, last_day: date | None, after: datetime, last_at: datetime | None = None) -> datetime:
    """The instant of a person's next slot: past a pause, on a later day than the last one, half a day after it."""
    if last_day is not None:
        # A clock that jumped ahead and back must not silence anyone for longer than a day.
        last_day = min(last_day, rhythm.local_day(person.rhythm, after) + timedelta(days=1))
    if last_at is not None and last_at > after + timedelta(days=1):
        last_at = None
    if person.state == "paused" and person.paused_until is not None:
        eve = person.paused_until - timedelta(days=1)
        last_day = max(last_day, eve) if last_day else eve
    return rhythm.next_slot(person.rhythm, after, last_day, spread=rhythm.spread_of(person.key), last_at=last_at).at


def speak(conn: Connection, person: Person, language: str) -> None:
    """Write to the person in another language from here on."""
    _set(conn, person, language=language)


def seen(conn: Connection, person: Person, now: datetime, *, after_silence: bool = False) -> None:
    """Note a sign of life: silence is over, and after a long one the rhythm is again the one that was chosen."""
    _set(conn, person, last_seen_at=now, silent_nudges=0)
    if after_silence:
        schedule(conn, person.id, now)


def answered(conn: Connection, person: Person, now: datetime) -> None:
    """Note that the person just answered an ask."""
    _set(conn, person, last_answer_at=now)


def follow(conn: Connection, person: Person, cause: Ref, now: datetime) -> None:
    """Follow a cause; muted before, it is heard again."""
    cause_id = stock_of(conn).causes[cause]
    key = (follows.c.subscriber_id == person.id) & (follows.c.cause_id == cause_id)
    if conn.execute(update(follows).where(key).values(muted=False)).rowcount == 0:
        conn.execute(insert(follows).values(subscriber_id=person.id, cause_id=cause_id, since=now))


def unfollow(conn: Connection, person: Person, cause: Ref) -> None:
    """Follow a cause no more."""
    cause_id = stock_of(conn).causes[cause]
    conn.execute(delete(follows).where(follows.c.subscriber_id == person.id, follows.c.cause_id == cause_id))


def mute(conn: Connection, person: Person, cause: Ref) -> None:
    """Keep following a cause, and hear nothing of it for the time being."""
    cause_id = stock_of(conn).causes[cause]
    conn.execute(
        update(follows).where(follows.c.subscriber_id == person.id, follows.c.cause_id == cause_id).values(muted=True)
    )


def onboard(conn: Connection, person: Person, day: date, now: datetime) -> None:
    """Begin the rhythm: the day's nudge is the first story, shown right now."""
    change(conn, person, now, onboarded=True, state="active", last_day=day, last_slot_at=now)


def unreachable(conn: Connection, address_id: int) -> None:
    """Note that an address is gone; a person with no other is reached no more until they write again."""
    conn.execute(update(addresses).where(addresses.c.id == address_id).values(reachable=False))
    owner = select(addresses.c.subscriber_id).where(addresses.c.id == address_id).scalar_subquery()
    others = select(addresses.c.subscriber_id).where(addresses.c.reachable.is_(True))
    conn.execute(
        update(subscribers)
        .where(
            subscribers.c.id == owner,
            subscribers.c.state.in_(("active", "paused")),
            subscribers.c.id.not_in(others),
        )
        .values(state="unreachable", next_at=None)
    )


def revive(conn: Connection, reached: Reached, now: datetime) -> bool:
    """Reach someone again who was unreachable; returns whether they were."""
    if not reached.reachable:
        conn.execute(update(addresses).where(addresses.c.id == reached.address_id).values(reachable=True))
    if reached.person.state != "unreachable":
        return False
    change(conn, reached.person, now, state="active")
    return True


def move(conn: Connection, account: str, chat: str, new_chat: str) -> None:
    """Move an address to its chat's new id; when that is known already the old one is dropped."""
    account_id = accounts.number(conn, account)
    old = (addresses.c.account_id == account_id) & (addresses.c.chat == chat)
    taken = conn.scalar(
        select(addresses.c.id).where(addresses.c.account_id == account_id, addresses.c.chat == new_chat)
    )
    if taken is None:
        conn.execute(update(addresses).where(old).values(chat=new_chat))
    else:
        conn.execute(update(addresses).where(old).values(reachable=False))


def due(conn: Connection, person: Person) -> datetime | None:
    """When the person's next nudge is due."""
    return conn.scalar(select(subscribers.c.next_at).where(subscribers.c.id == person.id))


def burst(conn: Connection, person: Person, now: datetime, span: timedelta) -> int:
    """Count what a person wrote within `span`, this included."""
    row = conn.execute(select(subscribers.c.burst_at, subscribers.c.burst).where(subscribers.c.id == person.id)).one()
    fresh = row.burst_at is None or not now - span < row.burst_at <= now
    count = 1 if fresh else row.burst + 1
    _set(conn, person, burst=count, **({"burst_at": now} if fresh else {}))
    return count


def stopped_at(conn: Connection, person: Person) -> datetime | None:
    """When the person last said stop."""
    return conn.scalar(select(subscribers.c.stopped_at).where(subscribers.c.id == person.id))


def is_onboarded(conn: Connection, person: Person) -> bool:
    """Whether the person has answered the first questions."""
    return bool(conn.scalar(select(subscribers.c.onboarded).where(subscribers.c.id == person.id)))
