"""A person's own page, on platforms that have one: today's story and ask, the path, the settings, every command."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.conversation import me, onboarding, settings, stop
from bot.conversation.turn import Turn
from bot.message import HOME, Button, Message
from bot.wording import asks as ask_words
from bot.wording import home as words
from storage import dialogs, history, roles, subscribers, today
from storage.catalog import stock_of

TODAY = timedelta(hours=24)
WAYS_BACK = frozenset({"start", "oops"})


def opened(conn: Connection, turn: Turn) -> list[Message]:
    """Greet a newcomer who opened the chat, once; whoever opened their page gets it from the router."""
    begun = subscribers.is_onboarded(conn, turn.person) or bool(dialogs.of(conn, turn.person))
    if turn.incoming.text != "chat" or begun or turn.person.state == "stopped":
        return []
    return onboarding.start(conn, _without_words(turn))


def _without_words(turn: Turn) -> Turn:
    """The turn as if a button without any argument had been pressed."""
    return replace(turn, incoming=replace(turn.incoming, kind="press", text="join", pressed=""))


def page(conn: Connection, turn: Turn, told: Sequence[Message]) -> Message:
    """The whole page as things are now, under what was just answered to a press on it."""
    turn = turn.with_person(subscribers.get(conn, turn.person.id))
    answers = [answer for message in told if (answer := _answer(message)) is not None]
    return Message(place=HOME, parts=(*answers, *_standing(conn, turn, answers)), language=turn.language)


def _answer(message: Message) -> Message | None:
    """An answer as a part of the page: a new one, even where it would have changed an older message."""
    if message.document is not None:
        return Message(words.in_the_chat(message.language), language=message.language)
    if message.text:
        return replace(message, replaces="", place="")
    # Of buttons that would have changed, only the way back stays.
    undo = tuple(row for row in message.buttons if all(button.press.startswith("undo:") for button in row))
    return Message(message.notice, buttons=undo, language=message.language) if message.notice else None


def _standing(conn: Connection, turn: Turn, answers: Sequence[Message]) -> list[Message]:
    offered = _pressable(answers)
    if turn.person.state == "stopped":
        return [] if offered & WAYS_BACK else stop.still_stopped(conn, turn)
    if not subscribers.is_onboarded(conn, turn.person):
        if any(press.startswith("join:") for press in offered):
            return []
        return onboarding.press(conn, _without_words(turn))
    return [*_today(conn, turn, answers), _path(conn, turn), _settings(turn), _commands(conn, turn)]


def _pressable(messages: Sequence[Message]) -> set[str]:
    return {button.press for message in messages for row in message.buttons for button in row}


def _today(conn: Connection, turn: Turn, answers: Sequence[Message]) -> list[Message]:
    """The story of the day with its ask, but for what an answer above shows already."""
    stock, since = stock_of(conn), turn.now - TODAY
    story = today.latest_story(conn, turn.person, since)
    ask = today.latest_open_ask(conn, turn.person, since)
    offer = None
    if ask is not None and ask.story in (None, story) and f"done:{ask.id}" not in _pressable(answers):
        offer = ask_words.open_ask(stock, ask.id, ask.asked.action, turn.now.date())
    if story is None and offer is None:
        return [words.nothing_yet(turn.person, subscribers.due(conn, turn.person))]
    told = ask_words.nudge(stock, turn.language, story, None).text
    if told and any(told in answer.text for answer in answers):
        return []
    return [words.today(ask_words.nudge(stock, turn.language, story, offer), told)]


def _path(conn: Connection, turn: Turn) -> Message:
    found = me.paths(conn, turn, history.of(conn, turn.person, turn.now))
    return words.my_path(turn.language, list(found.values()))


def _settings(turn: Turn) -> Message:
    change = Button(words.change(turn.language), press="form:settings")
    return replace(settings.overview(turn), buttons=((change,),), replaces="")


def _commands(conn: Connection, turn: Turn) -> Message:
    return words.commands(turn.language, organizer=bool(roles.held_by(conn, turn.person)))
