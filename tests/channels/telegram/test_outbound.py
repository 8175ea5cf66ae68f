"""The table out: a `Message`, and exactly the calls that say it."""

from typing import Any

import pytest

from bot.channels.telegram.outbound import calls, keyboard
from bot.message import Button, Image, Message

CHAT = "50001"
ROWS = ((Button("Open", url="https://example.org/go"), Button("I did it", "done:7")), (Button("Later", "later:7"),))
KEYS = [
    [{"text": "Open", "url": "https://example.org/go"}, {"text": "I did it", "callback_data": "done:7"}],
    [{"text": "Later", "callback_data": "later:7"}],
]
MARKUP = {"reply_markup": {"inline_keyboard": KEYS}}
HTML = {"parse_mode": "HTML"}
QUIET = {"link_preview_options": {"is_disabled": True}}
CLINIC = Image("pack/clinic.png", "a clinic")
LONG = "word " * 300  # more than a caption, less than a text
ENDLESS = "\n\n".join(["x" * 3000] * 3)


def text(words: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "sendMessage", {"chat_id": 50001, "text": words, **HTML, **QUIET, **more}


def photo(**more: Any) -> tuple[str, dict[str, Any]]:
    return "sendPhoto", {"chat_id": 50001, **more}


def edit(what: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return f"editMessage{what}", {"chat_id": 50001, "message_id": 9, **more}


TABLE: dict[str, tuple[Message, list[tuple[str, dict[str, Any]]]]] = {
    "a text": (Message("**Hi**"), [text("<b>Hi</b>")]),
    "a text with buttons": (Message("Hi", ROWS), [text("Hi", **MARKUP)]),
    "a notice alone": (Message(notice="Thanks"), []),
    "buttons alone": (Message("", ROWS), []),
    "a picture": (Message(image=CLINIC), [photo()]),
    "a picture with words": (
        Message("*Hi*", ROWS, CLINIC),
        [photo(caption="<i>Hi</i>", **HTML, **MARKUP)],
    ),
    "a picture with many words": (Message(LONG, ROWS, CLINIC), [photo(), text(LONG.strip(), **MARKUP)]),
    "endless": (Message(ENDLESS, ROWS), [text("x" * 3000), text("x" * 3000), text("x" * 3000, **MARKUP)]),
    "an edit": (Message("Hi", ROWS, replaces="9"), [edit("Text", text="Hi", **HTML, **QUIET, **MARKUP)]),
    "an edit that takes the buttons off too": (Message("Hi", replaces="9"), [edit("Text", text="Hi", **HTML, **QUIET)]),
    "an edit under a picture": (
        Message("Hi", ROWS, replaces="9", replaces_photo=True),
        [edit("Caption", caption="Hi", **HTML, **MARKUP)],
    ),
    "buttons taken off": (Message(replaces="9", notice="ok"), [edit("ReplyMarkup")]),
    "buttons taken off a picture": (Message(replaces="9", replaces_photo=True), [edit("ReplyMarkup")]),
    "other buttons": (Message("", ROWS, replaces="9"), [edit("ReplyMarkup", **MARKUP)]),
    "an edit too long for a caption": (
        Message(LONG, ROWS, CLINIC, replaces="9", replaces_photo=True),
        [edit("ReplyMarkup"), text(LONG.strip(), **MARKUP)],
    ),
    "an edit that brings a picture": (
        Message("Hi", ROWS, CLINIC, replaces="9"),
        [edit("ReplyMarkup"), photo(caption="Hi", **HTML, **MARKUP)],
    ),
    "an endless edit": (
        Message(ENDLESS, ROWS, replaces="9"),
        [edit("Text", text="x" * 3000, **HTML, **QUIET), text("x" * 3000), text("x" * 3000, **MARKUP)],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_message_becomes_calls(name: str) -> None:
    message, expected = TABLE[name]
    assert [(call.method, call.params()) for call in calls(CHAT, message)] == expected


def test_a_caption_is_counted_in_utf_16() -> None:
    fits, too_long = "😀" * 512, "😀" * 512 + "a"
    assert [call.method for call in calls(CHAT, Message(fits, image=CLINIC))] == ["sendPhoto"]
    assert [call.method for call in calls(CHAT, Message(too_long, image=CLINIC))] == ["sendPhoto", "sendMessage"]


def test_the_plain_form_has_no_markup_and_no_button_that_could_be_refused() -> None:
    rows = (
        (Button("ok", "p"), Button("long", "ü" * 33), Button(" ", "p"), Button("none")),
        (
            Button("here", url="http://localhost/x"),
            Button("script", url="javascript:x"),
            Button("odd", url="https://["),
        ),
        (Button("link", url="https://example.org"),),
    )
    (call,) = calls(CHAT, Message("**a < b**", rows))
    assert call.params(plain=True) == {
        "chat_id": 50001,
        "text": "a < b",
        **QUIET,
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "ok", "callback_data": "p"}],
                [{"text": "link", "url": "https://example.org"}],
            ]
        },
    }


def test_a_row_without_buttons_is_left_out() -> None:
    assert keyboard(((), (Button("a", "b"),))) == [[{"text": "a", "callback_data": "b"}]]
