"""How the public pages are rendered: one set of templates, one way to name a static file."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from bot.wording import chrome
from bot.wording.tongue import base, is_rtl

HERE = Path(__file__).parent
STATIC = HERE / "static"


def render(name: str, language: str, **told: Any) -> str:
    """A template of this package in a language."""
    direction = "rtl" if is_rtl(language) else "ltr"
    return _templates().get_template(name).render(language=language, direction=direction, **told)


def language_of(request: Request) -> str:
    """The language a page is asked for in: by its address (`?lang=`), else by the browser's wishes."""
    asked = base(request.query_params.get("lang", ""))
    return asked if asked in chrome.NAMES else chrome.preferred(request.headers.get("accept-language", ""))


def fault(request: Request, status: int) -> tuple[str, str]:
    """The title and the page that say that something is not here, broken or not allowed."""
    language = language_of(request)
    words = chrome.faults(language)
    kind = {404: "missing", 500: "broken"}.get(status, "refused")
    page = render("fault.html", language, words=words, kind=kind, status=status)
    return words[kind], page


@lru_cache
def asset(name: str) -> str:
    """The address of a static file, with its content's hash, so that browsers may keep it for good."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@lru_cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    templates.globals["asset"] = asset
    return templates
