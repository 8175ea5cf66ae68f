"""Whom an alert is for, asked of the database: the whole filter is one condition on `subscribers`, in one statement.

The rung is worked out inside that statement, out of what each person took: a group over their own few rows of `taken`,
found by the index that keeps an action from being taken twice. No history is read into memory, however many people
there are.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, distinct, exists, false, func, not_, or_, select, true

from actions.alerting import Audience, Share
from actions.facts import Ref
from actions.shelf import ShelfCause
from content.model import Reach, Step
from storage import history
from storage.catalog import Stock, stock_of
from storage.schema import accounts, addresses, consents, deliveries, follows, subscribers, taken

Condition = ColumnElement[bool]
WINDOW = 5000
"""So many people who want alerts are looked at in one transaction, however few of them are meant."""


def fits(conn: Connection, audience: Audience, now: datetime) -> Condition:
    """The condition on a subscriber: opted in, reachable, neither stopped nor paused, and of this audience.

    Raises `LookupError` when it names a cause, an action or a rung that there is not.
    """
    return and_(*_wanting(now), *_of(conn, audience, now))


def holds(conn: Connection, audience: Audience, subscriber_id: int, now: datetime) -> bool:
    """Whether someone is (still) of an audience; nobody is of one that names what there is not any more."""
    try:
        meant = and_(true(), *_of(conn, audience, now))
    except LookupError:
        return False
    return conn.scalar(select(subscribers.c.id).where(subscribers.c.id == subscriber_id, meant)) is not None


def _of(conn: Connection, audience: Audience, now: datetime) -> list[Condition]:
    stock = stock_of(conn)
    return [*_about(audience), *_doing(stock, audience), *_standing(stock, audience, now)]


def _wanting(now: datetime) -> list[Condition]:
    here = exists().where(addresses.c.subscriber_id == subscribers.c.id, addresses.c.reachable.is_(True))
    # The day of the pause's end is the person's own; whoever is paused still is left out once more before sending.
    woke = and_(subscribers.c.state == "paused", subscribers.c.paused_until <= now.date())
    # Written as the partial index has it.
    return [subscribers.c.alerts, subscribers.c.onboarded, or_(subscribers.c.state == "active", woke), here]


def _about(audience: Audience) -> list[Condition]:
    found: list[Condition] = []
    if audience.region:
        found.append(subscribers.c.region == audience.region)
    if audience.language:
        found.append(subscribers.c.language == audience.language)
    if audience.since is not None:
        found.append(subscribers.c.joined_at >= datetime.combine(audience.since, time(), UTC))
    return found


def _doing(stock: Stock, audience: Audience) -> list[Condition]:
    found: list[Condition] = []
    if audience.cause:
        number = _number(stock.causes, audience.cause, "cause")
        found.append(
            exists().where(
                follows.c.subscriber_id == subscribers.c.id,
                follows.c.cause_id == number,
                follows.c.muted.is_(False),
            )
        )
    if audience.did:
        found.append(_took(stock, audience.did))
    if audience.did_not:
        found.append(not_(_took(stock, audience.did_not)))
    return found


def _took(stock: Stock, action: Ref) -> Condition:
    number = _number(stock.actions, action, "action")
    return exists().where(
        taken.c.subscriber_id == subscribers.c.id, taken.c.action_id == number, taken.c.status != "undone"
    )


def _number(numbers: Any, ref: Ref, kind: str) -> int:
    if ref not in numbers:
        raise LookupError(f"there is no {kind} {ref}; `kindling pack show` names them as PACK/NAME")
    return int(numbers[ref])


def _standing(stock: Stock, audience: Audience, now: datetime) -> list[Condition]:
    if not audience.rung:
        return []
    causes = [stock.shelf.causes[audience.cause]] if audience.cause else list(stock.shelf.causes.values())
    ladders: dict[tuple[tuple[Step, ...], str], list[ShelfCause]] = {}
    for cause in causes:
        if audience.rung in cause.rungs:
            # Causes of one ladder are one question; the ethics statement belongs to a pack.
            pack = cause.pack if any(step.reach.ethics for step in cause.steps) else ""
            ladders.setdefault((cause.steps, pack), []).append(cause)
    if not ladders:
        raise LookupError(f"there is no rung {audience.rung} here")
    asked = [_on_rung(stock, group, audience, now) for group in ladders.values()]
    entry = all(group[0].rungs[0] == audience.rung for group in ladders.values())
    return [and_(true(), *asked) if entry else or_(false(), *asked)]


def _on_rung(stock: Stock, group: Sequence[ShelfCause], audience: Audience, now: datetime) -> Condition:
    first = group[0]
    step = first.rungs.index(audience.rung)
    holds = [_holds(rule.reach, first.pack, now) for rule in first.steps]
    numbers = [stock.causes[cause.ref] for cause in group]
    if step == 0:
        return true() if not audience.exactly or not holds else not_(_climbed(numbers, holds[0]))
    higher = not_(holds[step]) if audience.exactly and step < len(holds) else true()
    return _climbed(numbers, and_(*holds[:step], higher))


def _climbed(causes: Sequence[int], having: Condition) -> Condition:
    return exists(
        select(taken.c.cause_id)
        .where(taken.c.subscriber_id == subscribers.c.id, taken.c.cause_id.in_(causes), taken.c.status != "undone")
        .group_by(taken.c.cause_id)
        .having(having)
        .correlate(subscribers)
    )


def _holds(reach: Reach, pack: str, now: datetime) -> Condition:
    """A rung's reach, as `actions.ladder` has it, over the rows of one person in one cause."""
    recent: Condition = true() if reach.within is None else taken.c.at >= now - timedelta(days=reach.within)
    found = [func.count(case((recent, 1))) >= reach.actions]
    if reach.verified:
        found.append(func.count(case((and_(recent, taken.c.status == "verified"), 1))) >= reach.verified)
    if reach.kinds > 1:
        found.append(func.count(distinct(case((recent, taken.c.kind)))) >= reach.kinds)
    if reach.ethics:
        found.append(
            exists()
            .where(
                consents.c.subscriber_id == subscribers.c.id,
                consents.c.what == history.ETHICS + pack,
                consents.c.given.is_(True),
            )
            .correlate(subscribers)
        )
    return and_(*found)


