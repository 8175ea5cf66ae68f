"""The command line: a table of commands, each imported only when it is called."""

import importlib
import importlib.metadata
import sys
from collections.abc import Sequence
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

HELP = "A chat bot that turns caring about a cause into doing something about it."

Table = dict[str, tuple[str, str]]

COMMANDS: Table = {
    "demo": ("bot.commands.demo:demo", "Try everything in the browser, on a throw-away database."),
    "run": ("bot.commands.run:run", "Serve every configured channel until stopped."),
    "worker": ("bot.commands.worker:worker", "Plan and send beside `kindling run`, on a PostgreSQL."),
    "tick": ("bot.commands.tick:tick", "Plan and deliver all that is due, then exit."),
    "pause-all": ("bot.commands.pause_all:pause_all", "Stop everything that is queued; answers still go."),
    "preview": ("bot.commands.preview:preview", "The same as `pack preview`: a day, or a year, of a subscriber."),
    "export": ("bot.commands.export:export", "Write a table as CSV or JSON Lines."),
    "stats": ("bot.commands.stats:stats", "How things stand."),
    "doctor": ("bot.commands.doctor:doctor", "Every setting and where it came from; what is ill."),
}
GROUPS: dict[str, tuple[str, Table]] = {
    "pack": (
        "Check, load and look at content packs.",
        {
            "check": ("bot.commands.pack:check", "Find every problem of a pack."),
            "load": ("bot.commands.pack:load", "Make packs live: all of them or none."),
            "list": ("bot.commands.pack:list_", "The live packs."),
            "show": ("bot.commands.pack:show", "What a live pack holds."),
            "preview": ("bot.commands.preview:preview", "What a subscriber would see, day by day."),
            "rollback": ("bot.commands.pack:rollback", "Go back to the version before."),
            "export": ("bot.commands.pack:export", "Write a live pack as YAML."),
            "new": ("bot.commands.pack_new:new", "Write a good first pack."),
            "schema": ("bot.commands.pack:schema", "JSON Schema, for editors."),
        },
    ),
    "organizer": (
        "Give people roles.",
        {"add": ("bot.commands.organizer:add", "Print a one-time code for a role.")},
    ),
    "alert": (
        "Speak to many at once, outside their rhythm.",
        {
            "new": ("bot.commands.alert:new", "Write one down; nothing is sent."),
            "list": ("bot.commands.alert:list_", "The newest ones."),
            "show": ("bot.commands.alert:show", "For whom, what it says, how far it is, who did what."),
            "send": ("bot.commands.alert:send", "Try it: how many, samples, how long; with --send, send it."),
            "pause": ("bot.commands.alert:pause", "Hold one that is going out."),
            "resume": ("bot.commands.alert:resume", "Let it go on."),
            "cancel": ("bot.commands.alert:cancel", "End it: what did not go out stays."),
            "retract": ("bot.commands.alert:retract", "Take back what went out."),
        },
    ),
    "hook": (
        "Which outside systems confirm actions.",
        {
            "add": ("bot.commands.hook:add", "Let one in; prints its address."),
            "list": ("bot.commands.hook:list_", "Those that are believed."),
            "log": ("bot.commands.hook:log", "What they delivered during the last week."),
            "replay": ("bot.commands.hook:replay", "Do anew what a delivery says."),
            "remove": ("bot.commands.hook:remove", "Believe one no longer."),
        },
    ),
    "code": (
        "Codes that confirm an action once each.",
        {
            "make": ("bot.commands.code:make", "Print fresh ones, for receipts and tickets."),
            "count": ("bot.commands.code:count", "How many there are, how many were used."),
        },
    ),
    "slack": (
        "Set up the app in Slack.",
        {"manifest": ("bot.commands.slack:manifest", "Print the app's manifest, ready to paste.")},
    ),
    "db": (
        "Look after the database.",
        {
            "upgrade": ("bot.commands.db:upgrade_", "Bring the database to this version's schema."),
            "backup": ("bot.commands.db:backup_", "Write a sound copy while everything runs."),
            "restore": ("bot.commands.db:restore_", "Put a copy back; it starts held."),
            "check": ("bot.commands.db:check", "Look for damage."),
            "erase-all": ("bot.commands.db:erase_all", "Erase everything."),
        },
    ),
}


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called; its own help needs none of them."""

    table: ClassVar[Table] = {}
    groups: ClassVar[dict[str, tuple[str, Table]]] = {}

    def list_commands(self, _ctx: Any) -> list[str]:
        """The names, as the help shows them."""
        return [*self.table, *self.groups]

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """What the help needs of a command: its name and its line."""
        if cmd_name in self.groups:
            return group(cmd_name, *self.groups[cmd_name], {})
        if cmd_name in self.table:
            return TyperCommand(cmd_name, help=self.table[cmd_name][1])
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported now; a misspelt one is answered with the nearest."""
        self.commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        name, command, rest = super().resolve_command(ctx, args)
        if name in self.table:
            command = _import(*self.table[name], name)
        return name, command, rest


def _import(place: str, help_: str, name: str) -> Any:
    module, _, function = place.partition(":")
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(name, help=help_)(getattr(importlib.import_module(module), function))
    return typer.main.get_command(app)


def group(name: str, help_: str, table: Table, groups: dict[str, tuple[str, Table]]) -> Any:
    """A lazy group over a table."""
    made = type("Commands", (LazyGroup,), {"table": table, "groups": groups})
    return made(name=name, help=help_, no_args_is_help=True, rich_markup_mode=None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:
        typer.echo(f"kindling {importlib.metadata.version('kindling')}")
        return
    try:
        group("kindling", HELP, COMMANDS, GROUPS).main(words, prog_name="kindling")
    except SystemExit as end:
        sys.exit(_status(end))
    except Exception as error:
        from bot.commands.trouble import explain

        told = explain(error)
        if told is None:
            raise
        typer.echo(f"kindling: {told}", err=True)
        sys.exit(1)


def _status(end: SystemExit) -> Any:
    """The status a shell expects: 141 when the reader went away, 130 after Ctrl-C, also at a question."""
    cause: BaseException | None = end
    while cause is not None:
        if isinstance(cause, BrokenPipeError):
            return 141
        if isinstance(cause, KeyboardInterrupt):
            return 130
        cause = cause.__context__
    return end.code
