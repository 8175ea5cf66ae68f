"""Drives: how far they are in one honest line, what a sponsor adds, and the teams."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_decimal, format_percent

from actions import drives
from actions.drives import Given, Progress
from bot.message import Button, Message
from bot.wording import names
from bot.wording.proof import money
from bot.wording.tongue import locale, tongue
from content.drives import Drive, Match
from content.text import choose, shorten
from storage.catalog import Stock
from storage.drives import ALONE, Standing

Row = tuple[Button, ...]
LABEL = 24
DOUBLES = Decimal(1)


def title(stock: Stock, language: str, one: Standing) -> str:
    """A drive's name as plain words."""
    return choose(one.drive.title, language, stock.pack(one.ref).languages[0])


def line(stock: Stock, language: str, one: Standing) -> str:
    """How far a drive is, and what is added to it; without figures while few people stand behind them."""
    told = f"*{names.quoted(title(stock, language, one))}*: {_standing(language, one.drive, one.progress)}"
    rest = (_match(language, one.drive, one.progress), _beside(language, one.drive, one.progress))
    return " ".join(filter(None, (told, *rest)))


def _standing(language: str, drive: Drive, progress: Progress) -> str:
    t = tongue(language)
    day, goal = names.day(drive.by, language), _goal(language, drive)
    if progress.phase == "coming":
        start = names.day(drive.from_, language)
        return t.gettext("{goal}, from {start} to {day}.").format(goal=goal, start=start, day=day)
    if progress.is_few:
        words = t.gettext("the goal is {goal} by {day}. Every one counts.")
        if progress.phase == "over":
            words = t.gettext("the goal was {goal} by {day}.")
        return words.format(goal=goal, day=day)
    words = {
        (True, "open"): t.gettext("{reached}. The goal is reached; it goes on until {day}."),
        (True, "over"): t.gettext("{reached}. The goal was reached by {day}."),
        (False, "open"): t.gettext("{reached} by {day}."),
        (False, "over"): t.gettext("{reached} when it ended on {day}."),
    }[progress.missing == 0, progress.phase]
    return words.format(reached=_reached(language, drive, progress), day=day)


def _goal(language: str, drive: Drive) -> str:
    goal = drive.goal
    if goal.count is not None:
        return _number(goal.count, language)
    return money(goal.sum or 0, goal.currency or "", language)


def _reached(language: str, drive: Drive, progress: Progress) -> str:
    t = tongue(language)
    given, goal = progress.given, _goal(language, drive)
    if drive.goal.count is None:
        so_far = money(progress.reached, drive.goal.currency or "", language)
        return t.gettext("{given} of {goal}").format(given=so_far, goal=goal)
    numbers = {"done": _number(given.done, language), "verified": _number(given.verified, language), "goal": goal}
    if not given.verified:
        return t.gettext("{done} of {goal} done (as people tell us)").format(**numbers)
    return t.gettext("{done} done ({verified} confirmed) of {goal}").format(**numbers)


def _beside(language: str, drive: Drive, progress: Progress) -> str:
    """What is no part of the sum: money in other currencies, gifts that nobody has confirmed."""
    t = tongue(language)
    if drive.goal.sum is None or progress.is_few or progress.phase == "coming":
        return ""
    told = []
    if progress.other:
        sums = [money(amount, currency, language) for currency, amount in progress.other.items()]
        told.append(t.gettext("Beside it {sums} in other currencies.").format(sums=names.all_of(sums, language)))
    count = progress.given.claimed
    if count:
        words = t.ngettext(
            "{count} more gift is told and not confirmed yet.", "{count} more gifts are told and not confirmed yet.", count
        )  # fmt: skip
        told.append(words.format(count=_number(count, language)))
    return " ".join(told)


def _match(language: str, drive: Drive, progress: Progress) -> str:
    t = tongue(language)
    match = drive.match
    if match is None:
        return ""
    promise = _promise(language, drive, match)
    if progress.is_few or progress.phase == "coming":
        return f"{promise}."
    words = t.gettext("{promise}: {matched} of that is reached.")
    return words.format(promise=promise, matched=money(progress.matched, match.currency, language))


def _promise(language: str, drive: Drive, match: Match) -> str:
    t = tongue(language)
    each = Decimal(match.each)
    told = {"sponsor": names.quoted(match.sponsor), "most": money(match.up_to, match.currency, language)}
    if drive.goal.sum is None:
        words = t.gettext("{sponsor} gives {each} for each one, up to {most}")
        if match.confirmed:
            words = t.gettext("{sponsor} gives {each} for each confirmed one, up to {most}")
        return words.format(each=money(int(each), match.currency, language), **told)
    if each == DOUBLES:
        return t.gettext("{sponsor} doubles it up to {most}").format(**told)
    rate = format_percent(each, locale=locale(language), decimal_quantization=False)
    return t.gettext("{sponsor} adds {rate} to it, up to {most}").format(rate=rate, **told)


def _number(count: int, language: str) -> str:
    return str(format_decimal(count, locale=locale(language)))