def shares(conn: Connection, audience: Audience, now: datetime) -> list[Share]:
    """How many people an audience is, by the account they are reached on and by language; most first."""
    home = (
        select(addresses.c.account_id)
        .where(addresses.c.subscriber_id == subscribers.c.id, addresses.c.reachable.is_(True))
        .order_by(addresses.c.preferred.desc(), addresses.c.id)
        .limit(1)
        .scalar_subquery()
    )
    meant = select(home.label("account_id"), subscribers.c.language).where(fits(conn, audience, now)).subquery()
    rows = conn.execute(
        select(accounts.c.name, meant.c.language, func.count().label("people"))
        .join(accounts, accounts.c.id == meant.c.account_id)
        .group_by(accounts.c.name, meant.c.language)
    )
    return sorted((Share(*row) for row in rows), key=lambda share: (-share.people, share.account, share.language))


def meant(
    conn: Connection, alert_id: int, audience: Audience, now: datetime, after: int, limit: int
) -> tuple[Sequence[Any], int | None]:
    """The next `subscribers` rows of an audience behind the number `after`, and the number to go on from; None: all.

    Whoever has a delivery of this alert already, also one that came over from their other chat, is left out.
    """
    wanting = select(subscribers.c.id).where(subscribers.c.alerts, subscribers.c.id > after)
    window = wanting.order_by(subscribers.c.id).limit(WINDOW).subquery()
    last = conn.scalar(select(func.max(window.c.id)))
    if last is None:
        return [], None
    # Added to, a column is no index's: each person's few deliveries are looked through, not all of the alert's.
    has = exists().where(deliveries.c.subscriber_id == subscribers.c.id, deliveries.c.alert_id + 0 == alert_id)
    rows = conn.execute(
        select(subscribers)
        .where(subscribers.c.id > after, subscribers.c.id <= last, fits(conn, audience, now), not_(has))
        .order_by(subscribers.c.id)
        .limit(limit)
    ).all()
    return rows, int(rows[-1].id) if len(rows) == limit else int(last)
