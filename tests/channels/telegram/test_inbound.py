"""The table in: a raw update, and the `Incoming` it becomes."""

from typing import Any

import pytest

from bot.channels.telegram.inbound import ALLOWED, incoming, press_id
from bot.message import Address, Incoming, Profile
from tests.channels.telegram.raw import ACCOUNT, ANA, BOT, GROUP, PRIVATE, USERNAME, membership, message, press

HERE = Address(ACCOUNT, "50001")
THERE = Address(ACCOUNT, "-40001")
WHO = Profile(language="pt-br", country="BR", name="Ana")
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def said(kind: Any, text: str = "", command: str = "", **more: Any) -> Incoming:
    return Incoming(more.pop("address", HERE), kind, text, command, **{"profile": WHO, **more})


def in_group(kind: Any, text: str = "", command: str = "", **more: Any) -> Incoming:
    return said(kind, text, command, address=THERE, private=False, **more)


MEANT: dict[str, tuple[dict[str, Any], Incoming]] = {
    "a text": (message("Hello you"), said("text", "Hello you")),
    "a command": (message("/act"), said("command", "", "act")),
    "a command with words": (message("/story  It was\nlate "), said("command", "It was\nlate", "story")),
    "a deep link": (message("/start abc_DEF-9"), said("command", "abc_DEF-9", "start")),
    "a command in capitals": (message("/START"), said("command", "", "start")),
    "a command with our name": (message(f"/me@{USERNAME}"), said("command", "", "me")),
    "our name in capitals": (message(f"/me@{USERNAME.upper()} x"), said("command", "x", "me")),
    "a slash alone": (message("/"), said("text", "/")),
    "a command in another script": (message("/стоп"), said("text", "/стоп")),
    "right to left": (message("سلام\u200cدنیا"), said("text", "سلام\u200cدنیا")),
    "an emoji beyond the first plane": (message("👩‍👩‍👧 yes"), said("text", "👩‍👩‍👧 yes")),
    "half a character and a NUL": (message("a\ud83d\x00b"), said("text", "ab")),
    "a picture": (message(photo=[{}], caption="look"), said("media", "look")),
    "a place": (message(location={"latitude": 1.0, "longitude": 2.0}), said("media")),
    "a sticker": (message(sticker={}), said("media")),
    "a press": (press(), said("press", "done:7", pressed="9")),
    "a press under a picture": (
        press(shown={"message_id": 9, "chat": PRIVATE, "photo": [{}], "date": 1}),
        said("press", "done:7", pressed="9", pressed_photo=True),
    ),
    "a press under a message too old to show": (
        press(shown={"message_id": 9, "chat": PRIVATE, "date": 0}),
        said("press", "done:7", pressed="9"),
    ),
    "a press in a group": (
        press(shown={"message_id": 9, "chat": GROUP, "date": 1}),
        in_group("press", "done:7", pressed="9"),
    ),
    "blocked": (membership({"status": "member"}, {"status": "kicked", "until_date": 0}), said("blocked")),
    "unblocked": (membership({"status": "kicked"}, {"status": "member"}), said("unblocked")),
    "thrown out of a group": (
        membership({"status": "member"}, {"status": "left"}, chat=GROUP),
        in_group("blocked", profile=Profile()),
    ),
    "restricted and gone": (
        membership(
            {"status": "restricted", "is_member": True}, {"status": "restricted", "is_member": False}, chat=GROUP
        ),
        in_group("blocked", profile=Profile()),
    ),
    "added to a group": (
        membership({"status": "left"}, {"status": "administrator"}, chat=GROUP),
        in_group("unblocked", profile=Profile()),
    ),
    "a group has moved": (
        message(chat=GROUP, migrate_to_chat_id=-1000000040001),
        in_group("moved", moved_to="-1000000040001", profile=Profile()),
    ),
    "a group has moved, as the new one tells": (
        message(chat={"id": -1000000040001, "type": "supergroup"}, migrate_from_chat_id=-40001),
        in_group("moved", moved_to="-1000000040001", profile=Profile()),
    ),
    "a command in a group": (message("/act", chat=GROUP), in_group("command", "", "act")),
    "our name in a group": (message(f"hello @{USERNAME} there", chat=GROUP), in_group("text", "hello  there")),
    "a reply to us in a group": (message("yes", chat=GROUP, reply_to_message={"from": BOT}), in_group("text", "yes")),
    "an anonymous admin": (
        message("/act", chat=GROUP, sender=ANONYMOUS),
        in_group("command", "", "act", profile=Profile()),
    ),
    "a picture for us in a group": (
        message(chat=GROUP, photo=[{}], caption=f"@{USERNAME} see"),
        in_group("media", "see"),
    ),
}

LEFT_ALONE: dict[str, dict[str, Any]] = {
    "a command for another bot": message("/start@other_bot"),
    "a command for another bot in a group": message("/start@other_bot now", chat=GROUP),
    "a text in a group, not for us": message("nice weather", chat=GROUP),
    "a picture in a group, not for us": message(chat=GROUP, photo=[{}]),
    "a name that only begins like ours": message(f"@{USERNAME}2 hi", chat=GROUP),
    "a message of a bot": message("hi", sender={**ANA, "is_bot": True}),
    "somebody joined": message(chat=GROUP, new_chat_members=[ANA]),
    "a title was changed": message(chat=GROUP, new_chat_title="x"),
    "an edited message": {"update_id": 1, "edited_message": message("x")["message"]},
    "promoted": membership({"status": "member"}, {"status": "administrator"}, chat=GROUP),
    "a status that does not exist yet": membership({"status": "member"}, {"status": ["what"]}),
    "a press in a game": press(None, game_short_name="g"),
    "a press under an inline message": press(shown={}) | {"callback_query": {"id": "1", "from": ANA, "data": "x"}},
    "a poll": {"update_id": 1, "poll": {"id": "1"}},
    "a kind that does not exist yet": {"update_id": 1, "telepathy": {"thought": "x"}},
    "nothing but an id": {"update_id": 1},
}

