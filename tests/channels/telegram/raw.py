"""Raw updates as Telegram writes them, for tables."""

from typing import Any

ACCOUNT = "telegram:123456"
USERNAME = "kindling_test_bot"
ANA = {"id": 50001, "is_bot": False, "first_name": "Ana", "language_code": "pt-br"}
PRIVATE = {"id": 50001, "type": "private", "first_name": "Ana"}
GROUP = {"id": -40001, "type": "group", "title": "Neighbours"}
BOT = {"id": 123456, "is_bot": True, "first_name": "Kindling", "username": USERNAME}


def message(text: Any = None, *, chat: Any = PRIVATE, sender: Any = ANA, **more: Any) -> dict[str, Any]:
    """An update with a message; `None` leaves a field out."""
    fields = {"message_id": 7, "from": sender, "chat": chat, "date": 1_780_000_000, "text": text, **more}
    return {"update_id": 1, "message": {name: value for name, value in fields.items() if value is not None}}


def press(data: Any = "done:7", *, shown: Any = None, **more: Any) -> dict[str, Any]:
    """An update with a press."""
    under = {"message_id": 9, "chat": PRIVATE, "from": BOT, "date": 1_780_000_000, "text": "Hello"}
    query = {"id": "4300", "from": ANA, "chat_instance": "-1", "message": shown or under, "data": data, **more}
    return {"update_id": 2, "callback_query": {name: value for name, value in query.items() if value is not None}}


def membership(old: Any, new: Any, *, chat: Any = PRIVATE) -> dict[str, Any]:
    """An update about our standing in a chat."""
    change = {
        "chat": chat,
        "from": ANA,
        "date": 1_780_000_000,
        "old_chat_member": {"user": BOT, **old},
        "new_chat_member": {"user": BOT, **new},
    }
    return {"update_id": 3, "my_chat_member": change}
