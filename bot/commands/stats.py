"""`kindling stats`: how things stand."""

import json
from typing import Annotated

import typer

from bot.commands import opening
from content.problems import visible
from storage import letters, standing


def stats(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print how things stand."""
    with opening.store() as store:
        figures = store.read_now(standing.figures)
        written = store.read_now(letters.counts)
    if as_json:
        told = [dict(zip(("action", "to", "written", "sent"), one, strict=True)) for one in written]
        typer.echo(json.dumps({**figures, "letters": told}))
        return
    width = max(map(len, figures))
    for name, count in figures.items():
        typer.echo(f"{name:<{width}}  {count:>10,}")
    for action, maker, count, sent in written:
        typer.echo(f"letters to {visible(maker)} ({action}): {count:,} written, {sent:,} sent")
