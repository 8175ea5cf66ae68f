"""`kindling db …`: upgrade, backup, restore, check, erase-all."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection, delete

from bot import settings as settings_module
from bot.clock import Clock
from bot.commands import opening
from storage import backup, guard, schema, soundness
from storage.store import Store

WORDS = "erase everything"


def upgrade_() -> None:
    """Bring the database to this version's schema."""
    with opening.store(upgrade=False) as store:
        before = store.read_now(guard.revision)
        guard.ensure_schema(store)
        after = store.read_now(guard.revision)
    if before == after:
        typer.echo(f"the schema is current ({after})")
    else:
        typer.echo(f"the schema is now {after} (it was {before})" if before else f"a new database, schema {after}")


def backup_(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Write a sound copy to FILE while everything runs."""
    console = Console(stderr=True)
    with (
        opening.store(upgrade=False, create=False) as store,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("copying")
        backup.backup(store, file, lambda done, all_: progress.update(task, completed=done, total=all_))
    typer.echo(f"written to {file}")


def restore_(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Put the copy FILE in the place of the database; it starts held."""
    key = settings_module.secret(settings_module.read())
    with opening.store(upgrade=False) as store, guard.alone(store):
        kept = backup.restore(store, file, key=key, now=Clock().now())
    typer.echo("restored; nothing is sent until `kindling run --release`")
    if kept:
        typer.echo(f"what was there before is kept as {kept}")


def check() -> None:
    """Look for damage, and for what no sound database has."""
    with opening.store(upgrade=False, create=False) as store:
        path = guard.file_of(store)
        found = soundness.problems(path) if path else []
        if not found:
            guard.ensure_schema(store)
            found = store.read_now(soundness.strays)
    for problem in found:
        typer.echo(problem, err=True)
    if found:
        typer.echo("The database is damaged. To restore a backup: kindling db restore FILE", err=True)
        raise typer.Exit(1)
    typer.echo(
        "sound" if path else "sound, as far as we can look; for the pages themselves use PostgreSQL's pg_amcheck"
    )


def erase_all(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase everything: people, packs, messages."""
    if not yes and typer.prompt(f"Type '{WORDS}' to go on") != WORDS:
        typer.echo("nothing was erased")
        raise typer.Exit(1)
    with opening.store(create=False) as store, guard.alone(store):
        store.write_now(_erase)
        _squeeze(store)
        path = guard.file_of(store)
    typer.echo("everything is erased")
    copies = sorted(path.parent.glob(f"{path.name}.before-*")) if path else []
    for copy in copies:
        typer.echo(f"an older copy is still there: {copy}")


def _erase(conn: Connection) -> None:
    for table in reversed(schema.metadata.sorted_tables):
        conn.execute(delete(table))


def _squeeze(store: Store) -> None:
    """Let go of the pages and the log in which the erased rows were."""
    raw = store.engine.raw_connection()
    try:
        if store.sqlite:
            raw.cursor().execute("VACUUM")
    finally:
        raw.close()
    store.settle_now()
