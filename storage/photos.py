"""Photos that show that something was done: invited, sent, fetched, looked at; sealed while they are kept."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select, update

from actions.facts import Person, Ref, Taken
from actions.photos import INVITED_FOR, KEPT_FOR, TRIES, Reason
from storage import accounts, sealed
from storage.catalog import stock_of
from storage.schema import accounts as account_table
from storage.schema import photos, taken, uploads

State = Literal["invited", "which", "wanted", "waiting", "accepted", "declined"]
"""`which`: sent, and its person is asked what it shows. `wanted`: to be fetched. `waiting`: for somebody to look."""
LEASE = timedelta(minutes=3)
"""Who fetches a photo has so long; then another may try."""
ASKED_FOR = timedelta(days=1)
_COUNTS = and_(taken.c.id == photos.c.taken_id, taken.c.status == "claimed")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A photo is welcome: for which action, done when."""

    id: int
    action: Ref
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch; `tries` counts this one."""

    id: int
    subscriber_id: int
    account: str
    file: str
    tries: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo somebody has to look at, or has looked at, and the claim it belongs to."""

    id: int
    subscriber_id: int
    state: State
    taken_id: int
    ask_id: int | None
    claim: Taken

    @property
    def confirmed(self) -> Taken:
        """The claim as it stands once the photo is accepted."""
        return replace(self.claim, status="verified", source="photo")


def invite(conn: Connection, person: Person, ask_id: int, now: datetime) -> int | None:
    """Let a photo be sent for what was claimed through an ask; nothing when it does not count as claimed."""
    claimed = select(taken.c.id).where(
        taken.c.subscriber_id == person.id, taken.c.ask_id == ask_id, taken.c.status == "claimed"
    )
    number = conn.scalar(claimed)
    return None if number is None else _invite(conn, person.id, number, now)


def _invite(conn: Connection, subscriber_id: int, taken_id: int, now: datetime) -> int:
    values = {"subscriber_id": subscriber_id, "taken_id": taken_id, "state": "invited", "at": now}
    return int(conn.execute(insert(photos).values(**values).returning(photos.c.id)).scalar_one())


def invitations(conn: Connection, person: Person, now: datetime) -> list[Invitation]:
    """What a person may send a photo for, the newest first; at most one for each claim."""
    rows = conn.execute(
        select(photos.c.id, photos.c.taken_id, taken.c.action_id, taken.c.at)
        .join(taken, _COUNTS)
        .where(photos.c.subscriber_id == person.id, photos.c.state == "invited", photos.c.at > now - INVITED_FOR)
        .order_by(photos.c.id.desc())
    )
    refs = stock_of(conn).refs
    found = {row.taken_id: Invitation(row.id, refs[row.action_id], row.at) for row in reversed(rows.all())}
    return sorted(found.values(), key=lambda one: one.id, reverse=True)


def skip(conn: Connection, person: Person, number: int) -> bool:
    """Let go of an invitation; false when it was open no more."""
    own = and_(photos.c.id == number, photos.c.subscriber_id == person.id, photos.c.state.in_(("invited", "which")))
    return conn.execute(delete(photos).where(own)).rowcount > 0


def want(conn: Connection, number: int, account: str, file: str, now: datetime) -> None:
    """Take what a person sent upon an invitation: it is to be fetched."""
    values = {"account_id": accounts.number(conn, account), "file": file, "at": now, "tries": 0, "next_at": now}
    conn.execute(update(photos).where(photos.c.id == number).values(state="wanted", **values))


def hold(conn: Connection, person: Person, account: str, file: str, now: datetime) -> int:
    """Keep what a person sent until they said what it shows."""
    values = {"subscriber_id": person.id, "state": "which", "at": now, "file": file}
    values["account_id"] = accounts.number(conn, account)
    return int(conn.execute(insert(photos).values(**values).returning(photos.c.id)).scalar_one())


def assign(conn: Connection, person: Person, held: int, invitation: Invitation, now: datetime) -> bool:
    """Note what a photo that is held shows; false when it is held no more."""
    own = and_(photos.c.id == held, photos.c.subscriber_id == person.id, photos.c.state == "which")
    row = conn.execute(
        select(photos.c.file, account_table.c.name)
        .join(account_table, account_table.c.id == photos.c.account_id)
        .where(own)
    ).first()
    if row is None:
        return False
    conn.execute(delete(photos).where(own))
    want(conn, invitation.id, row.name, row.file, now)
    return True


