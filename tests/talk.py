"""A person in a chat, over the real conversation on a real database: what they say, what they read."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection, select

from actions.facts import Person
from bot.conversation import router
from bot.conversation.turn import House
from bot.message import Address, File, Incoming, Message, Outcome, Profile, Receipt
from bot.nudging import outbox, tick
from content.model import Pack
from storage import deliveries, packs, schema, subscribers
from storage.store import Store

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
HOUSE = House(public_url="https://kindling.example", secret="a secret of the tests")


def publish(store: Store, *wanted: Pack, now: datetime = START) -> None:
    """Load packs that were made in the test."""
    for pack in wanted:
        document = pack.model_dump_json(by_alias=True, exclude_none=True)
        store.write_now(packs.publish, pack, document, {}, now)


@dataclass
class Talk:
    """One person's chat. `shown` is what their last turn or the last tick brought, newest last."""

    store: Store
    chat: str = "1"
    account: str = "web"
    profile: Profile = field(default_factory=lambda: Profile(language="en", zone="UTC"))
    now: datetime = START
    shown: list[Message] = field(default_factory=list)
    refs: Callable[[], int] = field(default_factory=lambda: count(1).__next__)
    sent: list[tuple[deliveries.Claimed, Message]] = field(default_factory=list)
    """All that went out, to anybody, after a turn or a tick of this chat."""

    def says(self, text: str) -> list[Message]:
        """Write something; a leading slash makes it a command."""
        if text.startswith("/"):
            command, _, rest = text[1:].partition(" ")
            return self._turn(kind="command", command=command, text=rest)
        return self._turn(kind="text", text=text)

    def taps(self, wanted: str) -> list[Message]:
        """Press a button of what is shown, by its label or its data."""
        for message in reversed(self.shown):
            for button in (button for row in message.buttons for button in row):
                if wanted in (button.label, button.press):
                    return self.presses(button.press)
        raise AssertionError(f"no button {wanted!r} among {self.buttons()}")

    def presses(self, data: str) -> list[Message]:
        """Press a button by its bare data, also one that is not shown (any more)."""
        return self._turn(kind="press", text=data, pressed="1")

    def shows(self, file: File | None) -> list[Message]:
        """Send a picture; nothing stands for something that is no file, like a sticker."""
        return self._turn(kind="media", file=file)

    def _turn(self, **what: str | File | None) -> list[Message]:
        incoming = Incoming(Address(self.account, self.chat), profile=self.profile, **what)  # type: ignore[arg-type]
        self.shown = self.store.write_now(router.respond, incoming, self.now, HOUSE, random.Random(self.chat))
        self._deliver()
        return self.shown

    def _deliver(self) -> list[tuple[deliveries.Claimed, Message]]:
        sent = self.store.write_now(outbox.claim, self.account, self.now, 1000, [])
        for row, _ in sent:
            receipt = Receipt(Outcome.SENT, ref=str(self.refs()))
            self.store.write_now(outbox.note, row, receipt, self.now, 0.0)
        self.sent += sent
        return sent

    def joins(self, *, frequency: str = "daily", hour: int = 18 * 60) -> "Talk":
        """Go through the first talk: the first cause, the rhythm, the hour."""
        self.says("/start")
        self.taps(next(press for press in self.presses_shown() if press.startswith("join:cause")))
        self.taps("join:go")
        self.taps(f"join:freq:{frequency}")
        self.presses(f"join:hour:{hour}")
        return self

    def waits(self, **span: float) -> list[Message]:
        """Let time pass, then let a tick plan and deliver; what reached this chat is shown."""
        self.shown = [message for row, message in self.waits_for_all(**span) if row.chat == self.chat]
        return self.shown

    def waits_for_all(self, **span: float) -> list[tuple[deliveries.Claimed, Message]]:
        """Do the same; returns what reached anybody."""
        self.now += timedelta(**span)
        for planner, size in tick.PLANNERS:
            while self.store.write_now(tick.piece, planner, self.now, size):
                pass
        return self._deliver()

    def next_day(self, at: int = 19) -> list[Message]:
        """Go to an hour of the next day, past the slot."""
        tomorrow = (self.now + timedelta(days=1)).replace(hour=at, minute=0)
        return self.waits(seconds=(tomorrow - self.now).total_seconds())

    def text(self) -> str:
        """All that is shown, as one text."""
        return "\n\n".join(f"{message.text}\n{message.notice}".strip() for message in self.shown)

    def buttons(self) -> list[str]:
        """The labels of all buttons shown."""
        return [button.label for message in self.shown for row in message.buttons for button in row]

    def presses_shown(self) -> list[str]:
        """The data of all buttons shown."""
        return [button.press for message in self.shown for row in message.buttons for button in row if button.press]

    def press_of(self, verb: str) -> str:
        """The data of the button with that verb."""
        return next(press for press in self.presses_shown() if press.partition(":")[0] == verb)

    def me(self) -> Person:
        """The person as the database knows them."""
        reached = self.store.write_now(subscribers.reach, self.account, self.chat)
        assert reached is not None, "this person is not known"
        return reached.person

    def rows(self, table: str) -> list[dict[str, object]]:
        """All rows of a table, for looking behind the chat."""

        def read(conn: Connection) -> list[dict[str, object]]:
            return [dict(row._mapping) for row in conn.execute(select(schema.metadata.tables[table]))]

        return self.store.write_now(read)
