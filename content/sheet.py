"""A pack's plain tree as the rules walk it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from content.problems import Problem
from content.reader import Path, Tree


@dataclass(frozen=True)
class Sheet:
    """A tree under check, with easy ways to its parts; whatever has the wrong shape is passed over."""

    tree: Tree
    file: str

    def entries(self, key: str) -> dict[str, dict[str, Any]]:
        """The items of a top-level map."""
        data = self.tree.data
        found = data.get(key) if isinstance(data, dict) else None
        return {name: item for name, item in found.items() if isinstance(item, dict)} if isinstance(found, dict) else {}

    def names(self, key: str) -> set[str]:
        """The names in a top-level map."""
        found = self.tree.data.get(key) if isinstance(self.tree.data, dict) else None
        return set(found) if isinstance(found, dict) else set()

    def problem(self, path: Path, message: str, *, of_key: bool = False, warning: bool = False) -> Problem:
        """A problem at a path."""
        line, column = self.tree.place(path, of_key=of_key)
        return Problem(self.file, line, column, message, "warning" if warning else "error")


def day_of(value: Any) -> date | None:
    """The day that a value of the tree says; nothing when it says none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
