"""What an operator can mend, in one line; everything else keeps its traceback."""

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.log import Redact
from storage.guard import InUseError, NewerSchemaError
from storage.packs import OlderVersionError


def explain(error: Exception) -> str | None:
    """A sentence for an error that has one; never the value of a setting."""
    if isinstance(error, ValidationError):
        names = ", ".join(str(detail["loc"][0]).upper() for detail in error.errors() if detail["loc"])
        reasons = "; ".join(detail["msg"] for detail in error.errors(include_input=False))
        return f"the setting {names} cannot be read: {reasons}"
    if isinstance(error, InUseError | NewerSchemaError | OlderVersionError | LookupError | ValueError):
        return Redact(()).clean(str(error).strip("'"))
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "KINDLING_DATABASE_URL is no database address; write sqlite:///file.db or postgresql://host/name"
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs the extra `postgres`: pip install 'kindling[postgres]'"
    if isinstance(error, DBAPIError):
        return f"the database does not answer: {_first_line(error)}; check KINDLING_DATABASE_URL"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    return None


def _first_line(error: DBAPIError) -> str:
    return Redact(()).clean(str(error.orig).strip().splitlines()[0]) if error.orig else "no reason given"
