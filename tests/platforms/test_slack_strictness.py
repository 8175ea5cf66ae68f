"""One planted mistake for each rule that Slack keeps."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.platforms.slack import Person, SlackStandIn
from tests.platforms.slack.checks import check_blocks, check_view
from tests.platforms.slack.practice import bot, client, over_http

Json = dict[str, Any]
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}
HOME: Json = {"type": "home", "blocks": [SECTION]}
TITLE: Json = {"type": "plain_text", "text": "Title"}
MODAL: Json = {"type": "modal", "title": TITLE, "blocks": [SECTION]}
FIELD: Json = {"type": "input", "label": TITLE, "element": {"type": "plain_text_input", "action_id": "a"}}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn(check=lambda method, args: []) as stand_in:
        yield stand_in


@pytest.fixture
def ana(slack: SlackStandIn) -> Person:
    return slack.person("Ana")


@pytest.fixture
def web(slack: SlackStandIn) -> AsyncWebClient:
    return client(slack)


async def refused(web: AsyncWebClient, method: str, **args: Any) -> Any:
    with pytest.raises(SlackApiError) as error:
        await web.api_call(method, json={"text": "hi"} | args if method.startswith("chat.") else args)
    return error.value.response


def button(**more: Any) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"} | more


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements)} | more


def select(**more: Any) -> Json:
    options = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in "ab"]
    return {"type": "static_select", "action_id": "s", "options": options} | more


@pytest.mark.parametrize(
    ("planted", "problem"),
    [
        ([SECTION] * 51, "no more than 50"),
        (["x"], "array of objects"),
        ([{"type": "sektion"}], "unsupported type"),
        ([{"type": "section"}], "text or fields"),
        ([SECTION | {"colour": "red"}], "additional property: colour"),
        ([SECTION | {"block_id": "b"}, {"type": "divider", "block_id": "b"}], "block_id `b` already exists"),
        ([actions(button(), button())], "action_id `go` already exists"),
        ([actions(button(action_id="x" * 256))], "action_id"),
        ([actions(button(value="x" * 2001))], "value"),
        ([actions(button(colour="red"))], "additional property: colour"),
        ([actions(button(style="green"))], "style"),
        ([actions(button(url="javascript:alert()"))], "invalid url"),
        ([actions(button(url="https://x.test/" + "x" * 3000))], "url"),
        ([actions(button(text={"type": "mrkdwn", "text": "Go"}))], "plain_text"),
        ([actions(button(text={"type": "plain_text", "text": "x" * 76}))], "75"),
        ([actions(button(text={"type": "plain_text", "text": ""}))], "more than 0"),
        ([actions()], "elements"),
        ([actions(*(button(action_id=f"a{n}") for n in range(26)))], "25"),
        ([actions(select(options=[]))], "options"),
        ([actions(select(initial_option={"text": TITLE, "value": "c"}))], "initial option"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "hi"}}], "plain_text"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "150"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "3000"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], "emoji"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "10"),
    ],
)
def test_blocks_are_refused(planted: Any, problem: str) -> None:
    assert problem in " ".join(check_blocks(planted))


def test_right_blocks_are_taken() -> None:
    picture = {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a", "title": TITLE}
    right = [SECTION | {"accessory": button()}, actions(button(), select(), block_id="b"), picture, {"type": "divider"}]
    context = {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}, {"type": "plain_text", "text": "y"}]}
    assert check_blocks([*right, context, {"type": "header", "text": TITLE}, FIELD]) == []
    assert check_view(MODAL | {"submit": TITLE, "blocks": [FIELD]}) == check_view(HOME) == []


@pytest.mark.parametrize(
    ("planted", "problem"),
    [
        (MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}, "25 characters"),
        (MODAL | {"title": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
        ({"type": "modal", "blocks": []}, "title"),
        (MODAL | {"blocks": [FIELD]}, "submit"),
        (MODAL | {"private_metadata": "x" * 3001}, "private_metadata"),
        (MODAL | {"callback_id": "x" * 256}, "callback_id"),
        (MODAL | {"blocks": [SECTION] * 101}, "no more than 100"),
        (HOME | {"title": TITLE}, "additional property: title"),
        ({"type": "window"}, "unsupported type"),
    ],
)
def test_views_are_refused(planted: Any, problem: str) -> None:
    assert problem in " ".join(check_view(planted))


@pytest.mark.parametrize(
    ("error", "args"),
    [
        ("invalid_blocks", {"blocks": [SECTION] * 51}),
        ("invalid_blocks", {"blocks": [actions(button(), button())]}),
        ("invalid_blocks_format", {"blocks": "[{"}),
        ("msg_blocks_too_long", {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5}),
        ("msg_too_long", {"text": "x" * 40_001}),
        ("no_text", {"text": " "}),
        ("channel_not_found", {"channel": "C000"}),
        ("channel_not_found", {"channel": "U000"}),
        ("invalid_metadata_schema", {"metadata": {"event_type": "a", "event_payload": "b"}}),
        ("thread_not_found", {"thread_ts": "1.2"}),
        ("invalid_arguments", {"channel": ""}),
    ],
)
async def test_messages_are_refused(web: AsyncWebClient, ana: Person, error: str, args: Json) -> None:
    assert (await refused(web, "chat.postMessage", **{"channel": ana.id} | args))["error"] == error
    assert ana.messages == []


async def test_who_may_not_be_written_to(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    room, secret = slack.channel("general", members=[ana]), slack.channel("secret", members=[ana], private=True)
    stranger = slack.person("Zoe", team=slack.new_team("Second"))
    for where, error in (
        (room.id, "not_in_channel"),
        (secret.id, "channel_not_found"),
        (slack.team.bot_user, "cannot_dm_bot"),
        (stranger.id, "channel_not_found"),
    ):
        assert (await refused(web, "chat.postMessage", channel=where))["error"] == error
    ana.invites_bot(room)
    assert (await web.chat_postMessage(channel="#general", text="hi"))["channel"] == room.id
    answer = await refused(web, "chat.postEphemeral", channel=room.id, user=slack.person("Ben").id)
    assert answer["error"] == "user_not_in_channel"
    answer = await refused(web, "chat.postEphemeral", channel=room.id, user=slack.team.bot_user)
    assert answer["error"] == "user_is_bot"
    room.archive()
    assert (await refused(web, "chat.postMessage", channel=room.id))["error"] == "is_archived"
    slack.deactivate(ana)
    assert (await refused(web, "chat.postMessage", channel=ana.id))["error"] == "user_disabled"
    assert (await refused(web, "conversations.open", users=ana.id))["error"] == "user_disabled"
    slack.gone(ana)
    assert (await refused(web, "users.info", user=ana.id))["error"] == "user_not_found"
    assert (await refused(web, "conversations.open", users=slack.team.bot_user))["error"] == "cannot_dm_bot"


async def test_tokens_and_scopes(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    assert (await refused(client(slack, "xoxb-wrong"), "auth.test"))["error"] == "invalid_auth"
    assert (await refused(client(slack, ""), "auth.test"))["error"] == "not_authed"
    assert (await refused(client(slack, slack.app_token), "auth.test"))["error"] == "not_allowed_token_type"
    assert (await refused(web, "apps.connections.open"))["error"] == "not_allowed_token_type"
    slack.team.scopes.remove("chat:write")
    answer = await refused(web, "chat.postMessage", channel=ana.id)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    room = slack.channel("general", members=[ana])
    answer = await refused(web, "conversations.history", channel=room.id)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    await web.auth_revoke()
    assert (await refused(web, "auth.test"))["error"] == "token_revoked"


async def test_unknown_methods_are_refused_and_complained_about(slack: SlackStandIn, web: AsyncWebClient) -> None:
    assert (await refused(web, "chat.shout"))["error"] == "unknown_method"
    assert slack.complaints == ["chat.shout: not known to the stand-in"]
    slack.complaints.clear()


async def test_a_judge_refuses_arguments_and_fails_the_test() -> None:
    slack = SlackStandIn(check=lambda method, args: [f"{method}: no txt"] if "txt" in args else [])
    await slack.__aenter__()
    answer = await refused(client(slack), "chat.postMessage", channel=slack.person("Ana").id, txt="hi")
    assert (answer["error"], slack.complaints) == ("invalid_arguments", ["chat.postMessage: no txt"])
    with pytest.raises(AssertionError, match=r"chat\.postMessage: no txt"):
        await slack.__aexit__(None, None, None)


async def test_a_channel_takes_one_message_a_second(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    for _ in range(4):
        await web.chat_postMessage(channel=ana.id, text="hi")
    answer = await refused(web, "chat.postMessage", channel=ana.id)
    assert (answer["error"], answer.status_code, answer.headers["Retry-After"]) == ("ratelimited", 429, "1")
    await web.chat_postMessage(channel=slack.person("Ben").id, text="others flow")
    slack.later(1.0)
    await web.chat_postMessage(channel=ana.id, text="hi")
    slack.pace = None
    for _ in range(10):
        await web.chat_postMessage(channel=ana.id, text="hi")


async def test_only_own_messages_are_changed(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    ts = ana.says("mine").ts
    assert (await refused(web, "chat.update", channel=ana.dm, ts=ts))["error"] == "cant_update_message"
    assert (await refused(web, "chat.update", channel=ana.dm, ts="1.2"))["error"] == "message_not_found"
    assert (await refused(web, "chat.update", channel=ana.id, ts=ts))["error"] == "channel_not_found"
    assert (await refused(web, "chat.delete", channel=ana.dm, ts=ts))["error"] == "cant_delete_message"
    own = await web.chat_postMessage(channel=ana.id, text="old", blocks=[SECTION])
    text = "x" * 4001
    assert (await refused(web, "chat.update", channel=ana.dm, ts=own["ts"], text=text))["error"] == "msg_too_long"
    await web.chat_update(channel=ana.dm, ts=own["ts"], text="new")
    assert (ana.last.words, ana.last.blocks, ana.last.edited) == ("new", [], True)
    await web.chat_delete(channel=ana.dm, ts=own["ts"])
    assert [message.text for message in ana.messages] == ["mine"]


async def test_triggers_last_three_seconds_and_once(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    app = bot(slack)
    triggers: list[str] = []

    @app.shortcut("s")
    async def shortcut(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async with over_http(slack, app):
        for _ in range(3):
            await slack.wait_for(ana.uses_shortcut, "s")
    await web.views_open(trigger_id=triggers[0], view=MODAL)
    answer = await refused(web, "views.open", trigger_id=triggers[0], view=MODAL)
    assert answer["error"] == "exchanged_trigger_id"
    assert (await refused(web, "views.push", trigger_id=triggers[1], view=MODAL))["error"] == "not_found"
    slack.later(3.1)
    assert (await refused(web, "views.open", trigger_id=triggers[2], view=MODAL))["error"] == "expired_trigger_id"
    assert (await refused(web, "views.open", trigger_id="1.2.3", view=MODAL))["error"] == "invalid_trigger_id"
    assert (await refused(web, "views.open", trigger_id=triggers[2], view=HOME))["error"] == "invalid_arguments"
    big = MODAL | {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 90}
    assert (await refused(web, "views.open", trigger_id=triggers[2], view=big))["error"] == "view_too_large"


async def test_hashes_guard_views(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    first = (await web.views_publish(user_id=ana.id, view=HOME))["view"]["hash"]
    await web.views_publish(user_id=ana.id, view=HOME, hash=first)
    answer = await refused(web, "views.publish", user_id=ana.id, view=HOME, hash=first)
    assert answer["error"] == "hash_conflict"
    assert (await refused(web, "views.publish", user_id=slack.team.bot_user, view=HOME))["error"] == "user_is_bot"
    assert (await refused(web, "views.update", view_id="V0", view=HOME))["error"] == "not_found"


async def test_a_response_url_takes_five_answers_in_half_an_hour(slack: SlackStandIn, ana: Person) -> None:
    app, urls = bot(slack), []

    @app.command("/act")
    async def act(ack: Any, command: Json) -> None:
        urls.append(command["response_url"])
        await ack()

    async with over_http(slack, app):
        await slack.wait_for(ana.types, "/act")
        await slack.wait_for(ana.types, "/act")
    hook = AsyncWebhookClient(urls[0])
    assert (await hook.send(text="")).status_code == 400
    assert [(await hook.send(text=f"{n}")).status_code for n in range(6)] == [200] * 5 + [404]
    assert [message.ephemeral for message in ana.messages] == [True] * 5
    assert (await AsyncWebhookClient(urls[1]).send(text="x", replace_original=True)).status_code == 404
    slack.later(1801)
    assert "expired_url" in (await AsyncWebhookClient(urls[1]).send(text="late")).body


async def test_markup_is_shown_as_in_slack(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    text = "&lt;!channel&gt; &amp; <https://x.test|here> <!channel> <@U1|z> @here"
    await web.chat_postMessage(channel=ana.id, text=text)
    assert (ana.last.text, ana.last.words) == (text, "<!channel> & here @channel z @here")
    assert ana.last.mentions == ["<!channel>", "<@U1>"]
    await web.chat_postMessage(channel=ana.id, text="&lt;!here&gt; @here", link_names=False)
    assert ana.last.mentions == []
    await web.chat_postMessage(channel=ana.id, text="@here", link_names=True)
    assert ana.last.mentions == ["<!here>"]
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "<!here>"}}, SECTION]
    await web.chat_postMessage(channel=ana.id, text="x", blocks=blocks)
    assert (ana.last.mentions, ana.last.words, ana.last.notification) == ([], "<!here>\nhi", "x")
