"""The methods that change what was sent, and the answers to taps."""

from tests.platforms.telegram.errors import bad_request
from tests.platforms.telegram.keyboards import Keyboard, check_keyboard
from tests.platforms.telegram.markup import Entity, units
from tests.platforms.telegram.parameters import Parameters
from tests.platforms.telegram.sending import composed, known_chat, reachable
from tests.platforms.telegram.updates import KEPT_SECONDS_OF_TAP
from tests.platforms.telegram.world import Chat, Json, Message, World

_SECONDS_EDITABLE = 48 * 3600
_ANSWER_AT_MOST = 200


def edit_message_text(world: World, asked: Parameters) -> Json:
    """Change the text and the buttons."""
    message = _editable(world, asked)
    text, entities = composed(asked, "text")
    if message.photo or message.document:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, text, entities, _keyboard(asked))


def edit_message_caption(world: World, asked: Parameters) -> Json:
    """Change the words under a picture, and the buttons."""
    message = _editable(world, asked)
    text, entities = composed(asked, "caption")
    if not message.photo and not message.document:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, text, entities, _keyboard(asked))


def edit_message_reply_markup(world: World, asked: Parameters) -> Json:
    """Change the buttons only."""
    message = _editable(world, asked)
    return _change(world, message, message.text, message.entities, _keyboard(asked))


def delete_message(world: World, asked: Parameters) -> bool:
    """Delete a message, the bot's own or in a private chat anybody's."""
    chat = reachable(world, asked)
    message = _find(chat, asked, "message to delete not found")
    if _is_old(world, message) or (chat.kind != "private" and not message.from_bot):
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.touch(message)
    return True


def pin_chat_message(world: World, asked: Parameters) -> bool:
    """Pin a message."""
    chat = reachable(world, asked)
    chat.pinned = _find(chat, asked, "message to pin not found")
    world.bell.ring()
    return True


def unpin_chat_message(world: World, asked: Parameters) -> bool:
    """Unpin the pinned message."""
    known_chat(world, asked).pinned = None
    world.bell.ring()
    return True


def answer_callback_query(world: World, asked: Parameters) -> bool:
    """End the waiting of somebody who tapped a button."""
    press = world.presses.get(asked.text("callback_query_id"))
    too_old = press is not None and world.clock.unix() - press.date > KEPT_SECONDS_OF_TAP
    if press is None or press.answered or too_old:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(asked.text("text")) > _ANSWER_AT_MOST:
        raise bad_request("MESSAGE_TOO_LONG")
    url = asked.text("url")
    if url and not url.startswith(f"https://t.me/{world.bot['username']}?"):
        raise bad_request("URL_INVALID")
    press.answered, press.answer, press.is_alert = True, asked.text("text"), asked.flag("show_alert")
    press.url = url
    world.bell.ring()
    return True


def _editable(world: World, asked: Parameters) -> Message:
    if asked.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = _find(reachable(world, asked), asked, "message to edit not found")
    if not message.from_bot or _is_old(world, message):
        raise bad_request("message can't be edited")
    return message


def _find(chat: Chat, asked: Parameters, problem: str) -> Message:
    wanted = asked.number("message_id")
    if not wanted:
        raise bad_request("message identifier is not specified")
    found = next((message for message in reversed(chat.messages) if message.id == wanted), None)
    if found is None or found.deleted:
        raise bad_request(problem)
    return found


def _is_old(world: World, message: Message) -> bool:
    return world.clock.unix() - message.date > _SECONDS_EDITABLE


def _keyboard(asked: Parameters) -> Keyboard | None:
    return check_keyboard(asked.tree("reply_markup"), inline_only=True)


def _change(world: World, message: Message, text: str, entities: list[Entity], keyboard: Keyboard | None) -> Json:
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.edited_at = int(world.clock.unix())
    return world.as_json(world.touch(message))
