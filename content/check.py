"""Rules that need more than one item of a pack; every problem at once, nothing raised.

They read the plain tree, so that they also speak when the model has refused some other part.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from content import (
    check_adds,
    check_carrots,
    check_decisions,
    check_drives,
    check_ladder,
    check_pledges,
    check_proof,
    check_results,
    check_words,
    pictures,
)
from content.addresses import complaint as address_complaint
from content.images import complaint as image_complaint
from content.model import Pack
from content.problems import Problem
from content.reader import Path, Tree
from content.shape import did_you_mean
from content.sheet import Sheet, day_of

NEEDS_ADDRESS = ("petition", "donation", "form")
ADDRESSES = ("url", "source")
WITH_ADDRESSES = ("stories", "actions", "results")
WITH_PICTURES = ("stories", "results")
TOLD_AT_MOST = 200
"""Problems of one rule; beyond it looking for each one's remedy would take too long."""

image_name = image_complaint
image_content = pictures.complaint


def check(pack: Pack | None, tree: Tree, file: str) -> list[Problem]:
    """Every problem between the items of a pack; `pack` is `None` when the model refused some part of it."""
    sheet = Sheet(tree, file)
    if not isinstance(tree.data, dict):
        return []
    rules: tuple[Callable[[Sheet], Iterator[Problem]], ...] = (
        _references,
        _circles,
        check_ladder.ladder,
        check_ladder.rungs,
        _arcs,
        _dates,
        _addresses,
        _pictures,
        _kinds,
        check_proof.proof,
        check_decisions.decisions,
        check_pledges.pledges,
        check_carrots.carrots,
        check_results.results,
        check_adds.units,
        check_drives.drives,
    )
    problems = [problem for rule in rules for problem in islice(rule(sheet), TOLD_AT_MOST)]
    problems += islice(check_words.check(sheet.problem, tree.data), TOLD_AT_MOST)
    if pack is not None and not any(problem.level == "error" for problem in problems):
        for more in (
            _advice, check_decisions.advice, check_pledges.advice, check_drives.advice, check_carrots.advice,
        ):  # fmt: skip
            problems += more(sheet)
    return problems


def _references(sheet: Sheet) -> Iterator[Problem]:
    causes, actions = sheet.names("causes"), sheet.names("actions")
    for section in ("stories", "actions"):
        for slug, item in sheet.entries(section).items():
            yield from _one(sheet, (section, slug, "cause"), item.get("cause"), causes, "cause")
    for slug, item in sheet.entries("stories").items():
        yield from _each(sheet, ("stories", slug, "leads_to"), item.get("leads_to"), actions)
    for slug, item in sheet.entries("actions").items():
        yield from _each(sheet, ("actions", slug, "needs"), item.get("needs"), actions)
    feeds = sheet.tree.data.get("feeds")
    for number, feed in enumerate(feeds if isinstance(feeds, list) else ()):
        if isinstance(feed, dict):
            yield from _one(sheet, ("feeds", number, "cause"), feed.get("cause"), causes, "cause")


def _one(sheet: Sheet, path: Path, name: Any, known: set[str], what: str) -> Iterator[Problem]:
    if isinstance(name, str) and name not in known:
        yield sheet.problem(path, f"there is no {what} '{name}'{did_you_mean(name, known)}")


def _each(sheet: Sheet, path: Path, names: Any, known: set[str]) -> Iterator[Problem]:
    for number, name in enumerate(names if isinstance(names, list) else ()):
        yield from _one(sheet, (*path, number), name, known, "action")


def _circles(sheet: Sheet) -> Iterator[Problem]:
    needs = {
        slug: [name for name in item.get("needs") or () if isinstance(name, str)]
        for slug, item in sheet.entries("actions").items()
        if isinstance(item.get("needs"), list)
    }
    settled: set[str] = set()
    for start in needs:
        trail = _circle_from(start, needs, settled)
        if trail:
            told = " needs ".join(f"'{name}'" for name in (trail if len(trail) < 9 else [*trail[:8], "…"]))
            for name in trail[:-1]:  # any of them may be the one too many
                yield sheet.problem(("actions", name, "needs"), f"these need one another and can never be done: {told}")


def _circle_from(start: str, needs: dict[str, list[str]], settled: set[str]) -> list[str]:
    if start in settled:
        return []
    trail = {start: None}
    stack = [(start, iter(needs.get(start, ())))]
    while stack:
        name, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            trail.popitem()
            settled.add(name)
        elif following in trail:
            settled.update(trail)
            names = list(trail)
            return [*names[names.index(following) :], following]
        elif following not in settled:
            trail[following] = None
            stack.append((following, iter(needs.get(following, ()))))
    return []


