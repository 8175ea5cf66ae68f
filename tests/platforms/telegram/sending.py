"""The methods that send."""

import struct
from typing import Any, Literal

from tests.platforms.telegram.errors import bad_request, forbidden
from tests.platforms.telegram.keyboards import check_keyboard
from tests.platforms.telegram.markup import Entity, check_entities, parse_html, trimmed, units, with_found
from tests.platforms.telegram.parameters import Parameters, Upload
from tests.platforms.telegram.world import Chat, File, Json, Message, World

TEXT_AT_MOST = 4096
CAPTION_AT_MOST = 1024
_PHOTO_BYTES_AT_MOST = 10_000_000
_UPLOAD_BYTES_AT_MOST = 50_000_000
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, asked: Parameters) -> Json:
    """Send a text."""
    chat = reachable(world, asked)
    text, entities = composed(asked, "text")
    return _send(world, chat, asked, Message(0, chat.id, world.bot, 0, text, entities))


def send_photo(world: World, asked: Parameters) -> Json:
    """Send a picture."""
    chat = reachable(world, asked)
    text, entities = composed(asked, "caption")
    photo = _photo(world, asked.values.get("photo"))
    return _send(world, chat, asked, Message(0, chat.id, world.bot, 0, text, entities, photo=photo))


def send_document(world: World, asked: Parameters) -> Json:
    """Send a file."""
    chat = reachable(world, asked)
    text, entities = composed(asked, "caption")
    document = _document(world, asked.values.get("document"))
    return _send(world, chat, asked, Message(0, chat.id, world.bot, 0, text, entities, document=document))


def send_chat_action(world: World, asked: Parameters) -> bool:
    """Show that the bot is busy."""
    chat = reachable(world, asked)
    if asked.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(asked.text("action"))
    return True


def known_chat(world: World, asked: Parameters) -> Chat:
    """Return the chat asked for, or refuse."""
    if asked.values.get("chat_id") in (None, ""):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(asked.chat) if asked.chat is not None else None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def reachable(world: World, asked: Parameters) -> Chat:
    """Return the chat asked for if the bot may write there, or refuse."""
    chat = known_chat(world, asked)
    if chat.migrated_to is not None:
        to = chat.migrated_to
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)
    if chat.is_deactivated:
        raise forbidden("user is deactivated")
    if chat.standing == "member":
        return chat
    if chat.kind != "private":
        why = "was kicked from" if chat.standing == "kicked" else "is not a member of"
        raise forbidden(f"bot {why} the {chat.kind} chat")
    if chat.standing == "kicked":
        raise forbidden("bot was blocked by the user")
    raise forbidden("bot can't initiate conversation with a user")


def composed(asked: Parameters, words: Literal["text", "caption"]) -> tuple[str, list[Entity]]:
    """Return the text and entities asked for, or refuse them."""
    text = asked.text(words)
    if words == "text" and not text:
        raise bad_request("message text is empty")
    text, entities = trimmed(*_marked(asked, words, text))
    if words == "text" and not text:
        raise bad_request("text must be non-empty")
    if units(text) > (TEXT_AT_MOST if words == "text" else CAPTION_AT_MOST):
        raise bad_request("message is too long" if words == "text" else "message caption is too long")
    return text, with_found(text, entities)


def _marked(asked: Parameters, words: str, text: str) -> tuple[str, list[Entity]]:
    mode = asked.text("parse_mode").lower()
    if mode == "html":
        return parse_html(text)
    if mode:
        raise bad_request("unsupported parse_mode")
    given = asked.tree("entities" if words == "text" else "caption_entities")
    return text, check_entities(text, given) if given else []


def _send(world: World, chat: Chat, asked: Parameters, message: Message) -> Json:
    message.keyboard = check_keyboard(asked.tree("reply_markup"))
    message.reply_to = _answered(chat, asked)
    message.date = int(world.clock.unix())
    world.pace.admit(chat.id, world.clock.monotonic(), is_group=chat.kind != "private")
    return world.as_json(world.post(chat, message))


def _answered(chat: Chat, asked: Parameters) -> Message | None:
    wanted = asked.tree("reply_parameters")
    if wanted is None:
        return None
    found = next((message for message in chat.visible if message.id == wanted.get("message_id")), None)
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _photo(world: World, photo: Any) -> File:
    if not isinstance(photo, Upload):
        return _known_file(world, photo, "photo")
    if not photo.data:
        raise bad_request("file must be non-empty")
    if len(photo.data) > _PHOTO_BYTES_AT_MOST:
        raise bad_request("file is too big")
    width, height = image_size(photo.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return world.keep("photos", photo.data, name=photo.name, width=width, height=height)


def _document(world: World, document: Any) -> File:
    if not isinstance(document, Upload):
        return _known_file(world, document, "document")
    if not document.data:
        raise bad_request("file must be non-empty")
    if len(document.data) > _UPLOAD_BYTES_AT_MOST:
        raise bad_request("file is too big")
    return world.keep("documents", document.data, name=document.name)


def _known_file(world: World, wanted: Any, what: str) -> File:
    if not wanted:
        raise bad_request(f"there is no {what} in the request")
    if wanted in world.files:
        return world.files[wanted]
    if not str(wanted).startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.keep("photos", b"", url=str(wanted), width=640, height=480)


def image_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG picture, or refuse it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 33:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    raise bad_request("IMAGE_PROCESS_FAILED")
