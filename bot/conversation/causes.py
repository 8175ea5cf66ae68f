"""/causes: find by word, read about, follow, leave, mute."""

from collections.abc import Callable

from sqlalchemy import Connection

from actions.choose import Nudge, choose
from actions.facts import Person, Ref
from bot.conversation import finding, showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import causes as words
from bot.wording import names
from storage import dialogs, history, subscribers
from storage.catalog import stock_of

SHOWN = 10


def causes(conn: Connection, turn: Turn) -> list[Message]:
    """List the causes, the followed ones first; with words behind the command, search."""
    if turn.argument and turn.incoming.kind == "command":
        return search(conn, turn)
    stock = stock_of(conn)
    own = sorted(ref for ref in turn.person.follows if ref in stock.shelf.causes)
    shown = list(dict.fromkeys([*own, *finding.popular(conn, SHOWN)]))
    dialogs.keep(conn, turn.person, {"asked": "cause"})
    return [words.overview(stock, turn.language, shown, turn.person.follows, replaces=turn.pressed)]


def search(conn: Connection, turn: Turn) -> list[Message]:
    """Find causes, tags and publishers by word."""
    word = turn.incoming.text.strip()
    return [words.found(stock_of(conn), turn.language, finding.search(conn, word), turn.person.follows, word)]


def card(conn: Connection, turn: Turn, ref: Ref, *, replaces: str = "") -> Message:
    """A cause with its switches, as things stand for this person."""
    person = turn.person
    return words.about(
        stock_of(conn), turn.language, ref,
        followed=ref in person.follows, muted=ref in person.muted, replaces=replaces,
    )  # fmt: skip


def about(conn: Connection, turn: Turn) -> list[Message]:
    """Why a cause matters, who brings it."""
    ref = stock_of(conn).cause_numbered(turn.argument)
    return [words.gone(turn.language) if ref is None else card(conn, turn, ref)]


def _change(conn: Connection, turn: Turn, change: str, apply: Callable[[Ref], None]) -> list[Message]:
    ref = stock_of(conn).cause_numbered(turn.argument)
    if ref is None:
        return [words.gone(turn.language)]
    apply(ref)
    person: Person = subscribers.get(conn, turn.person.id)
    told = words.changed(turn.language, names.quoted(names.cause(stock_of(conn), ref, turn.language)), change)
    answers = [Message(told, language=turn.language)]
    if turn.pressed:
        answers.insert(0, card(conn, turn.with_person(person), ref, replaces=turn.pressed))
    return answers


def follow(conn: Connection, turn: Turn) -> list[Message]:
    """Follow a cause, or hear of it again; its first story comes at once when nothing of it was shown yet."""
    answers = _change(conn, turn, "follow", lambda ref: subscribers.follow(conn, turn.person, ref, turn.now))
    return answers + _first_story(conn, turn)


def _first_story(conn: Connection, turn: Turn) -> list[Message]:
    """The first story for someone who follows something for the first time and has seen none."""
    person = subscribers.get(conn, turn.person.id)
    past = history.of(conn, person, turn.now)
    if past.shown or len(person.follows) != 1:
        return []
    chosen = choose(person, past, stock_of(conn).shelf, turn.now, turn.chance)
    return [showing.nudge(conn, turn.with_person(person), chosen)] if isinstance(chosen, Nudge) else []


def leave(conn: Connection, turn: Turn) -> list[Message]:
    """Follow a cause no more."""
    return _change(conn, turn, "leave", lambda ref: subscribers.unfollow(conn, turn.person, ref))


def mute(conn: Connection, turn: Turn) -> list[Message]:
    """Hear nothing of a cause for the time being."""
    return _change(conn, turn, "mute", lambda ref: subscribers.mute(conn, turn.person, ref))


def loud(conn: Connection, turn: Turn) -> list[Ref]:
    """The live causes a person follows and hears of."""
    stock = stock_of(conn)
    return sorted(ref for ref in turn.person.follows - turn.person.muted if ref in stock.shelf.causes)
