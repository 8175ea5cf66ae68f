"""Drives as they stand: counted from what was done within their days, and the teams people chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, distinct, func, select
from sqlalchemy.dialects import postgresql, sqlite

from actions import drives
from actions.drives import Given, Progress
from actions.facts import Person, Ref
from content.drives import Drive
from storage.catalog import Catalog, Stock, stock_of
from storage.schema import taken
from storage.schema_drives import drives_erased, team_members
from storage.schema_proof import proofs

ALONE = ""
"""Where those stand who chose no team."""
MEMO = "drives"
LARGE = 1_000
FRESH = timedelta(seconds=15)
"""Above so many people a count is told again for so long: each costs a look at all of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A drive as it stands at one moment; `teams` has every team of the pack, and `ALONE` for the others."""

    ref: Ref
    number: int
    drive: Drive
    progress: Progress
    teams: Mapping[str, Given] = field(default_factory=dict)


def actions_of(pack: str, drive: Drive) -> list[Ref]:
    """The full names of what counts toward a drive of a pack."""
    return [name if "/" in name else f"{pack}/{name}" for name in drive.actions]


def every(stock: Stock) -> dict[Ref, Drive]:
    """All drives of the live packs."""
    return {f"{slug}/{name}": drive for slug, pack in stock.packs.items() for name, drive in pack.drives.items()}


def of_action(stock: Stock, action: Ref, now: datetime) -> Ref | None:
    """The drive that an action counts toward now: of several the one that ends first."""
    today = now.date()
    found = [
        (drive.by, ref)
        for ref, drive in every(stock).items()
        if drives.phase(drive, today) == "open" and action in actions_of(ref.partition("/")[0], drive)
    ]
    return min(found)[1] if found else None


def of_causes(stock: Stock, causes: frozenset[Ref]) -> list[Ref]:
    """The drives with an action for one of these causes, by the day they end."""
    found = []
    for ref, drive in every(stock).items():
        shelf = stock.shelf.actions
        counted = [shelf[one].cause for one in actions_of(ref.partition("/")[0], drive) if one in shelf]
        if causes.intersection(counted):
            found.append((drive.by, ref))
    return [ref for _, ref in sorted(found)]


def standing(conn: Connection, ref: Ref, now: datetime) -> Standing | None:
    """A drive as it stands; nothing when no live pack has it."""
    stock = stock_of(conn)
    drive = every(stock).get(ref)
    if drive is None or ref not in stock.drives:
        return None
    number = stock.drives[ref]
    teams = _counted(conn, number, ref, drive)
    total = Given()
    for part in teams.values():
        total = total.and_(part)
    # Of a team that the pack has dropped the members are counted without one.
    known = {name: teams.pop(name, Given()) for name in drive.teams}
    alone = Given()
    for part in teams.values():
        alone = alone.and_(part)
    return Standing(ref, number, drive, drives.progress(drive, total, now.date()), {**known, ALONE: alone})


def toward(conn: Connection, action: Ref, now: datetime) -> Standing | None:
    """The drive that an action counts toward now, as it stands; a large one as it stood some seconds ago."""
    ref = of_action(stock_of(conn), action, now)
    return _lately(conn, ref, now) if ref is not None else None


def _lately(conn: Connection, ref: Ref, now: datetime) -> Standing | None:
    stamp, catalog = stock_of(conn).stamp, cast(Catalog, conn.get_execution_options()["catalog"])
    seen, at, known = catalog.kept.get(ref, ("", now, None))
    if isinstance(known, Standing) and seen == stamp and timedelta() <= now - at < FRESH:
        return known
    found = standing(conn, ref, now)
    if found is not None and found.progress.given.people >= LARGE:
        catalog.kept[ref] = (stamp, now, found)
    return found


def numbered(conn: Connection, number: int, now: datetime) -> Standing | None:
    """A drive by the number that a button carries."""
    ref = stock_of(conn).refs.get(number)
    found = standing(conn, ref, now) if ref is not None else None
    return found if found is not None and found.number == number else None


def _counted(conn: Connection, number: int, ref: Ref, drive: Drive) -> dict[str, Given]:
    parts: dict[str, Given] = {}
    for team, given in [
        *_done(conn, number, ref, drive), *_given(conn, number, ref, drive), *_of_erased(conn, number),
    ]:  # fmt: skip
        parts[team] = parts.get(team, Given()).and_(given)
    return parts


def _within(conn: Connection, ref: Ref, drive: Drive, columns: Any) -> ColumnElement[bool]:
    known = stock_of(conn).actions
    numbers = [known[one] for one in actions_of(ref.partition("/")[0], drive) if one in known]
    begins, ends = drives.window(drive)
    return and_(columns.action_id.in_(numbers), columns.at >= begins, columns.at < ends)


def _by_team(statement: Select[*tuple[Any, ...]], owner: ColumnElement[Any], number: int) -> Select[*tuple[Any, ...]]:
    mine = and_(team_members.c.subscriber_id == owner, team_members.c.drive_id == number)
    return statement.outerjoin(team_members, mine)


def _done(
    conn: Connection, number: int, ref: Ref, drive: Drive, subscriber_id: int | None = None
) -> list[tuple[str, Given]]:
    team, sure, person = func.coalesce(team_members.c.team, ALONE), taken.c.status == "verified", taken.c.subscriber_id
    columns = (
        team.label("side"), func.count(distinct(person)), func.count(case((~sure, 1))), func.count(case((sure, 1)))
    )  # fmt: skip
    wanted = _by_team(select(*columns).select_from(taken), person, number).where(
        _within(conn, ref, drive, taken.c), taken.c.status.in_(("claimed", "verified"))
    )
    if subscriber_id is not None:
        wanted = wanted.where(person == subscriber_id)
    return [(side, Given(*numbers)) for side, *numbers in conn.execute(wanted.group_by("side"))]


def _given(
    conn: Connection, number: int, ref: Ref, drive: Drive, subscriber_id: int | None = None
) -> list[tuple[str, Given]]:
    team, person = func.coalesce(team_members.c.team, ALONE), proofs.c.subscriber_id
    columns = (team.label("side"), proofs.c.currency, func.sum(proofs.c.amount))
    wanted = _by_team(select(*columns).select_from(proofs), person, number).where(
        _within(conn, ref, drive, proofs.c), proofs.c.counts.is_(True), proofs.c.amount.is_not(None)
    )
    if subscriber_id is not None:
        wanted = wanted.where(person == subscriber_id)
    rows = conn.execute(wanted.group_by("side", proofs.c.currency))
    return [(side, Given(sums={currency: int(amount)})) for side, currency, amount in rows]


def _of_erased(conn: Connection, number: int) -> list[tuple[str, Given]]:
    parts: list[tuple[str, Given]] = []
    for row in conn.execute(select(drives_erased).where(drives_erased.c.drive_id == number)):
        if not row.currency:
            parts.append((row.team, Given(row.people, row.claimed, row.verified)))
        elif row.team != ALONE:  # the gift itself is counted already, as one of nobody's
            parts += [
                (row.team, Given(sums={row.currency: row.amount})), (ALONE, Given(sums={row.currency: -row.amount})),
            ]  # fmt: skip
    return parts


def keep_totals(conn: Connection, subscriber_id: int) -> None:
    """Keep what somebody did for each drive, before they are erased; it leads back to nobody."""
    stock = stock_of(conn)
    for ref, drive in every(stock).items():
        number = stock.drives.get(ref)
        if number is None:
            continue
        for side, given in _done(conn, number, ref, drive, subscriber_id):
            counts = {"people": given.people, "claimed": given.claimed, "verified": given.verified}
            _add(conn, number, side, "", counts)
        for side, given in _given(conn, number, ref, drive, subscriber_id):
            for currency, amount in given.sums.items():
                _add(conn, number, side, currency, {"amount": amount})


def _add(conn: Connection, number: int, side: str, currency: str, values: dict[str, int]) -> None:
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    row = dialect.insert(drives_erased).values(drive_id=number, team=side, currency=currency, **values)
    added = {name: drives_erased.c[name] + value for name, value in values.items()}
    keys = [drives_erased.c.drive_id, drives_erased.c.team, drives_erased.c.currency]
    conn.execute(row.on_conflict_do_update(index_elements=keys, set_=added))


def team_of(conn: Connection, person: Person, number: int) -> str:
    """The team somebody is in for a drive; empty for none."""
    mine = and_(team_members.c.subscriber_id == person.id, team_members.c.drive_id == number)
    return conn.scalar(select(team_members.c.team).where(mine)) or ALONE


def choose(conn: Connection, person: Person, number: int, team: str, now: datetime) -> None:
    """Put somebody into a team of a drive, or out of it; what they did and do counts for it from here on."""
    if team == ALONE:
        mine = and_(team_members.c.subscriber_id == person.id, team_members.c.drive_id == number)
        conn.execute(delete(team_members).where(mine))
        return
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    row = dialect.insert(team_members).values(subscriber_id=person.id, drive_id=number, team=team, since=now)
    keys = [team_members.c.subscriber_id, team_members.c.drive_id]
    conn.execute(row.on_conflict_do_update(index_elements=keys, set_={"team": team, "since": now}))


def all_standing(conn: Connection, now: datetime) -> list[Standing]:
    """Every drive of the live packs as it stands, those that end first at the top."""
    found = [one for ref in every(stock_of(conn)) if (one := standing(conn, ref, now)) is not None]
    return sorted(found, key=lambda one: (one.drive.by, one.ref))


def toward_once(conn: Connection, action: Ref, now: datetime) -> Standing | None:
    """The same as `toward`, counted once in a transaction that words a message for many."""
    transaction = conn.get_transaction()
    seen_in, known = conn.info.get(MEMO, (None, {}))
    if seen_in is not transaction:
        known = {}
        conn.info[MEMO] = (transaction, known)
    ref = of_action(stock_of(conn), action, now)
    if ref is not None and ref not in known:
        known[ref] = _lately(conn, ref, now)
    return known[ref] if ref is not None else None
