"""What a source reports of something outside, in our words; each source's reader makes these of its own shape."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

What = Literal["done", "undone", "paid", "returned", "disputed", "cleared", "noted"]
"""`done` and `undone`: an action without money. `paid`; `returned`: so much of it in all went back; `disputed`: it is
held back; `cleared`: no longer. `noted` changes nothing and brings another name, or a receipt."""


class UnreadableError(ValueError):
    """A signed delivery is not of the shape its source promises; says where."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing a source says.

    `event` is the source's own number of the saying (twice the same: said once), `thing` the source's name for what
    it speaks of (a payment, a signature), `also` other names of the same thing. `reference` is ours, handed to the
    source with the person; a report without one speaks of a thing, or a `series`, whose owner another report tells.
    `amount` is in minor units of `currency` (ISO 4217, capital letters). `period` is the first day of what a
    recurring gift is for. `receipt` is the address of the source's own receipt.
    """

    event: str
    at: datetime
    what: What
    thing: str
    also: tuple[str, ...] = ()
    reference: str = ""
    series: str = ""
    period: str = ""
    amount: int | None = None
    currency: str = ""
    receipt: str = ""


def text(data: Mapping[str, Any], *path: str) -> str:
    """The words at a path of a document; empty when there are none there."""
    found: Any = data
    for step in path:
        if isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, Mapping):
            found = found.get(step)
        else:
            return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found)[:500]


def name(data: Mapping[str, Any], *path: str) -> str:
    """The name of an object at a path: its id, also where the object itself stands there (Stripe's "expanded")."""
    return text(data, *path) or text(data, *path, "id")


def amount(data: Mapping[str, Any], *path: str) -> int:
    """A whole number of minor units.

    Raises `UnreadableError` for anything else, also for less than nothing.
    """
    words = text(data, *path)
    if not (words.isascii() and words.isdigit() and len(words) <= 15):
        raise UnreadableError(f"{'.'.join(path)} is no amount in minor units")
    return int(words)


def second(data: Mapping[str, Any], *path: str) -> datetime:
    """An instant given in seconds since 1970.

    Raises `UnreadableError` for anything else.
    """
    words = text(data, *path)
    if not (words.isascii() and words.isdigit() and len(words) <= 10):
        raise UnreadableError(f"{'.'.join(path)} is no time in seconds")
    return datetime.fromtimestamp(int(words), UTC)


def instant(words: str) -> datetime:
    """An instant written as ISO 8601 tells it; without an offset it is UTC.

    Raises `UnreadableError` for anything else.
    """
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise UnreadableError(f"{words[:40]!r} is no time") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def names(found: Iterable[str]) -> tuple[str, ...]:
    """The names that are told, each once."""
    return tuple(dict.fromkeys(one for one in found if one))
