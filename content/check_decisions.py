"""Rules for dated decisions: who decides can be reached, each region has someone, the days follow one another."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from content.addresses import complaint as address_complaint
from content.hidden import FORBIDDEN
from content.problems import Problem
from content.reader import Path
from content.sheet import Sheet

WHAT, POINT, OFFICE = 160, 300, 120
"""UTF-16 units after rendering; what is decided and by whom stands under an ask, which stays below Telegram's 4,096."""
WAYS = ("email", "url", "phone")
EMAIL_AT_MOST = 254
EMAIL = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}(?<!\.)"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
PHONE = re.compile(r"\+[1-9](?:[ ().-]{0,2}[0-9]){5,14}")


def decisions(sheet: Sheet) -> Iterator[Problem]:
    """What is wrong with the decisions of a pack."""
    for slug, action in sheet.entries("actions").items():
        decision = action.get("decision")
        if not isinstance(decision, dict):
            continue
        if action.get("kind") != "outreach":
            told = "only an 'outreach' can have a decision: it is about writing to those who decide"
            yield sheet.problem(("actions", slug, "decision"), told, of_key=True)
        yield from _days(sheet, slug, action, decision)
        for number, maker in _makers(decision):
            yield from _maker(sheet, ("actions", slug, "decision", "makers", number), maker)
        yield from _twice(sheet, slug, decision)


def advice(sheet: Sheet) -> Iterator[Problem]:
    """What is worth a second look: a region whose people would find nobody to write to, a day that is never used."""
    for slug, action in sheet.entries("actions").items():
        decision = action.get("decision")
        if not isinstance(decision, dict):
            continue
        makers = [maker.get("regions") or [] for _, maker in _makers(decision)]
        for number, region in enumerate(action.get("regions") or ()):
            if not any(_serves(regions, region) for regions in makers):
                told = f"nobody decides for {region}: add a maker with 'regions: [{region}]', or one without regions"
                yield sheet.problem(("actions", slug, "regions", number), told, warning=True)
        ends, on = _day(action.get("until")), _day(decision.get("day"))
        if ends and on and ends > on:
            told = f"it is decided on {on}, and no letter is asked for after that; 'until' is not needed"
            yield sheet.problem(("actions", slug, "until"), told, warning=True)


def texts(slug: str, action: dict[str, Any]) -> Iterator[tuple[Path, Any, int]]:
    """The words of an action's decision, with how long they may be."""
    decision = action.get("decision")
    if not isinstance(decision, dict):
        return
    path: Path = ("actions", slug, "decision")
    if decision.get("what") is not None:
        yield (*path, "what"), decision["what"], WHAT
    points = decision.get("points")
    for number, point in enumerate(points if isinstance(points, list) else ()):
        yield (*path, "points", number), point, POINT
    for number, maker in _makers(decision):
        if maker.get("office") is not None:
            yield (*path, "makers", number, "office"), maker["office"], OFFICE


def _makers(decision: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    makers = decision.get("makers")
    for number, maker in enumerate(makers if isinstance(makers, list) else ()):
        if isinstance(maker, dict):
            yield number, maker


def _serves(regions: Any, region: Any) -> bool:
    """Whether a maker's regions hold a region, the country it is in, or parts of it; without any they hold all."""
    if not isinstance(regions, list) or not isinstance(region, str):
        return True  # told already
    country = region.partition("-")[0]
    return not regions or any(one in (region, country) or str(one).startswith(f"{region}-") for one in regions)


def _days(sheet: Sheet, slug: str, action: dict[str, Any], decision: dict[str, Any]) -> Iterator[Problem]:
    on, begins, told = _day(decision.get("day")), _day(action.get("from")), _day(action.get("result_by"))
    if on and begins and on < begins:
        words = f"it is decided ({on}) before the action begins ({begins})"
        yield sheet.problem(("actions", slug, "decision", "day"), words)
    if on and told and told < on:
        yield sheet.problem(("actions", slug, "result_by"), f"the result is told ({told}) before the decision ({on})")


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _maker(sheet: Sheet, path: Path, maker: dict[str, Any]) -> Iterator[Problem]:
    if not any(maker.get(way) for way in WAYS):
        yield sheet.problem(path, "there is no way to reach them: add an 'email', a 'url' or a 'phone'")
    name = maker.get("name")
    if isinstance(name, str) and (not name.strip() or len(name.splitlines()) > 1 or FORBIDDEN.search(name)):
        yield sheet.problem((*path, "name"), "a name is plain words on one line")
    email, url, phone = (maker.get(way) if isinstance(maker.get(way), str) else None for way in WAYS)
    if email is not None and (len(email) > EMAIL_AT_MOST or not EMAIL.fullmatch(email)):
        yield sheet.problem((*path, "email"), "this is no e-mail address; write one like office@example.org")
    if url is not None and (told := address_complaint(url)):
        yield sheet.problem((*path, "url"), told)
    if phone is not None and not PHONE.fullmatch(phone):
        yield sheet.problem((*path, "phone"), "write the telephone with its country's code, like +44 20 7946 0000")


def _twice(sheet: Sheet, slug: str, decision: dict[str, Any]) -> Iterator[Problem]:
    """Two may decide for one region; the same one twice would be a riddle to whoever chooses."""
    seen: set[tuple[Any, tuple[str, ...]]] = set()
    for number, maker in _makers(decision):
        regions = maker.get("regions")
        known = (maker.get("name"), tuple(sorted(map(str, regions))) if isinstance(regions, list) else ())
        if isinstance(known[0], str) and known in seen:
            told = f"'{known[0]}' is listed for these regions already"
            yield sheet.problem(("actions", slug, "decision", "makers", number), told)
        seen.add(known)
