"""Opening the database for one command: the settings read, the log quiet, the schema current."""

import contextlib
from collections.abc import Iterator

from bot import log, settings
from storage import guard
from storage.store import Store


@contextlib.contextmanager
def store(*, upgrade: bool = True) -> Iterator[Store]:
    """The configured database, for the length of a command."""
    found = settings.read()
    log.configure(found.kindling_log_format, [found.telegram_bot_token.get_secret_value()], level=30)
    opened = Store(found.kindling_database_url.get_secret_value())
    try:
        if upgrade:
            guard.ensure_schema(opened)
        yield opened
    finally:
        opened.close_now()
