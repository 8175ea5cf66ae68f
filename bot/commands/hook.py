"""`kindling hook …`: which outside systems may confirm actions, what they delivered, and doing it anew."""

import json
import sys
from typing import Annotated

import typer

from bot import settings
from bot.clock import Clock
from bot.commands import opening
from bot.conversation import hooks as deliveries
from bot.conversation.turn import House
from storage import hook_log, hooks
from storage.catalog import stock_of
from storage.store import Store

Number = Annotated[int, typer.Argument(metavar="ID", help="The number that the list or the log shows.")]


def add(
    source: Annotated[str, typer.Argument(help="stripe, standard, action-network, or PACK/NAME as a pack maps it.")],
    pack: Annotated[str, typer.Option(help="The pack whose actions it may confirm.")] = "",
) -> None:
    """Let an outside system confirm a pack's actions; its signing secret is asked for, or read from standard input."""
    pack = pack or source.partition("/")[0]
    with opening.store() as store:
        _require(store, source, pack)
        secret = _secret() if source != "action-network" else ""
        key = settings.secret(settings.read())
        made = store.write_now(hooks.add, source, pack, [secret] if secret else [], Clock().now(), key)
    base = settings.read().kindling_public_url.rstrip("/") or "https://YOUR-HOST"
    typer.echo(f"{base}/hooks/{source}/{made.path}")
    typer.echo(f"That is the address for {source}; keep it to yourself. It confirms actions of {pack}.", err=True)


def _require(store: Store, source: str, pack: str) -> None:
    found = store.read_now(stock_of).packs.get(pack)
    if found is None:
        raise typer.BadParameter(f"there is no live pack {pack!r}; `kindling pack list` shows them")
    owner, _, name = source.partition("/")
    if source not in hooks.KNOWN and (owner != pack or name not in found.hooks):
        known = ", ".join([*hooks.KNOWN, *(f"{pack}/{one}" for one in found.hooks)])
        raise typer.BadParameter(f"there is no source {source!r} for {pack}; there are {known}")


def _secret() -> str:
    typed = typer.prompt("Its signing secret", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if len(secret := str(typed).strip()) < 8:
        raise typer.BadParameter("a signing secret has at least 8 characters; the other system shows it to you")
    return secret


def list_() -> None:
    """List the outside systems that are believed."""
    with opening.store() as store:
        found = store.read_now(hooks.every, settings.secret(settings.read()))
    for one in found:
        state = "closed" if one.closed else f"{len(one.secrets)} secrets" if len(one.secrets) != 1 else "1 secret"
        typer.echo(f"{one.id:>4}  {one.source:<30}  {one.pack:<24}  {state}")
    if not found:
        typer.echo("No outside system confirms anything yet. `kindling hook add` lets one in.")


def remove(number: Number) -> None:
    """Believe an outside system no longer; what it confirmed stays."""
    with opening.store() as store:
        if not store.write_now(hooks.close, number, Clock().now()):
            raise typer.BadParameter(f"there is no open hook {number}; `kindling hook list` shows them")


def log(
    outcome: Annotated[str, typer.Option(help="Only those that came to this: refused, waiting, counted…")] = "",
    number: Annotated[int, typer.Option("--show", metavar="ID", help="One delivery, as it came.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what outside systems delivered during the last week, and what it came to."""
    key = settings.secret(settings.read())
    with opening.store() as store:
        found = store.read_now(hook_log.latest, key, limit=limit, outcome=outcome, number=number)
    if as_json:
        for one in found:
            typer.echo(json.dumps({
                "id": one.id, "source": one.source, "pack": one.pack, "key": one.key,
                "received_at": one.received_at.isoformat(), "outcome": one.outcome, "reason": one.reason,
            }))  # fmt: skip
        return
    for one in found:
        typer.echo(f"{one.id:>6}  {one.received_at:%Y-%m-%d %H:%M}  {one.source:<24} {one.outcome:<9} {one.reason}")
        if number:
            typer.echo(one.raw.decode("utf-8", "replace"))
    if not found:
        typer.echo("Nothing was delivered." if not number else f"There is no delivery {number}.")


def replay(number: Number) -> None:
    """Do anew what a logged delivery says, as after the pack was mended; what counts already stays as it is."""
    found = settings.read()
    house = House(public_url=found.kindling_public_url.rstrip("/"), secret=settings.secret(found))
    with opening.store() as store:
        try:
            taken = store.write_now(deliveries.replay, number, Clock().now(), house)
        except LookupError as error:
            raise typer.BadParameter(str(error.args[0])) from None
    typer.echo(f"{taken.outcome}{f': {taken.reason}' if taken.reason else ''}")
