"""A drive that can be counted: one goal, in money that its actions take, within its days, matched to the cent."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from content.problems import Problem
from content.reader import Path
from content.shape import did_you_mean
from content.sheet import Sheet, day_of

PAID = ("payment", "webhook")
FEWEST_TEAMS = 2


def drives(sheet: Sheet) -> Iterator[Problem]:
    """Every drive that cannot be counted as it is written."""
    for slug, drive in sheet.entries("drives").items():
        yield from _actions(sheet, slug, drive)
        yield from _goal(sheet, slug, drive)
        yield from _match(sheet, slug, drive)
        begins, ends = day_of(drive.get("from")), day_of(drive.get("by"))
        if begins and ends and ends < begins:
            yield sheet.problem(("drives", slug, "by"), f"the drive ends ({ends}) before it begins ({begins})")
        teams = drive.get("teams")
        if isinstance(teams, dict) and len(teams) < FEWEST_TEAMS:
            told = "a drive has two teams or more; leave 'teams' out, and all are counted together"
            yield sheet.problem(("drives", slug, "teams"), told, of_key=True)


def advice(sheet: Sheet) -> Iterator[Problem]:
    """What this file alone cannot vouch for."""
    for slug, drive in sheet.entries("drives").items():
        for number, name in enumerate(_named(drive)):
            if not _is_own(sheet, name):
                told = f"'{name}' is of another pack: it counts as soon as that pack is loaded"
                yield sheet.problem(("drives", slug, "actions", number), told, warning=True)


def _named(drive: dict[str, Any]) -> list[str]:
    names = drive.get("actions")
    return [name if isinstance(name, str) else "" for name in names] if isinstance(names, list) else []


def _is_own(sheet: Sheet, name: str) -> bool:
    return "/" not in name or name.partition("/")[0] == sheet.tree.data.get("pack")


def _actions(sheet: Sheet, slug: str, drive: dict[str, Any]) -> Iterator[Problem]:
    known, seen = sheet.names("actions"), set()
    for number, name in enumerate(_named(drive)):
        path: Path = ("drives", slug, "actions", number)
        own = name.rpartition("/")[2]
        key = own if _is_own(sheet, name) else name
        if name and _is_own(sheet, name) and own not in known:
            yield sheet.problem(path, f"there is no action '{own}'{did_you_mean(own, known)}")
        elif key in seen:
            yield sheet.problem(path, f"'{name}' is named twice; it counts once")
        seen.add(key)


def _goal(sheet: Sheet, slug: str, drive: dict[str, Any]) -> Iterator[Problem]:
    goal, path = drive.get("goal"), ("drives", slug, "goal")
    if not isinstance(goal, dict):
        return
    count, total, currency = (goal.get(key) for key in ("count", "sum", "currency"))
    if (count is None) == (total is None):
        told = "a goal is one number: 'count' of actions, or a 'sum' with its 'currency'"
        yield sheet.problem(path, told, of_key=True)
    elif total is not None and currency is None:
        told = "a sum needs its 'currency', like EUR; the sum is in its smallest unit, 5000000 for 50,000 euros"
        yield sheet.problem(path, told, of_key=True)
    elif total is not None:
        yield from _currency(sheet, slug, drive, currency)
    elif currency is not None:
        told = "a count has no currency; for money write 'sum' in place of 'count'"
        yield sheet.problem((*path, "currency"), told, of_key=True)


def _currency(sheet: Sheet, slug: str, drive: dict[str, Any], currency: Any) -> Iterator[Problem]:
    path, actions = ("drives", slug, "goal", "currency"), sheet.entries("actions")
    names = _named(drive)
    own = {name: actions.get(name.rpartition("/")[2], {}) for name in names if _is_own(sheet, name)}
    for name, action in own.items():
        payment = action.get("payment")
        taken = payment.get("currencies") if isinstance(payment, dict) else None
        if isinstance(taken, list) and currency not in taken:
            told = f"'{name}' is paid in {', '.join(map(str, taken))}, not in {currency}: it could never be reached"
            yield sheet.problem(path, told)
    if len(own) == len(names) and not any(action.get("verify") in PAID for action in own.values()):
        told = "none of these actions tells what was paid; one of them needs 'verify: payment' (or webhook)"
        yield sheet.problem(("drives", slug, "goal", "sum"), told)


def _match(sheet: Sheet, slug: str, drive: dict[str, Any]) -> Iterator[Problem]:
    match, goal = drive.get("match"), drive.get("goal")
    if not isinstance(match, dict) or not isinstance(goal, dict):
        return
    path = ("drives", slug, "match")
    each = _number(match.get("each"))
    if each is not None and each <= 0:
        yield sheet.problem((*path, "each"), "a match of nothing; leave 'match' out, or say how much is added")
    elif each is not None and goal.get("count") is not None and each != each.to_integral_value():
        told = 'for each action a whole number of the smallest unit is added: "50" for 50 cents'
        yield sheet.problem((*path, "each"), told)
    currency, wanted = match.get("currency"), goal.get("currency")
    if goal.get("sum") is not None and isinstance(wanted, str) and isinstance(currency, str) and currency != wanted:
        told = f"the goal is in {wanted}; a match in {currency} would have to be converted, and no rate holds"
        yield sheet.problem((*path, "currency"), told)


def _number(words: Any) -> Decimal | None:
    try:
        return Decimal(words) if isinstance(words, str) else None
    except InvalidOperation:
        return None
