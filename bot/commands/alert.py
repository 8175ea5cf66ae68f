"""`kindling alert …`: the same alerts as in the chat, from the terminal; a dry run unless told otherwise."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from actions import alerting
from actions.alerting import Audience, What
from actions.limits import ALERT_LETTERS
from bot import settings
from bot.clock import Clock
from bot.commands import opening
from bot.commands.alert_report import as_data, report
from bot.wording import alerts as words
from bot.wording.tongue import LANGUAGES
from content.text import utf16
from storage import alerts, audiences
from storage.audit import By
from storage.catalog import stock_of
from storage.store import Store

ME = By("terminal")
Number = Annotated[int, typer.Argument(metavar="ID", help="The alert's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def new(  # noqa: PLR0913 - an audience has as many parts
    text: Annotated[list[str], typer.Option(help="What it says, as en=WORDS; once for each language.")],
    cause: Annotated[str, typer.Option(help="Followers of this cause: PACK/CAUSE.")] = "",
    rung: Annotated[str, typer.Option(help="On this rung or higher.")] = "",
    exactly: Annotated[bool, typer.Option("--exactly", help="On that rung, not higher.")] = False,
    region: Annotated[str, typer.Option(help="In this country: DE, MX…")] = "",
    language: Annotated[str, typer.Option(help="Readers of this language.")] = "",
    did: Annotated[str, typer.Option(help="Those who took this action: PACK/ACTION.")] = "",
    did_not: Annotated[str, typer.Option(help="Those who did not take it.")] = "",
    joined_since: Annotated[str, typer.Option(help="Joined on this day (UTC) or later: 2026-12-24.")] = "",
) -> None:
    """Write an alert down; nothing is sent. Prints its number."""
    since = _day(joined_since) if joined_since else None
    audience = Audience(cause, rung, exactly, region.upper(), language, did, did_not, since)
    texts = _texts(text)
    now = Clock().now()
    with opening.store() as store:
        store.read_now(audiences.fits, audience, now)  # a cause or an action that is not there is said now
        made = store.write_now(alerts.draft, ME, now)
        store.write_now(alerts.change, made.id, audience=audience, texts=texts)
    typer.echo(made.id)


def _texts(given: Sequence[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for one in given:
        language, equals, text = one.partition("=")
        if not equals or language not in LANGUAGES or not text.strip():
            raise typer.BadParameter(f"write it as LANGUAGE=WORDS, with a language out of {', '.join(LANGUAGES)}")
        if utf16(text) > ALERT_LETTERS:
            raise typer.BadParameter(f"the {language} text has {utf16(text)} characters; at most {ALERT_LETTERS}")
        texts[language] = text.strip()
    return texts


def _day(words_: str) -> date:
    try:
        return date.fromisoformat(words_)
    except ValueError:
        raise typer.BadParameter(f"{words_!r} is no day; write it like 2026-12-24") from None


def list_() -> None:
    """List the newest alerts."""
    with opening.store() as store:
        found = store.read_now(alerts.newest, 50)
    for one in found:
        first = words.text_for(one.texts, "en").splitlines() or [""]
        typer.echo(f"{one.id:>5}  {one.state:<9}  {one.made_at:%Y-%m-%d %H:%M}  {first[0][:60]}")
    if not found:
        typer.echo("There are no alerts. `kindling alert new` writes one.")


def show(number: Number, as_json: AsJson = False) -> None:
    """Show an alert: for whom, what it says, how far it is, who did what to it."""
    with opening.store() as store:
        told = as_data if as_json else report
        typer.echo(store.read_now(told, number))


def send(
    number: Number,
    really: Annotated[bool, typer.Option("--send", help="Send it, once the number of people is typed.")] = False,
    at: Annotated[str, typer.Option(help="Not now: at 2026-12-01T18:00:00+01:00 (UTC without an offset).")] = "",
) -> None:
    """Try an alert: how many people, samples, how long; with --send, send it."""
    when = _instant(at) if at else None
    with opening.store() as store:
        people = _dry_run(store, number)
        if not really:
            typer.echo("A dry run: nothing was sent. Add --send to send it.", err=True)
            return
        if not people:
            raise typer.BadParameter("nobody would get it")
        typed = typer.prompt(f"Type the number of people ({people}) to send it", err=True)
        if typed.strip() != str(people):
            raise typer.BadParameter("that is not the number; nothing was sent")
        _move(store, number, "schedule" if when else "send", at=when)
        begins = store.read_now(alerts.must, number).next_at
    typer.echo(
        f"It begins at {begins:%Y-%m-%d %H:%M:%S} UTC; until then `kindling alert cancel {number}` stops it all."
    )


def _instant(words_: str) -> datetime:
    try:
        found = datetime.fromisoformat(words_)
    except ValueError:
        raise typer.BadParameter(f"{words_!r} is no instant; write it like 2026-12-01T18:00:00+01:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _dry_run(store: Store, number: int) -> int:
    alert = store.read_now(alerts.must, number)
    if alert.state != "draft":
        raise LookupError(f"alert {number} was sent before: it is {alert.state}")
    shares = store.read_now(audiences.shares, alert.audience, Clock().now())
    people = sum(share.people for share in shares)
    store.write_now(alerts.expect, number, people)
    typer.echo(words.counted(shares, "en").replace("**", ""))
    for line in store.read_now(lambda conn: words.described(stock_of(conn), alert.audience, "en")):
        typer.echo(f"  - {line}")
    for reader in list(dict.fromkeys(share.language for share in shares))[:3]:
        typer.echo(f"\nA reader of {reader} gets:\n{words.text_for(alert.texts, reader)}")
    by_account: dict[str, int] = {}
    for share in shares:
        by_account[share.account] = by_account.get(share.account, 0) + share.people
    takes = alerting.duration(by_account, settings.rates(settings.read()))
    typer.echo(f"\nIt will take about {words.span(takes, 'en')}, quiet hours aside.")
    return people


def _move(store: Store, number: int, what: What, *, at: datetime | None = None) -> None:
    store.read_now(alerts.must, number)
    if not store.write_now(alerts.move, number, what, ME, Clock().now(), at=at):
        state = store.read_now(alerts.must, number).state
        raise LookupError(f"that cannot be done to alert {number} now: it is {state}")


def _moving(number: int, what: What, told: str) -> None:
    with opening.store() as store:
        _move(store, number, what)
    typer.echo(f"Alert {number} is {told}.")


def pause(number: Number) -> None:
    """Hold an alert that is going out."""
    _moving(number, "pause", "paused")


def resume(number: Number) -> None:
    """Let a paused alert go on."""
    _moving(number, "resume", "going out again")


def cancel(number: Number) -> None:
    """End an alert: what did not go out stays."""
    _moving(number, "cancel", "cancelled")


def retract(number: Number) -> None:
    """Take back what went out, by changing it into a line that says so."""
    _moving(number, "retract", "being taken back")
