"""What Slack's documents say about lengths, counts and names, which its types leave out; the other half of the oracle.

Each rule names its page: `kit/...` is docs.slack.dev/reference/block-kit/..., `views/...` is docs.slack.dev/reference/views/...,
`manifest` is docs.slack.dev/reference/app-manifest and the comments at the type `Manifest` of @slack/web-api.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

MESSAGE_BLOCKS = 50  # kit/blocks: "up to 50 blocks in each message"
VIEW_BLOCKS = 100  # kit/blocks: "and 100 blocks in modals or Home tabs"
MESSAGE_TEXT = 40_000  # docs.slack.dev/reference/methods/chat.postMessage: longer text is truncated
# On no page: above about 13,200 characters of text, all blocks together, Slack answers msg_blocks_too_long (slackapi/bolt-js#2509).
BLOCKS_TEXT = 13_000

# The kinds of object that have no `type`, by the key they stand at.
ROLES = {
    "confirm": "confirm",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option group",
    "options": "option",
}

# The longest string or text object at a key of a kind of object; "*" is every kind.
LONGEST = {
    ("*", "action_id"): 255,  # kit/block-elements
    ("*", "block_id"): 255,  # kit/blocks
    ("*", "placeholder"): 150,  # kit/block-elements
    ("plain_text", "text"): 3000,  # kit/composition-objects/text-object
    ("mrkdwn", "text"): 3000,  # kit/composition-objects/text-object
    ("markdown", "text"): 12_000,  # kit/blocks/markdown-block
    ("header", "text"): 150,  # kit/blocks/header-block
    ("section", "text"): 3000,  # kit/blocks/section-block
    ("section", "fields"): 2000,  # kit/blocks/section-block: each item
    ("input", "label"): 2000,  # kit/blocks/input-block
    ("input", "hint"): 2000,  # kit/blocks/input-block
    ("image", "alt_text"): 2000,  # kit/blocks/image-block, kit/block-elements/image-element
    ("image", "image_url"): 3000,  # kit/blocks/image-block
    ("image", "title"): 2000,  # kit/blocks/image-block
    ("button", "text"): 75,  # kit/block-elements/button-element
    ("button", "url"): 3000,  # kit/block-elements/button-element
    ("button", "value"): 2000,  # kit/block-elements/button-element
    ("button", "accessibility_label"): 75,  # kit/block-elements/button-element
    ("option", "text"): 75,  # kit/composition-objects/option-object
    ("option", "value"): 150,  # kit/composition-objects/option-object
    ("option", "description"): 75,  # kit/composition-objects/option-object
    ("option", "url"): 3000,  # kit/composition-objects/option-object
    ("option group", "label"): 75,  # kit/composition-objects/option-group-object
    ("confirm", "title"): 100,  # kit/composition-objects/confirmation-dialog-object
    ("confirm", "text"): 300,  # kit/composition-objects/confirmation-dialog-object
    ("confirm", "confirm"): 30,  # kit/composition-objects/confirmation-dialog-object
    ("confirm", "deny"): 30,  # kit/composition-objects/confirmation-dialog-object
    ("modal", "title"): 24,  # views/modal-views
    ("modal", "submit"): 24,  # views/modal-views
    ("modal", "close"): 24,  # views/modal-views
    ("modal", "private_metadata"): 3000,  # views/modal-views
    ("modal", "callback_id"): 255,  # views/modal-views
    ("modal", "external_id"): 255,  # views/modal-views
    ("home", "private_metadata"): 3000,  # views/home-tab-views
    ("home", "callback_id"): 255,  # views/home-tab-views
    ("home", "external_id"): 255,  # views/home-tab-views
}

# The most items of a list at a key of a kind of object; none at all is wrong as well.
MOST = {
    ("section", "fields"): 10,  # kit/blocks/section-block
    ("context", "elements"): 10,  # kit/blocks/context-block
    ("actions", "elements"): 25,  # kit/blocks/actions-block
    ("overflow", "options"): 5,  # kit/block-elements/overflow-menu-element
    ("checkboxes", "options"): 10,  # kit/block-elements/checkboxes-element
    ("radio_buttons", "options"): 10,  # kit/block-elements/radio-button-group-element
    ("static_select", "options"): 100,  # kit/block-elements/select-menu-element
    ("static_select", "option_groups"): 100,  # kit/block-elements/select-menu-element
    ("multi_static_select", "options"): 100,  # kit/block-elements/multi-select-menu-element
    ("option group", "options"): 100,  # kit/composition-objects/option-group-object
}

# manifest: the longest string at a key; "[]" stands for each item of a list.
MANIFEST_LONGEST = {
    "display_information.name": 35,
    "display_information.description": 140,
    "display_information.long_description": 4000,
    "features.agent_view.agent_description": 300,
    "features.bot_user.display_name": 80,
    "features.slash_commands[].command": 32,
    "features.slash_commands[].description": 2000,
    "features.slash_commands[].usage_hint": 1000,
    "features.shortcuts[].name": 24,  # on no page we could find; the house keeps to it
    "features.shortcuts[].callback_id": 255,
    "features.shortcuts[].description": 150,
}

# manifest: the most items of a list.
MANIFEST_MOST = {
    "features.shortcuts": 10,
    "features.slash_commands": 50,
    "features.unfurl_domains": 5,
    "features.agent_view.suggested_prompts": 4,
    "oauth_config.redirect_urls": 1000,
    "oauth_config.scopes.bot": 255,
    "oauth_config.scopes.user": 255,
    "settings.allowed_ip_address_ranges": 50,
    "settings.event_subscriptions.bot_events": 100,
    "settings.event_subscriptions.user_events": 100,
}

# manifest: "the full https URL".
MANIFEST_URLS = (
    "features.slash_commands[].url",
    "settings.event_subscriptions.request_url",
    "settings.interactivity.request_url",
    "settings.interactivity.message_menu_options_url",
)


def objects(value: Any, path: str = "", kind: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every object at any depth: where it is, of what kind, and itself."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, f"{path}[{index}]", kind)
    elif isinstance(value, dict):
        own = value.get("type")
        yield path, own if isinstance(own, str) else kind, value
        for key, item in value.items():
            yield from objects(item, f"{path}.{key}" if path else key, ROLES.get(key, ""))


def message_lengths(blocks: list[Any], path: str = "blocks") -> Iterator[str]:
    """Yield what is too long, too many or twice in the blocks of a message."""
    if len(blocks) > MESSAGE_BLOCKS:
        yield f"{path}: {len(blocks)} blocks, a message takes {MESSAGE_BLOCKS}"
    total = sum(len(each["text"]) for _, _, each in objects(blocks) if isinstance(each.get("text"), str))
    if total > BLOCKS_TEXT:
        yield f"{path}: {total} characters in all, a message takes about {BLOCKS_TEXT}"
    yield from _twice(blocks, path)
    yield from _lengths(blocks, path)


def view_lengths(view: Mapping[str, Any], path: str = "view") -> Iterator[str]:
    """Yield what is too long, too many or twice in a view and its blocks."""
    given = view.get("blocks")
    blocks = given if isinstance(given, list) else []
    if len(blocks) > VIEW_BLOCKS:
        yield f"{path}.blocks: {len(blocks)} blocks, a view takes {VIEW_BLOCKS}"
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if view.get("type") == "modal" and asks and "submit" not in view:
        yield f"{path}.submit: missing beside an input block"  # views/modal-views: "required when an input block is within"
    yield from _twice(blocks, f"{path}.blocks")
    yield from _lengths(dict(view), path)


def manifest_lengths(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is too long, too many or wrongly spelled in an app manifest."""
    for path, value, most in _limited(manifest, MANIFEST_LONGEST, str):
        if not 1 <= len(value) <= most:
            yield f"{path}: {len(value)} characters, it takes 1 to {most}"
    for path, value, most in _limited(manifest, MANIFEST_MOST, list):
        if len(value) > most:
            yield f"{path}: {len(value)} items, it takes {most}"
    for path, value, _ in _limited(manifest, dict.fromkeys(MANIFEST_URLS, 0), str):
        if not value.startswith("https://"):
            yield f"{path}: {value!r} does not start with https://"
    yield from _commands([*_limited(manifest, {"features.slash_commands[].command": 0}, str)])


