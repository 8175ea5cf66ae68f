"""The oracle lets right calls pass and finds planted mistakes at any depth."""

import json
from typing import Any

import pytest

from tests.platforms.telegram import TelegramStandIn
from tests.platforms.telegram.calling import call
from tests.platforms.telegram.parameters import Upload
from tests.platforms.telegram_oracle import complaints

BUTTON = {"text": "Yes", "callback_data": "yes"}


def markup(button: dict[str, Any]) -> str:
    return json.dumps({"inline_keyboard": [[button]]})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getMe", {}),
        ("getUpdates", {"offset": "12", "timeout": "30", "allowed_updates": '["message", "callback_query"]'}),
        ("sendMessage", {"chat_id": "12", "text": "[no json]", "disable_notification": "true"}),
        ("sendMessage", {"chat_id": 12, "text": "{}", "reply_markup": markup(BUTTON), "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": 12, "text": "hi", "entities": '[{"type": "bold", "offset": 0, "length": 2}]'}),
        ("sendMessage", {"chat_id": 12, "text": "hi", "reply_markup": {"inline_keyboard": [[BUTTON]]}}),
        ("sendMessage", {"chat_id": 12, "text": "hi", "reply_markup": '{"remove_keyboard": true}'}),
        ("sendMessage", {"chat_id": 12, "text": "hi", "link_preview_options": '{"is_disabled": true}'}),
        ("sendPhoto", {"chat_id": "12", "photo": Upload("a.png", b"", "image/png")}),
        ("sendPhoto", {"chat_id": "12", "photo": "https://example.org/a.png"}),
        ("setMyCommands", {"commands": '[{"command": "a", "description": "b"}]', "scope": '{"type": "default"}'}),
        ("setWebhook", {"url": "https://example.org", "secret_token": "x", "max_connections": "10"}),
        ("answerCallbackQuery", {"callback_query_id": "17", "show_alert": "false"}),
    ],
)
def test_right_calls_pass(method: str, params: dict[str, Any]) -> None:
    assert complaints(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "place"),
    [
        ("sendMesage", {}, "no such method"),
        ("sendMessage", {"chat_id": 12}, "text"),
        ("sendMessage", {"chat_id": 12, "text": "hi", "txt": "ho"}, "txt"),
        ("sendMessage", {"chat_id": 12, "text": "hi", "disable_notification": "perhaps"}, "disable_notification"),
        ("sendMessage", {"chat_id": 12, "text": "hi", "reply_markup": markup({**BUTTON, "colour": "red"})}, "colour"),
        (
            "sendMessage",
            {"chat_id": 12, "text": "hi", "reply_markup": markup({"callback_data": "y"})},
            "inline_keyboard",
        ),
        (
            "sendMessage",
            {"chat_id": 12, "text": "hi", "reply_markup": '{"inline_keyboard": [{"text": "a"}]}'},
            "inline",
        ),
        ("sendMessage", {"chat_id": 12, "text": "hi", "reply_markup": "not json"}, "reply_markup"),
        ("sendMessage", {"chat_id": 12, "text": "hi", "link_preview_options": '{"disabled": true}'}, "disabled"),
        ("sendMessage", {"chat_id": 12, "text": "a", "entities": '[{"type": "bold", "offset": 0}]'}, "length"),
        ("editMessageText", {"chat_id": 12, "message_id": "first", "text": "hi"}, "message_id"),
        ("setMyCommands", {"commands": '[{"name": "a", "description": "b"}]'}, "command"),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "chat", "chatid": 1}'}, "scope"),
        ("answerCallbackQuery", {"id": "17"}, "callback_query_id"),
        ("sendPhoto", {"chat_id": 12, "photo": 17}, "photo"),
    ],
)
def test_planted_mistakes_are_found(method: str, params: dict[str, Any], place: str) -> None:
    found = complaints(method, params)
    assert found
    assert any(place in each for each in found), found


def test_leaving_the_stand_in_reports_what_the_oracle_found() -> None:
    def talk(method: str, error: Exception | None = None, **params: Any) -> None:
        with TelegramStandIn.in_thread() as telegram:
            telegram.person(chat=12, started=True)
            call(telegram, method, **params)
            if error is not None:
                raise error

    talk("sendMessage", chat_id=12, text="hi")
    with pytest.raises(AssertionError, match="sendMessage: txt: unknown parameter"):
        talk("sendMessage", chat_id=12, text="hi", txt="ho")
    with pytest.raises(AssertionError, match="sendRocket: not known to the stand-in"):
        talk("sendRocket")
    with pytest.raises(KeyError) as caught:
        talk("getMe", KeyError(), what="ever")
    assert "getMe: what: unknown parameter" in "".join(caught.value.__notes__)


async def test_leaving_the_stand_in_in_a_loop_reports_it_too() -> None:
    with pytest.raises(AssertionError, match="getMe: what: unknown parameter"):
        async with TelegramStandIn() as telegram:
            await telegram.wait_for(call, telegram, "getMe", what="ever")
