"""Everything kept about one person, for that person."""

import json
from typing import Any

from sqlalchemy import Connection, Table, select

from actions.facts import Person
from storage import drafts, photos
from storage.catalog import stock_of
from storage.schema import (
    accounts,
    addresses,
    asks,
    climbs,
    consents,
    deliveries,
    follows,
    roles,
    room_members,
    shown,
    subscribers,
    taken,
)

TABLES: tuple[Table, ...] = (follows, shown, asks, taken, climbs, deliveries, roles, consents, room_members)
HIDDEN = frozenset({"subscriber_id", "id", "body", "address_id", "account_id", "referrer_id", "dialog"})


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
    document["stories"] = [
        {"at": told.at, "cause": told.cause, "text": told.text, "name": told.name, "state": told.state}
        for told in drafts.of_person(conn, person, secret)
    ]
    document["photos"] = photos.of_person(conn, person)
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def _readable(row: dict[str, Any], refs: Any) -> dict[str, Any]:
    named = {}
    for key, value in row.items():
        if key in HIDDEN:
            continue
        if key in ("story_id", "action_id", "cause_id"):
            named[key.removesuffix("_id")] = refs.get(value)
        else:
            named[key] = value
    return named
