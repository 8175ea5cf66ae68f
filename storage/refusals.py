"""Stories that a platform refuses as they are: after three people nobody else is sent one, until its pack is mended."""

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, select

from content.model import Pack
from storage import meta, schema

AFTER = 3
"""So many people get a story's plain form; a fourth would learn nothing new."""
PREFIX = "refused:"
STAMP = "catalog"


def count(conn: Connection, story_id: int) -> str:
    """Note that a story was refused once more; returns its name when that was once too often, else nothing."""
    key = f"{PREFIX}{story_id}"
    times = int(meta.get(conn, key, "0")) + 1
    meta.put(conn, key, str(times))
    if times != AFTER:
        return ""
    meta.put(conn, STAMP, secrets.token_hex(8))
    row = conn.execute(select(schema.items).where(schema.items.c.id == story_id)).one()
    return f"{row.pack}/{row.slug}"


def stopped(conn: Connection) -> list[str]:
    """The stories that nobody is sent any more, by name."""
    numbers = [
        int(key.removeprefix(PREFIX)) for key, times in meta.starting(conn, PREFIX) if int(times) >= AFTER
    ]  # fmt: skip
    rows = conn.execute(select(schema.items).where(schema.items.c.id.in_(numbers)))
    return sorted(f"{row.pack}/{row.slug}" for row in rows)


def without(packs: Mapping[str, Pack], names: list[str]) -> dict[str, Pack]:
    """The packs without some stories, given as `pack/story`."""
    left = dict(packs)
    for name in names:
        slug, _, story = name.partition("/")
        if slug in left and story in left[slug].stories:
            stories = {key: value for key, value in left[slug].stories.items() if key != story}
            left[slug] = left[slug].model_copy(update={"stories": stories})
    return left


def forgive(conn: Connection, pack: str) -> None:
    """Send a pack's stories again: a version of it was loaded."""
    for row in conn.execute(select(schema.items.c.id).where(schema.items.c.pack == pack)):
        meta.put(conn, f"{PREFIX}{row.id}", "")
