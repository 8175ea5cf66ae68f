"""Stripe's events, read into reports (docs.stripe.com/api/events, versions 2019 to 2026).

A payment goes by the name of its payment intent. A subscription's payments go by their invoices'; which payment intent
paid an invoice stands in the invoice (before 2025-03-31) or in its `payments` (since), so both names are one thing.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from actions.proof.reports import Report, UnreadableError, amount, name, names, second, text

Document = Mapping[str, Any]


def read(event: Document) -> list[Report]:
    """What an event says; nothing for the many kinds that do not concern us.

    Raises `UnreadableError` for one of ours that lacks what it must have.
    """
    kind = text(event, "type")
    reader = READERS.get(kind)
    if reader is None:
        return []
    data = event.get("data")
    found = data.get("object") if isinstance(data, Mapping) else None
    number = text(event, "id")
    if not isinstance(found, Mapping) or not number:
        raise UnreadableError("an event of Stripe has an id and data.object")
    report = reader(number, second(event, "created"), found)
    return [report] if report else []


def _session(event: str, at: datetime, session: Document) -> Report | None:
    """A checkout came to its end; with delayed ways to pay the money comes later, with an event of its own."""
    if text(session, "payment_status") != "paid":
        return None
    return Report(
        event, at, "paid",
        thing=name(session, "invoice") or name(session, "payment_intent") or text(session, "id"),
        also=names([name(session, "payment_intent"), text(session, "id")]),
        reference=text(session, "client_reference_id"),
        series=name(session, "subscription"),
        period=at.date().isoformat() if name(session, "subscription") else "",
        amount=amount(session, "amount_total"),
        currency=text(session, "currency").upper(),
    )  # fmt: skip


def _invoice(event: str, at: datetime, invoice: Document) -> Report | None:
    """An invoice of a subscription was paid: the first one, or one of the next periods."""
    series = name(invoice, "subscription") or name(invoice, "parent", "subscription_details", "subscription")
    paid = amount(invoice, "amount_paid")
    if not series or not paid:
        return None
    begins = text(invoice, "lines", "data", "0", "period", "start") or text(invoice, "created")
    period = datetime.fromtimestamp(int(begins), UTC).date().isoformat() if begins.isdigit() else ""
    return Report(
        event, at, "paid",
        thing=text(invoice, "id"),
        also=names([
            name(invoice, "payment_intent"), name(invoice, "charge"),
            name(invoice, "payments", "data", "0", "payment", "payment_intent"),
        ]),
        series=series,
        period=period or at.date().isoformat(),
        amount=paid,
        currency=text(invoice, "currency").upper(),
        receipt=text(invoice, "hosted_invoice_url"),
    )  # fmt: skip


def _refund(event: str, at: datetime, charge: Document) -> Report | None:
    """Some or all of a charge went back; `amount_refunded` is all that ever did."""
    return Report(
        event, at, "returned",
        thing=name(charge, "payment_intent") or text(charge, "id"),
        also=names([text(charge, "id"), name(charge, "invoice")]),
        amount=amount(charge, "amount_refunded"),
        currency=text(charge, "currency").upper(),
    )  # fmt: skip


def _receipt(event: str, at: datetime, charge: Document) -> Report | None:
    """A charge succeeded: it brings the receipt's address to a payment that a checkout tells of."""
    address = text(charge, "receipt_url")
    if not address.startswith("https://") or not charge.get("paid"):
        return None
    return Report(
        event, at, "noted",
        thing=name(charge, "payment_intent") or text(charge, "id"),
        also=names([text(charge, "id"), name(charge, "invoice")]),
        receipt=address,
    )  # fmt: skip


def _disputed(event: str, at: datetime, dispute: Document) -> Report | None:
    """Somebody asked their bank for the money back, or that came to its end."""
    if text(dispute, "status").startswith("warning"):
        return None  # an inquiry: no money moved
    return Report(
        event, at, "cleared" if text(dispute, "status") == "won" else "disputed",
        thing=name(dispute, "payment_intent") or name(dispute, "charge"),
        also=names([name(dispute, "charge")]),
    )  # fmt: skip


READERS: Mapping[str, Callable[[str, datetime, Document], Report | None]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "invoice.paid": _invoice,
    "charge.succeeded": _receipt,
    "charge.refunded": _refund,
    "charge.dispute.created": _disputed,
    "charge.dispute.funds_withdrawn": _disputed,
    "charge.dispute.closed": _disputed,
}
"""The events to tick when a webhook is set up at Stripe; `docs/` names the same."""