def is_held(conn: Connection, person: Person, number: int) -> bool:
    """Whether a photo waits for its person to say what it shows."""
    held = and_(photos.c.id == number, photos.c.subscriber_id == person.id, photos.c.state == "which")
    return conn.scalar(select(photos.c.id).where(held)) is not None


def is_under_way(conn: Connection, person: Person) -> bool:
    """Whether a photo of a person waits to be looked at."""
    under_way = photos.c.state.in_(("wanted", "waiting"))
    return conn.scalar(select(photos.c.id).where(photos.c.subscriber_id == person.id, under_way).limit(1)) is not None


def is_due(conn: Connection, now: datetime) -> bool:
    """Whether there is anything to fetch."""
    return bool(conn.scalar(select(exists().where(photos.c.state == "wanted", photos.c.next_at <= now))))


def claim(conn: Connection, names: Collection[str], now: datetime) -> Wanted | None:
    """Take the next photo to fetch in hand, of these accounts: nobody else gets it while the lease lasts."""
    row = conn.execute(
        select(photos.c.id, photos.c.subscriber_id, account_table.c.name, photos.c.file, photos.c.tries)
        .join(account_table, account_table.c.id == photos.c.account_id)
        .where(photos.c.state == "wanted", photos.c.next_at <= now, account_table.c.name.in_(names))
        .order_by(photos.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=photos)
    ).first()
    if row is None:
        return None
    conn.execute(update(photos).where(photos.c.id == row.id).values(tries=row.tries + 1, next_at=now + LEASE))
    return Wanted(row.id, row.subscriber_id, row.name, row.file, row.tries + 1)


def release(conn: Connection, now: datetime) -> None:
    """Let all that is wanted be fetched now: whoever had some of it in hand is no more. A try it was all the same."""
    conn.execute(update(photos).where(photos.c.state == "wanted").values(next_at=now))


def _in_hand(wanted: Wanted) -> Any:
    return and_(photos.c.id == wanted.id, photos.c.state == "wanted", photos.c.tries == wanted.tries)


def keep(conn: Connection, wanted: Wanted, content: bytes) -> bool:
    """Keep a photo that was fetched and made over, sealed; false when it is wanted no more, or by somebody else."""
    kept = {"state": "waiting", "content": content, "file": "", "next_at": None}
    _forget_upload(conn, wanted)
    return conn.execute(update(photos).where(_in_hand(wanted)).values(**kept)).rowcount > 0


def put_off(conn: Connection, wanted: Wanted, until: datetime) -> bool:
    """Let a photo be fetched again later; false when it was tried often enough."""
    if wanted.tries >= TRIES:
        return False
    conn.execute(update(photos).where(_in_hand(wanted)).values(next_at=until))
    return True


def give_up(conn: Connection, wanted: Wanted, now: datetime) -> bool:
    """Want this file no more; its person may send another. False when somebody else has settled it."""
    again = {"state": "invited", "at": now, "file": "", "tries": 0, "next_at": None}
    _forget_upload(conn, wanted)
    return conn.execute(update(photos).where(_in_hand(wanted)).values(**again)).rowcount > 0


def _forget_upload(conn: Connection, wanted: Wanted) -> None:
    # What came over the web page still has in it where it was taken: it goes as soon as it is not needed.
    conn.execute(delete(uploads).where(uploads.c.key == wanted.file))


def _looked_at(moderator: Person, *columns: Any) -> Select[Any]:
    """What waits for a moderator: the photos of others, of what still counts."""
    return (
        select(*columns)
        .select_from(photos)
        .join(taken, _COUNTS)
        .where(photos.c.state == "waiting", photos.c.subscriber_id != moderator.id)
    )


def waiting(conn: Connection, moderator: Person) -> int:
    """How many photos wait for a moderator to look at; nobody looks at their own."""
    return conn.scalar(_looked_at(moderator, func.count())) or 0


def next_waiting(conn: Connection, moderator: Person, after: int = 0) -> Photo | None:
    """The photo that has waited longest, or the next one after that number."""
    wanted = _looked_at(moderator, *_WHOLE).where(photos.c.id > after).order_by(photos.c.id).limit(1)
    row = conn.execute(wanted).first()
    return _photo(conn, row) if row else None


_WHOLE = (
    photos.c.id, photos.c.subscriber_id, photos.c.state, photos.c.taken_id, taken.c.ask_id, taken.c.action_id,
    taken.c.cause_id, taken.c.kind, taken.c.at, taken.c.status, taken.c.source,
)  # fmt: skip


