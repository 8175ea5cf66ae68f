"""Six people, each with a year of the sample packs: the diaries are beside this file, to be read."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from bot.commands import diary
from bot.commands.personas import PERSONAS
from bot.commands.preview import in_memory
from content import load
from storage.catalog import Stock

HERE = Path(__file__).parent
PACKS = HERE.parents[1] / "content" / "packs"
START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 365


@lru_cache
def sample() -> Stock:
    """The three sample packs together."""
    paths = [PACKS / name for name in ("energy-access", "buying-well", "giving-day")]
    return in_memory([file.pack for file in load.load(paths).packs])


def written(name: str) -> str:
    """A persona's diary as it is now."""
    return "\n".join(diary.written(sample(), PERSONAS[name], "en", START, DAYS)) + "\n"


def golden(name: str) -> Path:
    """The file that keeps a persona's diary."""
    return HERE / f"{name}.txt"
