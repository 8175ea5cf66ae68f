"""`kindling organizer add`: a one-time code for a role."""

from datetime import timedelta
from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands import opening
from storage import organizers


def add(
    role: Annotated[str, typer.Option(help="owner, organizer or moderator.")],
    valid_minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long the code works.")] = 15,
) -> None:
    """Print a one-time code; whoever sends /start CODE or /claim CODE to the bot takes the role."""
    if role not in organizers.ROLES:
        raise typer.BadParameter(f"there is no role {role!r}; choose one of {', '.join(organizers.ROLES)}")
    code = organizers.fresh_code()
    with opening.store() as store:
        store.write_now(organizers.add_code, role, code, Clock().now(), timedelta(minutes=valid_minutes))
    typer.echo(code)
    typer.echo(f"Send /claim {code} to the bot within {valid_minutes} minutes to become {role}.", err=True)
