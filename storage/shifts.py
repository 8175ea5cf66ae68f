"""One sender for each account at a time: who begins a shift ends the one before, also one that does not know it yet."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage import accounts as names
from storage import deliveries
from storage.schema import accounts


class DeposedError(RuntimeError):
    """Another process serves this account by now; what this one still had in hand was settled by that one."""


def begin(conn: Connection, account: str, shift: int, now: datetime) -> tuple[int, int]:
    """Begin a shift, and settle what the one before left in flight: see `deliveries.recover` for what is returned.

    Raises `DeposedError` when a later shift has begun already.
    """
    number = names.number(conn, account)
    newer = update(accounts).where(accounts.c.id == number, accounts.c.shift < shift).values(shift=shift)
    if conn.execute(newer).rowcount == 0:
        raise DeposedError(DeposedError.__doc__)
    return deliveries.recover(conn, account, now)


def require(conn: Connection, account: str, shift: int) -> None:
    """Make sure, until the end of the transaction, that a shift is the account's.

    Raises `DeposedError` when it is not any more.
    """
    if conn.scalar(_NEWEST, {"account": account}) != shift:
        raise DeposedError(DeposedError.__doc__)


_NEWEST = select(accounts.c.shift).where(accounts.c.name == bindparam("account")).with_for_update(read=True)
