"""What alerts say: to those who get one, and to organizers about how one stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from actions.alerting import Audience, Share
from actions.facts import Person
from actions.rhythm import zone
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue
from content.text import choose
from storage.alerts import Alert, Sent
from storage.catalog import Stock


def text_for(texts: Mapping[str, str], language: str) -> str:
    """The words for a reader of a language; without them those that were written first."""
    return choose(dict(texts), language, next(iter(texts))) if texts else ""


def alert(texts: Mapping[str, str], language: str) -> Message:
    """An alert, as it is read: with why it came, and the way out."""
    t = tongue(language)
    row = (Button(t.gettext("Why this?"), press="why"), Button(t.gettext("No more alerts"), press="alerts:off"))
    return Message(text_for(texts, language), buttons=(row,), language=language)


def retracted(language: str, ref: str) -> Message:
    """What stands in the place of an alert that was taken back."""
    t = tongue(language)
    words = t.gettext("*This message was taken back by the organizers.*")
    return Message(words, replaces=ref, or_nothing=True, language=language)


def no_more(language: str) -> Message:
    """Someone wants no alerts any more."""
    t = tongue(language)
    return Message(
        t.gettext("No more alerts. /settings brings them back; your stories come as ever."), language=language
    )


def why(stock: Stock, person: Person, audience: Audience) -> Message:
    """Why someone got an alert, in their own words."""
    t = tongue(person.language)
    lines = [t.gettext("you asked for alerts under /settings"), *yours(stock, audience, person.language)]
    words = t.gettext("**You got this because**") + "\n\n" + "\n".join(f"- {line}" for line in lines)
    return Message(
        words + "\n\n" + t.gettext("Change it under /settings or /causes, or write /less."), language=person.language
    )


def yours(stock: Stock, audience: Audience, language: str) -> list[str]:
    """The lines of an audience, said to someone in it."""
    t = tongue(language)
    said = _values(stock, audience, language)
    wordings = {
        "cause": t.gettext("you follow *{about}*"),
        "least": t.gettext("your step is *{about}*, or beyond"),
        "exactly": t.gettext("your step is *{about}*"),
        "region": t.gettext("you are in {about}"),
        "language": t.gettext("you read {about}"),
        "did": t.gettext("you did *{about}*"),
        "did_not": t.gettext("you have not done *{about}* yet"),
        "since": t.gettext("you have been here since {about} or later"),
    }
    return [wordings[key].format(about=value) for key, value in said.items()]


def described(stock: Stock, audience: Audience, language: str) -> list[str]:
    """The lines of an audience, said to organizers."""
    t = tongue(language)
    said = _values(stock, audience, language)
    wordings = {
        "cause": t.gettext("follow *{about}*"),
        "least": t.gettext("stand on *{about}* or higher"),
        "exactly": t.gettext("stand on *{about}*"),
        "region": t.gettext("are in {about}"),
        "language": t.gettext("read {about}"),
        "did": t.gettext("did *{about}*"),
        "did_not": t.gettext("did not do *{about}*"),
        "since": t.gettext("joined on {about} or later"),
    }
    lines = [wordings[key].format(about=value) for key, value in said.items()]
    return [t.gettext("want alerts"), *lines]


def _values(stock: Stock, audience: Audience, language: str) -> dict[str, str]:
    found = {
        "cause": names.cause(stock, audience.cause, language) if audience.cause else "",
        "exactly" if audience.exactly else "least": names.rung(audience.rung, language) if audience.rung else "",
        "region": audience.region,
        "language": names.itself(audience.language) if audience.language else "",
        "did": action(stock, audience.did, language),
        "did_not": action(stock, audience.did_not, language),
        "since": names.short_day(audience.since, language) if audience.since else "",
    }
    return {key: names.quoted(value) for key, value in found.items() if value}


def action(stock: Stock, ref: str, language: str) -> str:
    """An action's title, also of one that no live pack has any more."""
    return names.action(stock.packs.get(ref.partition("/")[0]), ref, language) if ref else ""


def state(one: Alert, language: str) -> str:
    """The state of an alert in one word or two."""
    t = tongue(language)
    return {
        "draft": t.gettext("draft"),
        "scheduled": t.gettext("scheduled"),
        "held": t.gettext("goes out in a minute"),
        "running": t.gettext("going out"),
        "paused": t.gettext("paused"),
        "done": t.gettext("done"),
        "cancelled": t.gettext("cancelled"),
        "retracted": t.gettext("taken back"),
    }[one.state]