ODD: dict[str, tuple[Any, str | None]] = {
    "a date that is no number": (message("hi", date="yesterday"), "hi"),
    "no date": (message("hi", date=None), "hi"),
    "a date in the year 58857": (message("hi", date=1_795_000_000_000_000), "hi"),
    "no sender": (message("hi", sender=None), "hi"),
    "a sender that is a word": (message("hi", sender="Ana"), "hi"),
    "a sender without a name": (message("hi", sender={"id": 1}), "hi"),
    "a sender whose name is a number": (message("hi", sender={**ANA, "first_name": 5}), "hi"),
    "a language that is a list": (message("hi", sender={**ANA, "language_code": ["en"]}), "hi"),
    "a language of 4,000 characters": (message("hi", sender={**ANA, "language_code": "x-" * 2000}), "hi"),
    "no message id": (message("hi", message_id=None), "hi"),
    "a message id that is a word": (message("hi", message_id="seven"), "hi"),
    "entities that are a word": (message("hi", entities="bold"), "hi"),
    "entities beyond the end": (message("hi", entities=[{"type": "bold", "offset": 99, "length": -1}]), "hi"),
    "an entity that does not exist yet": (message("hi", entities=[{"type": "glow"}]), "hi"),
    "a reply to nothing": (message("hi", reply_to_message=5), "hi"),
    "a reply to itself": (message("hi", reply_to_message={"reply_to_message": {}}), "hi"),
    "unknown fields": (message("hi", mood="fine", aura={"colour": [1, 2]}), "hi"),
    "a chat of an unknown type": (message("hi", chat={"id": 50001}), "hi"),
    "a chat type that is a number": (message("hi", chat={"id": 50001, "type": 4}), "hi"),
    "a migration to a word": (message("hi", migrate_to_chat_id="there"), "hi"),
    "a flag that is a word": (message("hi", sender={**ANA, "is_bot": "no"}), "hi"),
    "a text that is a number": (message(5), None),
    "a text that is a list": (message(["hi"]), None),
    "an empty text": (message(""), None),
    "nothing but white space": (message(" \n\t"), None),
    "data that is a number": (press(5), None),
    "data that is nothing": (press(None), None),
    "a press under a word": (press(shown="message"), None),
    "a member that is a word": ({"my_chat_member": {"chat": PRIVATE, "new_chat_member": "x"}}, None),
    "no members": ({"my_chat_member": {"chat": PRIVATE}}, None),
}

UNREADABLE: dict[str, Any] = {
    "nothing": None,
    "a word": "update",
    "a list": [1, 2],
    "a message that is a word": {"update_id": 1, "message": "hi"},
    "a press that is a list": {"update_id": 1, "callback_query": []},
    "no chat": message("hi") | {"message": {"text": "canary"}},
    "a chat that is a number": message("canary", chat=5),
    "a chat without an id": message("canary", chat={"type": "private"}),
    "a chat whose id is a word": message("canary", chat={"id": "me", "type": "private"}),
    "a chat whose id is beyond measure": message("canary", chat={"id": 10**40, "type": "private"}),
    "a chat whose id is a truth": message("canary", chat={"id": True, "type": "private"}),
    "a press in no chat": press(shown={"message_id": 1}),
}


@pytest.mark.parametrize("name", MEANT)
def test_an_update_becomes_what_it_means(name: str) -> None:
    raw, expected = MEANT[name]
    assert incoming(raw, ACCOUNT, USERNAME) == expected


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_not_for_us_is_left_alone(name: str) -> None:
    assert incoming(LEFT_ALONE[name], ACCOUNT, USERNAME) is None


@pytest.mark.parametrize("name", ODD)
def test_an_odd_update_never_raises(name: str) -> None:
    raw, text = ODD[name]
    found = incoming(raw, ACCOUNT, USERNAME)
    assert (found.text if found else None) == text


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_update_is_refused_without_its_contents(name: str) -> None:
    with pytest.raises(ValueError, match=r"^an? ") as caught:
        incoming(UNREADABLE[name], ACCOUNT, USERNAME)
    assert "canary" not in str(caught.value)


def test_before_we_know_our_name_every_command_is_ours() -> None:
    found = incoming(message("/start@whoever abc"), ACCOUNT)
    assert found == said("command", "abc", "start")


def test_every_kind_asked_for_is_read_or_left_alone_on_purpose() -> None:
    kinds = {next(name for name in raw if name != "update_id") for raw, _ in MEANT.values()}
    assert kinds | {"edited_message"} == set(ALLOWED)


@pytest.mark.parametrize(
    ("language", "country"),
    [("en", ""), ("de-AT", "AT"), ("pt_br", "BR"), ("zh-hans", ""), ("es-419", ""), ("zh-Hant-TW", "TW"), ("", "")],
)
def test_a_country_is_read_from_the_language(language: str, country: str) -> None:
    found = incoming(message("hi", sender={**ANA, "language_code": language}), ACCOUNT)
    assert found is not None
    assert (found.profile.language, found.profile.country) == (language, country)


def test_a_press_is_found_in_whatever_comes() -> None:
    assert press_id(press()) == "4300"
    odd: list[Any] = [None, [], {}, {"callback_query": 5}, {"callback_query": {"id": 5}}]
    assert [press_id(raw) for raw in odd] == [""] * 5
