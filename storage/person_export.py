"""Everything kept about one person, for that person."""

import json
from typing import Any

from sqlalchemy import Connection, Table, select

from actions.facts import Person
from storage import drafts, intentions, letters, photos, recognition
from storage.catalog import stock_of
from storage.schema import (
    accounts,
    addresses,
    asks,
    climbs,
    consents,
    deliveries,
    drawings,
    follows,
    hidden_lines,
    milestones,
    pauses,
    pledge_drives,
    pledgers,
    results_told,
    roles,
    room_members,
    shown,
    subscribers,
    taken,
)
from storage.schema_carrots import votes
from storage.schema_drives import team_members
from storage.schema_proof import proofs

TABLES: tuple[Table, ...] = (
    follows, shown, asks, taken, climbs, deliveries, roles, consents, room_members, drawings, proofs, results_told,
    milestones, pauses, hidden_lines, team_members, votes,
)  # fmt: skip
HIDDEN = frozenset({
    "subscriber_id", "id", "body", "address_id", "account_id", "referrer_id", "dialog", "content", "hook_id",
    "taken_id",
})  # fmt: skip


def of(conn: Connection, person: Person, secret: str) -> str:
    """Everything about a person as readable JSON; items are named as in their packs, what they wrote is unsealed."""
    refs = stock_of(conn).refs
    me = conn.execute(select(subscribers).where(subscribers.c.id == person.id)).one()
    chats = conn.execute(
        select(accounts.c.name, addresses.c.chat, addresses.c.preferred)
        .join(accounts, accounts.c.id == addresses.c.account_id)
        .where(addresses.c.subscriber_id == person.id)
    )
    document: dict[str, Any] = {
        "subscriber": _readable(dict(me._mapping), refs),
        "addresses": [{"account": chat.name, "chat": chat.chat, "preferred": bool(chat.preferred)} for chat in chats],
    }
    for table in TABLES:
        rows = conn.execute(select(table).where(table.c.subscriber_id == person.id))
        document[table.name] = [_readable(dict(row._mapping), refs) for row in rows]
    promised = (
        select(pledge_drives.c.action_id, pledge_drives.c.place, pledgers.c.at, pledgers.c.state)
        .join(pledgers, pledgers.c.drive_id == pledge_drives.c.id)
        .where(pledgers.c.subscriber_id == person.id)
    )
    document["pledges"] = [_readable(dict(row._mapping), refs) for row in conn.execute(promised)]
    document["stories"] = [
        {"at": told.at, "cause": told.cause, "text": told.text, "name": told.name, "state": told.state}
        for told in drafts.of_person(conn, person, secret)
    ]
    document["letters"] = [
        {"at": one.at, "action": one.action, "to": one.maker, "text": one.text, "state": one.state}
        for one in letters.of_person(conn, person, secret)
    ]
    document["plans"] = intentions.of_person(conn, person, secret)
    document["why_it_matters"] = recognition.words(conn, person, secret)
    document["photos"] = photos.of_person(conn, person)
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def _readable(row: dict[str, Any], refs: Any) -> dict[str, Any]:
    named = {}
    for key, value in row.items():
        if key in HIDDEN:
            continue
        if key in ("story_id", "action_id", "cause_id", "drive_id"):
            named[key.removesuffix("_id")] = refs.get(value)
        else:
            named[key] = value
    return named
