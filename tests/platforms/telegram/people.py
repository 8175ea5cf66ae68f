"""The people's side of the platform: plain functions that a test calls from any thread."""

import time
from collections.abc import Sequence
from typing import Any

from tests.platforms.telegram.keyboards import find_button
from tests.platforms.telegram.markup import find_entities
from tests.platforms.telegram.world import Chat, File, Json, Message, Press, World

_WAIT = 10.0


class Conversation:
    """What is visible in one chat."""

    def __init__(self, world: World, state: Chat) -> None:
        self.world = world
        self.state = state

    @property
    def id(self) -> int:
        """Return the number of the chat."""
        return self.state.id

    @property
    def chat(self) -> list[Message]:
        """Return the messages visible now, oldest first, from both sides."""
        with self.world.lock:
            return self.state.visible

    @property
    def heard(self) -> list[Message]:
        """Return the bot's messages visible now, oldest first."""
        return [message for message in self.chat if message.from_bot]

    @property
    def last(self) -> Message:
        """Return the bot's latest message."""
        heard = self.heard
        assert heard, "the bot has not said anything"
        return heard[-1]

    @property
    def pinned(self) -> Message | None:
        """Return the pinned message."""
        return self.state.pinned

    @property
    def news(self) -> list[Message]:
        """Return what the bot wrote or changed since the last thing a person did here."""
        return [message for message in self.heard if message.version > self.state.since]

    def hears(self, part: str = "", timeout: float = _WAIT, *, ever: bool = False) -> Message:
        """Wait for a message with this text, new or edited since the last thing a person did here."""

        def found() -> Message | None:
            messages = self.heard if ever else self.news
            return next((message for message in reversed(messages) if part in message.text), None)

        result = self.world.wait(found, timeout, lambda: f"{part!r} not heard in {self.chat}")
        assert result is not None
        return result

    def hears_nothing(self, seconds: float = 0.2) -> None:
        """Check that the bot keeps silent for a while."""
        until = time.monotonic() + seconds
        self.world.wait(lambda: self.news or time.monotonic() >= until, seconds + 1, lambda: "time stands still")
        assert not self.news, f"heard {self.news}"

    def _acts(self, where: Chat | None = None) -> None:
        (where or self.state).since = self.world.number("versions")


class Person(Conversation):
    """Somebody with an account, and the private chat with the bot."""

    def __init__(self, world: World, user: Json, state: Chat) -> None:
        super().__init__(world, state)
        self.user = user

    @property
    def blocked(self) -> bool:
        """Return whether the person blocked the bot."""
        return self.state.standing == "kicked"

    def says(self, text: str, *, chat: "Group | None" = None, reply_to: Message | None = None) -> Message:
        """Write to the bot, or into a group."""
        return self.sends(text=text, chat=chat, reply_to=reply_to)

    def starts(self, payload: str = "") -> Message:
        """Open the bot through a link and press the start button."""
        return self.says(f"/start {payload}".rstrip())

    def sends_photo(self, data: bytes, caption: str = "", *, chat: "Group | None" = None) -> Message:
        """Send a picture."""
        with self.world.lock:
            photo = self.world.keep("photos", data, width=640, height=480)
        return self.sends(text=caption, photo=photo, chat=chat)

    def sends_document(self, data: bytes, name: str, mime_type: str = "", *, told: int | None = None) -> Message:
        """Send a file as it is; `told` is the size that the platform tells of it, to spare the test the bytes."""
        with self.world.lock:
            document = self.world.keep("documents", data, name=name, mime_type=mime_type, told=told)
        return self.sends(document=document)

    def sends(
        self,
        *,
        text: str = "",
        photo: File | None = None,
        document: File | None = None,
        chat: "Group | None" = None,
        reply_to: Message | None = None,
        more: Json | None = None,
    ) -> Message:
        """Send any message; `more` holds fields such as a location or a sticker."""
        where = chat or self
        with self.world.lock:
            assert not self.state.is_deactivated, "an account that is gone says nothing"
            if chat is None and self.state.standing != "member":
                self._returns()
            message = Message(
                0, where.id, self.user, self._now(), text, find_entities(text), photo=photo, document=document
            )
            message.reply_to, message.more = reply_to, more or {}
            self.world.post(where.state, message)
            self._acts(where.state)
            if chat is None or chat.is_heard(message):
                self._update("message", self.world.as_json(message))
            return message

    def edits(self, message: Message, text: str) -> Message:
        """Change an own message."""
        with self.world.lock:
            message.text, message.entities, message.edited_at = text, find_entities(text), self._now()
            self.world.touch(message)
            self._update("edited_message", self.world.as_json(message))
            return message

    def presses(self, message: Message, wanted: str) -> Press:
        """Press a button, named by its label or its callback data."""
        with self.world.lock:
            assert not message.deleted, "this message is gone"
            button = find_button(message.keyboard, wanted)
            assert button is not None, f"no button {wanted!r} under {message}"
            assert "callback_data" in button, f"{wanted!r} is a link to {button.get('url')}"
            return self.taps(message, button["callback_data"])

    def taps(self, message: Message, data: str) -> Press:
        """Send callback data, whether or not there is such a button, as a forger could."""
        with self.world.lock:
            press = Press(str(4_300_000_000_000 + self.world.number("presses")), self.id, data, self.world.clock.unix())
            self.world.presses[press.id] = press
            self._acts(self.world.chats[message.chat])
            tree = {"id": press.id, "from": self.user, "chat_instance": str(-77_000 - message.chat), "data": data}
            shown = self.world.as_json(message)
            if message.deleted:
                shown = {key: shown[key] for key in ("message_id", "chat")} | {"date": 0}
            self._update("callback_query", {**tree, "message": shown})
            return press

    def blocks(self) -> None:
        """Block the bot."""
        with self.world.lock:
            self._becomes("kicked")

    def unblocks(self) -> None:
        """Unblock the bot."""
        with self.world.lock:
            self._becomes("member")

    def deactivates(self) -> None:
        """Delete the account; the bot gets no notice of it."""
        with self.world.lock:
            self.state.is_deactivated = True

    def _returns(self) -> None:
        if self.blocked:
            self._becomes("member")
        self.state.standing = "member"

    def _becomes(self, standing: str) -> None:
        old, self.state.standing = self.state.standing, standing
        self._acts()
        self._update("my_chat_member", _standing_changed(self.world, self.state, self.user, old))

    def _now(self) -> int:
        return int(self.world.clock.unix())

    def _update(self, kind: str, content: Json) -> None:
        self.world.updates.add(kind, content)
        self.world.bell.ring()


