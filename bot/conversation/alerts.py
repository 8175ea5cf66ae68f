"""Alerts in the chat: made in three steps, tried, sent, watched, stopped and taken back. For owners and organizers."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from actions import alerting
from actions.alerting import Share, What
from bot.conversation import alert_steps as steps
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import alert_steps as step_words
from bot.wording import alerts as words
from bot.wording import help as help_words
from storage import alerts, audiences, dialogs, roles
from storage.alerts import Alert
from storage.audit import By
from storage.catalog import stock_of

MAY = frozenset({"owner", "organizer"})
SAMPLES = 3

Step = Callable[[Connection, Turn, Alert, str], list[Message]]


def may(conn: Connection, turn: Turn) -> bool:
    """Whether someone may speak to many."""
    return bool(roles.held_by(conn, turn.person) & MAY)


def by(turn: Turn) -> By:
    """Who does it, for the audit."""
    return By("chat", turn.person.id)


def compose(conn: Connection, turn: Turn) -> list[Message]:
    """Begin an alert, or go on with the one that was begun."""
    if not may(conn, turn):
        return [help_words.for_organizers(turn.language)]
    begun = alerts.newest(conn, 1, author=turn.person.id, state="draft")
    alert = begun[0] if begun else alerts.draft(conn, by(turn), turn.now)
    return steps.audience(conn, turn, alert, "")


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Every button of an alert: its number, the step, a value."""
    if not may(conn, turn):
        return [help_words.for_organizers(turn.language)]
    number, _, rest = turn.argument.partition(":")
    if number == "new":
        return steps.audience(conn, turn, alerts.draft(conn, by(turn), turn.now), "")
    if not number:
        return [step_words.overview(alerts.newest(conn), turn.language, replaces=turn.pressed)]
    alert = alerts.get(conn, int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if alert is None:
        return [step_words.gone(turn.language)]
    verb, _, value = rest.partition(":")
    if verb in CONTROLS:
        return CONTROLS[verb](conn, turn, alert, value)
    if alert.state != "draft":
        return state(conn, turn, alert, "")
    return STEPS.get(verb, steps.audience)(conn, turn, alert, value)


def typed(conn: Connection, turn: Turn) -> list[Message]:
    """Words that were asked for: the alert's own, a country, a day."""
    asked = dialogs.of(conn, turn.person)
    alert = alerts.get(conn, int(asked.get("alert", 0)))
    if alert is None or alert.state != "draft" or not may(conn, turn):
        dialogs.keep(conn, turn.person, None)
        return [step_words.gone(turn.language)]
    return steps.typed(conn, turn, alert, str(asked.get("want", "")))


def try_(conn: Connection, turn: Turn, alert: Alert, _value: str) -> list[Message]:
    """The dry run: how many, what they would read, how long it takes."""
    if not alert.texts:
        return [step_words.no_words(turn.language)]
    try:
        shares = audiences.shares(conn, alert.audience, turn.now)
    except LookupError:
        # A pack that had the cause or the action is gone: the audience is chosen anew.
        return steps.audience(conn, turn, alerts.change(conn, alert.id, audience=alerting.Audience()), "")
    alerts.expect(conn, alert.id, sum(share.people for share in shares))
    takes = alerting.duration(people_by_account(shares), turn.house.rates)
    samples = [step_words.sample(alert, reader, turn.language) for reader in readers(shares)]
    return [*samples, step_words.dry_run(stock_of(conn), alert, shares, takes, turn.language)]


def people_by_account(shares: list[Share]) -> dict[str, int]:
    """How many people are reached on each account."""
    found: dict[str, int] = {}
    for share in shares:
        found[share.account] = found.get(share.account, 0) + share.people
    return found


def readers(shares: list[Share]) -> list[str]:
    """The languages of which samples are shown: those most people of the audience read."""
    return list(dict.fromkeys(share.language for share in shares))[:SAMPLES]


def send(conn: Connection, turn: Turn, alert: Alert, value: str) -> list[Message]:
    """Send it, in a minute; what was changed since the dry run is tried first."""
    if alert.state != "draft":
        return state(conn, turn, alert, "")
    if value != str(alert.revision) or not alert.texts or not alert.expected:
        return try_(conn, turn, alert, "")
    dialogs.keep(conn, turn.person, None)
    alerts.move(conn, alert.id, "send", by(turn), turn.now)
    return [words.held(alerts.must(conn, alert.id), turn.person, replaces=turn.pressed)]


def state(conn: Connection, turn: Turn, alert: Alert, _value: str) -> list[Message]:
    """How it stands."""
    if alert.state in ("held", "scheduled"):
        return [words.held(alert, turn.person, replaces=turn.pressed)]
    return [words.progress(alert, alerts.sent(conn, alert.id), turn.language, replaces=turn.pressed)]


def _moved(what: What) -> Step:
    def step(conn: Connection, turn: Turn, alert: Alert, _value: str) -> list[Message]:
        moved = alerts.move(conn, alert.id, what, by(turn), turn.now)
        now = alerts.must(conn, alert.id)
        (shown,) = state(conn, turn, now, "")
        return [shown if moved else replace(shown, notice=step_words.too_late(now, turn.language))]

    return step


def retract(conn: Connection, turn: Turn, alert: Alert, value: str) -> list[Message]:
    """Take back what went out, once that was said twice."""
    if value == "yes" or alerting.after(alert.state, "retract") is None:
        return _moved("retract")(conn, turn, alert, "")
    return [step_words.sure(alert, alerts.sent(conn, alert.id).statuses.get("sent", 0), turn.language)]


CONTROLS: Mapping[str, Step] = {
    "send": send,
    "state": state,
    "pause": _moved("pause"),
    "resume": _moved("resume"),
    "cancel": _moved("cancel"),
    "retract": retract,
}
STEPS: Mapping[str, Step] = {**steps.STEPS, "try": try_}
