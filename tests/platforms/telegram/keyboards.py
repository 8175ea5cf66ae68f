"""The keyboards under a message: what the platform accepts, and what a person can press."""

from typing import Any
from urllib.parse import urlsplit

from tests.platforms.telegram.errors import RefusedError, bad_request

Keyboard = dict[str, Any]

_BUTTONS_AT_MOST = 100
_OTHER_ACTIONS = {
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def check_keyboard(markup: Any, *, inline_only: bool = False) -> Keyboard | None:
    """Return the keyboard as the platform keeps it, or refuse it."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"])
        for button in (button for row in rows for button in row):
            _check_inline(button)
        return {"inline_keyboard": rows} if rows else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    return _check_other(markup)


def _check_other(markup: Keyboard) -> Keyboard:
    if "keyboard" in markup:
        for button in (button for row in _rows(markup["keyboard"]) for button in row):
            _check_reply(button)
        return markup
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def buttons(keyboard: Keyboard | None) -> list[list[tuple[str, str]]]:
    """Return the rows of inline buttons as pairs of label and callback data or link."""
    rows = (keyboard or {}).get("inline_keyboard", [])
    return [[(button["text"], _action(button)) for button in row] for row in rows]


def find_button(keyboard: Keyboard | None, wanted: str) -> dict[str, Any] | None:
    """Return the first button with this label or this callback data."""
    rows = (keyboard or {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if wanted in (button["text"], button.get("callback_data")):
            found: dict[str, Any] = button
            return found
    return None


def check_url(url: Any) -> None:
    """Refuse a link that the platform would not put on a button."""
    parts = _split(url)
    if parts is None or parts[0] not in {"http", "https", "tg"}:
        raise bad_request("BUTTON_URL_INVALID")
    scheme, host = parts
    if scheme != "tg" and "." not in host:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _split(url: Any) -> tuple[str, str] | None:
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return None


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse keyboard: expected an Array of Arrays of buttons")
    if sum(len(row) for row in rows) > _BUTTONS_AT_MOST:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in rows if row]


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    _check_label(button.get("text"), "inline keyboard button")
    actions = [name for name in ("callback_data", "url", *_OTHER_ACTIONS) if button.get(name) is not None]
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one optional field must be used")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        check_url(button["url"])


def _check_data(data: Any) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_reply(button: Any) -> None:
    _check_label(button.get("text") if isinstance(button, dict) else button, "keyboard button")


def _check_label(label: Any, what: str) -> None:
    if not isinstance(label, str) or not label.strip():
        raise _no_label(what)


def _no_label(what: str) -> RefusedError:
    return bad_request(f'can\'t parse {what}: Field "text" must be a non-empty String')


def _action(button: dict[str, Any]) -> str:
    return str(button.get("callback_data") or button.get("url") or "")