def together(stock: Stock, language: str, found: Sequence[tuple[Standing, str]]) -> tuple[str, tuple[Row, ...]]:
    """The drives of what somebody follows, each with the team they are in: the words, and the ways into a team."""
    t = tongue(language)
    if not found:
        return "", ()
    parts = [t.gettext("**What we reach together**")]
    rows: list[Row] = []
    for one, mine in found:
        parts.append("\n".join([line(stock, language, one), *_teams(stock, language, one, mine)]))
        if one.drive.teams and one.progress.phase != "over":
            label = t.gettext("Change my team") if mine else t.gettext("Join a team")
            if len(found) > 1:
                label = f"{label}: {shorten(title(stock, language, one), LABEL)}"
            rows.append((Button(label, press=f"team:{one.number}"),))
    return "\n\n".join(parts), tuple(rows)


def _teams(stock: Stock, language: str, one: Standing, mine: str) -> list[str]:
    if not one.drive.teams:
        return []
    t = tongue(language)
    told = []
    for (name, given), is_told in zip(one.teams.items(), drives.shown(list(one.teams.values())), strict=True):
        if name == ALONE and not (is_told and given.people):
            continue
        words = t.gettext("fewer than 10 people so far; every one counts")
        if is_told:
            words = _part(language, one.drive, given)
        elif given.people >= drives.FEWEST:
            words = t.gettext("not told, so that a small team stays private")
        side = t.gettext("without a team") if name == ALONE else names.quoted(_team(stock, language, one, name))
        own = " ✓" if name == mine != ALONE else ""
        told.append(f"- {side}{own}: {words}")
    return told


def _part(language: str, drive: Drive, given: Given) -> str:
    t = tongue(language)
    if drive.goal.sum is not None:
        currency = drive.goal.currency or ""
        return money(given.sums.get(currency, 0), currency, language)
    numbers = {"done": _number(given.done, language), "verified": _number(given.verified, language)}
    words = t.gettext("{done} done ({verified} confirmed)") if given.verified else t.gettext("{done} done")
    return words.format(**numbers)


def _team(stock: Stock, language: str, one: Standing, name: str) -> str:
    return choose(one.drive.teams[name].title, language, stock.pack(one.ref).languages[0])


def which_team(stock: Stock, language: str, one: Standing, mine: str) -> Message:
    """The teams to choose from, and what choosing means."""
    t = tongue(language)
    words = t.gettext(
        "Which team? All you do for this counts for the team you are in. You can change it, or leave it, until {day}. "
        "Others see totals only, and none of a team with fewer than 10 people."
    ).format(day=names.day(one.drive.by, language))
    rows: list[Row] = [
        (Button(_team(stock, language, one, name) + (" ✓" if name == mine else ""), press=f"team:{one.number}:{name}"),)
        for name in one.drive.teams
    ]
    if mine:
        rows.append((Button(t.gettext("Without a team"), press=f"team:{one.number}:"),))
    head = names.quoted(title(stock, language, one))
    return Message(f"**{head}**\n\n{words}", buttons=tuple(rows), language=language)


def in_team(stock: Stock, language: str, one: Standing, name: str) -> Message:
    """The choice is noted."""
    t = tongue(language)
    change = Button(t.gettext("Change my team"), press=f"team:{one.number}")
    if not name:
        join = Button(t.gettext("Join a team"), press=f"team:{one.number}")
        words = t.gettext("You are in no team. What you do counts all the same.")
        return Message(words, buttons=((join,),), language=language)
    words = t.gettext("You are in *{team}*. What you did and do for *{title}* counts for it.").format(
        team=names.quoted(_team(stock, language, one, name)), title=names.quoted(title(stock, language, one))
    )
    return Message(words, buttons=((change,),), language=language)


def too_late(stock: Stock, language: str, one: Standing) -> Message:
    """The drive is over; teams stay as they are."""
    t = tongue(language)
    words = t.gettext("*{title}* is over; the teams stay as they are.")
    return Message(words.format(title=names.quoted(title(stock, language, one))), language=language)


def totals(stock: Stock, language: str, found: Sequence[Standing]) -> str:
    """How drives stand, for organizers: exact, what is told and what is confirmed apart; nothing without any."""
    t = tongue(language)
    if not found:
        return ""
    return "\n".join([t.gettext("**Drives**"), "", *(_total(stock, language, one) for one in found)])


def _total(stock: Stock, language: str, one: Standing) -> str:
    t = tongue(language)
    drive, given = one.drive, one.progress.given
    numbers = t.gettext("{percent} of {goal} by {day}; {claimed} told, {verified} confirmed").format(
        percent=format_percent(one.progress.percent / 100, locale=locale(language)), goal=_goal(language, drive),
        day=names.day(drive.by, language), claimed=_number(given.claimed, language),
        verified=_number(given.verified, language),
    )  # fmt: skip
    parts = [numbers, *(money(amount, currency, language) for currency, amount in sorted(given.sums.items()) if amount)]
    if drive.match is not None:
        parts.append(
            t.gettext("{sponsor}: {matched} of {most}").format(
                sponsor=names.quoted(drive.match.sponsor),
                matched=money(one.progress.matched, drive.match.currency, language),
                most=money(drive.match.up_to, drive.match.currency, language),
            )
        )
    for name, part in one.teams.items() if drive.teams else ():
        side = t.gettext("without a team") if name == ALONE else names.quoted(_team(stock, language, one, name))
        parts.append(f"{side}: {_part(language, drive, part)}")
    return f"- *{names.quoted(title(stock, language, one))}*: {'; '.join(parts)}"
