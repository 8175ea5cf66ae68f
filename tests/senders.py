"""Outside systems that confirm actions, as strict as the real ones sign: Stripe, Standard Webhooks, Action Network."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from standardwebhooks import Webhook

STRIPE_SECRET = "whsec_of_a_stripe_account"
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Stripe:
    """An account at Stripe: makes events as its API does, and signs their bytes."""

    secret: str = STRIPE_SECRET
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def event(self, kind: str, at: datetime, **found: Any) -> bytes:
        """One event, as it is sent."""
        number = f"evt_{next(self.numbers)}"
        document = {
            "id": number, "object": "event", "api_version": "2026-01-28.clover", "type": kind,
            "created": int(at.timestamp()), "livemode": False, "data": {"object": found},
        }  # fmt: skip
        return json.dumps(document).encode()

    def paid(
        self, at: datetime, reference: str | None, payment: str = "pi_1", amount: int = 2500, **more: Any
    ) -> bytes:
        """A checkout that was paid."""
        about = {
            "id": f"cs_{payment}", "object": "checkout.session", "client_reference_id": reference, "mode": "payment",
            "payment_intent": payment, "payment_status": "paid", "amount_total": amount, "currency": "eur",
            "subscription": None, "invoice": None, **more,
        }  # fmt: skip
        return self.event("checkout.session.completed", at, **about)

    def refunded(self, at: datetime, payment: str = "pi_1", amount: int = 2500) -> bytes:
        """A charge of which so much went back in all."""
        return self.event(
            "charge.refunded", at, id=f"ch_{payment}", object="charge", payment_intent=payment, amount=2500,
            amount_refunded=amount, currency="eur",
        )  # fmt: skip

    def receipt(self, at: datetime, payment: str = "pi_1") -> bytes:
        """A charge that succeeded, with its receipt's address."""
        return self.event(
            "charge.succeeded", at, id=f"ch_{payment}", object="charge", payment_intent=payment, amount=2500,
            amount_refunded=0, currency="eur", paid=True, receipt_url="https://pay.stripe.com/receipts/1",
        )  # fmt: skip

    def disputed(self, at: datetime, payment: str = "pi_1", status: str = "needs_response") -> bytes:
        """A dispute that was opened, or came to an end."""
        kind = "charge.dispute.created" if status == "needs_response" else "charge.dispute.closed"
        about = {"id": f"dp_{payment}", "object": "dispute", "charge": f"ch_{payment}", "payment_intent": payment}
        return self.event(kind, at, status=status, amount=2500, currency="eur", **about)

    def invoice(self, at: datetime, series: str, number: int, begins: datetime, amount: int = 500) -> bytes:
        """An invoice of a subscription that was paid."""
        return self.event(
            "invoice.paid", at, id=f"in_{number}", object="invoice", amount_paid=amount, currency="eur",
            parent={"type": "subscription_details", "subscription_details": {"subscription": series}},
            lines={"data": [{"period": {"start": int(begins.timestamp())}}]},
            hosted_invoice_url="https://invoice.stripe.com/i/1",
        )  # fmt: skip

    def signed(self, body: bytes, at: datetime, secret: str = "") -> dict[str, str]:
        """The headers of a delivery."""
        time = str(int(at.timestamp()))
        sum_ = hmac.new((secret or self.secret).encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={time},v1={sum_},v0=6ffbb59b2300aae63f27240606"}


def standard(
    name: str, at: datetime, kind: str, secret: str = STANDARD_SECRET, **data: Any
) -> tuple[bytes, dict[str, str]]:
    """A message in the Standard Webhooks form, with its headers."""
    body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
    return body, {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode()),
    }


def action_network(at: datetime, reference: str, number: int = 1) -> bytes:
    """A signature on a petition, as Action Network's documentation shows it."""
    signature = {
        "identifiers": [f"action_network:{number}"], "created_date": at.isoformat(), "comments": "Stop it",
        "action_network:referrer_data": {"source": reference},
        "person": {"family_name": "Smith", "given_name": "John", "email_addresses": [{"address": "j@example.org"}]},
        "_links": {"self": {"href": f"https://actionnetwork.org/api/v2/petitions/9f/signatures/{number}"}},
    }  # fmt: skip
    return json.dumps([{"osdi:signature": signature, "idempotency_key": f"key-{number}"}]).encode()
