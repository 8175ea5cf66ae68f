"""/start and the first talk: causes, rhythm, hour, and the first story, in four taps."""

import hashlib
from collections.abc import Set
from dataclasses import replace
from datetime import time

from sqlalchemy import Connection

from actions import ladder
from actions.choose import Nudge, choose
from actions.facts import Frequency, Person, Ref
from actions.rhythm import local_day, zone
from bot.conversation import causes, link, organize, settings, showing
from bot.conversation.finding import popular, search
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import names
from bot.wording import onboarding as words
from bot.wording import rooms as room_words
from bot.wording.tongue import LANGUAGES
from storage import consents, dialogs, history, invitations, subscribers
from storage.catalog import stock_of

SHOWN_CAUSES = 6
MORNING = time(9)
STANDING_AT_MOST = 3
FREQUENCIES: dict[str, Frequency] = {"daily": "daily", "weekdays": "weekdays", "three": "three", "weekly": "weekly"}


def start(conn: Connection, turn: Turn) -> list[Message]:
    """Begin, come back, or follow a deep link: a role's code, another chat's, an invitation, a cause or a pack."""
    if link.is_payload(turn.argument):
        return link.by_payload(conn, turn)
    role_answer = _redeem(conn, turn)
    if role_answer:
        return role_answer
    if turn.new and turn.argument:
        invitations.credit(conn, turn.person, turn.argument)
    if turn.person.state == "stopped":
        subscribers.change(conn, turn.person, turn.now, state="active", stopped_at=None)
        if subscribers.is_onboarded(conn, turn.person):
            return [words.back_again(turn.language, _standing(conn, turn))]
    if subscribers.is_onboarded(conn, turn.person):
        return _followed_by_link(conn, turn) or [words.welcome_back(turn.language, _standing(conn, turn))]
    chosen = _linked_causes(conn, turn.argument)
    _keep(conn, turn, chosen)
    return [_greeting(conn, turn, chosen)]


def _standing(conn: Connection, turn: Turn) -> list[tuple[str, str]]:
    """The causes in which somebody who comes back has begun to climb, with their rung."""
    stock, past = stock_of(conn), history.of(conn, turn.person, turn.now)
    own = sorted({taken.cause for taken in past.taken if taken.cause in stock.shelf.causes})
    found = []
    for ref in own:
        cause = stock.shelf.causes[ref]
        rung = ladder.standing(cause, past.taken, turn.now, past.ethics)
        if rung != cause.rungs[0]:
            found.append((names.cause(stock, ref, turn.language), rung))
    return found[:STANDING_AT_MOST]


def _redeem(conn: Connection, turn: Turn) -> list[Message]:
    if not organize.looks_like_code(turn.argument):
        return []
    return organize.claim(conn, turn)


def _linked_causes(conn: Connection, payload: str) -> set[Ref]:
    shelf = stock_of(conn).shelf
    return {ref for ref in shelf.causes if payload and payload in (ref.partition("/")[0], ref.partition("/")[2])}


def _followed_by_link(conn: Connection, turn: Turn) -> list[Message]:
    linked = sorted(_linked_causes(conn, turn.argument) - turn.person.follows)
    return [causes.card(conn, turn, ref) for ref in linked[:1]]


def _greeting(conn: Connection, turn: Turn, chosen: Set[Ref], *, replaces: str = "") -> Message:
    stock = stock_of(conn)
    shown = list(dict.fromkeys([*sorted(chosen), *popular(conn, SHOWN_CAUSES)]))
    workplace = turn.incoming.address.channel == "slack"
    return words.greeting(stock, turn.language, shown, chosen, replaces=replaces, workplace=workplace)


def _keep(conn: Connection, turn: Turn, chosen: Set[Ref], **more: str) -> None:
    dialogs.keep(conn, turn.person, {"step": "causes", "causes": sorted(chosen), **more})


def press(conn: Connection, turn: Turn) -> list[Message]:
    """One tap of the first talk; a tap on an older message of it still does what it says."""
    if subscribers.is_onboarded(conn, turn.person):
        return [words.welcome_back(turn.language)]
    step, _, value = turn.argument.partition(":")
    steps = {"cause": _toggle, "lang": _speak, "go": _go_on, "freq": _rhythm, "zone": _zone, "hour": _hour}
    handler = steps.get(step)
    return handler(conn, turn, value) if handler else [_greeting(conn, turn, _chosen(conn, turn))]


def _chosen(conn: Connection, turn: Turn) -> set[Ref]:
    live = stock_of(conn).shelf.causes
    return {ref for ref in dialogs.of(conn, turn.person).get("causes", ()) if ref in live}


def _toggle(conn: Connection, turn: Turn, value: str) -> list[Message]:
    ref = stock_of(conn).cause_numbered(value)
    chosen = _chosen(conn, turn)
    if ref is not None:
        chosen ^= {ref}
    _keep(conn, turn, chosen)
    return [_greeting(conn, turn, chosen, replaces=turn.pressed)]


