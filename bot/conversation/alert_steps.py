"""The steps in which an alert is made: a draft in the database, changed by each button, so that nothing is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from actions.alerting import Audience
from actions.limits import ALERT_LETTERS
from bot.conversation.pause import read_day
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import alert_steps as words
from bot.wording import alerts as alert_words
from bot.wording import names
from bot.wording.tongue import LANGUAGES
from content.text import shorten, utf16
from storage import alerts, dialogs
from storage.alerts import Alert
from storage.catalog import Stock, stock_of

SPANS = (7, 30, 90, 365)
OPTIONS = 20
LABEL = 40
WRITTEN = frozenset({"region", "since"})
"""What is also written, not only tapped."""


def audience(conn: Connection, turn: Turn, alert: Alert, _value: str) -> list[Message]:
    """Whom it is for."""
    dialogs.keep(conn, turn.person, None)
    return [words.audience(stock_of(conn), alert, turn.language, replaces=turn.pressed)]


def _part(step: str) -> Callable[[Connection, Turn, Alert, str], list[Message]]:
    """Offer the choices of one part of the audience, or keep one."""

    def handle(conn: Connection, turn: Turn, alert: Alert, value: str) -> list[Message]:
        changed = _changed(conn, turn, alert, step, value)
        if changed is not None:
            return audience(conn, turn, alerts.change(conn, alert.id, audience=changed), "")
        if step in WRITTEN:
            dialogs.keep(conn, turn.person, {"asked": "alert", "alert": alert.id, "want": step})
        options = _options(stock_of(conn), turn, alert, step)
        return [words.choose(alert, step, options, turn.language, replaces=turn.pressed)]

    return handle


def _options(stock: Stock, turn: Turn, alert: Alert, step: str) -> Sequence[words.Option]:
    language, chosen = turn.language, alert.audience.cause
    if step == "cause":
        return [(names.cause(stock, ref, language), str(stock.causes[ref])) for ref in sorted(stock.shelf.causes)][
            :OPTIONS
        ]
    if step == "rung":
        rungs = [(at, name) for at, name in enumerate(_rungs(stock, alert.audience)) if at]
        return [
            option
            for at, name in rungs
            for option in ((f"≥ {names.rung(name, language)}", str(at)), (f"= {names.rung(name, language)}", f"{at}="))
        ]
    if step in ("did", "not"):
        refs = [ref for ref, one in sorted(stock.shelf.actions.items()) if chosen in ("", one.cause)]
        return [
            (shorten(alert_words.action(stock, ref, language), LABEL), str(stock.actions[ref]))
            for ref in refs[:OPTIONS]
        ]
    if step == "lang":
        return [(names.itself(code), code) for code in LANGUAGES]
    return [(words.days(count, language), str(count)) for count in SPANS] if step == "since" else []


def _rungs(stock: Stock, audience: Audience) -> tuple[str, ...]:
    """The rungs of the cause, or all that any ladder has, in their order."""
    if audience.cause in stock.shelf.causes:
        return stock.shelf.causes[audience.cause].rungs
    return tuple(dict.fromkeys(rung for cause in stock.shelf.causes.values() for rung in cause.rungs))


def _changed(conn: Connection, turn: Turn, alert: Alert, step: str, value: str) -> Audience | None:
    """The audience with one part as it was tapped; None when nothing was, or what there is not."""
    if value == "any":
        return replace(alert.audience, **NOTHING[step])  # type: ignore[arg-type]
    stock, about = stock_of(conn), alert.audience
    ref = stock.refs.get(int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else None
    match step:
        case "cause" if ref in stock.shelf.causes:
            # What hangs on another cause is chosen anew.
            return replace(about, cause=ref or "", rung="", exactly=False)
        case "rung":
            return _on_rung(stock, about, value)
        case "did" if ref in stock.shelf.actions:
            return replace(about, did=ref or "")
        case "not" if ref in stock.shelf.actions:
            return replace(about, did_not=ref or "")
        case "lang" if value in LANGUAGES:
            return replace(about, language=value)
        case "since" if value.isascii() and value.isdigit() and int(value) in SPANS:
            return replace(about, since=turn.now.date() - timedelta(days=int(value)))
    return None


def _on_rung(stock: Stock, about: Audience, value: str) -> Audience | None:
    place, rungs = value.removesuffix("="), _rungs(stock, about)
    if not (place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(rungs)):
        return None
    return replace(about, rung=rungs[int(place)], exactly=value.endswith("="))


NOTHING: Mapping[str, Mapping[str, object]] = {
    "cause": {"cause": "", "rung": "", "exactly": False},
    "rung": {"rung": "", "exactly": False},
    "region": {"region": ""},
    "lang": {"language": ""},
    "did": {"did": ""},
    "not": {"did_not": ""},
    "since": {"since": None},
}
"""What each part is when it does not matter."""


def says(conn: Connection, turn: Turn, alert: Alert, value: str) -> list[Message]:
    """What it says; with a language, ask for the words of that one."""
    if value in LANGUAGES:
        dialogs.keep(conn, turn.person, {"asked": "alert", "alert": alert.id, "want": value})
        return [words.write(alert, value, turn.language)]
    dialogs.keep(conn, turn.person, None)
    return [words.words(alert, turn.language, replaces=turn.pressed)]


def typed(conn: Connection, turn: Turn, alert: Alert, want: str) -> list[Message]:
    """What was written: the words of a language, a country or a day."""
    text = turn.incoming.text.strip()
    if want in LANGUAGES:
        return _written(conn, turn, alert, want, text)
    changed = _read(turn, alert.audience, want, text)
    if changed is None:
        return [words.not_that(turn.language)]
    return audience(conn, turn, alerts.change(conn, alert.id, audience=changed), "")


def _written(conn: Connection, turn: Turn, alert: Alert, code: str, text: str) -> list[Message]:
    if utf16(text) > ALERT_LETTERS or not text:
        return [words.too_long(utf16(text), turn.language)]
    dialogs.keep(conn, turn.person, None)
    return [words.words(alerts.change(conn, alert.id, texts={**alert.texts, code: text}), turn.language)]


def _read(turn: Turn, about: Audience, want: str, text: str) -> Audience | None:
    if want == "region" and len(text) == 2 and text.isascii() and text.isalpha():
        return replace(about, region=text.upper())
    day: date | None = read_day(text, turn.language) if want == "since" else None
    return None if day is None else replace(about, since=day)


STEPS: Mapping[str, Callable[[Connection, Turn, Alert, str], list[Message]]] = {
    **{step: _part(step) for step in NOTHING},
    "words": says,
}