def title(one: Alert, language: str) -> str:
    """An alert's number and state, as a heading."""
    t = tongue(language)
    return t.gettext("**Alert {number}: {state}**").format(number=one.id, state=state(one, language))


def progress(one: Alert, sent: Sent, language: str, *, replaces: str = "") -> Message:
    """How an alert stands, with what can be done to it now."""
    t = tongue(language)
    done = sent.statuses.get("sent", 0)
    lines = [t.gettext("sent: {count} of about {all}").format(count=done, all=max(one.expected, one.planned))]
    if sent.open:
        lines.append(t.gettext("waiting in the outbox: {count}").format(count=sent.open))
    lines += [
        t.gettext("not sent: {count} ({reason})").format(count=count, reason=_reason(reason, language))
        for reason, count in sorted(sent.reasons.items(), key=lambda pair: -pair[1])
    ]
    if one.state == "retracted":
        back = sent.retractions.get("sent", 0)
        lines.append(t.gettext("taken back: {count} of {all}").format(count=back, all=done))
    words = title(one, language) + "\n\n" + "\n".join(f"- {line}" for line in lines)
    return Message(words, buttons=controls(one, language), replaces=replaces, language=language)


def _reason(reason: str, language: str) -> str:
    """Why some did not get it; what a platform said stays as it said it."""
    t = tongue(language)
    return {
        "stopped": t.gettext("stopped meanwhile"),
        "paused": t.gettext("pause at the moment"),
        "alerts off": t.gettext("want no alerts any more"),
        "budget": t.gettext("had two alerts this week"),
        "expired": t.gettext("too late"),
        "not meant any more": t.gettext("not meant any more"),
        "blocked": t.gettext("cannot be reached"),
        "alert cancelled": t.gettext("cancelled"),
        "alert retracted": t.gettext("taken back"),
    }.get(reason, names.quoted(reason))


def controls(one: Alert, language: str) -> tuple[tuple[Button, ...], ...]:
    """The buttons for what can be done to an alert in its state."""
    t = tongue(language)
    labels = {
        "state": t.gettext("How far is it?"),
        "pause": t.gettext("Pause"),
        "resume": t.gettext("Go on"),
        "cancel": t.gettext("Cancel"),
        "retract": t.gettext("Take it back"),
    }
    offered: Mapping[str, tuple[str, ...]] = {
        "scheduled": ("state", "cancel"),
        "held": ("state", "cancel"),
        "running": ("state", "pause", "cancel", "retract"),
        "paused": ("resume", "cancel", "retract"),
        "done": ("retract",),
        "cancelled": ("retract",) if one.started_at else (),
        "retracted": ("state",),
    }
    row = tuple(Button(labels[verb], press=f"alert:{one.id}:{verb}") for verb in offered.get(one.state, ()))
    return tuple(row[at : at + 2] for at in range(0, len(row), 2))


def held(one: Alert, person: Person, *, replaces: str = "") -> Message:
    """The alert goes out in a minute, or when it was scheduled for; until then nothing has left."""
    t = tongue(person.language)
    words = t.gettext("Nothing has gone out yet. It begins at {time}; until then *Cancel* stops everything.").format(
        time=_clock(one.next_at, person)
    )
    return Message(
        title(one, person.language) + "\n\n" + words, buttons=controls(one, person.language), replaces=replaces,
        language=person.language,
    )  # fmt: skip


def _clock(at: datetime | None, person: Person) -> str:
    if at is None:
        return "–"
    there = at.astimezone(zone(person.rhythm.zone))
    return f"{names.day(there.date(), person.language)}, {there:%H:%M:%S}"


def counted(shares: Sequence[Share], language: str) -> str:
    """How many people that is, and what they read."""
    t = tongue(language)
    people = sum(share.people for share in shares)
    words = t.ngettext("**{count} person** would get it", "**{count} people** would get it", people)
    by_language: dict[str, int] = {}
    for share in shares:
        by_language[share.language] = by_language.get(share.language, 0) + share.people
    ranked = sorted(by_language.items(), key=lambda pair: -pair[1])
    parts = [f"{names.itself(code)} {number}" for code, number in ranked]
    return words.format(count=people) + (f" ({', '.join(parts)})" if parts else "") + "."


def span(length: timedelta, language: str) -> str:
    """A length of time in whole minutes."""
    return names.minutes(max(1, -(-round(length.total_seconds()) // 60)), language)
