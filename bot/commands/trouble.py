"""What an operator can mend, in one line; everything else is a fault of ours and keeps its traceback."""

import sqlite3

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.log import Redact
from bot.settings import Settings
from storage.backup import NotADatabaseOfOursError
from storage.guard import InUseError, NewerSchemaError, ReplacedError
from storage.packs import OlderVersionError
from storage.soundness import DamagedError

TOLD = (
    InUseError, NewerSchemaError, ReplacedError, OlderVersionError, NotADatabaseOfOursError, DamagedError,
    SettingsError,
)  # fmt: skip
MENDED = {
    "locked": "another process has been writing to it for too long; stop that one, or wait",
    "not a database": "KINDLING_DATABASE_URL names a file of another kind",
    "malformed": "it is damaged; restore a backup: kindling db restore FILE",
    "unable to open": "its folder is missing or not ours to write in; check KINDLING_DATABASE_URL",
    "readonly": "its file or folder is not ours to write in",
    "is full": "make room on the disk",
}


def explain(error: Exception) -> str | None:
    """A sentence for an error that has one; never the value of a setting."""
    if isinstance(error, ValidationError):
        return _setting(error) if error.title == Settings.__name__ else None
    # Only these very classes: a KeyError or a UnicodeError of our own making is no message to an operator.
    if isinstance(error, TOLD) or type(error) in (LookupError, ValueError) or _is_foreign(error):
        return Redact(()).clean(str(error))
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "KINDLING_DATABASE_URL is no database address; write sqlite:///file.db or postgresql://host/name"
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs the extra `postgres`: pip install 'kindling[postgres]'"
    if isinstance(error, DBAPIError | sqlite3.Error):
        return database(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    return None


def database(error: DBAPIError | sqlite3.Error) -> str:
    """What the database said, in one line without secrets, and what to do about it."""
    said = error.orig if isinstance(error, DBAPIError) else error
    lines = str(said).strip().splitlines()
    reason = Redact(()).clean(lines[0]) if lines else "no reason given"
    advice = next((words for mark, words in MENDED.items() if mark in reason), "check KINDLING_DATABASE_URL")
    return f"the database does not answer: {reason}; {advice}"


def _setting(error: ValidationError) -> str:
    names = ", ".join(str(detail["loc"][0]).upper() for detail in error.errors() if detail["loc"])
    reasons = "; ".join(detail["msg"] for detail in error.errors(include_input=False))
    return f"the setting {names} cannot be read: {reasons}"


def _is_foreign(error: Exception) -> bool:
    # Named, not imported: the module it comes from brings all of Alembic.
    return type(error).__name__ in ("ForeignTablesError", "BrokenReferencesError")
