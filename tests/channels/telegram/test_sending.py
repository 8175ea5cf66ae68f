"""Sending over real HTTP: what people see, what the receipt says, and what happens when something is refused."""

import asyncio
import dataclasses
from typing import Any

import pytest

from bot.channels.telegram.serve import TelegramAdapter
from bot.message import Button, Image, Message, Outcome, Receipt
from tests.channels.telegram.conftest import PNG, Make, running
from tests.platforms.telegram import Person, TelegramStandIn

YES = ((Button("Yes", "yes"),),)
CLINIC = Image("pack/clinic.png", "a clinic")


@pytest.fixture
def ana(telegram: TelegramStandIn) -> Person:
    return telegram.person(started=True)


async def send(adapter: TelegramAdapter, person: Person, message: Message) -> Receipt:
    return await adapter.send(str(person.id), message)


async def test_a_text_arrives(adapter: TelegramAdapter, ana: Person) -> None:
    receipt = await send(adapter, ana, Message("**Hi** <you>", YES))
    assert receipt == Receipt(Outcome.SENT, ref=str(ana.last.id))
    assert (ana.last.html, ana.last.buttons) == ("<b>Hi</b> &lt;you&gt;", [[("Yes", "yes")]])


async def test_a_notice_alone_sends_nothing(telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person) -> None:
    assert await send(adapter, ana, Message(notice="Thanks")) == Receipt(Outcome.SENT)
    assert not ana.heard


async def test_a_long_text_comes_in_parts_with_the_buttons_last(adapter: TelegramAdapter, ana: Person) -> None:
    receipt = await send(adapter, ana, Message("\n\n".join(["😀" * 1500] * 3), YES))
    assert [len(message.text) for message in ana.heard] == [1500, 1500, 1500]
    assert [message.buttons for message in ana.heard] == [[], [], [[("Yes", "yes")]]]
    assert receipt.ref == str(ana.last.id)


async def test_an_edit_changes_in_place(adapter: TelegramAdapter, ana: Person) -> None:
    first = await send(adapter, ana, Message("One", YES))
    edited = await send(adapter, ana, Message("Two", replaces=first.ref))
    assert edited == first
    assert [(message.text, message.buttons) for message in ana.heard] == [("Two", [])]


async def test_the_same_edit_twice_is_a_success(adapter: TelegramAdapter, ana: Person) -> None:
    first = await send(adapter, ana, Message("One", YES))
    for _ in range(2):
        assert await send(adapter, ana, Message("Two", replaces=first.ref)) == first
    for _ in range(2):
        assert await send(adapter, ana, Message(replaces=first.ref)) == first
    assert [message.text for message in ana.heard] == ["Two"]


async def test_buttons_alone_are_taken_off(adapter: TelegramAdapter, ana: Person) -> None:
    first = await send(adapter, ana, Message("One", YES))
    await send(adapter, ana, Message(replaces=first.ref))
    assert [(message.text, message.buttons) for message in ana.heard] == [("One", [])]


async def test_a_caption_is_edited_under_its_picture(adapter: TelegramAdapter, ana: Person) -> None:
    first = await send(adapter, ana, Message("One", YES, CLINIC))
    await send(adapter, ana, Message("Two", replaces=first.ref, replaces_photo=True))
    assert [(message.text, bool(message.photo)) for message in ana.heard] == [("Two", True)]


@pytest.mark.parametrize("ref", ["999999", "abc", "0"])
async def test_what_is_gone_is_sent_anew(adapter: TelegramAdapter, ana: Person, ref: str) -> None:
    receipt = await send(adapter, ana, Message("Two", YES, replaces=ref))
    assert receipt == Receipt(Outcome.SENT, ref=str(ana.last.id))
    assert ana.last.buttons == [[("Yes", "yes")]]


