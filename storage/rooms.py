"""Group chats that carry a cause together: what they follow, who joined in, what they were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from actions import rooms as deciding
from actions.facts import Person, Ref
from storage import accounts
from storage.catalog import stock_of
from storage.schema import addresses, asks, deliveries, room_members, room_posts, rooms, taken

ASKED_WITHIN = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `state` is `new` until a cause was chosen, then `active` or `paused`; `left` when we are out of it."""

    id: int
    address_id: int
    account_id: int
    chat: str
    state: str
    cause: Ref | None
    language: str
    zone: str
    weekday: int
    hour: time
    last_day: date | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Post:
    """What a room was told in one week; `ref` is the platform's id of the message, once it was sent."""

    id: int
    room_id: int
    story: Ref | None
    action: Ref | None
    ref: str


def address_of(conn: Connection, account_id: int, chat: str) -> tuple[None, int, int] | None:
    """Where a room is spoken to: no subscriber, its address, the account; none when we are not in it."""
    found = conn.scalar(
        select(addresses.c.id)
        .join(rooms, rooms.c.address_id == addresses.c.id)
        .where(addresses.c.account_id == account_id, addresses.c.chat == chat, rooms.c.state != "left")
    )
    return None if found is None else (None, int(found), account_id)


def of(conn: Connection, account: str, chat: str) -> Room | None:
    """The room at a chat, its row locked for this transaction."""
    account_id = accounts.number(conn, account)
    return _one(conn, addresses.c.account_id == account_id, addresses.c.chat == chat)


def get(conn: Connection, room_id: int) -> Room | None:
    """The room of that number."""
    return _one(conn, rooms.c.id == room_id)


def at_address(conn: Connection, address_id: int) -> Room | None:
    """The room that is spoken to at an address; none when the address is a person's."""
    return _one(conn, rooms.c.address_id == address_id)


def of_ask(conn: Connection, ask_id: int) -> Room | None:
    """The room out of which an ask was answered; none when it was put in private."""
    number = conn.scalar(select(asks.c.room_id).where(asks.c.id == ask_id))
    return None if number is None else get(conn, number)


def _one(conn: Connection, *where: Any) -> Room | None:
    row = conn.execute(_rooms().where(*where).with_for_update(of=rooms)).first()
    return _room(conn, row) if row else None


def _rooms() -> Any:
    return select(rooms, addresses.c.chat, addresses.c.account_id).join(addresses, addresses.c.id == rooms.c.address_id)


