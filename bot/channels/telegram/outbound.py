"""From a `Message` to calls: pure, one call after the other, with what to do when one is refused."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.channels.telegram.markup import CAPTION_AT_MOST, Part, parts
from bot.message import Button, Document, Message

PRESS_BYTES_AT_MOST = 64
NOTICE_AT_MOST = 200

Rows = tuple[tuple[Button, ...], ...]
Method = Literal[
    "sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageCaption", "editMessageReplyMarkup"
]
_WORDS: dict[Method, str] = {
    "sendMessage": "text",
    "editMessageText": "text",
    "sendPhoto": "caption",
    "sendDocument": "caption",
    "editMessageCaption": "caption",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API, written down before it is made.

    `picture` is the source of the photo, `document` the file that goes with it; `edits` the message it changes. An
    `optional` call may be refused without harm.
    """

    method: Method
    chat: str
    part: Part | None = None
    buttons: Rows = ()
    edits: str = ""
    picture: str = ""
    document: Document | None = None
    optional: bool = False

    def params(self, *, plain: bool = False) -> dict[str, Any]:
        """Return the parameters, without the photo; `plain` leaves out all that was ever refused."""
        params: dict[str, Any] = {"chat_id": _number(self.chat)}
        if self.edits:
            params["message_id"] = _number(self.edits)
        if self.part is not None:
            params[_WORDS[self.method]] = self.part.plain if plain else self.part.html
            if not plain:
                params["parse_mode"] = "HTML"
        if self.part is not None and _WORDS[self.method] == "text":
            params["link_preview_options"] = {"is_disabled": True}
        if rows := keyboard(self.buttons, checked=plain):
            params["reply_markup"] = {"inline_keyboard": rows}
        return params


def calls(chat: str, message: Message) -> tuple[Call, ...]:
    """Return the calls that say a message: none when there is nothing to show in the chat."""
    texts = parts(message.text)
    if _is_number(message.replaces):
        return _edits(chat, message, texts)
    return fresh(chat, message, texts)


def fresh(chat: str, message: Message, texts: Sequence[Part]) -> tuple[Call, ...]:
    """Return the calls that send a message anew, the buttons under its last part."""
    written = [Call("sendMessage", chat, part) for part in texts]
    if message.image is not None:
        caption = _caption(message)
        written = [] if caption else written
        written.insert(0, Call("sendPhoto", chat, caption, picture=message.image.source))
    if message.document is not None:
        written.append(Call("sendDocument", chat, document=message.document))
    if not written:
        return ()
    return (*written[:-1], replace(written[-1], buttons=message.buttons))


def anew(chat: str, message: Message) -> tuple[Call, ...]:
    """Return the calls for a message whose edit was refused."""
    return fresh(chat, message, parts(message.text))


def without_picture(call: Call) -> tuple[Call, ...]:
    """Return what remains of a photo whose picture is refused or missing: its words."""
    if call.part is None:
        return ()
    return (replace(call, method="sendMessage", picture=""),)


def keyboard(rows: Rows, *, checked: bool = False) -> list[list[dict[str, str]]]:
    """Return buttons as Telegram's inline keyboard; `checked` leaves out those that it would refuse."""
    found = [[_button(button) for button in row if not checked or _is_acceptable(button)] for row in rows]
    return [row for row in found if row]


def _edits(chat: str, message: Message, texts: Sequence[Part]) -> tuple[Call, ...]:
    only_buttons = Call("editMessageReplyMarkup", chat, edits=message.replaces)
    if not texts and message.image is None:
        return (replace(only_buttons, buttons=message.buttons),)
    if message.replaces_photo and (caption := _caption(message)):
        return (Call("editMessageCaption", chat, caption, message.buttons, message.replaces),)
    if message.replaces_photo or message.image is not None:
        # A photo has no room for these words, or a text no room for a photo: the old message only loses its buttons.
        said = replace(message, image=None) if message.replaces_photo else message
        return (replace(only_buttons, optional=True), *fresh(chat, said, texts))
    edited = Call("editMessageText", chat, texts[0], edits=message.replaces)
    rest = fresh(chat, message, texts[1:])
    return (edited, *rest) if rest else (replace(edited, buttons=message.buttons),)


def _caption(message: Message) -> Part | None:
    found = parts(message.text, CAPTION_AT_MOST)
    return found[0] if len(found) == 1 else None


def _button(button: Button) -> dict[str, str]:
    return {"text": button.label} | ({"url": button.url} if button.url else {"callback_data": button.press})


def _is_acceptable(button: Button) -> bool:
    if not button.label.strip():
        return False
    if not button.url:
        return 1 <= len(button.press.encode()) <= PRESS_BYTES_AT_MOST
    try:
        parts_of_url = urlsplit(button.url)
    except ValueError:
        return False
    return parts_of_url.scheme in ("http", "https") and "." in (parts_of_url.hostname or "")


def _is_number(name: str) -> bool:
    return re.fullmatch("-?[0-9]{1,20}", name) is not None


def _number(name: str) -> int | str:
    return int(name) if _is_number(name) else name
