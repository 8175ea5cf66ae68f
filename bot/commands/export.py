"""`kindling export`: a table as CSV or JSON Lines, streamed; a file appears whole or not at all."""

import contextlib
import csv
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import opening
from storage import exports

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export(
    table: Annotated[str, typer.Argument(help="subscribers, actions, deliveries or stories.")],
    style: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
    output: Annotated[Path | None, typer.Option(help="A file; standard output without it.")] = None,
) -> None:
    """Write a table as CSV or JSON Lines."""
    if table not in exports.TABLES:
        raise typer.BadParameter(f"there is no table {table!r}; choose one of {', '.join(exports.TABLES)}")
    if style not in ("csv", "jsonl"):
        raise typer.BadParameter(f"there is no format {style!r}; choose csv or jsonl")
    # A reader that goes away (`| head`) ends us as quietly as any other tool.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    with opening.store() as store, _target(output) as file:
        store.read_now(_write, table, style, file)


def _write(conn: Connection, table: str, style: str, file: TextIO) -> None:
    rows = exports.TABLES[table](conn, Clock().now())
    if style == "jsonl":
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    columns = exports.COLUMNS[table]
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row[column]) for column in columns])


def guarded(cell: str | int | None) -> str | int:
    """A cell that no spreadsheet takes for a formula; numbers of our own stay numbers."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if cell is None else cell


@contextlib.contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(output.parent))
    handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(handle)
        Path(temporary).replace(output)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
