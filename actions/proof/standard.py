"""What other systems send in the Standard Webhooks form: the shape is ours, and `docs/` tells it.

{"type": "action.taken", "timestamp": "2026-06-01T12:00:00Z",
 "data": {"reference": "…", "id": "…", "amount": 500, "currency": "EUR"}}

`type` is `action.taken` or `action.undone`; with an `amount` (minor units) it speaks of money. `id` names the thing
at the sender; without one it is the reference itself.
"""

from collections.abc import Mapping
from typing import Any

from actions.proof.reports import Report, UnreadableError, What, amount, instant, text

TYPES = ("action.taken", "action.undone")


def read(event: str, document: Mapping[str, Any]) -> list[Report]:
    """What a message says; nothing for types that are not ours.

    Raises `UnreadableError` for one of ours that lacks what it must have.
    """
    kind = text(document, "type")
    if kind not in TYPES:
        return []
    data = document.get("data")
    if not isinstance(data, Mapping):
        raise UnreadableError("data is missing")
    reference = text(data, "reference")
    thing = text(data, "id") or reference
    if not thing:
        raise UnreadableError("data.reference is missing")
    return [report(event, instant(text(document, "timestamp")), kind == TYPES[0], thing, reference, data)]


def report(event: str, at: Any, taken: bool, thing: str, reference: str, data: Mapping[str, Any]) -> Report:
    """A report of something done or undone; with an amount, of something paid or returned."""
    if "amount" not in data:
        return Report(event, at, "done" if taken else "undone", thing, reference=reference)
    currency = text(data, "currency").upper()
    if len(currency) != 3 or not currency.isalpha():
        raise UnreadableError("data.currency is no currency, like EUR")
    what: What = "paid" if taken else "returned"
    return Report(
        event, at, what, thing, reference=reference, amount=amount(data, "amount"), currency=currency,
        period=text(data, "period")[:10], series=text(data, "series"),
    )  # fmt: skip
