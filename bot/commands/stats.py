"""`kindling stats`: how things stand."""

import json
from typing import Annotated

import typer

from bot.commands import opening
from storage import standing


def stats(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print how things stand."""
    with opening.store() as store:
        figures = store.read_now(standing.figures)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    width = max(map(len, figures))
    for name, count in figures.items():
        typer.echo(f"{name:<{width}}  {count:>10,}")
