"""`kindling pack …`: check, load, list, show, rollback, export, schema."""

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import track

from bot.clock import Clock
from bot.commands import opening
from content import load as loading
from content.model import Pack, Story
from content.problems import render
from content.schema import json_schema
from content.text import choose
from storage import packs

Paths = Annotated[list[Path], typer.Argument(help="A YAML file, a folder of one pack, or a folder of such folders.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def check(paths: Paths, as_json: AsJson = False) -> None:
    """Find every problem of the packs at the paths."""
    loaded = _read(paths)
    if as_json:
        typer.echo(json.dumps({
            "packs": [_summary(file.pack) for file in loaded.packs],
            "problems": [
                {"file": one.file, "line": one.line, "column": one.column, "message": one.message, "level": one.level}
                for one in loaded.problems
            ],
        }))  # fmt: skip
    elif not loaded.errors:
        for file in loaded.packs:
            typer.echo(_told(file.pack))
    if loaded.errors:
        raise typer.Exit(1)


def _read(paths: list[Path]) -> loading.Loaded:
    loaded = loading.load(paths)
    warnings = [problem for problem in loaded.problems if problem.level == "warning"]
    for problems in (loaded.errors, warnings):
        if problems:
            typer.echo(render(problems), err=True)
    return loaded


def load(paths: Paths, force: Annotated[bool, typer.Option(help="Also an equal or older version.")] = False) -> None:
    """Make packs live: all of them or none; people keep their place."""
    loaded = _read(paths)
    if loaded.errors:
        raise typer.Exit(1)
    console = Console(stderr=True)
    with opening.store() as store, store.engine.begin() as conn:
        steps = track(loaded.packs, "loading", console=console, transient=True, disable=not console.is_terminal)
        for file in steps:
            packs.publish_file(conn, file, Clock().now(), force=force)
    for file in loaded.packs:
        typer.echo(_told(file.pack))


def _summary(pack: Pack) -> dict[str, object]:
    return {
        "pack": pack.pack,
        "version": pack.version,
        "title": choose(pack.title, "en", pack.languages[0]),
        "publisher": pack.publisher.name,
        "languages": list(pack.languages),
        "causes": len(pack.causes),
        "stories": len(pack.stories),
        "actions": len(pack.actions),
    }


def _told(pack: Pack) -> str:
    parts = _summary(pack)
    return (
        f"{parts['pack']} {parts['version']}: {parts['title']} by {parts['publisher']} – {parts['causes']} causes, "
        f"{parts['stories']} stories, {parts['actions']} actions in {', '.join(pack.languages)}"
    )


def list_(as_json: AsJson = False) -> None:
    """List the live packs."""
    with opening.store() as store:
        live = [Pack.model_validate_json(row.document) for row in store.read_now(packs.loaded)]
    if as_json:
        typer.echo(json.dumps([_summary(pack) for pack in live]))
        return
    for pack in live:
        typer.echo(_told(pack))
    if not live:
        typer.echo("No packs are loaded. `kindling pack load PATH` loads one.")


def _live(name: str) -> Pack:
    with opening.store() as store:
        for row in store.read_now(packs.loaded):
            if row.slug == name:
                return Pack.model_validate_json(row.document)
    raise LookupError(f"No pack named {name} is loaded; `kindling pack list` shows those that are.")


def show(name: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Show what a live pack holds."""
    pack = _live(name)
    if as_json:
        typer.echo(pack.model_dump_json(by_alias=True, exclude_none=True))
        return
    typer.echo(_told(pack))
    first = pack.languages[0]
    for cause, about in pack.causes.items():
        typer.echo(f"\n{choose(about.title, first, first)} ({cause})")
        own = [(slug, one) for slug, one in pack.stories.items() if one.cause == cause]
        for slug, story in sorted(own, key=lambda pair: (pair[1].chapter or 10**6, pair[0])):
            typer.echo(f"  story   {slug} ({story.kind}, {_when(story)})")
        for slug, action in pack.actions.items():
            if action.cause == cause:
                typer.echo(f"  action  {slug} ({action.kind}, {action.rung}, {action.minutes} min)")


def _when(story: Story) -> str:
    if story.chapter:
        return f"chapter {story.chapter}"
    return f"from {story.from_}" if story.from_ else "any day"


def rollback(name: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Go back to the version before the live one."""
    with opening.store() as store:
        version = store.write_now(packs.rollback, name, Clock().now())
    typer.echo(f"{name} is live in version {version} again")


def export(name: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Write a live pack as YAML to standard output."""
    document = _live(name).model_dump(mode="json", by_alias=True, exclude_none=True)
    typer.echo(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110), nl=False)


def schema() -> None:
    """Print JSON Schema of a pack."""
    typer.echo(json.dumps(json_schema(), indent=2))
