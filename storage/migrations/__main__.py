"""Write the next migration: the difference between the newest one and `storage.schema`, to be read and mended."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from storage import guard, upgrade
from storage.migrations import HEAD
from storage.store import Store


def write(words: str) -> None:
    """Compare a database at the newest revision with the schema in code, and write the script between them."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'now.db'}"
        store = Store(url)
        guard.ensure_schema(store)
        store.close_now()
        engine = create_engine(url)
        with engine.begin() as conn:
            config = upgrade.config()
            config.attributes["connection"] = conn
            command.revision(config, words, autogenerate=True, rev_id=f"{int(HEAD) + 1:04}")
        engine.dispose()


if __name__ == "__main__":
    write(" ".join(sys.argv[1:]))
