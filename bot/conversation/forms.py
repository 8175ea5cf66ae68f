"""Forms, on platforms that can show one: opened by a button or a shortcut, read when they are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time

from sqlalchemy import Connection

from actions import choose
from actions.facts import Frequency, Ref, Rhythm
from actions.rhythm import zone
from bot.conversation import asks, settings, showing
from bot.conversation.turn import Handler, Turn
from bot.message import Message
from bot.wording import forms as words
from bot.wording.settings import KINDS
from bot.wording.tongue import LANGUAGES
from content.text import shorten
from storage import history, recognition, subscribers
from storage.catalog import stock_of

MINUTES_AT_MOST = 60
ASKS_AT_MOST = 7
OPTIONS = 60
OPTIONS_AT_MOST = 100
TITLE_AT_MOST = 75


def change_settings(conn: Connection, turn: Turn) -> list[Message]:
    """Show the settings: as a form where there can be one, else as a message."""
    (shown,) = settings.settings(conn, turn)
    if not turn.incoming.opener:
        return [shown]
    weeks = not recognition.is_hidden(conn, turn.person, recognition.WEEKS)
    return [replace(shown, form=words.settings(turn.person, weeks=weeks), opener=turn.incoming.opener, replaces="")]


@dataclass
class _Read:
    """Fields being read; what is wrong with them is collected."""

    turn: Turn
    errors: dict[str, str] = field(default_factory=dict)

    def raw(self, name: str) -> str:
        """What was filled in; nothing that is endless."""
        return self.turn.incoming.fields.get(name, "").strip()[:200]

    def wrong(self, name: str) -> None:
        """Note that a field cannot be taken as it is."""
        self.errors[name] = words.wrong(self.turn.language, name)

    def frequency(self, now: Frequency) -> Frequency:
        found = settings.FREQUENCIES.get(self.raw("freq"))
        if found is None:
            self.wrong("freq")
        return found or now

    def time(self, name: str, now: time) -> time:
        found = settings.read_time(self.raw(name))
        if found is None:
            self.wrong(name)
        return now if found is None else found

    def number(self, name: str, least: int, most: int, now: int) -> int:
        text = self.raw(name)
        good = text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most
        if not good:
            self.wrong(name)
        return int(text) if good else now

    def zone(self, now: str) -> str:
        text = self.raw("zone")
        try:
            return zone(text).key
        except ValueError:
            found = settings.zones_for(text, self.turn.now) if text else []
        if len(found) == 1 or (found and found[0].rpartition("/")[2].casefold() == text.casefold()):
            return found[0]
        self.errors["zone"] = words.which_zone(self.turn.language, found)
        return now

    def language(self, now: str) -> str:
        found = self.raw("lang")
        if found not in LANGUAGES:
            self.wrong("lang")
        return found or now

    def switch(self, name: str, now: bool) -> bool:
        """On or off; a form that was opened before there was the question leaves it as it is."""
        if name not in self.turn.incoming.fields:
            return now
        if self.raw(name) not in ("on", "off"):
            self.wrong(name)
        return self.raw(name) == "on"

    def unwanted(self) -> str:
        chosen = {kind for kind in self.turn.incoming.fields.get("kinds", "").split(",") if kind}
        if not chosen <= set(KINDS):
            self.wrong("kinds")
        return ",".join(sorted(chosen & set(KINDS)))


def keep_settings(conn: Connection, turn: Turn) -> list[Message]:
    """Keep all settings handed in; or none of them, and say which are wrong."""
    read, now = _Read(turn), turn.person.rhythm
    wished: Rhythm = replace(
        now,
        frequency=read.frequency(now.frequency),
        hour=read.time("hour", now.hour),
        zone=read.zone(now.zone),
        quiet_from=read.time("quiet_from", now.quiet_from),
        quiet_until=read.time("quiet_until", now.quiet_until),
        minutes=read.number("min", 1, MINUTES_AT_MOST, now.minutes),
        asks=read.number("asks", 0, ASKS_AT_MOST, now.asks),
    )
    language, unwanted = read.language(turn.language), read.unwanted()
    alerts = read.switch("alerts", turn.person.alerts)
    weeks = read.switch("weeks", not recognition.is_hidden(conn, turn.person, recognition.WEEKS))
    if read.errors:
        return [Message(errors=tuple(read.errors.items()), language=turn.language)]
    subscribers.set_rhythm(conn, turn.person, wished, turn.now)
    subscribers.change(conn, turn.person, turn.now, unwanted=unwanted, language=language, alerts=alerts)
    recognition.hide(conn, turn.person, recognition.WEEKS, hidden=not weeks)
    return [words.saved(settings.overview(turn.with_person(subscribers.get(conn, turn.person.id))))]


def record(conn: Connection, turn: Turn) -> list[Message]:
    """Let someone tell what they did elsewhere, out of what is open for them."""
    refs = _recordable(conn, turn)
    stock = stock_of(conn)
    options = [
        (str(stock.actions[ref]), shorten(showing.action_title(conn, ref, turn.language).strip(), TITLE_AT_MOST))
        for ref in refs[:OPTIONS_AT_MOST]
    ]
    if not options:
        return [words.nothing_open(turn.language)]
    if not turn.incoming.opener:
        return [words.which_action(turn.language, options[:10])]
    return [
        replace(
            words.which_action(turn.language, options[:10]),
            form=words.record(turn.language, options),
            opener=turn.incoming.opener,
        )
    ]


def _recordable(conn: Connection, turn: Turn) -> list[Ref]:
    """Actions that may be taken now: those that were asked for lately first."""
    stock, past = stock_of(conn), history.of(conn, turn.person, turn.now)
    asked = [one.action for one in reversed(past.asked) if not one.answer]
    offers = choose.asks_for(turn.person, past, stock.shelf, turn.now, turn.chance, OPTIONS)
    refs = dict.fromkeys([*asked, *(offer.action for offer in offers)])
    return [
        ref
        for ref in refs
        if ref in stock.shelf.actions and choose.may_take(turn.person, past, stock.shelf, ref, turn.now) is None
    ]


def keep_record(conn: Connection, turn: Turn) -> list[Message]:
    """Note what was done, as the button under an ask would."""
    ref = _action(conn, turn.incoming.fields.get("action", ""))
    if ref is None:
        return [Message(errors=(("action", words.wrong(turn.language, "action")),), language=turn.language)]
    return _take(conn, turn, ref)


def press_record(conn: Connection, turn: Turn) -> list[Message]:
    """Do the same where the actions were buttons."""
    ref = _action(conn, turn.argument)
    return record(conn, turn) if ref is None else _take(conn, turn, ref)


def _take(conn: Connection, turn: Turn, ref: Ref) -> list[Message]:
    past = history.of(conn, turn.person, turn.now)
    refused = choose.may_take(turn.person, past, stock_of(conn).shelf, ref, turn.now)
    if refused is not None:
        told = words.not_open(turn.language, refused.code)
        form = turn.incoming.kind == "form"
        return [Message("" if form else told, errors=(("action", told),) if form else (), language=turn.language)]
    ask_id = showing.ask_number(conn, turn, ref)
    pressed = replace(turn.incoming, kind="press", text=f"done:{ask_id}", pressed="")
    done, *rest = asks.done(conn, replace(turn, incoming=pressed))
    return words.with_undo(turn.language, ask_id, rest) if rest else [done]


def _action(conn: Connection, number: str) -> Ref | None:
    stock = stock_of(conn)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    ref = stock.refs.get(int(number))
    return ref if ref in stock.shelf.actions and stock.actions.get(ref or "") == int(number) else None


HANDED_IN: Mapping[str, Handler] = {"settings": keep_settings, "record": keep_record}
