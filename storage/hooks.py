"""The outside sources that may confirm actions of a pack, with their secrets."""

import json
import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from storage.schema_proof import hooks
from storage.sealed import seal, unseal

KNOWN = ("stripe", "standard", "action-network")
"""Sources whose shape we know; others are named `PACK/NAME`, as the pack maps them."""
TRIED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Hook:
    """One source of one pack; several `secrets` hold at once. `path` is the end of an address of its own."""

    id: int
    source: str
    pack: str
    path: str
    secrets: tuple[str, ...]
    closed: bool = False


def add(conn: Connection, source: str, pack: str, secrets: Sequence[str], now: datetime, key: str) -> Hook:
    """Let a source confirm actions of a pack; for one that is there already, let one more secret hold."""
    found = next((one for one in of_pack(conn, pack, key) if one.source == source), None)
    if found is not None:
        kept = tuple(dict.fromkeys((*found.secrets, *secrets)))
        _keep(conn, found.id, kept, key)
        return Hook(found.id, source, pack, found.path, kept)
    path = chance.token_urlsafe(16)
    values = {"source": source, "pack": pack, "path": path, "made_at": now, "secrets": _sealed(secrets, key)}
    number = conn.execute(insert(hooks).values(**values).returning(hooks.c.id)).scalar_one()
    return Hook(number, source, pack, path, tuple(secrets))


def replace_secrets(conn: Connection, hook_id: int, secrets: Sequence[str], key: str) -> None:
    """Let only these secrets hold from now on."""
    _keep(conn, hook_id, tuple(secrets), key)


def close(conn: Connection, hook_id: int, now: datetime) -> bool:
    """Believe a source no longer; what it confirmed stays. False when there is none of that number."""
    open_ = hooks.c.closed_at.is_(None)
    return conn.execute(update(hooks).where(hooks.c.id == hook_id, open_).values(closed_at=now)).rowcount > 0


def of_source(conn: Connection, source: str, path: str, key: str) -> list[Hook]:
    """The open hooks of a source; with the end of an address only the one whose it is."""
    wanted = select(hooks).where(hooks.c.source == source, hooks.c.closed_at.is_(None))
    if path:
        wanted = wanted.where(hooks.c.path == path)
    return [_hook(row, key) for row in conn.execute(wanted.order_by(hooks.c.id).limit(TRIED_AT_MOST))]


def of_pack(conn: Connection, pack: str, key: str) -> list[Hook]:
    """The open hooks of a pack."""
    wanted = select(hooks).where(hooks.c.pack == pack, hooks.c.closed_at.is_(None))
    return [_hook(row, key) for row in conn.execute(wanted.order_by(hooks.c.id))]


def every(conn: Connection, key: str) -> list[Hook]:
    """All hooks, the closed ones too."""
    return [_hook(row, key) for row in conn.execute(select(hooks).order_by(hooks.c.id))]


def lock(conn: Connection, hook_id: int) -> None:
    """Let nobody else work on reports of a source until this transaction ends."""
    conn.execute(select(hooks.c.id).where(hooks.c.id == hook_id).with_for_update())


def _keep(conn: Connection, hook_id: int, secrets: Sequence[str], key: str) -> None:
    conn.execute(update(hooks).where(hooks.c.id == hook_id).values(secrets=_sealed(secrets, key)))


def _sealed(secrets: Sequence[str], key: str) -> bytes:
    return seal(json.dumps(list(secrets)), key)


def _hook(row: Row[tuple[object, ...]], key: str) -> Hook:
    words = unseal(row.secrets, key)
    return Hook(
        row.id, row.source, row.pack, row.path, tuple(json.loads(words)) if words else (),
        closed=row.closed_at is not None,
    )  # fmt: skip