def _arcs(sheet: Sheet) -> Iterator[Problem]:
    arcs: dict[str, dict[int, str]] = {}
    for slug, story in sheet.entries("stories").items():
        cause, chapter = story.get("cause"), story.get("chapter")
        if not isinstance(cause, str) or not isinstance(chapter, int) or isinstance(chapter, bool):
            continue
        arc = arcs.setdefault(cause, {})
        if chapter in arc:
            yield sheet.problem(
                ("stories", slug, "chapter"), f"'{arc[chapter]}' is chapter {chapter} of '{cause}' already"
            )
        arc.setdefault(chapter, slug)
    for cause, arc in arcs.items():
        for before, chapter in zip((0, *sorted(arc)), sorted(arc), strict=False):
            if chapter > before + 1:
                yield sheet.problem(
                    ("stories", arc[chapter], "chapter"),
                    f"the arc of '{cause}' has a gap: chapter {before + 1} is missing",
                )


def _dates(sheet: Sheet) -> Iterator[Problem]:
    for section in ("stories", "actions"):
        for slug, item in sheet.entries(section).items():
            begins, ends = day_of(item.get("from")), day_of(item.get("until"))
            if begins and ends and ends < begins:
                yield sheet.problem((section, slug, "until"), f"it ends ({ends}) before it begins ({begins})")
                continue
            goal = item.get("goal")
            by = day_of(goal.get("by")) if isinstance(goal, dict) else None
            if begins and by and by < begins:
                yield sheet.problem(
                    (section, slug, "goal", "by"), f"the goal's day ({by}) comes before the action begins ({begins})"
                )
            elif ends and by and by > ends:
                yield sheet.problem(
                    (section, slug, "goal", "by"), f"the goal's day ({by}) comes after the action ends ({ends})"
                )
            told = day_of(item.get("result_by"))
            last = ends or by
            if told and ((begins and told < begins) or (last and told < last)):
                yield sheet.problem(
                    (section, slug, "result_by"),
                    f"the result is told ({told}) before the action ends ({last or begins})",
                )


def _addresses(sheet: Sheet) -> Iterator[Problem]:
    publisher = sheet.tree.data.get("publisher")
    found: list[tuple[Path, Any]] = []
    if isinstance(publisher, dict):
        found.append((("publisher", "url"), publisher.get("url")))
    for section in WITH_ADDRESSES:
        for slug, item in sheet.entries(section).items():
            found += [((section, slug, key), item.get(key)) for key in ADDRESSES]
    feeds = sheet.tree.data.get("feeds")
    for number, feed in enumerate(feeds if isinstance(feeds, list) else ()):
        if isinstance(feed, dict):
            found.append((("feeds", number, "url"), feed.get("url")))
    for path, address in found:
        if isinstance(address, str) and (told := address_complaint(address)):
            yield sheet.problem(path, told)


def _pictures(sheet: Sheet) -> Iterator[Problem]:
    entries = [(section, *entry) for section in WITH_PICTURES for entry in sheet.entries(section).items()]
    for section, slug, item in entries:
        image = item.get("image")
        if not isinstance(image, str):
            continue
        if "://" in image and (told := address_complaint(image)):
            yield sheet.problem((section, slug, "image"), told)
        if item.get("image_alt") is None:
            yield sheet.problem(
                (section, slug, "image"), "the picture needs 'image_alt': a sentence for those who cannot see it"
            )


def _kinds(sheet: Sheet) -> Iterator[Problem]:
    for slug, action in sheet.entries("actions").items():
        kind, verify = action.get("kind"), action.get("verify", "self")
        if verify == "payment" and kind != "donation":
            yield sheet.problem(("actions", slug, "verify"), "only a donation can be verified by payment")
        if action.get("url") is None and (kind in NEEDS_ADDRESS or verify == "link"):
            yield sheet.problem(("actions", slug), f"a {kind} needs a 'url': where is it done?", of_key=True)
        if kind == "share" and action.get("share") is None:
            yield sheet.problem(("actions", slug), "a share needs 'share': the words to pass on", of_key=True)


def _advice(sheet: Sheet) -> Iterator[Problem]:
    for slug, story in sheet.entries("stories").items():
        if not story.get("leads_to") and story.get("chapter") is not None:
            yield sheet.problem(("stories", slug), "this chapter leads to no action", of_key=True, warning=True)
    for slug, action in sheet.entries("actions").items():
        # What was read has done its work; every other action owes a result to those who took it.
        owes = action.get("kind") != "learn" and action.get("repeat", "never") == "never"
        if action.get("result_by") is None and owes:
            told = "no 'result_by': by when do those who act hear what came of it?"
            yield sheet.problem(("actions", slug), told, of_key=True, warning=True)
