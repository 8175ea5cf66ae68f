"""`kindling code …`: codes that confirm an action once each, for receipts and tickets."""

from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands import opening
from storage import single_codes
from storage.catalog import stock_of
from storage.store import Store

Action = Annotated[str, typer.Argument(metavar="PACK/ACTION", help="An action with `verify: code`.")]


def make(action: Action, count: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 20) -> None:
    """Print fresh codes, one a line; only their hashes are kept, so print them now."""
    with opening.store() as store:
        number = _number(store, action)
        made = store.write_now(single_codes.make, action, number, count, Clock().now())
    typer.echo("\n".join(made))


def count(action: Action) -> None:
    """Tell how many codes of an action there are, and how many were used."""
    with opening.store() as store:
        made, used = store.read_now(single_codes.counts, _number(store, action))
    typer.echo(f"{made} made, {used} used")


def _number(store: Store, action: str) -> int:
    stock = store.read_now(stock_of)
    found = stock.action(action)
    if found is None:
        raise typer.BadParameter(f"there is no action {action!r}; write it as PACK/ACTION")
    if found.verify != "code":
        raise typer.BadParameter(f"{action} is not verified by code; write `verify: code` in its pack")
    return stock.actions[action]
