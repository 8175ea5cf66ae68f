"""Forms as modals, and what was handed in read back. Limits: the reference of views and of input elements."""

import json
from collections.abc import Mapping
from typing import Any

from bot.message import Field, Form
from content.text import shorten

TITLE_AT_MOST = 24
LABEL_AT_MOST = 2000
OPTION_AT_MOST = 75
OPTIONS_AT_MOST = 100
CHECKBOXES_AT_MOST = 10
HINT_AT_MOST = 2000
TEXT_AT_MOST = 3000
METADATA_AT_MOST = 3000
CHOOSING = ("choice", "choices")
VALUE = "value"
"""What the action id of every field's element begins with; the field's name is its block's id."""


def view(form: Form, place: str, close: str) -> dict[str, Any]:
    """The modal of a form; `place` is remembered in it: where the answers shall be seen."""
    return {
        "type": "modal",
        "callback_id": form.name,
        "title": _words(form.title, TITLE_AT_MOST),
        "submit": _words(form.submit, TITLE_AT_MOST),
        "close": _words(close, TITLE_AT_MOST),
        "private_metadata": json.dumps([form.argument, place], separators=(",", ":"))[:METADATA_AT_MOST],
        # A choice of nothing is refused, and the whole form with it.
        "blocks": [_block(field) for field in form.fields if field.options or field.kind not in CHOOSING],
    }


def handed_in(view: Mapping[str, Any]) -> tuple[dict[str, str], str, str]:
    """The fields of a modal that was handed in, what it was opened with, and where the answers go."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    found = {
        str(name): _value(element)
        for name, elements in (values if isinstance(values, dict) else {}).items()
        if isinstance(elements, dict)
        for element in elements.values()
        if isinstance(element, dict)
    }
    try:
        argument, place = json.loads(view.get("private_metadata") or '["",""]')
    except (ValueError, TypeError):
        argument, place = "", ""
    return found, str(argument), str(place)


def _value(element: dict[str, Any]) -> str:
    kind = element.get("type")
    if kind in ("checkboxes", "multi_static_select"):
        chosen = element.get("selected_options") or ()
        return ",".join(str(option.get("value", "")) for option in chosen if isinstance(option, dict))
    if kind in ("static_select", "radio_buttons"):
        option = element.get("selected_option")
        return str(option.get("value", "")) if isinstance(option, dict) else ""
    found = element.get("selected_time") if kind == "timepicker" else element.get("value")
    return "" if found is None else str(found)


def _words(words: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": shorten(words, limit) or "…", "emoji": True}


def _block(field: Field) -> dict[str, Any]:
    made = {
        "type": "input",
        "block_id": field.name,
        "label": _words(field.label, LABEL_AT_MOST),
        "optional": field.optional,
        "element": {"action_id": f"{VALUE}.{field.name}", **_ELEMENTS[field.kind](field)},
    }
    return made | ({"hint": _words(field.hint, HINT_AT_MOST)} if field.hint else {})


def _typed(field: Field) -> dict[str, Any]:
    most = min(field.most or TEXT_AT_MOST, TEXT_AT_MOST)
    made: dict[str, Any] = {"type": "plain_text_input", "multiline": field.kind == "long", "max_length": most}
    return made | ({"initial_value": field.value[:most]} if field.value else {})


def _number(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
    made |= {"max_value": str(field.most)} if field.most else {}
    return made | ({"initial_value": field.value} if field.value else {})


def _time(field: Field) -> dict[str, Any]:
    return {"type": "timepicker"} | ({"initial_time": field.value} if field.value else {})


def _options(field: Field) -> list[dict[str, Any]]:
    return [{"text": _words(label, OPTION_AT_MOST), "value": value} for value, label in field.options[:OPTIONS_AT_MOST]]


def _choice(field: Field) -> dict[str, Any]:
    options = _options(field)
    first = [option for option in options if option["value"] == field.value]
    return {"type": "static_select", "options": options} | ({"initial_option": first[0]} if first else {})


def _choices(field: Field) -> dict[str, Any]:
    options = _options(field)
    chosen = [option for option in options if option["value"] in field.value.split(",")]
    kind = "checkboxes" if len(options) <= CHECKBOXES_AT_MOST else "multi_static_select"
    return {"type": kind, "options": options} | ({"initial_options": chosen} if chosen else {})


_ELEMENTS = {
    "text": _typed,
    "long": _typed,
    "number": _number,
    "time": _time,
    "choice": _choice,
    "choices": _choices,
}
