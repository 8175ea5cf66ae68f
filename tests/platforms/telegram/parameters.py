"""The parameters of a call: read from query, form, JSON or upload, and turned into what the method expects."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from multidict import MultiMapping

from tests.platforms.telegram.errors import bad_request

_TREES = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "link_preview_options": "can't parse link preview options JSON object",
    "allowed_updates": "can't parse allowed_updates: expected an Array of strings",
    "commands": "can't parse commands JSON object",
    "scope": "can't parse BotCommandScope JSON object",
    "menu_button": "can't parse menu button JSON object",
}
_NUMBERS = {"message_id", "offset", "limit", "timeout", "max_connections", "user_id", "message_thread_id", "cache_time"}
_FLAGS = {
    "disable_notification",
    "protect_content",
    "show_alert",
    "drop_pending_updates",
    "has_spoiler",
    "show_caption_above_media",
    "disable_content_type_detection",
    "allow_paid_broadcast",
}


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes
    content_type: str


@dataclass
class Parameters:
    """The parameters of one call, as sent (`raw`) and as meant (`values`)."""

    raw: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {name: _readable(name, value) for name, value in self.raw.items()}

    def check(self) -> None:
        """Refuse parameters that are not of their type."""
        for name, value in self.values.items():
            if name in _TREES and isinstance(value, str) and value:
                raise bad_request(_TREES[name])
            if name in _NUMBERS and not isinstance(value, int):
                raise bad_request(f"invalid {name} specified")

    def text(self, name: str) -> str:
        """Return a text, empty when it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        """Return whether something is asked for."""
        return self.values.get(name) is True

    def tree(self, name: str) -> Any:
        """Return a nested object, or nothing."""
        return self.values.get(name) or None

    @property
    def chat(self) -> int | None:
        """Return the number of the chat that the call is about."""
        value = self.values.get("chat_id")
        return value if isinstance(value, int) else None


async def read_parameters(request: web.Request) -> Parameters:
    """Return what a request says, wherever it says it."""
    raw: dict[str, Any] = _first_of_each(request.query)
    if request.content_type == "application/json":
        raw |= await _read_json(request)
    elif request.content_type == "multipart/form-data":
        raw |= await _read_parts(request)
    elif request.method == "POST":
        raw |= _first_of_each(await request.post())
    return Parameters(_with_attachments(raw))


def _first_of_each(pairs: MultiMapping[Any]) -> dict[str, Any]:
    return {name: pairs.getone(name) for name in pairs}


async def _read_json(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if not body:
        return {}
    try:
        tree = json.loads(body)
    except ValueError:
        tree = None
    if not isinstance(tree, dict):
        raise bad_request("can't parse JSON object")
    return tree


async def _read_parts(request: web.Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read())
        if part.filename is None:
            values[part.name] = data.decode()
        else:
            values[part.name] = Upload(part.filename, data, part.headers.get("Content-Type", ""))
    return values


def _with_attachments(raw: dict[str, Any]) -> dict[str, Any]:
    attached = {value: value[9:] for value in raw.values() if isinstance(value, str) and value.startswith("attach://")}
    used = {name for name in attached.values() if isinstance(raw.get(name), Upload)}
    return {
        name: raw[attached[value]] if isinstance(value, str) and attached.get(value) in used else value
        for name, value in raw.items()
        if name not in used
    }


def _readable(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _TREES:
        return _decoded(value)
    if name in _NUMBERS or name == "chat_id":
        return _number(value)
    if name in _FLAGS:
        return value.lower() in {"true", "yes", "1"}
    return value


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text
