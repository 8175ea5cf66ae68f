"""A carrot day that can come about: several bids, votes before the day, hours that exist, the result after it."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from content.addresses import complaint as address_complaint
from content.problems import Problem
from content.reader import Path
from content.sheet import Sheet, day_of

ENOUGH = 2
PLACE, PROMISE, TOLD = 60, 120, 1500
"""Letters; six bids, the ask and its buttons stay one message on every platform."""


def carrots(sheet: Sheet) -> Iterator[Problem]:
    """Every carrot day that cannot come about as it is written."""
    for slug, action, carrot in _all(sheet):
        yield from _kind(sheet, slug, action)
        yield from _days(sheet, slug, action, carrot)
        yield from _hours(sheet, ("actions", slug, "carrot"), carrot)
        yield from _bids(sheet, ("actions", slug, "carrot", "bids"), carrot.get("bids"))
        told = carrot.get("told")
        if isinstance(told, dict) and (told.get("takings") is None) != (told.get("currency") is None):
            path = ("actions", slug, "carrot", "told")
            yield sheet.problem(path, "'takings' and 'currency' belong together, like takings: 184250, currency: EUR")


def advice(sheet: Sheet) -> Iterator[Problem]:
    """Something to choose from."""
    for slug, _, carrot in _all(sheet):
        bids = carrot.get("bids")
        if isinstance(bids, dict) and len(bids) < ENOUGH:
            told = "one bid leaves nothing to choose; ask two or three shops more"
            yield sheet.problem(("actions", slug, "carrot", "bids"), told, of_key=True, warning=True)


def texts(slug: str, action: dict[str, Any]) -> Iterator[tuple[Path, Any, int]]:
    """The words of an action's carrot day, with how long they may be."""
    carrot = action.get("carrot")
    if not isinstance(carrot, dict):
        return
    path: Path = ("actions", slug, "carrot")
    bids = carrot.get("bids")
    for name, bid in bids.items() if isinstance(bids, dict) else ():
        for key, limit in (("place", PLACE), ("promise", PROMISE)):
            if isinstance(bid, dict) and bid.get(key) is not None:
                yield (*path, "bids", name, key), bid[key], limit
    told = carrot.get("told")
    if isinstance(told, dict) and told.get("text") is not None:
        yield (*path, "told", "text"), told["text"], TOLD


def _all(sheet: Sheet) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for slug, action in sheet.entries("actions").items():
        carrot = action.get("carrot")
        if isinstance(carrot, dict):
            yield slug, action, carrot


def _kind(sheet: Sheet, slug: str, action: dict[str, Any]) -> Iterator[Problem]:
    if action.get("kind") != "purchase":
        told = "only an action of 'kind: purchase' has a carrot day: people come to buy"
        yield sheet.problem(("actions", slug, "carrot"), told, of_key=True)
    if action.get("repeat", "never") != "never":
        told = "a carrot day comes once; leave 'repeat' out and write the next one as an action of its own"
        yield sheet.problem(("actions", slug, "repeat"), told)


def _days(sheet: Sheet, slug: str, action: dict[str, Any], carrot: dict[str, Any]) -> Iterator[Problem]:
    path: Path = ("actions", slug, "carrot")
    last_vote, day = day_of(carrot.get("vote_until")), day_of(carrot.get("day"))
    begins, ends, result = (day_of(action.get(key)) for key in ("from", "until", "result_by"))
    if last_vote and day and last_vote >= day:
        told = f"votes end ({last_vote}) before the day ({day}), so that people and the shop can get ready"
        yield sheet.problem((*path, "vote_until"), told)
    if begins and last_vote and begins > last_vote:
        yield sheet.problem((*path, "vote_until"), f"votes end ({last_vote}) before the action begins ({begins})")
    if day and ends and ends < day:
        told = f"the action ends ({ends}) before its carrot day ({day}); leave 'until' out, the day ends it"
        yield sheet.problem(("actions", slug, "until"), told)
    if day and result and result <= day:
        told = f"the result is told ({result}) before the carrot day is over ({day})"
        yield sheet.problem(("actions", slug, "result_by"), told)


def _hours(sheet: Sheet, path: Path, carrot: dict[str, Any]) -> Iterator[Problem]:
    zone, opens, closes = carrot.get("zone"), carrot.get("from"), carrot.get("until")
    if isinstance(zone, str) and zone not in available_timezones():
        told = f"we know no time zone '{zone}'; use a name like Europe/Berlin or Africa/Nairobi"
        yield sheet.problem((*path, "zone"), told)
    if isinstance(opens, str) and isinstance(closes, str) and len(opens) == len(closes) and closes <= opens:
        yield sheet.problem((*path, "until"), f"it ends ({closes}) before it begins ({opens})")


def _bids(sheet: Sheet, path: Path, bids: Any) -> Iterator[Problem]:
    for name, bid in bids.items() if isinstance(bids, dict) else ():
        address = bid.get("url") if isinstance(bid, dict) else None
        if isinstance(address, str) and (told := address_complaint(address)):
            yield sheet.problem((*path, name, "url"), told)