class Group(Conversation):
    """A group with the bot in it."""

    def __init__(self, world: World, state: Chat, members: Sequence[Person]) -> None:
        super().__init__(world, state)
        self.members = list(members)

    def adds_bot(self) -> None:
        """Let the first member add the bot."""
        self._becomes("member")

    def removes_bot(self) -> None:
        """Let the first member throw the bot out."""
        self._becomes("kicked")

    def migrates(self) -> "Group":
        """Turn into a supergroup with another number; the old one is refused from now on."""
        with self.world.lock:
            number = -1_000_000_000_000 + self.id
            about = {"title": self.state.about["title"]}
            new = Group(self.world, Chat(number, "supergroup", about), self.members)
            self.world.chats[number] = new.state
            self.state.migrated_to = number
            new._service(migrate_from_chat_id=self.id)
            self._service(migrate_to_chat_id=number)
            return new

    def is_heard(self, message: Message) -> bool:
        """Return whether the bot gets this message, given its privacy mode."""
        if self.state.standing != "member":
            return False
        if not self.world.privacy or (message.reply_to is not None and message.reply_to.from_bot):
            return True
        word = message.text.partition(" ")[0]
        return word.startswith("/") and word.partition("@")[2].lower() in ("", self.world.bot["username"].lower())

    def _becomes(self, standing: str) -> None:
        with self.world.lock:
            old, self.state.standing = self.state.standing, standing
            self._acts()
            change = _standing_changed(self.world, self.state, self.members[0].user, old)
            self.world.updates.add("my_chat_member", change)
            self.world.bell.ring()

    def _service(self, **what: Any) -> None:
        sender = self.members[0].user
        message = Message(0, self.id, sender, int(self.world.clock.unix()), more=what)
        self.world.post(self.state, message)
        self.world.updates.add("message", self.world.as_json(message))
        self.world.bell.ring()


def _standing_changed(world: World, chat: Chat, by: Json, old: str) -> Json:
    return {
        "chat": chat.as_json,
        "from": by,
        "date": int(world.clock.unix()),
        "old_chat_member": _member(world.bot, old),
        "new_chat_member": _member(world.bot, chat.standing),
    }


def _member(bot: Json, standing: str) -> Json:
    user = {key: bot[key] for key in ("id", "is_bot", "first_name", "username")}
    if standing == "kicked":
        return {"user": user, "status": "kicked", "until_date": 0}
    return {"user": user, "status": "member" if standing == "member" else "left"}