def _commands(commands: list[tuple[str, Any, int]]) -> Iterator[str]:
    for path, value, _ in commands:
        # manifest: "should include the leading / character"; docs.slack.dev/interactivity/implementing-slash-commands: no spaces.
        if not value.startswith("/") or " " in value:
            yield f"{path}: {value!r} is not one word with / before it"
    yield from (f"features.slash_commands: {value!r} is there twice" for value in _repeated(v for _, v, _ in commands))


def _limited(manifest: Mapping[str, Any], limits: dict[str, int], kind: type) -> Iterator[tuple[str, Any, int]]:
    """Yield what of a kind stands at the given keys: where, itself and its limit."""
    for key, limit in limits.items():
        yield from ((path, value, limit) for path, value in _found(manifest, key) if isinstance(value, kind))


def _lengths(value: Any, path: str) -> Iterator[str]:
    for place, kind, each in objects(value, path):
        for key, item in each.items():
            where = f"{place}.{key}"
            longest = LONGEST.get((kind, key), LONGEST.get(("*", key)))
            yield from _too_long(where, item, longest)
            most = MOST.get((kind, key))
            if most is not None and isinstance(item, list) and not 1 <= len(item) <= most:
                yield f"{where}: {len(item)} items, it takes 1 to {most}"
        # kit/blocks/image-block: a public address; without https a client shows nothing. A `slack_file` needs no address.
        address = each.get("image_url")
        if isinstance(address, str) and not address.startswith("https://"):
            yield f"{place}.image_url: {address!r} does not start with https://"


