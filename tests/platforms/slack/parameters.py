"""Reading a call: form or JSON, from body, query and header, with the token wherever it was put."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms.slack.errors import RefusedError, invalid

Json = dict[str, Any]

_JSON_FIELDS = ("blocks", "attachments", "metadata", "view", "files", "user_auth_blocks")
_TRUE = (True, "true", "1", 1, "True")


@dataclass
class Asked:
    """The arguments of a call."""

    values: Json
    token: str = ""
    basic: tuple[str, str] = ("", "")

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument that has to be there."""
        if not (value := self.text(name)):
            raise invalid("invalid_arguments", f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return an argument as yes or no."""
        return self.values[name] in _TRUE if name in self.values else default

    def number(self, name: str, default: int, most: int) -> int:
        """Return an argument as a number."""
        text = self.text(name, str(default))
        if not text.isdigit():
            raise invalid("invalid_arguments", f"must be a number: {name}")
        return max(1, min(int(text), most))

    def tree(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return an argument that is JSON, None if it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise invalid(error, f"must be valid JSON: {name}") from problem

    def judged(self) -> Json:
        """Return the arguments with their JSON read, for a judge of their structure."""
        judged = {}
        for name, value in self.values.items():
            try:
                judged[name] = json.loads(value) if name in _JSON_FIELDS and isinstance(value, str) else value
            except ValueError:
                judged[name] = value
        return judged


async def read(request: web.Request) -> Asked:
    """Return what a request asks."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            tree = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise RefusedError("invalid_json") from error
        if not isinstance(tree, dict):
            raise RefusedError("json_not_object")
        values |= tree
    elif request.method == "POST":
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = str(values.pop("token", "") or "")
    basic = _basic(secret) if kind.lower() == "basic" else ("", "")
    return Asked(values, secret.strip() if kind.lower() == "bearer" else token, basic)


def _basic(secret: str) -> tuple[str, str]:
    try:
        name, _, word = base64.b64decode(secret).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, word
