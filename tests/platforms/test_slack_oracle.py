"""The oracles let right calls and manifests pass and name each planted mistake."""

import copy
import json
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.platforms.slack_examples import (
    CONFIRM,
    HOME,
    MANIFEST,
    MESSAGE,
    MODAL,
    RIGHT_CALLS,
    Thing,
    actions,
    button,
    command,
    field,
    image,
    mrkdwn,
    option,
    plain,
    section,
    select,
)
from tests.platforms.slack_oracle import SCHEMAS, block_complaints, complaints, manifest_complaints, view_complaints


@pytest.mark.parametrize(("method", "args"), RIGHT_CALLS)
def test_right_calls_pass(method: str, args: Thing) -> None:
    before = copy.deepcopy(args)
    assert complaints(method, args) == []
    assert args == before


def test_right_views_blocks_and_manifests_pass() -> None:
    assert view_complaints(MODAL) == view_complaints(HOME) == []
    assert block_complaints(MESSAGE["blocks"]) == []
    assert manifest_complaints(MANIFEST) == []
    socket = {**MANIFEST, "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}}}
    assert manifest_complaints(socket) == []


def test_what_the_real_client_sends_passes() -> None:
    sent: list[tuple[str, Thing]] = []

    class Client(WebClient):
        def api_call(self, api_method: str, **given: Any) -> Any:
            parts = (given.get(part) or {} for part in ("params", "json", "data"))
            sent.append((api_method, {k: v for part in parts for k, v in part.items() if v is not None}))

    client = Client(token="xoxb-1")
    client.chat_postMessage(**MESSAGE)
    client.chat_postEphemeral(channel="D1", user="U1", text="hi")
    client.chat_update(channel="D1", ts="1.2", text="hi", blocks=[section()])
    client.chat_delete(channel="D1", ts="1.2")
    client.conversations_open(users=["U1", "U2"])
    client.conversations_info(channel="D1", include_num_members=True)
    client.conversations_members(channel="D1", limit=100)
    client.users_info(user="U1", include_locale=True)
    client.views_open(trigger_id="1", view=MODAL)
    client.views_push(trigger_id="1", view=MODAL)
    client.views_update(view_id="V1", view=MODAL)
    client.views_publish(user_id="U1", view=HOME)
    client.oauth_v2_access(client_id="1", client_secret="2", code="3")
    client.apps_connections_open(app_token="xapp-1")
    client.files_getUploadURLExternal(filename="a", length=3)
    client.files_completeUploadExternal(files=[{"id": "F1", "title": "A"}], channel_id="D1")
    client.auth_test()
    client.auth_revoke()

    for method, args in sent:
        view = args.get("view")
        assert complaints(method, {**args, "view": json.loads(view)} if isinstance(view, str) else args) == []
    assert len(sent) == 18


@pytest.mark.parametrize(
    ("method", "args", "found"),
    [
        ("chat.postMesage", {}, "chat.postMesage: no such method"),
        ("chat.postMessage", {"channel": "D1"}, "text: missing"),
        ("chat.postMessage", {"text": "hi"}, "channel: missing"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "txt": "ho"}, "txt: unknown key"),
        ("chat.postMessage", {"channel": 12, "text": "hi"}, "channel: 12 is not of type 'string'"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "parse": "all"}, "parse: 'all' is not full or none"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "unfurl_links": "perhaps"}, "unfurl_links: 'perhaps'"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "reply_broadcast": True}, "thread_ts: missing"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "metadata": {"type": "a"}}, "metadata.type: unknown key"),
        ("chat.postMessage", {"channel": "D1", "text": "hi", "blocks": "section"}, "blocks: 'section' is not of type"),
        ("chat.postMessage", {"channel": "D1", "blocks": [section()]}, "text: missing beside blocks"),
        ("chat.postMessage", {"channel": "D1", "text": "", "blocks": [section()]}, "text: missing beside blocks"),
        ("chat.postMessage", {"channel": "D1", "text": "a" * 40_001}, "text: 40001 characters, it takes 40000"),
        (
            "chat.postMessage",
            {"channel": "D1", "text": "a", "attachments": [{"blocks": [section(txt="a")]}]},
            "attachments[0].blocks[0].txt: unknown key",
        ),
        ("chat.postEphemeral", {"channel": "D1", "text": "hi"}, "user: missing"),
        ("chat.update", {"channel": "D1", "text": "hi"}, "ts: missing"),
        ("chat.update", {"channel": "D1", "ts": "1.2", "text": "hi", "thread_ts": "1"}, "thread_ts: unknown key"),
        ("chat.delete", {"channel": "D1", "ts": 1.2}, "ts: 1.2 is not of type 'string'"),
        ("conversations.open", {"user": "U1"}, "user: unknown key"),
        ("conversations.open", {}, "missing"),
        ("conversations.history", {"channel": "D1", "limit": "many"}, "limit: 'many' is not of type 'number'"),
        ("users.info", {"user_id": "U1"}, "user_id: unknown key"),
        ("users.info", {}, "user: missing"),
        ("views.open", {"view": MODAL}, "trigger_id: missing"),
        ("views.open", {"trigger_id": "1"}, "view: missing"),
        ("views.publish", {"user_id": "U1", "view": {**HOME, "title": plain("a")}}, "view.title: unknown key"),
        ("views.publish", {"view": HOME}, "user_id: missing"),
        ("views.update", {"view": MODAL}, "missing"),
        ("apps.connections.open", {"app": "A1"}, "app: unknown key"),
        ("oauth.v2.access", {"cod": "1"}, "cod: unknown key"),
        ("files.getUploadURLExternal", {"filename": "a"}, "length: missing"),
        ("files.completeUploadExternal", {"files": []}, "files: "),
    ],
)
def test_planted_mistakes_in_arguments_are_named(method: str, args: Thing, found: str) -> None:
    assert any(found in each for each in complaints(method, args)), complaints(method, args)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([{"type": "sectoin", "text": plain("a")}], "blocks[0].type: 'sectoin' is not one of actions, alert"),
        ([{"text": plain("a")}], "blocks[0].type: missing"),
        (["section"], "blocks[0]: 'section' is of the wrong kind"),
        ([section(colour="red")], "blocks[0].colour: unknown key"),
        ([section(accessory=button(colour="red"))], "blocks[0].accessory.colour: unknown key"),
        ([section(accessory=field())], "blocks[0].accessory.type: 'input' is not one of"),
        ([{"type": "section"}], "blocks[0]: text or fields attribute must be specified"),
        ([{"type": "section", "text": "a"}], "blocks[0].text: 'a' is of the wrong kind"),
        ([{"type": "section", "text": {"type": "markdown", "text": "a"}}], "text.type: 'markdown' is not mrkdwn or pl"),
        ([{"type": "header", "text": mrkdwn("a")}], "blocks[0].text.type: 'mrkdwn' is not plain_text"),
        ([{"type": "header", "text": plain("a" * 151)}], "blocks[0].text: 151 characters, it takes 1 to 150"),
        ([actions(button(text="a", action_id="b") | {"text": mrkdwn("a")})], "elements[0].text.type: 'mrkdwn' is not"),
        ([actions(button(style="blue"))], "blocks[0].elements[0].style: 'blue' is not primary or danger"),
        ([actions(button("a" * 76))], "blocks[0].elements[0].text: 76 characters, it takes 1 to 75"),
        ([actions(button(""))], "blocks[0].elements[0].text: 0 characters, it takes 1 to 75"),
        ([actions(button(url="https://" + "a" * 3000))], "elements[0].url: 3008 characters, it takes 1 to 3000"),
        ([actions(button(value="a" * 2001))], "elements[0].value: 2001 characters, it takes 1 to 2000"),
        ([actions(button(action_id="a" * 256))], "elements[0].action_id: 256 characters, it takes 1 to 255"),
        (
            [actions(button(confirm={**CONFIRM, "deny": plain("a" * 31)}))],
            "confirm.deny: 31 characters, it takes 1 to 30",
        ),
        ([actions(button(confirm={"title": plain("a")}))], "elements[0].confirm.text: missing"),
        ([actions({"type": "plain_text_input"})], "elements[0].type: 'plain_text_input' is not one of"),
        ([actions(*(button(action_id=str(n)) for n in range(26)))], "blocks[0].elements: 26 items, it takes 1 to 25"),
        ([{"type": "actions", "elements": []}], "blocks[0].elements: 0 items, it takes 1 to 25"),
        ([{"type": "actions"}], "blocks[0].elements: missing"),
        ([actions(button(), button())], "blocks: action_id 'done' is there twice"),
        ([actions(), section(accessory=button())], "blocks: action_id 'done' is there twice"),
        ([section(block_id="a"), section(block_id="a")], "blocks: block_id 'a' is there twice"),
        ([section() for _ in range(51)], "blocks: 51 blocks, a message takes 50"),
        ([section("a" * 3001)], "blocks[0].text: 3001 characters, it takes 1 to 3000"),
        ([section("")], "blocks[0].text: 0 characters, it takes 1 to 3000"),
        ([section("a" * 2601) for _ in range(5)], "blocks: 13005 characters in all, a message takes about 13000"),
        ([{"type": "section", "fields": [plain("a" * 2001)]}], "fields[0]: 2001 characters, it takes 1 to 2000"),
        ([{"type": "section", "fields": [plain("a")] * 11}], "blocks[0].fields: 11 items, it takes 1 to 10"),
        ([{"type": "context", "elements": [plain("a")] * 11}], "blocks[0].elements: 11 items, it takes 1 to 10"),
        (
            [{"type": "context", "elements": [button()]}],
            "elements[0].type: 'button' is not image or mrkdwn or plain_text",
        ),
        ([{"type": "image", "image_url": "https://a.org/a"}], "blocks[0].alt_text: missing"),
        ([image(alt_text="")], "blocks[0].alt_text: 0 characters, it takes 1 to 2000"),
        ([image(alt_text="a" * 2001)], "blocks[0].alt_text: 2001 characters, it takes 1 to 2000"),
        ([image(image_url="http://a.org/a")], "image_url: 'http://a.org/a' does not start with https://"),
        ([image(title=mrkdwn("a"))], "blocks[0].title.type: 'mrkdwn' is not plain_text"),
        ([{"type": "image", "alt_text": "a"}], "missing"),
        ([actions(select(options=[option("a" * 76)]))], "options[0].text: 76 characters, it takes 1 to 75"),
        ([actions(select(options=[{"text": "a", "value": "b"}]))], "options[0].text: 'a' is not of type 'object'"),
        ([actions(select(options=[{"text": plain("a")}] * 101))], "options: 101 items, it takes 1 to 100"),
        ([actions(select(options=[]))], "options: 0 items, it takes 1 to 100"),
        ([actions({"type": "static_select", "action_id": "a"})], "options or option_groups must be specified"),
        ([actions(select(placeholder=plain("a" * 151)))], "placeholder: 151 characters, it takes 1 to 150"),
        ([actions(select(placeholder="a"))], "placeholder: 'a' is not of type 'object'"),
        (
            [actions({"type": "overflow", "action_id": "a", "options": [option()] * 6})],
            "options: 6 items, it takes 1 to 5",
        ),
    ],
)
def test_planted_mistakes_in_blocks_are_named(blocks: list[Any], found: str) -> None:
    said = complaints("chat.postMessage", {"channel": "D1", "text": "a", "blocks": blocks})
    assert any(found in each for each in said), said


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"type": "modul"}, "view.type: 'modul' is not home or modal"),
        ({"titel": plain("a")}, "view.titel: unknown key"),
        ({"title": None}, "view.title: missing"),
        ({"title": mrkdwn("a")}, "view.title.type: 'mrkdwn' is not plain_text"),
        ({"title": plain("a" * 25)}, "view.title: 25 characters, it takes 1 to 24"),
        ({"submit": plain("a" * 25)}, "view.submit: 25 characters, it takes 1 to 24"),
        ({"close": plain("a" * 25)}, "view.close: 25 characters, it takes 1 to 24"),
        ({"submit": None}, "view.submit: missing beside an input block"),
        ({"private_metadata": "a" * 3001}, "view.private_metadata: 3001 characters, it takes 0 to 3000"),
        ({"private_metadata": {"a": 1}}, "view.private_metadata: {'a': 1} is not of type 'string'"),
        ({"callback_id": "a" * 256}, "view.callback_id: 256 characters, it takes 1 to 255"),
        ({"blocks": None}, "view.blocks: missing"),
        ({"blocks": [section() for _ in range(101)]}, "view.blocks: 101 blocks, a view takes 100"),
        ({"blocks": [field(), field(select())]}, "view.blocks: block_id 'name' is there twice"),
        ({"blocks": [field(), field(block_id="b")]}, "view.blocks: action_id 'name' is there twice"),
        ({"blocks": [field(label=mrkdwn("a"))]}, "view.blocks[0].label.type: 'mrkdwn' is not plain_text"),
        ({"blocks": [field(label=plain("a" * 2001))]}, "view.blocks[0].label: 2001 characters, it takes 1 to 2000"),
        ({"blocks": [field(button())]}, "view.blocks[0].element.type: 'button' is not one of"),
        ({"blocks": [field(select(hint="a"))]}, "view.blocks[0].element.hint: unknown key"),
        ({"blocks": [{"type": "input", "label": plain("a")}]}, "view.blocks[0].element: missing"),
        (
            {"blocks": [field({"type": "timepicker", "action_id": "a", "initial_time": "9.30"})]},
            "view.blocks[0]: initial_time attribute must be in format",
        ),
    ],
)
def test_planted_mistakes_in_views_are_named(change: Thing, found: str) -> None:
    view = {key: value for key, value in {**MODAL, **change}.items() if value is not None}
    said = complaints("views.open", {"trigger_id": "1", "view": view})
    assert any(found in each for each in said), said
    assert said == [f"views.open: {each}" for each in view_complaints(view)]


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        ("display", {}, "display: unknown key"),
        ("display_information", None, "display_information: missing"),
        ("display_information.name", None, "display_information.name: missing"),
        ("display_information.name", "a" * 36, "display_information.name: 36 characters, it takes 1 to 35"),
        ("display_information.description", "a" * 141, "description: 141 characters, it takes 1 to 140"),
        ("display_information.short", "a", "display_information.short: unknown key"),
        ("features.bot_user.display_name", "a" * 81, "display_name: 81 characters, it takes 1 to 80"),
        ("features.bot_user.display_name", None, "features.bot_user.display_name: missing"),
        ("features.bot_user.always_online", "yes", "always_online: 'yes' is not of type 'boolean'"),
        ("features.slash_commands.0.command", "cause", "[0].command: 'cause' is not one word with / before it"),
        ("features.slash_commands.0.command", "/" + "a" * 32, "[0].command: 33 characters, it takes 1 to 32"),
        ("features.slash_commands.0.description", None, "features.slash_commands[0].description: missing"),
        ("features.slash_commands.0.description", "a" * 2001, "[0].description: 2001 characters, it takes 1 to 2000"),
        ("features.slash_commands.0.usage_hint", "a" * 1001, "[0].usage_hint: 1001 characters, it takes 1 to 1000"),
        ("features.slash_commands.0.hint", "a", "features.slash_commands[0].hint: unknown key"),
        ("features.slash_commands.0.url", "http://a.org", "[0].url: 'http://a.org' does not start with https://"),
        ("features.slash_commands", [command(f"/a{n}") for n in range(51)], "slash_commands: 51 items, it takes 50"),
        ("features.slash_commands", [command("/a")] * 2, "features.slash_commands: '/a' is there twice"),
        ("features.shortcuts.0.name", "a" * 25, "features.shortcuts[0].name: 25 characters, it takes 1 to 24"),
        ("features.shortcuts.0.type", "local", "features.shortcuts[0].type: 'local' is not global or message"),
        ("features.shortcuts.0.description", None, "features.shortcuts[0].description: missing"),
        ("oauth_config.scopes.bot.1", "comands", "oauth_config.scopes.bot[1]: 'comands' is not one of"),
        ("oauth_config.scopes.bots", ["commands"], "oauth_config.scopes.bots: unknown key"),
        ("oauth_config.redirect_urls", "https://a.org", "oauth_config.redirect_urls: 'https://a.org' is not of type"),
        ("settings.event_subscriptions.bot_events.2", "message.dm", "bot_events[2]: 'message.dm' is not one of"),
        ("settings.event_subscriptions.request_url", "http://a.org", "request_url: 'http://a.org' does not start"),
        ("settings.interactivity.is_enabled", None, "settings.interactivity.is_enabled: missing"),
        ("settings.socket_mode", True, "settings.socket_mode: unknown key"),
    ],
)
def test_planted_mistakes_in_manifests_are_named(place: str, value: Any, found: str) -> None:
    manifest = copy.deepcopy(MANIFEST)
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    spot: Any = manifest
    for part in way:
        spot = spot[part]
    if value is None:
        del spot[last]
    else:
        spot[last] = value
    said = manifest_complaints(manifest)
    assert any(found in each for each in said), said


def test_one_mistake_is_not_drowned_by_the_branches_of_a_union() -> None:
    blocks = [section(accessory=select(option=[]))]
    assert complaints("chat.postMessage", {"channel": "D1", "text": "a", "blocks": blocks}) == [
        "chat.postMessage: blocks[0].accessory.option: unknown key"
    ]
    assert complaints("chat.postMessage", {"channel": "D1", "text": "a", "txt": "b"}) == [
        "chat.postMessage: txt: unknown key"
    ]


def test_the_schemas_name_no_registry_and_no_machine() -> None:
    for path in SCHEMAS.iterdir():
        words = path.read_text(encoding="utf-8")
        assert len(words) < 1_000_000
        assert "registry." not in words
        assert not any(f'"{root}/' in words for root in ("/tmp", "/home", "/root", "/work"))
        assert "://" not in words.replace("http://json-schema.org/draft-07/schema#", "")
    assert "Permission is hereby granted" in (SCHEMAS / "LICENSE").read_text(encoding="utf-8")
