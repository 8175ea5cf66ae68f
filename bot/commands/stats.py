"""`kindling stats`: how things stand."""

import json
from typing import Annotated, Any

import typer

from actions.drives import Given
from bot.clock import Clock
from bot.commands import opening
from bot.wording.proof import money
from content.problems import visible
from storage import carrots, drives, letters, standing
from storage.carrots import Totals
from storage.drives import ALONE, Standing

LANGUAGE = "en"


def stats(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print how things stand."""
    with opening.store() as store:
        figures = store.read_now(standing.figures)
        written = store.read_now(letters.counts)
        driven = store.read_now(drives.all_standing, Clock().now())
        days = store.read_now(carrots.totals, Clock().now())
    if as_json:
        more = {
            "letters": [dict(zip(("action", "to", "written", "sent"), one, strict=True)) for one in written],
            "drives": [drive(one) for one in driven],
            "carrot_days": [_carrot_day(one) for one in days],
        }
        typer.echo(json.dumps({**figures, **more}))
        return
    width = max(map(len, figures))
    for name, count in figures.items():
        typer.echo(f"{name:<{width}}  {count:>10,}")
    for action, maker, count, sent in written:
        typer.echo(f"letters to {visible(maker)} ({action}): {count:,} written, {sent:,} sent")
    for one in driven:
        typer.echo(told(one))
    for day in days:
        votes = ", ".join(f"{visible(bid)} {count:,}" for bid, count in _votes(day).items())
        came = f"{day.coming:,} said they come, {day.verified + day.claimed:,} came ({day.verified:,} confirmed)"
        typer.echo(f"carrot day {day.action}: {votes}; {came}")


def drive(one: Standing) -> dict[str, Any]:
    """A drive for programs: sums in minor units."""
    goal, match = one.drive.goal, one.drive.match
    found = {
        "drive": one.ref, "from": str(one.drive.from_), "by": str(one.drive.by), "phase": one.progress.phase,
        "goal": goal.model_dump(exclude_none=True), "percent": one.progress.percent, **_given(one.progress.given),
        "teams": {name: _given(part) for name, part in one.teams.items()} if one.drive.teams else {},
    }  # fmt: skip
    if match is not None:
        found["match"] = {
            "sponsor": match.sponsor, "matched": one.progress.matched, "up_to": match.up_to, "currency": match.currency
        }  # fmt: skip
    return found


def _given(part: Given) -> dict[str, Any]:
    return {"claimed": part.claimed, "verified": part.verified, "people": part.people, "sums": dict(part.sums)}


def told(one: Standing) -> str:
    """A drive for people, in one line."""
    goal, match, part = one.drive.goal, one.drive.match, one.progress.given
    wanted = f"{goal.count:,}" if goal.count is not None else money(goal.sum or 0, goal.currency or "", LANGUAGE)
    parts = [f"{one.progress.percent}% of {wanted} by {one.drive.by}", _line(part)]
    if match is not None:
        sums = [money(sum_, match.currency, LANGUAGE) for sum_ in (one.progress.matched, match.up_to)]
        parts.append(f"{visible(match.sponsor)}: {sums[0]} of {sums[1]}")
    for name, team in one.teams.items() if one.drive.teams else ():
        parts.append(f"{'without a team' if name == ALONE else name}: {_line(team)}")
    return f"drive {one.ref}: {'; '.join(parts)}"


def _line(part: Given) -> str:
    sums = [money(amount, currency, LANGUAGE) for currency, amount in sorted(part.sums.items()) if amount]
    return ", ".join([f"{part.claimed:,} claimed, {part.verified:,} verified", *sums])


def _carrot_day(day: Totals) -> dict[str, Any]:
    """A carrot day for programs."""
    counts = {"coming": day.coming, "claimed": day.claimed, "verified": day.verified}
    return {"action": day.action, "votes": _votes(day), "winner": day.winner.shop if day.winner else None, **counts}


def _votes(day: Totals) -> dict[str, int]:
    return {slug: day.votes.get(slug, 0) for slug in day.carrot.bids}
