"""The chats people are reached at."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from storage import accounts
from storage.schema import accounts as account_table
from storage.schema import addresses


def known(conn: Connection, account: str, chats: Sequence[str]) -> set[str]:
    """Which of these chats of an account belong to people we have met."""
    account_id = accounts.number(conn, account)
    met = select(addresses.c.chat).where(addresses.c.account_id == account_id, addresses.c.chat.in_(chats))
    return set(conn.scalars(met))


def home(conn: Connection, subscriber_id: int) -> tuple[int, int, int] | None:
    """Where a person is spoken to: their number, the address's and the account's; nowhere when all are gone."""
    address_id = preferred_address(conn, subscriber_id)
    account_id = conn.scalar(select(addresses.c.account_id).where(addresses.c.id == address_id))
    return None if address_id is None or account_id is None else (subscriber_id, address_id, account_id)


def owner(conn: Connection, address_id: int) -> int | None:
    """Whose address that is by now; nobody's when they were erased."""
    return conn.scalar(select(addresses.c.subscriber_id).where(addresses.c.id == address_id))


def preferred_address(conn: Connection, subscriber_id: int) -> int | None:
    """The address a person's nudges go to: reachable, the preferred one first."""
    return conn.scalar(
        select(addresses.c.id)
        .where(addresses.c.subscriber_id == subscriber_id, addresses.c.reachable.is_(True))
        .order_by(addresses.c.preferred.desc(), addresses.c.id)
        .limit(1)
    )


def homes(conn: Connection, people: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Where each of these people is spoken to: the numbers of the address and of the account."""
    rows = conn.execute(
        select(addresses.c.subscriber_id, addresses.c.id, addresses.c.account_id)
        .where(addresses.c.subscriber_id.in_(people), addresses.c.reachable.is_(True))
        .order_by(addresses.c.preferred, addresses.c.id.desc())
    )
    return {row.subscriber_id: (row.id, row.account_id) for row in rows}


def channels(conn: Connection) -> dict[int, str]:
    """The kind of platform of each account, by the account's number."""
    rows = conn.execute(select(account_table.c.id, account_table.c.name))
    return {row.id: row.name.partition(":")[0] for row in rows}
