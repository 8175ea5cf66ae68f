"""What people choose and type: the values of elements as Slack writes them into `state` and `actions`."""

import re
from typing import Any

from tests.platforms.slack import blocks as kit
from tests.platforms.slack.blocks import Control, Json

Inputs = dict[str, dict[str, Json]]

_FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
_INITIAL = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "rich_text_value": "initial_value",
}
_PATTERNS = {"selected_date": r"\d{4}-\d\d-\d\d", "selected_time": r"[0-2]\d:[0-5]\d"}


def state_values(blocks: list[Json], inputs: Inputs) -> Inputs:
    """Return the `state.values` of a form: what was filled in, else what stood there from the start."""
    values: Inputs = {}
    for each in kit.controls(blocks):
        kind = each.element.get("type", "")
        if kind in _FIELD and kind != "overflow":
            block_id, action_id = each.block["block_id"], each.element["action_id"]
            filled = inputs.get(block_id, {}).get(action_id)
            values.setdefault(block_id, {})[action_id] = filled or _untouched(each.element)
    return values


def fill(control: Control, value: Any) -> Json:
    """Return the state of an element after somebody gave it this value, checked as their app would."""
    kind = control.element["type"]
    field = _FIELD.get(kind)
    assert field is not None, f"nobody can fill in a {kind}"
    if value is None:
        return {"type": kind, field: [] if field.endswith("s") else None}
    if field == "selected_options":
        wanted = value if isinstance(value, (list, tuple, set)) else [value]
        return {"type": kind, field: [_option(control, each) for each in wanted]}
    if field == "selected_option":
        return {"type": kind, field: _option(control, value)}
    if field in _PATTERNS:
        assert re.fullmatch(_PATTERNS[field], str(value)), f"{value!r} cannot be chosen in a {kind}"
        return {"type": kind, field: str(value)}
    if field in ("value",):
        return {"type": kind, field: str(value)}
    plain = (
        [getattr(each, "id", each) for each in value]
        if isinstance(value, (list, tuple))
        else getattr(value, "id", value)
    )
    return {"type": kind, field: plain}


def is_empty(state: Json) -> bool:
    """Return whether nothing is filled in."""
    return not state.get(_FIELD[state["type"]])


def problems(blocks: list[Json], values: Inputs) -> dict[str, str]:
    """Return what the person's own app would complain about before it sends a form, by block_id."""
    found = {}
    for each in kit.controls(blocks):
        if each.block["type"] != "input":
            continue
        state = values[each.block["block_id"]][each.element["action_id"]]
        if is_empty(state):
            if not each.block.get("optional"):
                found[each.block["block_id"]] = "Please complete this required field."
        elif problem := _problem(each.element, state.get("value")):
            found[each.block["block_id"]] = problem
    return found


def _problem(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind == "number_input":
        return _number_problem(element, value)
    if kind == "plain_text_input" and len(value) > element.get("max_length", 3000):
        return "This is too long."
    if kind == "plain_text_input" and len(value) < element.get("min_length", 0):
        return "This is too short."
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S", value):
        return "Please enter a valid URL."
    return ""


def _number_problem(element: Json, value: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""


def _untouched(element: Json) -> Json:
    field = _FIELD[element["type"]]
    initial = element.get(_INITIAL.get(field, ""))
    return {"type": element["type"], field: initial if initial is not None else [] if field.endswith("s") else None}


def _option(control: Control, wanted: Any) -> Json:
    options: list[Json] = list(control.element.get("options") or [])
    for group in control.element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    raise AssertionError(f"there is no {wanted!r} among {[option['text']['text'] for option in options]}")
