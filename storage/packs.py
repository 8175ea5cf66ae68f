"""Packs as loaded: versions, numbered items, pictures."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from content.load import PackFile
from content.model import Pack
from content.pictures import media_type
from storage import catalog, meta, pack_results, refusals, schema
from storage.catalog import STAMP


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """One live pack as `pack list` shows it."""

    slug: str
    version: int
    loaded_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image; a `private` one is about one person."""

    media_type: str
    content: bytes
    private: bool = False


class OlderVersionError(ValueError):
    """A pack of this version or a newer one is loaded already."""

    def __init__(self, slug: str, *, version: int, live: int) -> None:
        super().__init__(
            f"{slug} is live in version {live}; this file says version {version}. "
            f"Raise `version` to {live + 1}, or load it with --force."
        )


def publish(
    conn: Connection, pack: Pack, document: str, pictures: Mapping[str, Picture], now: datetime, *, force: bool = False
) -> None:
    """Make a checked pack the live one, whole; people in the middle of it keep their place.

    Raises `OlderVersionError` when an equal or newer version is live and `force` is not set.
    """
    live = conn.scalar(select(schema.packs.c.version).where(schema.packs.c.slug == pack.pack))
    if live is not None and pack.version <= live and not force:
        raise OlderVersionError(pack.pack, version=pack.version, live=live)
    versions = schema.pack_versions
    conn.execute(delete(versions).where(versions.c.pack == pack.pack, versions.c.version == pack.version))
    conn.execute(insert(versions).values(pack=pack.pack, version=pack.version, document=document, loaded_at=now))
    _make_live(conn, pack.pack, pack.version, now, exists=live is not None)
    _number_items(conn, pack)
    _keep_pictures(conn, pack.pack, pack.version, pictures)
    pack_results.from_pack(conn, pack, now)


def publish_file(conn: Connection, file: PackFile, now: datetime, *, force: bool = False) -> None:
    """Publish a checked pack file with its pictures.

    Raises `OlderVersionError` as `publish` does.
    """
    pictures = {name: Picture(media_type(content) or "", content) for name, content in file.images.items()}
    publish(conn, file.pack, file.document, pictures, now, force=force)


def rollback(conn: Connection, slug: str, now: datetime) -> int:
    """Make the version before the live one live again, and return its number.

    Raises `LookupError` when there is none.
    """
    live = conn.scalar(select(schema.packs.c.version).where(schema.packs.c.slug == slug))
    if live is None:
        raise LookupError(f"No pack named {slug} is loaded.")
    versions = schema.pack_versions
    before = conn.scalar(select(func.max(versions.c.version)).where(versions.c.pack == slug, versions.c.version < live))
    if before is None:
        raise LookupError(f"{slug} has no version before {live} to go back to.")
    _make_live(conn, slug, before, now, exists=True)
    left, pack = _version(conn, slug, live), _version(conn, slug, before)
    pack_results.from_pack(conn, pack, now, left=left.results.keys())
    return int(before)


def _version(conn: Connection, slug: str, version: int) -> Pack:
    versions = schema.pack_versions
    wanted = select(versions.c.document).where(versions.c.pack == slug, versions.c.version == version)
    return Pack.model_validate_json(conn.execute(wanted).scalar_one())


def _make_live(conn: Connection, slug: str, version: int, now: datetime, *, exists: bool) -> None:
    values = {"version": version, "loaded_at": now}
    if exists:
        conn.execute(update(schema.packs).where(schema.packs.c.slug == slug).values(**values))
    else:
        conn.execute(insert(schema.packs).values(slug=slug, **values))
    # Random, not counted: a load that was rolled back must not leave its stamp to the next one.
    refusals.forgive(conn, slug)
    meta.put(conn, STAMP, secrets.token_hex(8))
    catalog.forget(conn)


def _number_items(conn: Connection, pack: Pack) -> None:
    items = schema.items
    known = {(row.type, row.slug) for row in conn.execute(select(items).where(items.c.pack == pack.pack))}
    named = [
        *(("cause", slug) for slug in pack.causes),
        *(("story", slug) for slug in pack.stories),
        *(("action", slug) for slug in pack.actions),
        *(("drive", slug) for slug in pack.drives),
    ]
    fresh = [{"pack": pack.pack, "type": kind, "slug": slug} for kind, slug in named if (kind, slug) not in known]
    if fresh:
        conn.execute(insert(items), fresh)


def _keep_pictures(conn: Connection, slug: str, version: int, pictures: Mapping[str, Picture]) -> None:
    kept = schema.pack_pictures
    conn.execute(delete(kept).where(kept.c.pack == slug, kept.c.version == version))
    for name, picture in pictures.items():
        values = {"name": name, "media_type": picture.media_type, "content": picture.content}
        conn.execute(insert(kept).values(pack=slug, version=version, **values))


def picture(conn: Connection, slug: str, name: str) -> Picture | None:
    """A pack's image by its name inside the pack (`images/clinic.jpg`): as the live version has it, else the newest."""
    kept, live = schema.pack_pictures, schema.packs
    row = conn.execute(
        select(kept)
        .outerjoin(live, live.c.slug == kept.c.pack)
        .where(kept.c.pack == slug, kept.c.name == name)
        .order_by((kept.c.version == live.c.version).desc(), kept.c.version.desc())
        .limit(1)
    ).first()
    return Picture(row.media_type, row.content) if row else None


def loaded(conn: Connection) -> list[LoadedPack]:
    """The live packs, by name."""
    versions = schema.pack_versions
    rows = conn.execute(
        select(schema.packs, versions.c.document)
        .join(versions, (versions.c.pack == schema.packs.c.slug) & (versions.c.version == schema.packs.c.version))
        .order_by(schema.packs.c.slug)
    )
    return [LoadedPack(row.slug, row.version, row.loaded_at, row.document) for row in rows]


def retired(conn: Connection, ref: str) -> Pack | None:
    """The newest version of a pack that still has the item `ref`, for naming what was dropped since."""
    slug, _, name = ref.partition("/")
    versions = schema.pack_versions
    rows = conn.execute(select(versions.c.document).where(versions.c.pack == slug).order_by(versions.c.version.desc()))
    for row in rows:
        pack = Pack.model_validate_json(row.document)
        if name in pack.actions or name in pack.stories or name in pack.causes:
            return pack
    return None


def holding(conn: Connection, ref: str) -> Pack | None:
    """The live pack when it has the action `ref`, else the newest version that had it."""
    stock = catalog.stock_of(conn)
    return stock.pack(ref) if stock.action(ref) is not None else retired(conn, ref)
