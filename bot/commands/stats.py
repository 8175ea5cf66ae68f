"""`kindling stats`: how things stand."""

import json
from typing import Annotated, Any

import typer

from bot.clock import Clock
from bot.commands import opening
from content.problems import visible
from storage import carrots, letters, standing
from storage.carrots import Totals


def stats(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print how things stand."""
    with opening.store() as store:
        figures = store.read_now(standing.figures)
        written = store.read_now(letters.counts)
        days = store.read_now(carrots.totals, Clock().now())
    if as_json:
        told = [dict(zip(("action", "to", "written", "sent"), one, strict=True)) for one in written]
        typer.echo(json.dumps({**figures, "letters": told, "carrot_days": [_carrot_day(one) for one in days]}))
        return
    width = max(map(len, figures))
    for name, count in figures.items():
        typer.echo(f"{name:<{width}}  {count:>10,}")
    for action, maker, count, sent in written:
        typer.echo(f"letters to {visible(maker)} ({action}): {count:,} written, {sent:,} sent")
    for day in days:
        votes = ", ".join(f"{visible(bid)} {count:,}" for bid, count in _votes(day).items())
        came = f"{day.coming:,} said they come, {day.verified + day.claimed:,} came ({day.verified:,} confirmed)"
        typer.echo(f"carrot day {day.action}: {votes}; {came}")


def _carrot_day(day: Totals) -> dict[str, Any]:
    """A carrot day for programs."""
    counts = {"coming": day.coming, "claimed": day.claimed, "verified": day.verified}
    return {"action": day.action, "votes": _votes(day), "winner": day.winner.shop if day.winner else None, **counts}


def _votes(day: Totals) -> dict[str, int]:
    return {slug: day.votes.get(slug, 0) for slug in day.carrot.bids}
