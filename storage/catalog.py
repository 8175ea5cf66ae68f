"""All live packs in memory, read again when a pack is loaded: what every handler and planner looks things up in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, select

from actions.facts import Ref
from actions.shelf import Shelf, stock
from content.model import Action, Cause, Pack, Story
from storage import refusals, schema

STAMP = "catalog"
_STAMP = select(schema.meta.c.value).where(schema.meta.c.key == STAMP)


@dataclass(frozen=True, slots=True)
class Stock:
    """The live packs, the shelf made of them, and the numbers under which the database keeps their items."""

    stamp: str
    packs: Mapping[str, Pack]
    shelf: Shelf
    causes: Mapping[Ref, int]
    stories: Mapping[Ref, int]
    actions: Mapping[Ref, int]
    refs: Mapping[int, Ref]
    drives: Mapping[Ref, int] = field(default_factory=dict)

    def cause(self, ref: Ref) -> Cause | None:
        """The cause of that name in a live pack."""
        pack, slug = self._split(ref)
        return pack.causes.get(slug) if pack else None

    def cause_numbered(self, number: str) -> Ref | None:
        """The live cause of that number, as a button carries it; anything else is none."""
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        ref = self.refs.get(int(number))
        return ref if ref in self.shelf.causes and self.causes.get(ref or "") == int(number) else None

    def story(self, ref: Ref) -> Story | None:
        """The story of that name in a live pack."""
        pack, slug = self._split(ref)
        return pack.stories.get(slug) if pack else None

    def action(self, ref: Ref) -> Action | None:
        """The action of that name in a live pack."""
        pack, slug = self._split(ref)
        return pack.actions.get(slug) if pack else None

    def pack(self, ref: Ref) -> Pack:
        """The live pack an item belongs to.

        Raises `KeyError` when the pack is gone.
        """
        return self.packs[ref.partition("/")[0]]

    def _split(self, ref: Ref) -> tuple[Pack | None, str]:
        slug, _, name = ref.partition("/")
        return self.packs.get(slug), name


@dataclass(slots=True)
class Catalog:
    """The place in which a store keeps the stock it read last."""

    stock: Stock | None = field(default=None)
    kept: dict[str, Any] = field(default_factory=dict)
    """What was reckoned from a stock lately, by whoever keeps it there."""


def stock_of(conn: Connection) -> Stock:
    """The live packs: from memory when none was loaded since, else read anew; looked after once a transaction."""
    transaction = conn.get_transaction()
    seen_in, stock = conn.info.get(STAMP, (None, None))
    if stock is None or seen_in is None or seen_in is not transaction:
        stock = _current(conn)
        conn.info[STAMP] = (transaction, stock)
    return cast(Stock, stock)


def forget(conn: Connection) -> None:
    """Look again within this transaction: a pack was loaded in it."""
    conn.info.pop(STAMP, None)


def _current(conn: Connection) -> Stock:
    catalog: Catalog = conn.get_execution_options()["catalog"]
    stamp = conn.scalar(_STAMP) or ""
    if catalog.stock is None or catalog.stock.stamp != stamp:
        catalog.stock = _read(conn, stamp)
    return catalog.stock


def _read(conn: Connection, stamp: str) -> Stock:
    versions = schema.pack_versions
    rows = conn.execute(
        select(versions.c.document).join(
            schema.packs,
            (schema.packs.c.slug == versions.c.pack) & (schema.packs.c.version == versions.c.version),
        )
    )
    live = {pack.pack: pack for pack in (Pack.model_validate_json(row.document) for row in rows)}
    packs = refusals.without(live, refusals.stopped(conn))
    numbers: dict[str, dict[Ref, int]] = {"cause": {}, "story": {}, "action": {}, "drive": {}}
    refs: dict[int, Ref] = {}
    for row in conn.execute(select(schema.items)):
        ref = f"{row.pack}/{row.slug}"
        numbers[row.type][ref] = row.id
        refs[row.id] = ref
    return Stock(
        stamp=stamp,
        packs=packs,
        shelf=stock(packs.values()),
        causes=numbers["cause"],
        stories=numbers["story"],
        actions=numbers["action"],
        refs=refs,
        drives=numbers["drive"],
    )
