"""Bot identities on the channels."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import accounts

_NUMBER = select(accounts.c.id).where(accounts.c.name == bindparam("wanted"))


def number(conn: Connection, name: str) -> int:
    """The number of the account named `name`, made at first sight."""
    found = conn.scalar(_NUMBER, {"wanted": name})
    if found is not None:
        return int(found)
    # Another process may see the account for the first time at this very moment.
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    conn.execute(dialect.insert(accounts).values(name=name).on_conflict_do_nothing(index_elements=["name"]))
    return int(conn.execute(_NUMBER, {"wanted": name}).scalar_one())


def know(conn: Connection, name: str, username: str) -> None:
    """Remember the public name of an account, for links to it."""
    conn.execute(update(accounts).where(accounts.c.id == number(conn, name)).values(username=username))


def usernames(conn: Connection) -> dict[str, str]:
    """The public name of every account that has one."""
    rows = conn.execute(select(accounts.c.name, accounts.c.username).where(accounts.c.username != ""))
    return {row.name: row.username for row in rows}


def names(conn: Connection) -> list[str]:
    """Every account there ever was."""
    return list(conn.scalars(select(accounts.c.name).order_by(accounts.c.id)))


def named(conn: Connection, numbers: Sequence[int]) -> list[str]:
    """The names of accounts by their numbers."""
    return list(conn.scalars(select(accounts.c.name).where(accounts.c.id.in_(numbers)))) if numbers else []
