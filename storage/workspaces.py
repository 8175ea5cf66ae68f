"""Slack workspaces: which ones have us installed, since when, and which ones left."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, select, update

from storage import accounts, erasure, meta, sealed, subscribers
from storage.deliveries import WAITING
from storage.schema import addresses, deliveries, rooms, slack_bots, slack_installations

LEFT = "left:"
KEPT_FOR = timedelta(days=30)
"""People's records outlive an uninstall by so long, for those whose workspace comes back."""


@dataclass(frozen=True, slots=True)
class Install:
    """One living install: `owner` names the workspace or, installed for all of it, the organization."""

    enterprise: str | None
    team: str | None
    token: str
    user: str
    at: datetime

    @property
    def owner(self) -> str:
        """The id that the account is named after."""
        return self.team or self.enterprise or ""


def installs(conn: Connection, client: str, secret: str, owner: str = "") -> list[Install]:
    """The newest install of each workspace that has one, or of one owner."""
    bots = slack_bots.c
    wanted = select(slack_bots).where(bots.client_id == client, bots.bot_token.is_not(None))
    if owner:
        wanted = wanted.where(func.coalesce(bots.team_id, bots.enterprise_id) == owner)
    newest: dict[str, Install] = {}
    for row in conn.execute(wanted.order_by(bots.installed_at, bots.id)):
        token = sealed.unseal(row.bot_token.encode(), secret)
        if token is not None:
            at = row.installed_at.replace(tzinfo=UTC)
            found = Install(row.enterprise_id, row.team_id, token, row.bot_user_id or "", at)
            newest[found.owner] = found
    return list(newest.values())


def forget_tokens(conn: Connection, client: str, owner: str) -> None:
    """Erase every token of a workspace."""
    for table in (slack_bots, slack_installations):
        named = func.coalesce(table.c.team_id, table.c.enterprise_id) == owner
        conn.execute(delete(table).where(table.c.client_id == client, named))


def leave(conn: Connection, account: str, now: datetime) -> None:
    """Note that a workspace removed us: nobody is reached there any more, and what waits for it is cancelled."""
    number = accounts.number(conn, account)
    meta.put(conn, f"{LEFT}{account}", now.isoformat())
    _cancel(conn, number)
    own = select(addresses.c.id).where(addresses.c.account_id == number)
    conn.execute(update(rooms).where(rooms.c.address_id.in_(own)).values(state="left", next_at=None))
    reachable = own.where(addresses.c.reachable.is_(True), addresses.c.subscriber_id.is_not(None))
    for address_id in list(conn.scalars(reachable)):
        subscribers.unreachable(conn, address_id)


def come_back(conn: Connection, account: str) -> None:
    """Note that a workspace has us again; its people are reached again when they write.

    What was in flight when it left, and was put back since, is of another time.
    """
    if meta.get(conn, f"{LEFT}{account}"):
        _cancel(conn, accounts.number(conn, account))
    meta.put(conn, f"{LEFT}{account}", "")


def _cancel(conn: Connection, number: int) -> None:
    conn.execute(
        update(deliveries)
        .where(deliveries.c.account_id == number, deliveries.c.status.in_(WAITING))
        .values(status="cancelled", reason="uninstalled", body=None)
    )


def sweep(conn: Connection, now: datetime) -> int:
    """Erase the people of workspaces that left long ago and are reached nowhere else; returns how many."""
    erased = 0
    for key, value in meta.starting(conn, LEFT):
        if datetime.fromisoformat(value) < now - KEPT_FOR:
            for subscriber_id in _only_there(conn, key.removeprefix(LEFT)):
                erasure.erase_again(conn, subscriber_id)
                erased += 1
            meta.put(conn, key, "")
    return erased


def _only_there(conn: Connection, account: str) -> list[int]:
    number = accounts.number(conn, account)
    other = addresses.alias()
    elsewhere = exists().where(other.c.subscriber_id == addresses.c.subscriber_id, other.c.account_id != number)
    gone = addresses.c.reachable.is_(False)
    return [
        int(found)
        for found in conn.scalars(
            select(addresses.c.subscriber_id).where(
                addresses.c.account_id == number, addresses.c.subscriber_id.is_not(None), gone, ~elsewhere
            )
        )
    ]
