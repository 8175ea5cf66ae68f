"""`kindling pause-all`: the panic button at the terminal."""

from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands import opening
from storage import panic
from storage.audit import By


def pause_all(
    resume: Annotated[bool, typer.Option("--resume", help="Let everything go on.")] = False,
) -> None:
    """Stop everything that is queued or due: nudges, alerts, reminders; answers still go."""
    with opening.store() as store:
        changed = store.write_now(panic.switch, By("terminal"), Clock().now(), on=not resume)
    state = "goes on" if resume else "is paused"
    typer.echo(f"Everything {state}." if changed else f"Everything {state} already.")
