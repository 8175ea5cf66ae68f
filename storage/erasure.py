"""Erasing a person: nothing that leads back to them stays; totals do."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from actions.facts import Person
from storage import drives, pledge_steps, proofs, webchat
from storage.schema import accounts, addresses, erased_totals, inbox, subscribers, suppressed, taken


def erase(conn: Connection, person: Person, *, account: str, chat: str, key: str, now: datetime) -> None:
    """Remove a person with all that hangs on them; what they did stays in the totals, without them."""
    pledge_steps.let_go(conn, person.id)
    _keep_totals(conn, person.id)
    drives.keep_totals(conn, person.id)
    proofs.forget(conn, person.id)
    _suppress(conn, account, chat, key, now)
    own = select(accounts.c.name, addresses.c.chat).join(accounts, accounts.c.id == addresses.c.account_id)
    for address in conn.execute(own.where(addresses.c.subscriber_id == person.id)).all():
        webchat.forget(conn, address.chat)
        _suppress(conn, address.name, address.chat, key, now)
    conn.execute(update(inbox).where(inbox.c.state != "new", inbox.c.raw != "").values(raw=""))
    conn.execute(delete(subscribers).where(subscribers.c.id == person.id))


def erase_again(conn: Connection, subscriber_id: int) -> None:
    """Remove someone whom a restored backup brought back; what they did stays in the totals."""
    pledge_steps.let_go(conn, subscriber_id)
    _keep_totals(conn, subscriber_id)
    drives.keep_totals(conn, subscriber_id)
    proofs.forget(conn, subscriber_id)
    for address in conn.execute(select(addresses.c.chat).where(addresses.c.subscriber_id == subscriber_id)).all():
        webchat.forget(conn, address.chat)
        theirs = inbox.c.raw.contains(address.chat, autoescape=True)
        conn.execute(update(inbox).where(theirs).values(raw="", state="done"))
    conn.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))


def digest(account: str, chat: str, key: str) -> str:
    """What is kept of an erased person's chat: a keyed hash, for restored backups alone."""
    return hmac.new(key.encode(), f"{account}\n{chat}".encode(), hashlib.sha256).hexdigest()


def _keep_totals(conn: Connection, subscriber_id: int) -> None:
    counted = conn.execute(
        select(taken.c.action_id, taken.c.status, func.count().label("number"))
        .where(taken.c.subscriber_id == subscriber_id)
        .group_by(taken.c.action_id, taken.c.status)
    ).all()
    for row in counted:
        total = (erased_totals.c.action_id == row.action_id) & (erased_totals.c.status == row.status)
        added = erased_totals.c.count + row.number
        if conn.execute(update(erased_totals).where(total).values(count=added)).rowcount == 0:
            conn.execute(insert(erased_totals).values(action_id=row.action_id, status=row.status, count=row.number))


def _suppress(conn: Connection, account: str, chat: str, key: str, now: datetime) -> None:
    # A keyed hash, kept for restored backups alone: whoever was erased is erased again before anything is sent.
    kept = digest(account, chat, key)
    if conn.execute(update(suppressed).where(suppressed.c.hash == kept).values(erased_at=now)).rowcount == 0:
        conn.execute(insert(suppressed).values(hash=kept, erased_at=now))
