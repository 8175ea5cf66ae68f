"""Polling over real HTTP: nothing is lost, nothing handled twice, whatever comes."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from bot.channels.telegram.serve import TelegramAdapter
from bot.message import Button, Incoming, Message
from tests.channels.telegram.conftest import Make, running, until
from tests.channels.telegram.keeping import Keeping
from tests.channels.telegram.raw import press
from tests.platforms.telegram import Message as Seen
from tests.platforms.telegram import Person, TelegramStandIn
from tests.platforms.telegram.calling import call


async def test_what_is_said_is_heard(telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter) -> None:
    telegram.person(language="de-AT").says("/start abc")
    await until(lambda: keeping.heard)
    (heard,) = keeping.heard
    assert (heard.command, heard.text, heard.profile.language, heard.profile.country) == ("start", "abc", "de-AT", "AT")
    assert heard.address.account == adapter.name == "telegram:123456"


async def test_the_name_of_the_bot_is_told(make: Make) -> None:
    told: list[str] = []
    async with running(make(on_username=told.append)) as adapter:
        assert told == [adapter.username] == ["kindling_test_bot"]


async def test_commands_are_registered_for_each_language_and_scope(make: Make, telegram: TelegramStandIn) -> None:
    commands = {"": [("start", "Begin"), ("act", "Act now")], "de": [("start", "Los"), ("act", "x" * 300)]}
    async with running(make(commands=commands)):
        await until(lambda: len(telegram.calls.accepted("setMyCommands")) == 4)
    asked = {
        (call.params.get("language_code", ""), call.params["scope"]["type"]): call.params["commands"]
        for call in telegram.calls.of("setMyCommands")
    }
    assert set(asked) == {(lang, scope) for lang in ("", "de") for scope in ("default", "all_private_chats")}
    assert asked["", "default"][1] == {"command": "act", "description": "Act now"}
    assert len(asked["de", "default"][1]["description"]) == 256


async def test_commands_that_are_refused_stop_nothing(make: Make, telegram: TelegramStandIn, keeping: Keeping) -> None:
    telegram.faults.add(method="setMyCommands", status=400)
    async with running(make(commands={"": [("start", "Begin")]})):
        telegram.person().says("hello")
        await until(lambda: keeping.texts == ["hello"])


async def test_a_webhook_left_over_is_removed(make: Make, telegram: TelegramStandIn, keeping: Keeping) -> None:
    await asyncio.to_thread(_set_webhook, telegram)
    async with running(make()):
        telegram.person().says("hello")
        await until(lambda: keeping.texts == ["hello"])
    assert telegram.calls.of("deleteWebhook")[0].params == {"drop_pending_updates": False}


def _set_webhook(telegram: TelegramStandIn) -> None:
    assert call(telegram, "setWebhook", url="https://elsewhere.example/hook").status == 200


async def test_only_some_kinds_are_asked_for(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    await until(lambda: len(telegram.calls.of("getUpdates")) > 1)
    expected = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert all(call.params["allowed_updates"] == expected for call in telegram.calls.of("getUpdates"))


async def test_nothing_is_lost_over_restarts(make: Make, telegram: TelegramStandIn, keeping: Keeping) -> None:
    ana = telegram.person()
    for round_ in range(5):
        adapter = make()
        await adapter.start()
        for number in range(40):
            ana.says(f"{round_}.{number}")
            await asyncio.sleep(0)
        await adapter.stop()
        ana.says(f"{round_}.late")
    async with running(make()):
        await until(lambda: len(keeping.heard) == 205)
        await asyncio.sleep(0.1)
    assert sorted(keeping.texts) == sorted({*keeping.texts})
    assert len(keeping.heard) == 205


async def test_an_offset_moves_only_after_the_commit(make: Make, telegram: TelegramStandIn, keeping: Keeping) -> None:
    keeping.broken = OSError("disk full")
    telegram.person().says("hello")
    async with running(make()) as adapter:
        await until(lambda: len(telegram.calls.of("getUpdates")) >= 3)
        assert not any("offset" in call.params for call in telegram.calls.of("getUpdates"))
        await until(adapter.ailing)
        keeping.broken = None
        await until(lambda: keeping.texts == ["hello"])
        await until(lambda: not adapter.ailing())


async def test_what_was_left_over_is_handled_at_the_start(make: Make, keeping: Keeping) -> None:
    await keeping.keep("telegram:123456", [("5", '{"message":{"text":"left","chat":{"id":5,"type":"private"}}}')])
    async with running(make()):
        await until(lambda: keeping.texts == ["left"])


async def test_the_same_update_again_has_no_second_effect(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    ana = telegram.person()
    ana.says("once")
    await until(lambda: keeping.texts == ["once"])
    for _ in range(3):
        telegram.repeat()
    ana.says("then")
    await until(lambda: "then" in keeping.texts)
    assert keeping.texts == ["once", "then"]


async def test_ids_that_start_anew_are_heard(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    ana = telegram.person()
    ana.says("high")
    await until(lambda: keeping.texts == ["high"])
    telegram.next_update_id = 1000
    ana.says("low")
    await until(lambda: keeping.texts == ["high", "low"])


async def test_a_poisoned_update_stops_nobody(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    ana = telegram.person()
    with telegram.held():
        ana.says("before")
        telegram.inject({"message": {"text": "no chat", "date": "never"}})
        telegram.inject({"telepathy": {"thought": 5}})
        telegram.inject({"update_id": "seven", "message": {}})
        telegram.inject({"message": {"chat": {"id": 7, "type": "private"}, "text": "half \ud83d \x00"}})
        ana.says("after")
    await until(lambda: "after" in keeping.texts)
    assert keeping.texts == ["before", "half", "after"]
    await until(lambda: keeping.dead == 2)
    assert not adapter.ailing()


def notices(incoming: Incoming) -> Sequence[Message]:
    return (Message(text="a"), Message(notice=f"Done: {incoming.text}"), Message(notice="second"))


@pytest.fixture
async def shown(telegram: TelegramStandIn, adapter: TelegramAdapter) -> tuple[Person, Seen]:
    ana = telegram.person(started=True)
    await adapter.send(str(ana.id), Message(text="Well?", buttons=((Button("Yes", "done:1"),),)))
    return ana, ana.last


async def test_a_press_is_answered_with_the_first_notice(
    telegram: TelegramStandIn, keeping: Keeping, shown: tuple[Person, Seen]
) -> None:
    keeping.talk = notices
    ana, message = shown
    pressed = ana.presses(message, "Yes")
    await until(lambda: pressed.answered, 1.0)
    assert pressed.answer == "Done: done:1"
    assert keeping.heard[0].pressed == str(message.id)


async def test_a_press_is_answered_when_its_handler_fails(
    telegram: TelegramStandIn, keeping: Keeping, shown: tuple[Person, Seen]
) -> None:
    def fails(incoming: Incoming) -> Sequence[Message]:
        raise RuntimeError

    keeping.talk = fails
    ana, message = shown
    pressed = ana.presses(message, "Yes")
    await until(lambda: pressed.answered, 1.0)
    await until(lambda: keeping.dead)
    assert len(telegram.calls.of("answerCallbackQuery")) == 1


async def test_a_press_that_cannot_be_read_is_answered(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    telegram.inject({"callback_query": {"id": "77", "data": 5, "message": {"chat": "odd"}}})
    await until(lambda: telegram.calls.of("answerCallbackQuery"), 1.0)
    assert telegram.calls.of("answerCallbackQuery")[0].params == {"callback_query_id": "77"}


async def test_a_press_answered_too_late_harms_nothing(
    telegram: TelegramStandIn, keeping: Keeping, shown: tuple[Person, Seen], adapter: TelegramAdapter
) -> None:
    with telegram.held() as held:
        ana, message = shown
        pressed = ana.presses(message, "Yes")
        held[0].until += 1000
        telegram.later(600)
    await until(lambda: keeping.heard)
    await until(lambda: telegram.calls.of("answerCallbackQuery"))
    ana.says("still there")
    await until(lambda: "still there" in keeping.texts)
    assert not pressed.answered
    assert not adapter.ailing()


async def test_a_slow_answer_holds_up_nobody(
    telegram: TelegramStandIn, keeping: Keeping, shown: tuple[Person, Seen]
) -> None:
    telegram.faults.add(method="answerCallbackQuery", delay=1.0)
    ana, message = shown
    ana.presses(message, "Yes")
    ana.says("and now")
    await until(lambda: "and now" in keeping.texts, 0.8)


async def test_a_press_delivered_again_after_a_restart_is_answered(
    make: Make, telegram: TelegramStandIn, keeping: Keeping
) -> None:
    raw = json.dumps(press() | {"update_id": 555})
    await keeping.keep("telegram:123456", [("555", raw)])
    await keeping.work_off("telegram:123456", lambda _raw: None, _nothing)
    async with running(make()):
        telegram.inject(json.loads(raw))
        await until(lambda: telegram.calls.of("answerCallbackQuery"))
    assert keeping.heard == []


async def _nothing(raw: str, messages: Sequence[Message]) -> None:
    return None


async def test_standing_changes_and_migrations_arrive(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    ana = telegram.person(started=True)
    ana.blocks()
    ana.unblocks()
    group = telegram.group(ana)
    new = group.migrates()
    await until(lambda: len(keeping.heard) >= 5)
    kinds = [(found.kind, found.address.chat, found.moved_to) for found in keeping.heard]
    assert kinds[:3] == [("blocked", str(ana.id), ""), ("unblocked", str(ana.id), ""), ("unblocked", str(group.id), "")]
    assert set(kinds[3:]) == {("moved", str(group.id), str(new.id))}