def _speak(conn: Connection, turn: Turn, value: str) -> list[Message]:
    if value in LANGUAGES:
        subscribers.change(conn, turn.person, turn.now, language=value)
        turn = turn.with_person(replace(turn.person, language=value))
    return [_greeting(conn, turn, _chosen(conn, turn), replaces=turn.pressed)]


def _go_on(conn: Connection, turn: Turn, _value: str) -> list[Message]:
    if not _chosen(conn, turn):
        return [words.choose_first(turn.language)]
    return [words.rhythm(turn.language, replaces=turn.pressed)]


def _rhythm(conn: Connection, turn: Turn, value: str) -> list[Message]:
    if value in FREQUENCIES:
        wished = replace(turn.person.rhythm, frequency=FREQUENCIES[value])
        subscribers.set_rhythm(conn, turn.person, wished, turn.now)
    dialogs.keep(conn, turn.person, {"step": "hour", "asked": "hour", "causes": sorted(_chosen(conn, turn))})
    return [_ask_hour(turn, replaces=turn.pressed)]


def _ask_hour(turn: Turn, *, replaces: str = "") -> Message:
    at = turn.now.astimezone(zone(turn.person.rhythm.zone)).time()
    return words.hour(turn.language, names.clock(at, turn.language), turn.person.rhythm.zone, replaces=replaces)


def _zone(conn: Connection, turn: Turn, value: str) -> list[Message]:
    kept = dialogs.of(conn, turn.person)
    if not value:
        dialogs.keep(conn, turn.person, {**kept, "asked": "zone"})
        return [words.where(turn.language)]
    if not settings.keep_zone(conn, turn, value):
        return [words.zones(turn.language, (), "join:zone")]
    dialogs.keep(conn, turn.person, {**kept, "asked": "hour"})
    turn = turn.with_person(subscribers.get(conn, turn.person.id))
    return [_ask_hour(turn, replaces=turn.pressed)]


def _hour(conn: Connection, turn: Turn, value: str) -> list[Message]:
    at = settings.minutes_to_time(value)
    if at is None:
        return [_ask_hour(turn)]
    wished = replace(turn.person.rhythm, hour=at)
    subscribers.set_rhythm(conn, turn.person, wished, turn.now)
    return _finish(conn, turn)


def _finish(conn: Connection, turn: Turn) -> list[Message]:
    chosen = _chosen(conn, turn)
    if not chosen:
        return [_greeting(conn, turn, chosen)]
    person = _begin(conn, turn, chosen)
    ready = words.ready(person.language, person.rhythm.frequency, person.rhythm.hour, replaces=turn.pressed)
    return [ready, *_first_story(conn, turn.with_person(person))]


def _begin(conn: Connection, turn: Turn, chosen: Set[Ref]) -> Person:
    """Let someone follow causes from now on, and note what they agreed to."""
    for ref in sorted(chosen):
        subscribers.follow(conn, turn.person, ref, turn.now)
    person = subscribers.get(conn, turn.person.id)
    dialogs.keep(conn, person, None)
    subscribers.onboard(conn, person, local_day(person.rhythm, turn.now), turn.now)
    greeting = words.greeting(stock_of(conn), turn.language, (), frozenset()).text
    consents.note(
        conn, person, what="join", text_hash=hashlib.sha256(greeting.encode()).hexdigest(),
        channel=turn.incoming.address.channel, now=turn.now,
    )  # fmt: skip
    return person


def begin_gently(conn: Connection, turn: Turn, cause: Ref, frequency: Frequency) -> list[Message]:
    """Begin with one press: a cause, a rhythm to be changed at will, the first story."""
    wished = replace(turn.person.rhythm, frequency=frequency, hour=MORNING)
    subscribers.set_rhythm(conn, turn.person, wished, turn.now)
    person = _begin(conn, turn, {cause})
    title = names.cause(stock_of(conn), cause, turn.language)
    rhythm_ = names.frequency(person.rhythm.frequency, turn.language)
    welcome = room_words.welcome(turn.language, title, rhythm_, names.clock(person.rhythm.hour, turn.language))
    return [welcome, *_first_story(conn, turn.with_person(person))]


def _first_story(conn: Connection, turn: Turn) -> list[Message]:
    stock = stock_of(conn)
    past = history.of(conn, turn.person, turn.now)
    chosen = choose(turn.person, past, stock.shelf, turn.now, turn.chance)
    return [showing.nudge(conn, turn, chosen)] if isinstance(chosen, Nudge) else []


def typed(conn: Connection, turn: Turn) -> list[Message]:
    """Words written during the first talk: an hour, a place, or a cause to search."""
    asked = dialogs.of(conn, turn.person).get("asked", "")
    text = turn.incoming.text.strip()
    if asked == "hour":
        at = settings.read_time(text)
        if at is not None:
            return _hour(conn, turn, str(at.hour * 60 + at.minute))
        return [_ask_hour(turn)]
    if asked == "zone":
        return [words.zones(turn.language, settings.zones_for(text, turn.now), "join:zone")]
    if not text or turn.new:
        return start(conn, turn)
    stock = stock_of(conn)
    return [words.found(stock, turn.language, search(conn, text), _chosen(conn, turn), text)]
