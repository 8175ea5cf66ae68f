"""The chat page: what its template is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from bot.channels.web import outbound
from bot.channels.web.demo import Demo
from bot.wording import chrome
from bot.wording.tongue import base, is_rtl
from storage.webchat import Line

HERE = Path(__file__).parent
STATIC = HERE / "static"

Commands = Mapping[str, Sequence[tuple[str, str]]]
"""For each language the commands with their descriptions, in the order of the menu."""


@dataclass
class Page:
    """Renders the chat page."""

    commands: Commands
    demo: Demo | None = None
    _templates: Environment = field(init=False)

    def __post_init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.globals["asset"] = asset

    def html(self, request: Request, lines: Sequence[Line], token: str) -> str:
        """The page for one chat; `lines` is its transcript so far, `token` what it must send with every post."""
        language = _language(request, lines)
        return self._templates.get_template("chat.html").render(
            **self.words(language),
            token=token,
            today=self.demo.today(language) if self.demo else "",
            languages=self._languages(),
            organize=any(getattr(route, "path", "").startswith("/organize") for route in request.app.routes),
        )

    def words(self, language: str) -> dict[str, Any]:
        """Everything on the page that depends on its language."""
        commands = self.commands.get(language) or self.commands.get("en", ())
        return {
            "language": language,
            "direction": "rtl" if is_rtl(language) else "ltr",
            "words": chrome.words(language),
            "commands": [{"command": f"/{name}", "description": description} for name, description in commands],
        }

    def _languages(self) -> list[tuple[str, str]]:
        offered = self.demo.languages if self.demo else ()
        return [(code, chrome.NAMES[code]) for code in offered if code in chrome.NAMES]


def wished(request: Request) -> str:
    """The page language that the address asks for; empty when it asks for none we have."""
    asked = base(request.query_params.get("lang", ""))
    return asked if asked in chrome.NAMES else ""


def line(row: Line) -> dict[str, Any]:
    """A line of the transcript as the page's script reads it."""
    shown = json.loads(row.body)
    if document := shown.pop("document", None):
        way = {"label": f"⬇ {document['name']}", "url": f"/chat/file/{row.id}", "primary": False}
        shown["buttons"] = [*shown["buttons"], [way]]
    return {
        **shown, "id": row.id, "at": row.at.isoformat(), "mine": row.mine, "revision": row.revision
    }  # fmt: skip


@lru_cache
def asset(name: str) -> str:
    """The address of a static file, with its content's hash, so that browsers may keep it for good."""
    return f"/chat/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def _language(request: Request, lines: Sequence[Line]) -> str:
    spoken = (outbound.language_of(row.body) for row in reversed(lines) if not row.mine)
    latest = base(next((language for language in spoken if language), ""))
    if wished(request):
        return wished(request)
    return latest if latest in chrome.NAMES else chrome.preferred(request.headers.get("accept-language", ""))
