"""Two records of one person made one, in the transaction of the caller: what either did, saw or chose stays."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, exists, select, update

from actions.facts import Person
from actions.rhythm import local_day
from storage import deliveries, erasure, history, pledge_steps, subscribers
from storage.schema import (
    accounts,
    addresses,
    alerts,
    asks,
    audit,
    climbs,
    codes,
    consents,
    drafts,
    drawings,
    follows,
    guesses,
    hidden_lines,
    intentions,
    letters,
    milestones,
    own_words,
    pauses,
    photos,
    results,
    results_told,
    roles,
    room_members,
    shown,
    suppressed,
    taken,
)
from storage.schema import deliveries as outbox
from storage.schema import subscribers as people
from storage.schema_carrots import votes
from storage.schema_drives import team_members
from storage.schema_proof import proofs, single_codes

CODE = "link"
"""What a code is for that joins two chats."""
HALF_A_DAY = timedelta(hours=12)
ONE_OF_EACH: tuple[tuple[Table, str], ...] = (
    (shown, "story_id"),
    (follows, "cause_id"),
    (roles, "role"),
    (room_members, "room_id"),
    (results_told, "result_id"),
    (intentions, "action_id"),
    (milestones, "what"),
    (hidden_lines, "line"),
    (own_words, "what"),
    (team_members, "drive_id"),
    (votes, "action_id"),
)
"""Of what a person has at most one row, by which column."""
AS_THEY_ARE: tuple[Table, ...] = (
    asks, consents, drafts, drawings, letters, guesses, codes, outbox, alerts, results, audit, pauses, photos, proofs,
    single_codes,
)  # fmt: skip


def merge(conn: Connection, kept: Person, gone: Person, *, key: str, now: datetime) -> None:
    """Make two records one: the settings and the rhythm are the kept one's, the other's addresses move over.

    `key` is the instance's secret: with it those are known who were erased before and came again.
    """
    pledge_steps.merge(conn, kept.id, gone.id)
    _settle_waiting(conn, kept, gone, now)
    _votes(conn, kept, gone)
    _one_of_each(conn, kept, gone)
    _taken(conn, kept, gone)
    _slots(conn, kept, gone)
    conn.execute(delete(codes).where(codes.c.purpose == CODE, codes.c.subscriber_id == gone.id))
    for table in AS_THEY_ARE:
        conn.execute(update(table).where(table.c.subscriber_id == gone.id).values(subscriber_id=kept.id))
    # Who decided about a photo is the same person, whichever of the two records it was.
    conn.execute(update(photos).where(photos.c.decided_by == gone.id).values(decided_by=kept.id))
    moved = addresses.c.subscriber_id == gone.id
    conn.execute(update(addresses).where(moved).values(subscriber_id=kept.id, preferred=False))
    _person(conn, kept, gone, key)
    _referrers(conn, kept, gone)
    conn.execute(delete(people).where(people.c.id == gone.id))
    subscribers.schedule(conn, kept.id, now)


def _settle_waiting(conn: Connection, kept: Person, gone: Person, now: datetime) -> None:
    """Let nobody hear twice: what waits for the other goes, and what waits for the kept one if the other just heard."""
    silenced = _silence(conn, gone)
    mine, theirs = _rows(conn, kept, gone)
    last = None if silenced else theirs.last_slot_at
    same_day = last is not None and mine.last_day is not None and local_day(kept.rhythm, last) >= mine.last_day
    if last is not None and (same_day or last > now - HALF_A_DAY):
        _silence(conn, kept)
    # What is in flight at this moment may arrive; should it fail, it is not tried again.
    in_flight = and_(outbox.c.subscriber_id == gone.id, outbox.c.kind == "nudge", outbox.c.status == "sending")
    conn.execute(update(outbox).where(in_flight).values(expires_at=now))
    _one_alert(conn, kept, gone)


def _one_alert(conn: Connection, kept: Person, gone: Person) -> None:
    """Of two deliveries of one alert, let the one that waits go, of two that wait the other's."""
    for waits, other in ((gone, kept), (kept, gone)):
        twin = outbox.alias()
        had = select(twin.c.alert_id).where(
            twin.c.subscriber_id == other.id, twin.c.alert_id.is_not(None), twin.c.kind == "alert",
            twin.c.status.not_in(("cancelled", "skipped")),
        )  # fmt: skip
        conn.execute(
            update(outbox)
            .where(
                outbox.c.subscriber_id == waits.id, outbox.c.kind == "alert",
                outbox.c.status.in_(deliveries.WAITING), outbox.c.alert_id.in_(had),
            )
            .values(status="cancelled", reason="linked", body=None)
        )  # fmt: skip


def _silence(conn: Connection, person: Person) -> bool:
    cancelled = deliveries.cancel_waiting(conn, person.id, "linked", kinds=("nudge",))
    for row in cancelled:
        history.take_back(conn, person.id, row.story_id, row.ask_id)
    return bool(cancelled)


def _rows(conn: Connection, kept: Person, gone: Person) -> tuple[Row[Any], Row[Any]]:
    two = {row.id: row for row in conn.execute(select(people).where(people.c.id.in_((kept.id, gone.id))))}
    return two[kept.id], two[gone.id]


