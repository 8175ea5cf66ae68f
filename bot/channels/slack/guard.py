"""Before anything is parsed: is this request from Slack? Its size, its age, and its signature over the raw bytes.

Slack's way of signing: docs, "Verifying requests from Slack" (version v0, HMAC-SHA256, five minutes).
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

BODY_AT_MOST = 1_000_000
WINDOW = 300
SIGNATURE = "x-slack-signature"
TIMESTAMP = "x-slack-request-timestamp"
OUT_OF_TIME = "old"
"""Truly signed, and not now: a repeated request, or one of the two clocks is wrong."""
_SECONDS = re.compile("[0-9]{1,12}", re.ASCII)


def refusal(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Why a request is not to be believed, in one word; empty when it is Slack's. `now` is in seconds since 1970."""
    stamp = headers.get(TIMESTAMP, "")
    if not _SECONDS.fullmatch(stamp):
        return "unsigned"
    expected = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode("utf-8", "replace")):
        return "forged"
    return OUT_OF_TIME if abs(now - int(stamp)) > WINDOW else ""
