"""What the stand-in sends: valid updates, confirmed by offset, and odd ones on demand."""

import asyncio
import http.client
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import telegram as ptb

from tests.platforms.telegram import Person, TelegramStandIn
from tests.platforms.telegram.calling import Reply, call
from tests.platforms.telegram_oracle import unknown_fields


@pytest.fixture
def telegram() -> Iterator[TelegramStandIn]:
    with TelegramStandIn.in_thread() as stand_in:
        yield stand_in


@pytest.fixture
def ana(telegram: TelegramStandIn) -> Person:
    return telegram.person(started=True)


def updates(telegram: TelegramStandIn, **params: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = call(telegram, "getUpdates", **params).body["result"]
    return result


def texts(found: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in found]


def test_every_update_is_valid(telegram: TelegramStandIn, ana: Person) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    call(telegram, "sendMessage", chat_id=ana.id, text="<b>hi</b>", parse_mode="HTML", reply_markup=keyboard)
    ours = ana.last
    ana.edits(ana.says("/help@kindling_test_bot https://example.org", reply_to=ours), "@someone")
    ana.sends_photo(b"picture", "caption")
    ana.sends(more={"location": {"latitude": 1.5, "longitude": 2.5}})
    ana.presses(ours, "Yes")
    call(telegram, "deleteMessage", chat_id=ana.id, message_id=ours.id)
    ana.taps(ours, "forged")
    ana.blocks()
    ana.unblocks()
    group = telegram.group(ana, title="Street")
    ana.says("/act", chat=group)
    group.migrates().removes_bot()
    telegram.person(language=None).says("hi")

    found = updates(telegram)
    kinds = [next(kind for kind in update if kind != "update_id") for update in found]
    assert [kinds.count(kind) for kind in ("message", "edited_message", "callback_query", "my_chat_member")] == [
        7,
        1,
        2,
        4,
    ]
    check_updates(found)
    answers = [each.result for each in telegram.calls if each.method == "sendMessage"]
    check_updates([{"update_id": 1, "message": answer} for answer in answers])


def check_updates(found: list[dict[str, Any]]) -> None:
    import aiogram.types

    for update in found:
        parsed = ptb.Update.de_json(update, None)
        assert parsed.effective_chat is not None
        assert not parsed.api_kwargs
        other = aiogram.types.Update.model_validate(update, context={"bot": None})
        assert list(unknown_fields(other)) == []


def test_every_answer_is_valid(telegram: TelegramStandIn, ana: Person) -> None:
    import aiogram.types

    ana.sends_photo(b"picture")
    [photo] = telegram.world.files
    group = telegram.group(ana)
    call(telegram, "sendMessage", chat_id=group.id, text="pin me")
    call(telegram, "pinChatMessage", chat_id=group.id, message_id=group.last.id)
    answers: list[tuple[type[aiogram.types.TelegramObject], str, dict[str, Any]]] = [
        (aiogram.types.User, "getMe", {}),
        (aiogram.types.ChatFullInfo, "getChat", {"chat_id": ana.id}),
        (aiogram.types.ChatFullInfo, "getChat", {"chat_id": group.id}),
        (aiogram.types.WebhookInfo, "getWebhookInfo", {}),
        (aiogram.types.File, "getFile", {"file_id": photo}),
        (aiogram.types.BotName, "getMyName", {}),
    ]
    for model, method, params in answers:
        parsed = model.model_validate(call(telegram, method, **params).body["result"])
        assert list(unknown_fields(parsed)) == [], method


def test_updates_stay_until_confirmed(telegram: TelegramStandIn, ana: Person) -> None:
    for number in range(3):
        ana.says(f"m{number}")
    first = updates(telegram, limit=2)
    assert texts(first) == ["m0", "m1"]
    assert texts(updates(telegram)) == ["m0", "m1", "m2"]
    assert texts(updates(telegram, offset=first[1]["update_id"] + 1)) == ["m2"]
    assert texts(updates(telegram, offset=-1)) == ["m2"]
    assert updates(telegram, offset=first[1]["update_id"] + 2) == []
    assert call(telegram, "getWebhookInfo").body["result"]["pending_update_count"] == 0


def test_a_poll_waits_for_news(telegram: TelegramStandIn, ana: Person) -> None:
    replies: list[list[dict[str, Any]]] = []
    poller = threading.Thread(target=lambda: replies.append(updates(telegram, timeout=20)))
    poller.start()
    telegram.wait(lambda: telegram.calls.of("getUpdates"))
    ana.says("at last")
    poller.join(5)
    assert texts(replies[0]) == ["at last"]


def test_a_second_poll_or_a_webhook_ends_the_first(telegram: TelegramStandIn) -> None:
    replies: list[Reply] = []

    def poll(count: int) -> threading.Thread:
        poller = threading.Thread(target=lambda: replies.append(call(telegram, "getUpdates", timeout=20)))
        poller.start()
        telegram.wait(lambda: len(telegram.calls.of("getUpdates")) == count)
        return poller

    first, second = poll(1), poll(2)
    first.join(5)
    assert replies[0].status == 409
    assert replies[0].body["description"].startswith("Conflict: terminated by other getUpdates request")
    call(telegram, "setWebhook", url="https://example.org/hook")
    second.join(5)
    assert replies[1].body["description"] == "Conflict: terminated by setWebhook request"
    assert "can't use getUpdates method while webhook is active" in call(telegram, "getUpdates").body["description"]
    call(telegram, "deleteWebhook")
    assert call(telegram, "getUpdates").status == 200


def test_only_wanted_kinds_are_sent(telegram: TelegramStandIn, ana: Person) -> None:
    updates(telegram, allowed_updates=["my_chat_member"])
    ana.says("unwanted")
    ana.blocks()
    assert [list(update) for update in updates(telegram)] == [["update_id", "my_chat_member"]]
    updates(telegram, allowed_updates=[])
    ana.says("wanted")
    assert len(updates(telegram)) == 3


def test_ids_may_start_lower_and_still_arrive(telegram: TelegramStandIn, ana: Person) -> None:
    ana.says("before")
    [update] = updates(telegram)
    assert updates(telegram, offset=update["update_id"] + 1) == []
    telegram.next_update_id = 1000
    ana.says("after")
    [update] = updates(telegram, offset=update["update_id"] + 1)
    assert (update["update_id"], update["message"]["text"]) == (1000, "after")
    assert updates(telegram, offset=1001) == []


def test_updates_are_repeated_though_confirmed(telegram: TelegramStandIn, ana: Person) -> None:
    ana.says("once")
    [update] = updates(telegram)
    offset = update["update_id"] + 1
    assert updates(telegram, offset=offset) == []
    telegram.repeat()
    assert updates(telegram, offset=offset) == [update]
    assert updates(telegram, offset=offset) == []


def test_an_update_lost_on_the_way_comes_again(telegram: TelegramStandIn, ana: Person) -> None:
    ana.says("once")
    [update] = updates(telegram)
    telegram.repeat()
    telegram.faults.add(method="getUpdates", status=502, at="accepted", times=1)
    assert call(telegram, "getUpdates", offset=update["update_id"] + 1).status == 502
    assert updates(telegram, offset=update["update_id"] + 1) == [update]


def test_held_updates_come_in_any_order(telegram: TelegramStandIn, ana: Person) -> None:
    with telegram.held() as held:
        ana.says("first")
        ana.says("second")
        assert updates(telegram) == []
        held.reverse()
    assert texts(updates(telegram)) == ["second", "first"]


def test_odd_updates_are_sent_as_they_are(telegram: TelegramStandIn) -> None:
    odd = telegram.inject({"message": {"date": "soon"}})
    high = telegram.inject({"update_id": 2_000_000_000, "unheard_of": [1, 2]})
    assert updates(telegram) == [odd, high]
    assert updates(telegram, offset=2_000_000_001) == []


def test_the_bot_hears_in_groups_what_is_meant_for_it(telegram: TelegramStandIn, ana: Person) -> None:
    group = telegram.group(ana)
    call(telegram, "sendMessage", chat_id=group.id, text="Hello all")
    greeting = group.hears("Hello")
    for text in ("chatter", "/act", "/act@kindling_test_bot", "/act@other_bot"):
        ana.says(text, chat=group)
    ana.says("a reply", chat=group, reply_to=greeting)
    assert texts(updates(telegram)[1:]) == ["/act", "/act@kindling_test_bot", "a reply"]
    assert len(group.chat) == 6


def test_people_press_what_is_there(telegram: TelegramStandIn, ana: Person) -> None:
    rows = [[{"text": "Yes", "callback_data": "y"}], [{"text": "Site", "url": "https://example.org"}]]
    call(telegram, "sendMessage", chat_id=ana.id, text="Well?", reply_markup={"inline_keyboard": rows})
    message = ana.hears("Well")
    assert ana.presses(message, "y").data == ana.presses(message, "Yes").data == "y"
    with pytest.raises(AssertionError, match="no button 'No'"):
        ana.presses(message, "No")
    with pytest.raises(AssertionError, match="is a link"):
        ana.presses(message, "Site")
    with pytest.raises(AssertionError, match="'Well' not heard"):
        ana.hears("Well", timeout=0.05)
    assert ana.hears("Well", ever=True) is message
    ana.hears_nothing(0.05)
    ana.deactivates()
    with pytest.raises(AssertionError, match="gone"):
        ana.says("hi")


async def test_waiting_inside_the_loop_is_refused() -> None:
    async with TelegramStandIn() as telegram:
        with pytest.raises(AssertionError, match=r"await telegram\.wait_for"):
            telegram.wait(lambda: False)
        assert await telegram.wait_for(telegram.wait, lambda: 17) == 17
        with pytest.raises(AssertionError, match=r"waited 0\.05 s in vain"):
            await telegram.wait_for(telegram.wait, lambda: False, timeout=0.05)


async def test_leaving_ends_what_is_under_way() -> None:
    async with TelegramStandIn() as telegram:
        telegram.faults.add(method="getMe", delay=60)
        slow = asyncio.create_task(telegram.wait_for(call, telegram, "getMe"))
        poll = asyncio.create_task(telegram.wait_for(call, telegram, "getUpdates", timeout=50))
        await telegram.wait_for(telegram.wait, lambda: len(telegram.calls) == 2)
        begin = time.monotonic()
    assert time.monotonic() - begin < 3
    assert (await poll).body == {"ok": True, "result": []}
    with pytest.raises((http.client.HTTPException, OSError)):
        await slow