async def test_what_is_too_old_to_edit_is_sent_anew(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    first = await send(adapter, ana, Message("One", YES))
    telegram.later(49 * 3600)
    await send(adapter, ana, Message("Two", replaces=first.ref))
    assert [message.text for message in ana.heard] == ["One", "Two"]


async def test_a_change_or_nothing_is_nothing_when_it_is_too_late(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    first = await send(adapter, ana, Message("One", YES))
    await send(adapter, ana, Message("Taken back", replaces=first.ref, or_nothing=True))
    assert [(message.text, message.buttons) for message in ana.heard] == [("Taken back", [])]
    telegram.later(49 * 3600)
    late = await send(adapter, ana, Message("Two", replaces=first.ref, or_nothing=True))
    assert late.outcome is Outcome.FAILED
    assert [message.text for message in ana.heard] == ["Taken back"]


async def test_buttons_that_cannot_be_taken_off_any_more_are_no_failure(adapter: TelegramAdapter, ana: Person) -> None:
    assert (await send(adapter, ana, Message(replaces="999999"))).outcome is Outcome.SENT
    assert not ana.heard


async def test_a_text_edited_as_a_caption_and_the_other_way_round(adapter: TelegramAdapter, ana: Person) -> None:
    text = await send(adapter, ana, Message("One"))
    photo = await send(adapter, ana, Message("One", image=CLINIC))
    await send(adapter, ana, Message("Two", replaces=text.ref, replaces_photo=True))
    await send(adapter, ana, Message("Three", replaces=photo.ref))
    assert [message.text for message in ana.heard] == ["One", "One", "Two", "Three"]


async def test_a_picture_is_uploaded_once_and_named_from_then_on(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    for _ in range(2):
        await send(adapter, ana, Message("Look", YES, CLINIC))
    first, second = ana.heard
    assert first.photo is not None
    assert second.photo is first.photo
    assert first.photo.data == PNG
    assert telegram.calls.of("sendPhoto")[1].params["photo"] == first.photo.id


async def test_an_id_that_telegram_forgot_is_replaced_by_the_picture(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    await send(adapter, ana, Message("Look", image=CLINIC))
    telegram.world.files.clear()
    await send(adapter, ana, Message("Again", image=CLINIC))
    assert [message.text for message in ana.heard] == ["Look", "Again"]
    assert ana.last.photo is not None


async def test_a_picture_by_address(telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person) -> None:
    await send(adapter, ana, Message("Look", image=Image("https://example.org/a.jpg")))
    assert telegram.calls.of("sendPhoto")[0].params["photo"] == "https://example.org/a.jpg"
    await send(adapter, ana, Message("Look", image=Image("https://example.org/a.jpg")))
    assert telegram.calls.of("sendPhoto")[1].params["photo"] == ana.heard[0].photo.id  # type: ignore[union-attr]


async def test_a_missing_picture_leaves_the_words(adapter: TelegramAdapter, ana: Person) -> None:
    receipt = await send(adapter, ana, Message("Look", YES, Image("pack/none.png")))
    assert receipt == Receipt(Outcome.SENT, ref=str(ana.last.id), reason="without picture")
    assert (ana.last.text, ana.last.buttons, ana.last.photo) == ("Look", [[("Yes", "yes")]], None)


async def test_a_refused_picture_leaves_the_words(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    telegram.faults.add(method="sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    receipt = await send(adapter, ana, Message("long " * 300, YES, CLINIC))
    assert receipt.reason == "without picture"
    assert [message.text for message in ana.heard] == [("long " * 300).strip()]


async def test_our_mistake_is_sent_once_in_plain_form(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    rows = ((Button("Yes", "yes"), Button("No", "n" * 65)),)
    receipt = await send(adapter, ana, Message("**Hi**", rows))
    assert receipt == Receipt(Outcome.SENT, ref=str(ana.last.id), reason="plain form, bad button")
    assert (ana.last.html, ana.last.buttons) == ("Hi", [[("Yes", "yes")]])


async def test_a_plain_form_refused_too_is_a_failure(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    telegram.faults.add(
        method="sendMessage", status=400, description="Bad Request: can't parse entities: Can't find end"
    )
    receipt = await send(adapter, ana, Message("**Hi**", YES))
    assert receipt == Receipt(Outcome.FAILED, reason="bad markup")
    first, second = telegram.calls.of("sendMessage")
    assert (first.params["text"], second.params["text"]) == ("<b>Hi</b>", "Hi")


CASES: dict[str, tuple[dict[str, Any], Receipt]] = {
    "blocked": (
        {"status": 403, "description": "Forbidden: bot was blocked by the user"},
        Receipt(Outcome.UNREACHABLE, reason="blocked"),
    ),
    "chat not found": (
        {"status": 400, "description": "Bad Request: chat not found"},
        Receipt(Outcome.UNREACHABLE, reason="chat not found"),
    ),
    "429": ({"status": 429, "parameters": {"retry_after": 3}}, Receipt(Outcome.RETRY, reason="rate", wait=3)),
    "429 for a day": (
        {"status": 429, "parameters": {"retry_after": 86400}},
        Receipt(Outcome.RETRY, reason="rate", wait=86400),
    ),
    "429 without parameters": ({"status": 429}, Receipt(Outcome.RETRY, reason="rate", wait=5)),
    "429 in HTML": ({"status": 429, "body": b"<html>"}, Receipt(Outcome.RETRY, reason="rate", wait=5)),
    "500": ({"status": 500}, Receipt(Outcome.UNSURE, reason="outage")),
    "502 after acceptance": ({"status": 502, "at": "accepted"}, Receipt(Outcome.UNSURE, reason="outage")),
    "504 in HTML": ({"status": 504, "body": b"<html>nginx"}, Receipt(Outcome.UNSURE, reason="outage")),
    "302": ({"status": 302, "body": b""}, Receipt(Outcome.UNSURE, reason="outage")),
    "cut before": ({"drop": "before"}, Receipt(Outcome.UNSURE, reason="cut off")),
    "cut after": ({"drop": "after"}, Receipt(Outcome.UNSURE, reason="cut off")),
    "no JSON": ({"body": b"<html>"}, Receipt(Outcome.SENT, reason="odd answer")),
    "30,000 brackets": ({"body": b"[" * 30_000}, Receipt(Outcome.SENT, reason="odd answer")),
    "no result": ({"body": b'{"ok":true}'}, Receipt(Outcome.SENT, reason="odd answer")),
    "a list": ({"body": b"[1]"}, Receipt(Outcome.SENT, reason="odd answer")),
    "an odd result": ({"body": b'{"ok":true,"result":7}'}, Receipt(Outcome.SENT)),
    "an odd id": ({"body": b'{"ok":true,"result":{"message_id":"x"}}'}, Receipt(Outcome.SENT)),
    "401": ({"status": 401}, Receipt(Outcome.ACCOUNT_STOPPED, reason="the token is refused")),
    "404": ({"status": 404}, Receipt(Outcome.ACCOUNT_STOPPED, reason="the token is refused")),
    "frozen": (
        {"status": 400, "description": "Bad Request: FROZEN_METHOD_INVALID"},
        Receipt(Outcome.ACCOUNT_STOPPED, reason="the account is frozen"),
    ),
    "migrated": (
        {"status": 400, "parameters": {"migrate_to_chat_id": -1005}},
        Receipt(Outcome.RETRY, reason="moved", moved_to="-1005"),
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_receipt_says(telegram: TelegramStandIn, make: Make, ana: Person, name: str) -> None:
    fault, expected = CASES[name]
    adapter = make()
    telegram.faults.add(method="sendMessage", **fault)
    assert await send(adapter, ana, Message("Hi")) == expected
    assert len(telegram.calls.of("sendMessage")) == 1, "never repeated by itself"
    await adapter.stop()


async def test_a_server_that_is_not_there_was_never_reached(make: Make, ana: Person) -> None:
    adapter = make(api_url="http://127.0.0.1:9")
    receipt = await send(adapter, ana, Message("Hi"))
    assert receipt == Receipt(Outcome.RETRY, reason="no connection", wait=2, everyone=True)
    await adapter.stop()
    assert (await send(adapter, ana, Message("Hi"))).outcome is Outcome.RETRY


async def test_a_group_that_moved_says_where_to(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    group = telegram.group(ana)
    new = group.migrates()
    receipt = await adapter.send(str(group.id), Message("Hi"))
    assert (receipt.outcome, receipt.moved_to) == (Outcome.RETRY, str(new.id))
    assert (await adapter.send(receipt.moved_to, Message("Hi"))).outcome is Outcome.SENT


async def test_one_who_must_wait_holds_up_nobody(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    ben = telegram.person(name="Ben", started=True)
    telegram.faults.add(method="sendMessage", chat=ana, status=429, parameters={"retry_after": 30})
    mine, his = await asyncio.gather(send(adapter, ana, Message("Hi")), send(adapter, ben, Message("Hi")))
    assert (mine.outcome, mine.everyone) == (Outcome.RETRY, False)
    assert his.outcome is Outcome.SENT


async def test_a_message_told_to_wait_in_its_middle_goes_on_there(
    telegram: TelegramStandIn, adapter: TelegramAdapter, ana: Person
) -> None:
    message = Message("\n\n".join(f"{number}" + "x" * 3000 for number in range(3)), YES)
    fault = telegram.faults.add(method="sendMessage", every=2, status=429, parameters={"retry_after": 1})
    receipts = [await send(adapter, ana, dataclasses.replace(message)) for _ in range(3)]
    assert [receipt.outcome for receipt in receipts] == [Outcome.RETRY, Outcome.RETRY, Outcome.SENT]
    assert [heard.text[0] for heard in ana.heard] == ["0", "1", "2"]
    telegram.faults.remove(fault)
    await send(adapter, ana, message)
    assert [heard.text[0] for heard in ana.heard[3:]] == ["0", "1", "2"]


async def test_sending_needs_no_taking_in(telegram: TelegramStandIn, make: Make, ana: Person) -> None:
    adapter = make()
    assert (await send(adapter, ana, Message("Hi"))).outcome is Outcome.SENT
    assert not telegram.calls.of("getUpdates")
    await adapter.stop()


async def test_a_message_that_breaks_us_is_a_failure(adapter: TelegramAdapter, ana: Person) -> None:
    broken: Any = Message(text=None)  # type: ignore[arg-type]
    receipt = await send(adapter, ana, broken)
    assert receipt.outcome is Outcome.FAILED


async def test_what_is_in_hand_is_finished_at_the_end(telegram: TelegramStandIn, make: Make, ana: Person) -> None:
    telegram.faults.add(method="sendMessage", delay=0.3)
    async with running(make()) as adapter:
        sending = asyncio.create_task(send(adapter, ana, Message("Hi")))
        await asyncio.sleep(0.05)
    assert sending.done()
    assert sending.result().outcome is Outcome.SENT
