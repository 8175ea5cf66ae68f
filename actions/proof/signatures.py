"""Whether a delivery comes from whom it says: signatures over the raw bytes, compared in constant time.

Each check returns why it is refused, or an empty text. Several secrets hold at once, so that one can be replaced
without a gap; a signed time older or newer than `TOLERANCE` is refused, so that what was overheard cannot be replayed.
"""

import hashlib
import hmac
from base64 import b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

TOLERANCE = timedelta(minutes=5)
"""Stripe's and Standard Webhooks' own (docs.stripe.com/webhooks/signatures, standardwebhooks.com)."""

Refusal = Literal["", "not signed", "too old", "wrong signature"]


def stripe(body: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: datetime) -> Refusal:
    """`Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX…]` over `SECONDS.BODY`."""
    parts = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
    time = next((value for key, _, value in parts if key == "t"), "")
    given = [value for key, _, value in parts if key == "v1"]
    if not time or not given:
        return "not signed"
    if not _is_fresh(time, now):
        return "too old"
    wanted = [_hmac(secret.encode(), f"{time}.".encode() + body).hex() for secret in secrets]
    return _compare(wanted, given)


def standard(body: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: datetime) -> Refusal:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature: v1,BASE64[ v1,BASE64…]`; secrets are `whsec_…`."""
    name, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [one for one in headers.get("webhook-signature", "").split(" ") if one.startswith("v1,")]
    if not name or not time or not given:
        return "not signed"
    if not _is_fresh(time, now):
        return "too old"
    at = datetime.fromtimestamp(int(time), UTC)
    wanted = []
    for secret in secrets:
        try:
            wanted.append(Webhook(secret).sign(name, at, body.decode()))
        except (Base64Error, EmptyWebhookSecretError, UnicodeDecodeError, ValueError):
            continue
    return _compare(wanted, given)


def plain(  # noqa: PLR0913 - as many as the shapes differ in
    body: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: datetime,
    *, header: str, time_header: str = "", prefix: str = "", encoding: Literal["hex", "base64"] = "hex",
) -> Refusal:  # fmt: skip
    """HMAC-SHA256 in a header, as most senders have it; with `time_header` over `TIME.BODY`, else over the body."""
    given = headers.get(header.lower(), "")
    if not given.startswith(prefix) or given == prefix:
        return "not signed"
    signed = body
    if time_header:
        time = headers.get(time_header.lower(), "")
        if not _is_fresh(time, now):
            return "too old"
        signed = f"{time}.".encode() + body
    sums = [_hmac(secret.encode(), signed) for secret in secrets]
    wanted = [one.hex() if encoding == "hex" else b64encode(one).decode() for one in sums]
    given = given.removeprefix(prefix)
    return _compare(wanted, [given.lower() if encoding == "hex" else given])


def _is_fresh(seconds: str, now: datetime) -> bool:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        return False
    return abs(now - datetime.fromtimestamp(int(seconds), UTC)) <= TOLERANCE


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _compare(wanted: Sequence[str], given: Sequence[str]) -> Refusal:
    # All pairs, without stopping at the first: the time it takes tells nothing.
    matches = [hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given]
    return "" if any(matches) else "wrong signature"