def _room(conn: Connection, row: Row[Any]) -> Room:
    cause = stock_of(conn).refs.get(row.cause_id)
    return Room(
        row.id, row.address_id, row.account_id, row.chat, row.state, cause, row.language, row.zone, row.weekday,
        time(row.hour // 60, row.hour % 60), row.last_day, row.next_at,
    )  # fmt: skip


def enter(conn: Connection, account: str, chat: str, *, language: str, zone: str, now: datetime) -> Room:
    """Note that we are in a room; one we know already goes on where it was left."""
    found = of(conn, account, chat)
    if found is None:
        account_id = accounts.number(conn, account)
        made = insert(addresses).values(account_id=account_id, chat=chat).returning(addresses.c.id)
        values = {"state": "new", "language": language, "zone": zone, "weekday": 0, "hour": 10 * 60, "since": now}
        conn.execute(insert(rooms).values(address_id=conn.execute(made).scalar_one(), **values))
    elif found.state == "left":
        conn.execute(update(addresses).where(addresses.c.id == found.address_id).values(reachable=True))
        change(conn, found, state="active" if found.cause else "new")
        schedule(conn, found, now)
    entered = of(conn, account, chat)
    if entered is None:
        raise LookupError("a room just written is not there")
    return entered


def leave(conn: Connection, room: Room) -> None:
    """Note that we are out of a room: nothing is sent there any more, what it was told is remembered."""
    change(conn, room, state="left", next_at=None)
    waiting = and_(deliveries.c.address_id == room.address_id, deliveries.c.status.in_(("pending", "retry")))
    conn.execute(update(deliveries).where(waiting).values(status="cancelled", reason="left", body=None))


def change(conn: Connection, room: Room, **columns: Any) -> None:
    """Set columns of a room."""
    conn.execute(update(rooms).where(rooms.c.id == room.id).values(**columns))


def carry(conn: Connection, room: Room, cause: Ref) -> Room:
    """Let a room carry a cause."""
    change(conn, room, cause_id=stock_of(conn).causes[cause], state="active")
    found = get(conn, room.id)
    return found or room


def schedule(conn: Connection, room: Room, now: datetime) -> datetime | None:
    """Write when a room is told something next, and return it."""
    found = get(conn, room.id)
    due = None
    if found is not None and found.state == "active" and found.cause is not None:
        due = deciding.slot(found.zone, found.weekday, found.hour, now, found.last_day).at
    change(conn, room, next_at=due)
    return due


def due(conn: Connection, now: datetime, limit: int) -> list[Room]:
    """The rooms whose slot has come, their rows locked against other planners."""
    waiting = _rooms().where(rooms.c.next_at <= now).order_by(rooms.c.next_at).limit(limit)
    rows = conn.execute(waiting.with_for_update(of=rooms, skip_locked=True)).all()
    return [_room(conn, row) for row in rows]


def told(conn: Connection, room: Room) -> set[Ref]:
    """Every story a room was told."""
    refs = stock_of(conn).refs
    found = conn.scalars(select(room_posts.c.story_id).where(room_posts.c.room_id == room.id))
    return {refs[number] for number in found if number is not None}


def asked(conn: Connection, room: Room, now: datetime) -> set[Ref]:
    """The actions a room was asked for in the last weeks."""
    refs = stock_of(conn).refs
    recent = room_posts.c.at > now - ASKED_WITHIN
    found = conn.scalars(select(room_posts.c.action_id).where(room_posts.c.room_id == room.id, recent))
    return {refs[number] for number in found if number is not None}


def add_post(
    conn: Connection, room: Room, slot: date, story: Ref | None, action: Ref | None, now: datetime
) -> int | None:
    """Note what a room is told on a day; nothing when it was told something that day already."""
    taken_day = select(room_posts.c.id).where(room_posts.c.room_id == room.id, room_posts.c.slot == slot)
    if conn.scalar(taken_day) is not None:
        return None
    stock = stock_of(conn)
    values = {
        "room_id": room.id,
        "slot": slot,
        "at": now,
        "story_id": stock.stories[story] if story else None,
        "action_id": stock.actions[action] if action else None,
    }
    return int(conn.execute(insert(room_posts).values(**values).returning(room_posts.c.id)).scalar_one())


def send_post(conn: Connection, post_id: int, values: dict[str, Any]) -> None:
    """Put a room's post into the outbox, given as the columns of its row."""
    number = conn.execute(insert(deliveries).values(**values).returning(deliveries.c.id)).scalar_one()
    conn.execute(update(room_posts).where(room_posts.c.id == post_id).values(delivery_id=number))


def post(conn: Connection, post_id: int) -> Post | None:
    """The post of that number."""
    return _post(conn, room_posts.c.id == post_id)


def last_post(conn: Connection, room: Room) -> Post | None:
    """The newest post of a room."""
    return _post(conn, room_posts.c.room_id == room.id)


def _post(conn: Connection, where: Any) -> Post | None:
    row = conn.execute(
        select(room_posts, deliveries.c.ref)
        .outerjoin(deliveries, deliveries.c.id == room_posts.c.delivery_id)
        .where(where)
        .order_by(room_posts.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    refs = stock_of(conn).refs
    return Post(row.id, row.room_id, refs.get(row.story_id), refs.get(row.action_id), row.ref or "")


def join(conn: Connection, room: Room, person: Person, now: datetime) -> bool:
    """Count a person in; false when they were already."""
    if is_member(conn, room, person):
        return False
    conn.execute(insert(room_members).values(room_id=room.id, subscriber_id=person.id, since=now))
    return True


def is_member(conn: Connection, room: Room, person: Person) -> bool:
    """Whether a person joined in."""
    return conn.scalar(select(room_members.c.since).where(*_member(room, person))) is not None


def is_named(conn: Connection, room: Room, person: Person) -> bool:
    """Whether a member agreed to be named."""
    return bool(conn.scalar(select(room_members.c.named).where(*_member(room, person))))


def show(conn: Connection, room: Room, person: Person, *, named: bool) -> None:
    """Name a member in the room's messages, or no more."""
    conn.execute(update(room_members).where(*_member(room, person)).values(named=named))


def quit_(conn: Connection, room: Room, person: Person) -> None:
    """Count a person out again."""
    conn.execute(delete(room_members).where(*_member(room, person)))


def _member(room: Room, person: Person) -> tuple[Any, Any]:
    return room_members.c.room_id == room.id, room_members.c.subscriber_id == person.id


def named(conn: Connection, room: Room) -> Sequence[str]:
    """The chats of those who agreed to be named, on the room's own account."""
    return conn.scalars(
        select(addresses.c.chat)
        .join(room_members, room_members.c.subscriber_id == addresses.c.subscriber_id)
        .where(
            room_members.c.room_id == room.id, room_members.c.named.is_(True), addresses.c.account_id == room.account_id
        )
        .order_by(room_members.c.since, addresses.c.id)
    ).all()


def members(conn: Connection, room: Room) -> int:
    """How many joined in."""
    return conn.scalar(select(func.count()).where(room_members.c.room_id == room.id)) or 0


def done_here(conn: Connection, room: Room, action: Ref) -> int:
    """How many people took an action out of this room: through its post, or as one who joined in."""
    joined = select(room_members.c.since).where(
        room_members.c.room_id == room.id, room_members.c.subscriber_id == taken.c.subscriber_id
    )
    counted = (
        select(func.count(func.distinct(taken.c.subscriber_id)))
        .outerjoin(asks, asks.c.id == taken.c.ask_id)
        .where(
            taken.c.action_id == stock_of(conn).actions.get(action),
            taken.c.status != "undone",
            or_(asks.c.room_id == room.id, taken.c.at >= joined.scalar_subquery()),
        )
    )
    return conn.scalar(counted) or 0
