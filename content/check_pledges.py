"""A pledge drive that can be kept: it ends before it is to be done, and what is offered instead is another action."""

from collections.abc import Iterator
from typing import Any

from content.problems import Problem
from content.shape import did_you_mean
from content.sheet import Sheet, day_of

COMFORTABLE = 50
"""Of PledgeBank's decided pledges four of five failed, most of them for a threshold too high."""


def pledges(sheet: Sheet) -> Iterator[Problem]:
    """Every pledge drive that cannot be kept as it is written."""
    for slug, action in sheet.entries("actions").items():
        pledge = action.get("pledge")
        if isinstance(pledge, dict):
            yield from _kind(sheet, slug, action)
            yield from _days(sheet, slug, action, pledge)
            yield from _smaller(sheet, slug, pledge)


def _kind(sheet: Sheet, slug: str, action: dict[str, Any]) -> Iterator[Problem]:
    path = ("actions", slug, "pledge")
    if action.get("kind") != "pledge":
        yield sheet.problem(path, "only an action of 'kind: pledge' binds at a threshold", of_key=True)
    if action.get("repeat", "never") != "never":
        yield sheet.problem(("actions", slug, "repeat"), "a pledge drive binds once; leave 'repeat' out")
    if action.get("goal") is not None:
        told = "a pledge drive has its own number in 'pledge: needs'; leave 'goal' out, so that there is one to reach"
        yield sheet.problem(("actions", slug, "goal"), told, of_key=True)


def _days(sheet: Sheet, slug: str, action: dict[str, Any], pledge: dict[str, Any]) -> Iterator[Problem]:
    by, do_by = day_of(pledge.get("by")), day_of(pledge.get("do_by"))
    begins, ends, told = (day_of(action.get(key)) for key in ("from", "until", "result_by"))
    if by and begins and by < begins:
        yield sheet.problem(
            ("actions", slug, "pledge", "by"), f"the drive ends ({by}) before the action begins ({begins})"
        )
    elif by and ends and by > ends:
        yield sheet.problem(("actions", slug, "pledge", "by"), f"the drive ends ({by}) after the action does ({ends})")
    if by and do_by and do_by < by:
        yield sheet.problem(
            ("actions", slug, "pledge", "do_by"),
            f"it is to be done ({do_by}) before the drive ends ({by}): give those who join last some days",
        )
    last = do_by or by
    if told and last and told < last:
        yield sheet.problem(
            ("actions", slug, "result_by"), f"the result is told ({told}) before the pledge is to be kept ({last})"
        )


def _smaller(sheet: Sheet, slug: str, pledge: dict[str, Any]) -> Iterator[Problem]:
    smaller, path = pledge.get("smaller"), ("actions", slug, "pledge", "smaller")
    actions = sheet.names("actions")
    if smaller == slug:
        yield sheet.problem(path, "'smaller' names this very action; name one that asks less")
    elif isinstance(smaller, str) and smaller not in actions:
        yield sheet.problem(path, f"there is no action '{smaller}'{did_you_mean(smaller, actions)}")


def advice(sheet: Sheet) -> Iterator[Problem]:
    """Thresholds that can be reached, and seldom are."""
    for slug, action in sheet.entries("actions").items():
        pledge = action.get("pledge")
        needs = pledge.get("needs") if isinstance(pledge, dict) else None
        if isinstance(needs, int) and needs > COMFORTABLE:
            told = f"most drives that need {needs} people fail; 5 to 12 works, by region if there are many of you"
            yield sheet.problem(("actions", slug, "pledge", "needs"), told, warning=True)
