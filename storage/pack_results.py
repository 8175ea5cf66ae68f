"""The results of a pack: taken over when it is loaded, withdrawn when that is taken back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from content.model import Pack, Text
from storage import audit
from storage.audit import By
from storage.deliveries import WAITING
from storage.results import bind, dump
from storage.schema import deliveries, items, results, results_told


def from_pack(conn: Connection, pack: Pack, now: datetime, *, left: Collection[str] = ()) -> None:
    """Take over the results of a pack that was just loaded; each pays the debt of its actions.

    One that was told already is not told anew, though those who act later read its newest words. One that the pack has
    no more is told no further; those in `left` were a mistake, and told or not they count no more.
    """
    known = {row.slug: row for row in conn.execute(select(results).where(results.c.pack == pack.pack)) if row.slug}
    numbers = {
        row.slug: row.id
        for row in conn.execute(select(items).where(items.c.pack == pack.pack, items.c.type == "action"))
    }
    for slug, told in pack.results.items():
        first = pack.languages[0]
        image = f"{pack.pack}/{told.image}" if told.image and "://" not in told.image else told.image
        body = dump(_by_language(told.text, first), image, _by_language(told.image_alt or "", first), told.source)
        values = {"kind": told.kind, "body": body, "day": told.at}
        old = known.get(slug)
        if old is None:
            fresh = {"pack": pack.pack, "slug": slug, "state": "waiting", "made_at": now, **values}
            number = int(conn.execute(insert(results).values(**fresh).returning(results.c.id)).scalar_one())
            audit.note(conn, By("terminal"), "result", now, result_id=number)
        else:
            number = old.id
            state = "waiting" if old.state == "dropped" else old.state
            conn.execute(update(results).where(results.c.id == number).values(state=state, **values))
        bind(conn, number, [numbers[action] for action in told.actions])
    gone = [
        row.id
        for slug, row in known.items()
        if slug not in pack.results and (slug in left or row.state in ("waiting", "telling"))
    ]
    if gone:
        _withdraw(conn, gone)


def _withdraw(conn: Connection, numbers: Sequence[int]) -> None:
    """Tell results no further: what waits in the outbox goes, and those it was for may be told anew some day."""
    conn.execute(update(results).where(results.c.id.in_(numbers)).values(state="dropped", cursor=0))
    meant = select(results_told.c.delivery_id).where(results_told.c.result_id.in_(numbers))
    waiting = deliveries.c.id.in_(meant) & deliveries.c.status.in_(WAITING)
    conn.execute(update(deliveries).where(waiting).values(status="cancelled", reason="withdrawn"))
    unheard = select(deliveries.c.id).where(
        deliveries.c.id == results_told.c.delivery_id, deliveries.c.status == "cancelled"
    )
    conn.execute(delete(results_told).where(results_told.c.result_id.in_(numbers), unheard.exists()))


def _by_language(words: Text, first: str) -> dict[str, str]:
    if isinstance(words, dict):
        return dict(words)
    return {first: words} if words else {}
