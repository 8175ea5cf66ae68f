"""`kindling db …`: upgrade, backup, restore, check, erase-all."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection, delete

from bot.commands import opening
from storage import backup, guard, schema, upgrade


def upgrade_() -> None:
    """Bring the database to this version's schema."""
    with opening.store(upgrade=False) as store:
        guard.ensure_schema(store)
        with store.engine.connect() as conn:
            typer.echo(f"the schema is {upgrade.state_of(conn)}")


def backup_(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Write a sound copy to FILE while everything runs."""
    with opening.store() as store, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("copying")
        backup.backup(store, file, lambda done, all_: progress.update(task, completed=done, total=all_))
    typer.echo(f"written to {file}")


def restore_(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Put the copy FILE in the place of the database; it starts held."""
    with opening.store() as store, guard.hold(store):
        backup.restore(store, file)
    typer.echo("restored; nothing is sent until `kindling run --release`")


def check() -> None:
    """Look for damage, with SQLite's own integrity check."""
    with opening.store(upgrade=False) as store:
        if not store.sqlite:
            guard.ensure_schema(store)
            typer.echo("PostgreSQL answers, and the schema is current")
            return
        found = backup.problems(backup.path_of(store))
    for problem in found:
        typer.echo(problem, err=True)
    if found:
        typer.echo("The database is damaged. Restore a backup: kindling db restore FILE", err=True)
        raise typer.Exit(1)
    typer.echo("sound")


def erase_all(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase everything: people, packs, messages."""
    if not yes and typer.prompt("Type 'erase everything' to go on") != "erase everything":
        typer.echo("nothing was erased")
        raise typer.Exit(1)
    with opening.store() as store, guard.hold(store):
        store.write_now(_erase)
    typer.echo("everything is erased")


def _erase(conn: Connection) -> None:
    for table in reversed(schema.metadata.sorted_tables):
        conn.execute(delete(table))
