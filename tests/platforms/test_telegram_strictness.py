"""What the stand-in refuses, in the platform's own words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.platforms.telegram import Person, TelegramStandIn
from tests.platforms.telegram.calling import call
from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.markup import parse_html, to_html


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramStandIn]:
    with TelegramStandIn.in_thread() as stand_in:
        yield stand_in
        stand_in.complaints.clear()  # Mistakes are the subject here.


@pytest.fixture
def ana(telegram: TelegramStandIn) -> Person:
    return telegram.person(started=True)


def button(**what: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Yes", **what}]]}


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🎈" * 2049}, "message is too long"),
        ({"text": "a <b", "parse_mode": "HTML"}, "can't parse entities: Unclosed start tag at byte offset 2"),
        ({"text": "ä < b>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "" at byte offset 3'),
        ({"text": "<p>a</p>", "parse_mode": "HTML"}, 'Unsupported start tag "p" at byte offset 0'),
        ({"text": "<b>a", "parse_mode": "HTML"}, 'Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "a</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
        (
            {"text": "<b><i>a</b></i>", "parse_mode": "HTML"},
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ({"text": "<a href>x</a>", "parse_mode": "HTML"}, "Expected equal sign in declaration of an attribute"),
        ({"text": "a", "parse_mode": "MarkdownV3"}, "unsupported parse_mode"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "entity beyond the end of the text"),
        ({"text": "a", "entities": "b"}, "can't parse entities JSON object"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": button()}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": button(callback_data="ä" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": button(url="ftp://example.org")}, "BUTTON_URL_INVALID"),
        ({"text": "a", "reply_markup": button(url="javascript:alert(1)")}, "BUTTON_URL_INVALID"),
        ({"text": "a", "reply_markup": button(url="http://localhost:8080/")}, "Wrong HTTP URL"),
        ({"text": "a", "reply_markup": button(text=" ", callback_data="a")}, "non-empty String"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 101]}}, "TOO_LONG"),
        ({"text": "a", "reply_parameters": {"message_id": 99999}}, "message to be replied not found"),
    ],
)
def test_a_bad_message_is_refused(telegram: TelegramStandIn, ana: Person, params: Any, problem: str) -> None:
    answer = call(telegram, "sendMessage", chat_id=ana.id, **params)
    assert answer.status == 400
    assert answer.body["description"].startswith("Bad Request: ")
    assert problem in answer.body["description"]
    assert ana.chat == []


@pytest.mark.parametrize(
    "params",
    [
        {"text": "a" * 4096},
        {"text": "🎈" * 2048},
        {"text": "<b>" + "a" * 4096 + "</b>", "parse_mode": "html"},
        {"text": "&lt;&amp;&#128512;", "parse_mode": "HTML"},
        {"text": "a", "reply_markup": button(callback_data="ä" * 32)},
        {"text": "a", "reply_markup": button(url="tg://user?id=1")},
        {"text": "a", "reply_markup": button(url="http://127.0.0.1:8080/go/x")},
        {"text": "a", "reply_parameters": {"message_id": 99999, "allow_sending_without_reply": True}},
    ],
)
def test_a_message_at_the_limit_is_taken(telegram: TelegramStandIn, ana: Person, params: Any) -> None:
    assert call(telegram, "sendMessage", chat_id=ana.id, **params).status == 200


def test_who_cannot_be_written_to(telegram: TelegramStandIn) -> None:
    def outcome(chat: object) -> tuple[int, str]:
        answer = call(telegram, "sendMessage", chat_id=chat, text="hi")
        return answer.status, answer.body.get("description", "")

    bo = telegram.person(name="Bo")
    assert outcome(424242) == outcome("@nobody") == (400, "Bad Request: chat not found")
    assert outcome("") == (400, "Bad Request: chat_id is empty")
    assert outcome(bo.id) == (403, "Forbidden: bot can't initiate conversation with a user")
    bo.says("hi")
    assert outcome(bo.id) == (200, "")
    bo.blocks()
    assert outcome(bo.id) == (403, "Forbidden: bot was blocked by the user")
    bo.unblocks()
    assert outcome(bo.id) == (200, "")
    bo.deactivates()
    assert outcome(bo.id) == (403, "Forbidden: user is deactivated")


def test_groups_that_moved_or_threw_the_bot_out(telegram: TelegramStandIn, ana: Person) -> None:
    group = telegram.group(ana)
    new = group.migrates()
    answer = call(telegram, "sendMessage", chat_id=group.id, text="hi")
    assert answer.body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": new.id}
    assert call(telegram, "sendMessage", chat_id=new.id, text="hi").status == 200
    new.removes_bot()
    answer = call(telegram, "sendMessage", chat_id=new.id, text="hi")
    assert answer.body["description"] == "Forbidden: bot was kicked from the supergroup chat"


def test_edits_of_what_is_not_there_or_not_ours(telegram: TelegramStandIn, ana: Person) -> None:
    def problem(method: str, message: int, **more: Any) -> str:
        answer = call(telegram, method, chat_id=ana.id, message_id=message, **more)
        return str(answer.body.get("description", "")).removeprefix("Bad Request: ")

    theirs = ana.says("mine")
    ours = call(telegram, "sendMessage", chat_id=ana.id, text="ours").body["result"]["message_id"]
    assert problem("editMessageText", 99999, text="x") == "message to edit not found"
    assert problem("editMessageText", theirs.id, text="x") == "message can't be edited"
    assert problem("editMessageText", ours, text="ours").startswith("message is not modified")
    assert problem("editMessageReplyMarkup", ours).startswith("message is not modified")
    assert problem("editMessageCaption", ours, caption="x") == "there is no caption in the message to edit"
    assert problem("deleteMessage", 99999) == "message to delete not found"
    assert problem("deleteMessage", ours) == ""
    assert problem("deleteMessage", ours) == "message to delete not found"


def test_taps_and_messages_grow_old() -> None:
    with TelegramStandIn.in_thread() as telegram:
        ana = telegram.person(started=True)
        sent = call(telegram, "sendMessage", chat_id=ana.id, text="hi", reply_markup=button(callback_data="a"))
        press = ana.presses(ana.last, "Yes")
        assert call(telegram, "answerCallbackQuery", callback_query_id=press.id, text="a" * 201).status == 400
        telegram.later(151)
        answer = call(telegram, "answerCallbackQuery", callback_query_id=press.id)
        assert answer.body["description"].endswith("response timeout expired or query ID is invalid")
        assert call(telegram, "getUpdates").body["result"] == []
        telegram.later(49 * 3600)
        answer = call(telegram, "deleteMessage", chat_id=ana.id, message_id=sent.body["result"]["message_id"])
        assert answer.body["description"] == "Bad Request: message can't be deleted for everyone"


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        ([{"command": "Help", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "/help", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "help", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "help", "description": "a" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": f"a{i}", "description": "a"} for i in range(101)], "BOT_COMMANDS_TOO_MUCH"),
        ("help", "can't parse commands JSON object"),
    ],
)
def test_bad_commands_are_refused(telegram: TelegramStandIn, commands: Any, problem: str) -> None:
    assert call(telegram, "setMyCommands", commands=commands).body["description"] == f"Bad Request: {problem}"


def test_other_texts_have_limits_too(telegram: TelegramStandIn) -> None:
    assert call(telegram, "setMyCommands", commands=[], language_code="deu").status == 400
    assert call(telegram, "setMyCommands", commands=[], scope={"type": "everybody"}).status == 400
    assert call(telegram, "setMyDescription", description="a" * 513).status == 400
    assert call(telegram, "setMyShortDescription", short_description="a" * 121).status == 400
    assert call(telegram, "setMyName", name="a" * 65).status == 400
    assert call(telegram, "editMessageText", chat_id=1, message_id="x", text="a").body["description"] == (
        "Bad Request: invalid message_id specified"
    )


def test_captions_are_shorter_than_texts(telegram: TelegramStandIn, ana: Person) -> None:
    params: dict[str, Any] = {"chat_id": ana.id, "photo": "https://example.org/a.png"}
    assert call(telegram, "sendPhoto", **params, caption="a" * 1024).status == 200
    answer = call(telegram, "sendPhoto", **params, caption="a" * 1025)
    assert answer.body["description"] == "Bad Request: message caption is too long"
    assert call(telegram, "sendPhoto", chat_id=ana.id, photo="nonsense").status == 400
    assert call(telegram, "sendPhoto", chat_id=ana.id).status == 400


def test_wrong_token_and_unknown_method(telegram: TelegramStandIn) -> None:
    assert call(telegram, "getMe", token="1:OTHER").body == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    assert call(telegram, "getMee").status == 404
    assert call(telegram, "GETME").status == 200


@pytest.mark.parametrize(
    "html",
    [
        "plain &amp; simple &lt;3",
        "<b>bold <i>and italic</i></b> then <code>code</code>",
        '🎈 <a href="https://example.org/?a=1&amp;b=2">link</a> <u>u</u><s>s</s>',
        "<blockquote>q</blockquote><tg-spoiler>x</tg-spoiler><pre>p</pre>",
    ],
)
def test_html_survives_reading_and_writing(html: str) -> None:
    assert to_html(*parse_html(html)) == html


def test_entities_count_utf16_units() -> None:
    text, entities = parse_html("🎈<b>a🎈</b><a href='nowhere'>x</a>")
    assert text == "🎈a🎈x"
    assert entities == [{"type": "bold", "offset": 2, "length": 3}]
    with pytest.raises(RefusedError, match="Empty attribute name"):
        parse_html("<a ='x'>y</a>")


def test_parameters_may_come_in_every_form(telegram: TelegramStandIn, ana: Person) -> None:
    markup = button(callback_data="a")
    for form in ("json", "form", "query", "multipart"):
        answer = call(telegram, "sendMessage", how=form, chat_id=ana.id, text=form, reply_markup=json.dumps(markup))
        assert answer.status == 200, form
        assert (ana.last.text, ana.last.buttons) == (form, [[("Yes", "a")]])
