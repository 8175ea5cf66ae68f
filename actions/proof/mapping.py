"""Any other JSON sender, by a mapping in the pack: which header is signed how, and where in the document things stand.

Paths are words joined by dots; a number is a place in a list (`items.0.id`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.proof import standard
from actions.proof.reports import Report, UnreadableError, instant, second, text
from content.model import Hook


def event_of(hook: Hook, document: Mapping[str, Any]) -> str:
    """The sender's own number of a delivery.

    Raises `UnreadableError` when it is not where the mapping says.
    """
    found = text(document, *hook.id.split("."))
    if not found:
        raise UnreadableError(f"{hook.id} is missing")
    return found


def read(hook: Hook, document: Mapping[str, Any]) -> list[Report]:
    """What a delivery says; nothing for events that the mapping does not name.

    Raises `UnreadableError` when something is not where the mapping says.
    """
    taken = True
    if hook.event is not None:
        word = text(document, *hook.event.field.split("."))
        if word not in (*hook.event.taken, *hook.event.undone):
            return []
        taken = word in hook.event.taken
    reference = text(document, *hook.reference.split("."))
    thing = text(document, *hook.thing.split(".")) if hook.thing else reference
    if not thing:
        raise UnreadableError(f"{hook.thing or hook.reference} is missing")
    money = {}
    if hook.amount is not None and (amount := text(document, *hook.amount.split("."))):
        where = hook.currency or ""
        money = {"amount": amount, "currency": text(document, *where.split(".")) if "." in where else where}
    return [standard.report(event_of(hook, document), _at(hook, document), taken, thing, reference, money)]


def _at(hook: Hook, document: Mapping[str, Any]) -> datetime:
    path = hook.at.split(".")
    words = text(document, *path)
    if not words:
        raise UnreadableError(f"{hook.at} is missing")
    return second(document, *path) if words.isdigit() else instant(words)
