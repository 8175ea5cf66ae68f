"""Opening the database for one command: the settings read, the log quiet, the schema current."""

import contextlib
from collections.abc import Iterator

from bot import log, settings
from bot.settings import Settings
from storage import guard
from storage.store import Store


@contextlib.contextmanager
def store(*, upgrade: bool = True, create: bool = True) -> Iterator[Store]:
    """The configured database, for the length of a command.

    Raises `FileNotFoundError` when there is none and the command should not make one.
    """
    opened = opened_by(settings.read())
    try:
        if not create:
            _require_file(opened)
        if upgrade:
            guard.ensure_schema(opened)
        yield opened
    finally:
        opened.close_now()


def opened_by(found: Settings) -> Store:
    """The database that the settings name, the log set up so that no secret reaches it."""
    log.configure(found.kindling_log_format, settings.secrets_of(found), level=30)
    return Store(found.kindling_database_url.get_secret_value())


def _require_file(opened: Store) -> None:
    path = guard.file_of(opened)
    if path is not None and not path.exists():
        raise FileNotFoundError(2, "there is no database yet (KINDLING_DATABASE_URL)", str(path))