def _too_long(where: str, item: Any, longest: int | None) -> Iterator[str]:
    """Complain about a string, a text object, or each item of a list of text objects."""
    if longest is None:
        return
    if isinstance(item, list):
        for index, each in enumerate(item):
            yield from _too_long(f"{where}[{index}]", each, longest)
        return
    text = item.get("text") if isinstance(item, dict) else item
    # Empty is wrong too, kit/composition-objects/text-object: "minimum length is 1"; only private_metadata may be.
    least = 0 if where.endswith("private_metadata") else 1
    if isinstance(text, str) and not least <= len(text) <= longest:
        yield f"{where}: {len(text)} characters, it takes {least} to {longest}"


def _twice(blocks: list[Any], path: str) -> Iterator[str]:
    """Complain about repeated identifiers.

    kit/block-elements asks for an action_id that is unique in its block; the house asks for one in the whole message or view,
    because a handler knows an action by its action_id alone.
    """
    for key in ("block_id", "action_id"):
        values = [each[key] for _, _, each in objects(blocks) if isinstance(each.get(key), str)]
        yield from (f"{path}: {key} {value!r} is there twice" for value in _repeated(values))


def _repeated(values: Any) -> list[str]:
    return [value for value, times in Counter(map(str, values)).items() if times > 1]


def _found(value: Any, key: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values at a dotted key and where each is; "[]" goes through the items of a list."""
    if not key:
        yield path, value
        return
    if key.startswith("[]"):
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _found(item, key[2:].removeprefix("."), f"{path}[{index}]")
        return
    name = key.replace("[", ".").split(".", 1)[0]
    if isinstance(value, Mapping) and name in value:
        rest = key[len(name) :].removeprefix(".")
        yield from _found(value[name], rest, f"{path}.{name}" if path else name)