def get(conn: Connection, number: int) -> Photo | None:
    """The photo of that number."""
    row = conn.execute(
        select(*_WHOLE).join(taken, taken.c.id == photos.c.taken_id).where(photos.c.id == number)
    ).first()
    return _photo(conn, row) if row else None


def _photo(conn: Connection, row: Any) -> Photo:
    refs = stock_of(conn).refs
    claim = Taken(refs[row.action_id], refs[row.cause_id], row.kind, row.at, row.status, row.source)
    return Photo(row.id, row.subscriber_id, row.state, row.taken_id, row.ask_id, claim)


def accept(conn: Connection, photo: Photo, moderator: Person, now: datetime) -> bool:
    """Let a photo confirm its claim; false when it was decided before, or there is nothing left to confirm."""
    if not _settle(conn, photo, moderator, {"state": "accepted", "decided_at": now}):
        return False
    confirmed = update(taken).where(taken.c.id == photo.taken_id, taken.c.status == "claimed")
    return conn.execute(confirmed.values(status="verified", source="photo")).rowcount > 0


def decline(conn: Connection, photo: Photo, moderator: Person, reason: Reason, now: datetime) -> bool:
    """Decline a photo; false when it was decided before.

    One that shows another thing undoes its claim, else another may be sent. One with somebody on it who may not want
    to be seen is deleted at once.
    """
    gone = {"content": None} if reason == "person" else {}
    if not _settle(conn, photo, moderator, {"state": "declined", "decided_at": now, "reason": reason, **gone}):
        return False
    if reason == "other":
        contradicted = update(taken).where(taken.c.id == photo.taken_id, taken.c.status == "claimed")
        conn.execute(contradicted.values(status="undone"))
    else:
        _invite(conn, photo.subscriber_id, photo.taken_id, now)
    return True


def _settle(conn: Connection, photo: Photo, moderator: Person, values: dict[str, Any]) -> bool:
    # The claim first, as whoever takes it back does: two who want both rows then never wait for each other.
    conn.execute(select(taken.c.id).where(taken.c.id == photo.taken_id).with_for_update())
    still = and_(photos.c.id == photo.id, photos.c.state == "waiting", photos.c.subscriber_id != moderator.id)
    return conn.execute(update(photos).where(still).values(decided_by=moderator.id, **values)).rowcount > 0


def withdraw(conn: Connection, person: Person, ask_id: int) -> None:
    """Forget the photos of a claim that was taken back, and that nobody has decided about."""
    claims = select(taken.c.id).where(taken.c.subscriber_id == person.id, taken.c.ask_id == ask_id)
    conn.execute(delete(photos).where(photos.c.taken_id.in_(claims), photos.c.decided_at.is_(None)))


def picture(conn: Connection, number: int, secret: str) -> bytes | None:
    """The JPEG of a photo; nothing when there is none (any more)."""
    content = conn.scalar(select(photos.c.content).where(photos.c.id == number))
    return sealed.unseal_bytes(content, secret) if content else None


def of_person(conn: Connection, person: Person) -> list[dict[str, Any]]:
    """What is known of the photos of a person, for that person."""
    rows = conn.execute(
        select(
            photos.c.at, photos.c.state, photos.c.reason, photos.c.decided_at, taken.c.action_id,
            photos.c.content.is_not(None).label("kept"),
        )
        .outerjoin(taken, taken.c.id == photos.c.taken_id)
        .where(photos.c.subscriber_id == person.id)
        .order_by(photos.c.id)
    )  # fmt: skip
    refs = stock_of(conn).refs
    return [
        {
            "at": row.at, "action": refs.get(row.action_id), "state": row.state, "reason": row.reason,
            "decided_at": row.decided_at, "kept": bool(row.kept),
        }
        for row in rows
    ]  # fmt: skip


def sweep(conn: Connection, now: datetime) -> None:
    """Forget what is past its time: photos long decided (the decision stays), invitations that nobody took up."""
    conn.execute(
        update(photos).where(photos.c.content.is_not(None), photos.c.decided_at <= now - KEPT_FOR).values(content=None)
    )
    over = or_(
        and_(photos.c.state == "invited", photos.c.at <= now - INVITED_FOR),
        and_(photos.c.state == "which", photos.c.at <= now - ASKED_FOR),
    )
    conn.execute(delete(photos).where(over))