def _one_of_each(conn: Connection, kept: Person, gone: Person) -> None:
    """Move what a person has at most one of; of two the kept one's stays."""
    theirs = follows.alias()
    heard = select(theirs.c.cause_id).where(theirs.c.subscriber_id == gone.id, theirs.c.muted.is_(False))
    # Muted stays only what both had muted.
    conn.execute(
        update(follows).where(follows.c.subscriber_id == kept.id, follows.c.cause_id.in_(heard)).values(muted=False)
    )
    for table, column in ONE_OF_EACH:
        own = table.alias()
        had = exists().where(own.c.subscriber_id == kept.id, own.c[column] == table.c[column])
        _move_unless(conn, table, had, kept, gone)
    own = climbs.alias()
    told = exists().where(
        own.c.subscriber_id == kept.id, own.c.cause_id == climbs.c.cause_id, own.c.rung == climbs.c.rung
    )
    _move_unless(conn, climbs, told, kept, gone)


def _votes(conn: Connection, kept: Person, gone: Person) -> None:
    """Of two votes the kept one's stays; whoever has not voted here but there, or comes there, does so here too."""
    other = votes.alias()
    theirs = select(other).where(other.c.subscriber_id == gone.id)
    for row in conn.execute(theirs).all():
        mine = (votes.c.subscriber_id == kept.id) & (votes.c.action_id == row.action_id)
        conn.execute(update(votes).where(mine, votes.c.bid == "").values(bid=row.bid))
        if row.coming:
            ahead = {"coming": True, "step": row.step, "due_at": row.due_at, "ask_id": row.ask_id}
            conn.execute(update(votes).where(mine, votes.c.coming.is_(False)).values(**ahead))


def _move_unless(conn: Connection, table: Table, had: Any, kept: Person, gone: Person) -> None:
    conn.execute(delete(table).where(table.c.subscriber_id == gone.id, had))
    conn.execute(update(table).where(table.c.subscriber_id == gone.id).values(subscriber_id=kept.id))


def _taken(conn: Connection, kept: Person, gone: Person) -> None:
    """An action both records hold counts once: as verified if either was, since the earlier of the two."""
    other = taken.alias()
    same = and_(
        taken.c.subscriber_id == kept.id, other.c.subscriber_id == gone.id, taken.c.action_id == other.c.action_id,
        taken.c.period == other.c.period, taken.c.status != "undone", other.c.status != "undone",
    )  # fmt: skip
    pairs = select(
        taken.c.id, taken.c.at, taken.c.status, other.c.id, other.c.at, other.c.status, other.c.source, other.c.ask_id
    ).where(same)
    for mine, at, status, theirs, their_at, their_status, source, ask_id in conn.execute(pairs).all():
        values: dict[str, Any] = {"at": min(at, their_at)}
        if their_status == "verified" and status != "verified":
            values |= {"status": their_status, "source": source, "ask_id": ask_id}
        conn.execute(update(taken).where(taken.c.id == mine).values(**values))
        conn.execute(update(proofs).where(proofs.c.taken_id == theirs).values(taken_id=mine))
        conn.execute(update(photos).where(photos.c.taken_id == theirs).values(taken_id=mine))
        conn.execute(delete(taken).where(taken.c.id == theirs))
    conn.execute(update(taken).where(taken.c.subscriber_id == gone.id).values(subscriber_id=kept.id))


def _slots(conn: Connection, kept: Person, gone: Person) -> None:
    """Of two nudges for one day, as history has them, only the kept one's keeps the day as its own."""
    used = select(outbox.c.slot).where(outbox.c.subscriber_id == kept.id, outbox.c.slot.is_not(None))
    conn.execute(update(outbox).where(outbox.c.subscriber_id == gone.id, outbox.c.slot.in_(used)).values(slot=None))


def _person(conn: Connection, kept: Person, gone: Person, key: str) -> None:
    mine, theirs = _rows(conn, kept, gone)
    values = {
        name: _latest(mine._mapping[name], theirs._mapping[name])
        for name in ("last_day", "last_slot_at", "last_seen_at", "last_answer_at")
    }
    # Who was erased once and came again must not look, beside a backup, as if they had been here all the time.
    first = max if _was_erased(conn, kept, gone, key) else min
    if mine.state == "unreachable":
        values["state"] = "active"
    values |= {"joined_at": first(mine.joined_at, theirs.joined_at), "silent_nudges": 0}
    conn.execute(update(people).where(people.c.id == kept.id).values(**values))


def _was_erased(conn: Connection, kept: Person, gone: Person, key: str) -> bool:
    own = select(accounts.c.name, addresses.c.chat).join(accounts, accounts.c.id == addresses.c.account_id)
    chats = conn.execute(own.where(addresses.c.subscriber_id.in_((kept.id, gone.id))))
    hashes = [erasure.digest(row.name, row.chat, key) for row in chats]
    return conn.scalar(select(suppressed.c.hash).where(suppressed.c.hash.in_(hashes)).limit(1)) is not None


def _referrers(conn: Connection, kept: Person, gone: Person) -> None:
    """Whom either brought, the kept one brought; nobody brings themselves, nor those who brought them."""
    conn.execute(update(people).where(people.c.referrer_id == gone.id).values(referrer_id=kept.id))
    brought = people.alias()
    theirs = select(brought.c.id).where(brought.c.referrer_id == kept.id)
    conn.execute(
        update(people).where(people.c.id == kept.id, people.c.referrer_id.in_(theirs)).values(referrer_id=None)
    )


def _latest(one: Any, other: Any) -> Any:
    return max((value for value in (one, other) if value is not None), default=None)
