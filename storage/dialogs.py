"""Exchanges in several steps, kept so that a restart does not lose them."""

import json
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, select, update

from actions.facts import Person
from storage.schema import subscribers


def of(conn: Connection, person: Person) -> dict[str, Any]:
    """The state of an exchange in several steps; empty when none is under way."""
    kept = conn.scalar(select(subscribers.c.dialog).where(subscribers.c.id == person.id))
    return cast(dict[str, Any], json.loads(kept)) if kept else {}


def keep(conn: Connection, person: Person, state: Mapping[str, Any] | None) -> None:
    """Write the state of an exchange, so that a restart does not lose it; nothing ends it."""
    kept = json.dumps(state) if state else None
    conn.execute(update(subscribers).where(subscribers.c.id == person.id).values(dialog=kept))
