"""The stand-in driven by python-telegram-bot's own Bot, over all its methods."""

import struct
import zlib
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
)
from telegram.error import BadRequest

from tests.platforms.telegram import TelegramStandIn


def png(width: int = 2, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
async def platform() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def bot(platform: TelegramStandIn) -> AsyncIterator[Bot]:
    url = platform.url
    async with Bot(platform.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        yield bot


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"tap:{label}")] for label in labels])


async def test_the_bot_learns_who_it_is(platform: TelegramStandIn, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (123456, True, "kindling_test_bot")
    with pytest.raises(BadRequest):
        await bot.log_out()


async def test_a_dialog_with_buttons_is_edited_in_place(platform: TelegramStandIn, bot: Bot) -> None:
    ana = platform.person(name="Ana", language="de")
    ana.says("/start abc")
    [update] = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.text == "/start abc"
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "de"
    assert [(each.type, each.offset, each.length) for each in update.message.entities] == [("bot_command", 0, 6)]

    sent = await bot.send_message(ana.id, "Hello <b>Ana</b> &amp; all", parse_mode="HTML", reply_markup=keyboard("Yes"))
    heard = await platform.wait_for(ana.hears, "Hello")
    assert (heard.text, heard.html) == ("Hello Ana & all", "Hello <b>Ana</b> &amp; all")
    assert heard.buttons == [[("Yes", "tap:Yes")]]
    assert not heard.edited

    press = ana.presses(heard, "Yes")
    [update] = await bot.get_updates(offset=update.update_id + 1, timeout=5)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.id) == ("tap:Yes", press.id)
    await query.answer("Noted", show_alert=True)
    assert (press.answered, press.answer, press.is_alert) == (True, "Noted", True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()

    await query.edit_message_text("Thanks")
    assert [message.text for message in ana.chat] == ["/start abc", "Thanks"]
    assert ana.last is heard
    assert heard.edited
    assert heard.buttons == []
    with pytest.raises(BadRequest, match="Message is not modified"):
        await query.edit_message_text("Thanks")
    await bot.edit_message_reply_markup(ana.id, sent.message_id, reply_markup=keyboard("More", "Less"))
    assert heard.buttons == [[("More", "tap:More")], [("Less", "tap:Less")]]
    await bot.pin_chat_message(ana.id, sent.message_id)
    assert ana.pinned is heard
    assert (await bot.get_chat(ana.id)).pinned_message is not None
    await bot.unpin_chat_message(ana.id)
    await bot.delete_message(ana.id, sent.message_id)
    assert ana.heard == []


async def test_pictures_and_files_go_both_ways(platform: TelegramStandIn, bot: Bot) -> None:
    ana = platform.person(started=True)
    sent = await bot.send_photo(ana.id, png(4, 3), caption="<i>look</i>", parse_mode="HTML")
    photo = ana.last.photo
    assert photo is not None
    assert (photo.width, photo.height, ana.last.text) == (4, 3, "look")
    await bot.send_photo(ana.id, sent.photo[-1].file_id, caption="again")
    assert ana.last.photo is photo
    await bot.send_photo(ana.id, "https://example.org/a.png")
    assert ana.last.photo is not None
    assert ana.last.photo.url == "https://example.org/a.png"
    await bot.edit_message_caption(ana.id, sent.message_id, caption="looked")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("text", ana.id, sent.message_id)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(ana.id, b"no picture")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(ana.id, png(100, 1))
    await bot.send_document(ana.id, b"BEGIN:VCALENDAR", filename="dates.ics")
    assert ana.last.document is not None
    assert ana.last.document.name == "dates.ics"

    ana.sends_photo(b"picture", "my window")
    [update] = await bot.get_updates(timeout=5)
    assert update.message is not None
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == b"picture"
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nonsense")


async def test_the_profile_is_kept_by_scope_and_language(platform: TelegramStandIn, bot: Bot) -> None:
    ana = platform.person(started=True)
    commands = [BotCommand("help", "What I can do"), BotCommand("stop", "Be quiet")]
    await bot.set_my_commands(commands)
    await bot.set_my_commands(commands[:1], scope=BotCommandScopeChat(ana.id), language_code="de")
    assert await bot.get_my_commands(scope=BotCommandScopeDefault()) == tuple(commands)
    assert await bot.get_my_commands(scope=BotCommandScopeChat(ana.id), language_code="de") == tuple(commands[:1])
    assert await bot.get_my_commands(language_code="de") == ()
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    await bot.set_my_name("Funke", language_code="de")
    assert (await bot.get_my_name("de")).name == "Funke"
    assert (await bot.get_my_name()).name == "Kindling"
    await bot.set_my_description("Long words", language_code="en")
    assert (await bot.get_my_description("en")).description == "Long words"
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_short_description("fr")).short_description == "Short"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)


async def test_a_chat_can_be_asked_about(platform: TelegramStandIn, bot: Bot) -> None:
    ana = platform.person(name="Ana", username="ana_b", started=True)
    group = platform.group(ana, title="Street")
    assert ((await bot.get_chat(ana.id)).first_name, (await bot.get_chat(ana.id)).username) == ("Ana", "ana_b")
    assert (await bot.get_chat(group.id)).title == "Street"
    await bot.send_chat_action(ana.id, telegram.constants.ChatAction.TYPING)
    assert ana.state.actions == ["typing"]
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(ana.id, "dancing")


async def test_every_call_is_logged(platform: TelegramStandIn, bot: Bot) -> None:
    ana = platform.person(started=True)
    await bot.send_message(ana.id, "one", reply_markup=keyboard("Yes"))
    with pytest.raises(BadRequest):
        await bot.send_message(99, "nobody")
    first, second = platform.calls.of("sendMessage")
    assert (first.chat, first.params["text"], first.status, first.accepted) == (ana.id, "one", 200, True)
    assert first.params["reply_markup"]["inline_keyboard"][0][0]["text"] == "Yes"
    assert (second.status, second.description, second.accepted) == (400, "Bad Request: chat not found", False)
    assert second.at >= first.at
    assert platform.calls.busiest() == 2
