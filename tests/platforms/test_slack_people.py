"""People talk with a real bolt app: over HTTP and through sockets, with the same results."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from tests.platforms.slack import Message, Person, SlackStandIn
from tests.platforms.slack.practice import bot, by_socket, over_http

MODAL = {
    "type": "modal",
    "callback_id": "log",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Log an action"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "when",
            "optional": True,
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-02"},
        },
    ],
}


def button(label: str, action_id: str, value: str = "v") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def asking() -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": each}, "value": each.lower()} for each in ("Daily", "Weekly")]
    select = {"type": "static_select", "action_id": "rhythm", "options": options}
    elements = [button("Yes", "yes", "1"), button("No", "no"), select]
    text = {"type": "section", "text": {"type": "mrkdwn", "text": "*Ready?* <https://x.test|why>"}}
    return {"text": "Ready?", "blocks": [text, {"type": "actions", "block_id": "act", "elements": elements}]}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture(params=[over_http, by_socket])
async def app(slack: SlackStandIn, request: pytest.FixtureRequest) -> AsyncIterator[AsyncApp]:
    app = bot(slack)
    async with request.param(slack, app):
        yield app


async def test_a_message_is_answered(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana", locale="es-ES", tz="Europe/Madrid")

    @app.message("hello")
    async def hello(event: dict[str, Any], say: Callable[..., Any]) -> None:
        assert (event["channel_type"], event["user"]) == ("im", ana.id)
        await say(f"Hi <@{event['user']}>, a &lt; b")

    ana.says("hello")
    heard = await slack.wait_for(ana.hears, "Hi @Ana, a < b")
    assert (heard.mentions, heard.channel, ana.messages[-1]) == ([f"<@{ana.id}>"], ana.dm, heard)
    assert slack.calls.of("chat.postMessage")[0].accepted
    assert {ack.kind for ack in slack.acks} == {"event"}


async def test_a_command_is_acknowledged_with_words(slack: SlackStandIn, app: AsyncApp) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    room = slack.channel("general", members=[ana, ben])

    @app.command("/act")
    async def act(ack: Callable[..., Any], command: dict[str, Any], respond: Callable[..., Any]) -> None:
        assert command["text"] == "x &amp; y"
        await ack("only you")
        await respond("all of you", response_type="in_channel")

    reply = await slack.wait_for(ana.types, "/act", "x & y", room)
    assert (reply.status, reply.ok) == (200, True)
    assert (await slack.wait_for(ana.hears, "only you")).ephemeral
    assert not (await slack.wait_for(ben.hears, "all of you")).ephemeral
    assert [message.text for message in ben.messages] == ["all of you"]


async def test_buttons_and_lists_of_a_message(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    message = await send(slack, app, ana)
    seen = []

    @app.action("yes")
    async def yes(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Thanks", replace_original=True)

    @app.action("rhythm")
    async def rhythm(ack: Any, action: dict[str, Any]) -> None:
        await ack()
        seen.append(action["selected_option"]["value"])

    assert (message.buttons, message.words) == (
        ["Yes", "No"],
        "Ready? why\nYes\nNo\nDaily\nWeekly".replace("Ready?", "*Ready?*"),
    )
    assert (await slack.wait_for(ana.chooses, message, "rhythm", "Weekly")).ok
    assert (await slack.wait_for(ana.presses, message, "Yes")).ok
    assert await slack.wait_for(ana.hears, "Thanks") is message
    assert (seen[0], message.edited, message.buttons) == ("weekly", True, [])
    assert seen[1]["state"]["values"]["act"]["rhythm"]["selected_option"]["value"] == "weekly"
    assert (seen[1]["container"]["message_ts"], seen[1]["actions"][0]["value"]) == (message.ts, "1")


async def send(slack: SlackStandIn, app: AsyncApp, ana: Person) -> Message:
    await app.client.chat_postMessage(channel=ana.id, **asking())
    return await slack.wait_for(ana.hears, "Ready?")


async def test_a_form_is_opened_refused_and_taken(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    taken = []

    @app.shortcut("log_it")
    async def log_it(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("log")
    async def log(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["what"]["text"]["value"] == "bad":
            await ack(response_action="errors", errors={"what": "No such thing"})
            return
        await ack()
        taken.append((values["what"]["text"]["value"], values["when"]["day"]["selected_date"]))

    await slack.wait_for(ana.uses_shortcut, "log_it")
    await slack.wait_for(slack.wait, lambda: ana.modal)
    assert (await slack.wait_for(ana.submits, {})).error == "not_sent"
    assert ana.errors == {"what": "Please complete this required field."}
    assert (await slack.wait_for(ana.submits, {"what": "x" * 21})).error == "not_sent"
    assert (await slack.wait_for(ana.submits, {"what": "bad"})).ok
    assert (ana.errors, ana.modal is None) == ({"what": "No such thing"}, False)
    await slack.wait_for(ana.submits, {"what": "good", "when": "2026-03-04"})
    assert (ana.errors, ana.modal, taken) == ({}, None, [("good", "2026-03-04")])


async def test_views_are_pushed_updated_and_closed(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    closed = []
    second = MODAL | {"callback_id": "second", "title": {"type": "plain_text", "text": "Second"}}

    @app.command("/open")
    async def open_it(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("log")
    async def log(ack: Any) -> None:
        await ack(response_action="push", view=second)

    @app.view("second")
    async def second_sent(ack: Any) -> None:
        await ack(response_action="clear")

    @app.view_closed("second")
    async def second_closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        closed.append(body["is_cleared"])

    await slack.wait_for(ana.types, "/open")
    await slack.wait_for(slack.wait, lambda: ana.modal)
    first = ana.modal
    await slack.wait_for(ana.submits, {"what": "x"})
    assert first is not None
    assert ana.modal is not None
    assert (ana.modal["title"]["text"], ana.modal["root_view_id"]) == ("Second", first["id"])
    await slack.wait_for(ana.closes)
    assert (closed, ana.modal and ana.modal["id"]) == ([False], first["id"])
    await slack.wait_for(ana.submits)
    await slack.wait_for(ana.submits, {"what": "y"})
    assert ana.modal is None


async def test_home_and_its_buttons(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    pressed = []

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: Any) -> None:
        blocks = [{"type": "actions", "elements": [button("Go", "go")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        pressed.append(body["view"]["type"])

    assert ana.home is None
    ana.opens_home()
    home = await slack.wait_for(slack.wait, lambda: ana.home)
    await slack.wait_for(ana.presses, home, "Go")
    assert pressed == ["home"]


async def test_channels_and_mentions(slack: SlackStandIn, app: AsyncApp) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    room = slack.channel("general", members=[ana, ben])
    seen = []

    @app.event("member_joined_channel")
    async def joined(event: dict[str, Any], client: Any) -> None:
        await client.chat_postMessage(channel=event["channel"], text=f"hello <#{event['channel']}>")

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], client: Any) -> None:
        await client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="psst")

    @app.event("channel_left")
    async def left(event: dict[str, Any]) -> None:
        seen.append(event["channel"])

    @app.event("member_left_channel")
    async def nothing() -> None:
        pass

    ana.mentions("too early", room)
    ana.says("nobody is told", room)
    assert slack.acks == []
    ana.invites_bot(room)
    await slack.wait_for(ben.hears, "hello #general")
    ana.mentions("now", room)
    await slack.wait_for(ana.hears, "psst")
    assert [each.words for each in room.messages][-1].endswith("now")
    ana.removes_bot(room)
    await slack.wait_for(slack.wait, lambda: seen == [room.id])


async def test_a_spoiled_acknowledgement_is_complained_about(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}},
        {"response_action": "shout"},
        {"response_action": "update", "view": MODAL | {"title": {"type": "plain_text", "text": "Better"}}},
    ]

    @app.command("/open")
    async def open_it(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack(blocks=[{"type": "divider", "colour": "red"}])
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("log")
    async def log(ack: Any) -> None:
        await ack(**answers.pop(0)) if answers[0]["response_action"] != "shout" else await ack(answers.pop(0))

    assert (await slack.wait_for(ana.types, "/open")).error == "invalid_blocks"
    await slack.wait_for(slack.wait, lambda: ana.modal)
    for error in ("errors for blocks", "invalid_arguments", "unknown response_action"):
        reply = await slack.wait_for(ana.submits, {"what": "x"})
        assert reply.error.startswith(error)
    assert len(slack.complaints) >= 4
    slack.complaints.clear()
    assert (await slack.wait_for(ana.submits)).ok
    assert ana.modal is not None
    assert (ana.modal["title"]["text"], ana.modal["state"]["values"]["what"]["text"]["value"]) == ("Better", "x")


async def test_shortcuts_and_fields_that_tell_at_once(slack: SlackStandIn, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    seen: list[Any] = []
    boxes = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in "abc"]
    section = {"type": "section", "block_id": "s", "text": {"type": "plain_text", "text": "Pick"}}
    elements = [
        {"type": "checkboxes", "action_id": "boxes", "options": boxes},
        {"type": "datepicker", "action_id": "day"},
        {"type": "timepicker", "action_id": "time"},
        {"type": "radio_buttons", "action_id": "radio", "options": boxes},
    ]
    menu = section | {"accessory": {"type": "overflow", "action_id": "more", "options": boxes[:2]}}

    @app.message_shortcut("suggest")
    async def suggest(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body["message"]["text"])

    for name in ("boxes", "day", "time", "radio", "more"):

        @app.action(name)
        async def chosen(ack: Any, action: dict[str, Any]) -> None:
            await ack()
            seen.append(next(value for key, value in action.items() if key.startswith("selected")))

    await app.client.chat_postMessage(
        channel=ana.id, text="Pick", blocks=[menu, {"type": "actions", "elements": elements}]
    )
    message = await slack.wait_for(ana.hears, "Pick")
    await slack.wait_for(ana.chooses, message, "boxes", ["a", "c"])
    await slack.wait_for(ana.chooses, message, "day", "2026-05-06")
    await slack.wait_for(ana.chooses, message, "time", "07:30")
    await slack.wait_for(ana.chooses, message, "radio", "b")
    await slack.wait_for(ana.chooses, message, "more", "a")
    await slack.wait_for(ana.uses_message_shortcut, "suggest", message)
    assert [option["value"] for option in seen[0]] == ["a", "c"]
    assert (seen[1:3], seen[3]["value"], seen[4]["value"], seen[5]) == (["2026-05-06", "07:30"], "b", "a", "Pick")
