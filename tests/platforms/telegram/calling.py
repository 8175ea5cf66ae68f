"""A bare caller of the Bot API on urllib, for tests of the stand-in itself and for probes by hand."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any, Literal

from tests.platforms.telegram.standin import TelegramStandIn

Form = Literal["json", "form", "query", "multipart"]

_BOUNDARY = "kindling-boundary"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any


def call(
    telegram: TelegramStandIn, method: str, *, token: str | None = None, how: Form = "json", **params: Any
) -> Reply:
    """Call a method and return status and parsed body, whatever the status."""
    request = _request(f"{telegram.url}/bot{token or telegram.token}/{method}", how, params)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Reply(answer.status, json.loads(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
        return Reply(error.code, json.loads(body) if body.startswith(b"{") else body)


def _request(url: str, how: Form, params: dict[str, Any]) -> urllib.request.Request:
    if how == "json":
        return urllib.request.Request(url, json.dumps(params).encode(), {"Content-Type": "application/json"})
    if how == "multipart":
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in params.items()
        ]
        body = "".join([*parts, f"--{_BOUNDARY}--\r\n"]).encode()
        return urllib.request.Request(url, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})
    encoded = urllib.parse.urlencode(params)
    if how == "query":
        return urllib.request.Request(f"{url}?{encoded}")
    return urllib.request.Request(url, encoded.encode())
