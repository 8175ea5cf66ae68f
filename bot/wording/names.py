"""The names of things that packs and the design give by a word: rungs, kinds, rhythms, languages, days and times."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list

from actions.facts import Ref
from bot.wording.tongue import locale, tongue
from content.model import Pack
from content.text import choose, clean, escape, shorten
from storage.catalog import Stock

ECHO_AT_MOST = 60


def rung(name: str, language: str) -> str:
    """A rung's name; one that only a pack knows is shown as the pack writes it."""
    t = tongue(language)
    known = {
        "curious": t.gettext("curious"),
        "supporter": t.gettext("supporter"),
        "advocate": t.gettext("advocate"),
        "contributor": t.gettext("contributor"),
        "organizer": t.gettext("organizer"),
        "leader": t.gettext("leader"),
    }
    return known.get(name, name.replace("-", " "))


def opens(name: str, language: str) -> str:
    """What a rung opens, said once when someone reaches it."""
    t = tongue(language)
    known = {
        "supporter": t.gettext("You took the first step. From here on I may also bring you things that speak up a little: sharing, writing, a pledge."),
        "advocate": t.gettext("You speak for this. Now and then I may invite you to give some time or to bring a friend along."),
        "contributor": t.gettext("You carry part of this. You may now be invited to events, and to help shape what happens next."),
        "organizer": t.gettext("Others can build on you. You may now be invited to gather people: a circle, an evening, a day."),
        "leader": t.gettext("You lead others now. You may be invited to host, to guide newcomers and to decide where we go."),
    }  # fmt: skip
    return known.get(name, t.gettext("New things to do open up for you from here."))


def kind(name: str, language: str) -> str:
    """What a kind of action is called when someone chooses among kinds."""
    t = tongue(language)
    return {
        "petition": t.gettext("Petitions"),
        "donation": t.gettext("Donations"),
        "share": t.gettext("Sharing"),
        "event": t.gettext("Events"),
        "outreach": t.gettext("Writing to decision-makers"),
        "pledge": t.gettext("Pledges"),
        "purchase": t.gettext("Choices at the shop"),
        "volunteer": t.gettext("Volunteering"),
        "learn": t.gettext("Learning"),
        "story": t.gettext("Telling your story"),
        "report": t.gettext("Reporting from the field"),
        "invite": t.gettext("Inviting friends"),
        "host": t.gettext("Hosting"),
        "circle": t.gettext("Circles"),
        "form": t.gettext("Forms and surveys"),
    }[name]


def frequency(name: str, language: str) -> str:
    """A rhythm, as a button says it."""
    t = tongue(language)
    return {
        "daily": t.gettext("Every day"),
        "weekdays": t.gettext("Monday to Friday"),
        "three": t.gettext("Three times a week"),
        "weekly": t.gettext("Once a week"),
    }[name]


def itself(language: str) -> str:
    """A language's name in that language, with a capital as a button shows it."""
    name = locale(language).get_display_name() or language
    return name[:1].upper() + name[1:]


def clock(moment: time, language: str) -> str:
    """A wall time: 18:00, or 6:00 PM where that is the custom."""
    return format_time(moment, "short", locale=locale(language)).replace("\u202f", " ")


def day(on: date, language: str) -> str:
    """A day of the near future or past: Tue, Dec 1."""
    return format_skeleton("MMMEd", on, locale=locale(language))


def short_day(on: date, language: str) -> str:
    """A day with its year, short: Dec 1, 2026."""
    return format_date(on, "medium", locale=locale(language))


def dated(on: date, language: str) -> str:
    """A day with its weekday and its year: Tue, Dec 1, 2026."""
    return format_skeleton("yMMMEd", on, locale=locale(language))


def all_of(words: list[str], language: str) -> str:
    """Words joined as the language joins them: a, b and c."""
    return format_list(words, locale=locale(language)) if words else ""


def place(code: str, language: str) -> str:
    """A region's name: a country in the language, or a part of one by its code."""
    country, _, part = code.partition("-")
    name = str(locale(language).territories.get(country, country))
    return f"{name} ({part})" if part else name


def is_country(code: str) -> bool:
    """Whether there is a country of these two capital letters."""
    return len(code) == 2 and code.isalpha() and code in locale("en").territories


def minutes(count: int, language: str) -> str:
    """A span of minutes: 2 min."""
    t = tongue(language)
    return t.ngettext("{count} minute", "{count} minutes", count).format(count=count)


def cause(stock: Stock, ref: Ref, language: str) -> str:
    """A cause's title as plain words."""
    found = stock.cause(ref)
    return choose(found.title, language, stock.pack(ref).languages[0]) if found else ref.partition("/")[2]


def action(pack: Pack | None, ref: Ref, language: str) -> str:
    """An action's title as plain words, from the live pack or the one that last had it."""
    found = pack.actions.get(ref.partition("/")[2]) if pack else None
    return choose(found.title, language, pack.languages[0]) if pack and found else ref.partition("/")[2]


def quoted(words: str) -> str:
    """Words from elsewhere, kept from being read as markup."""
    return escape(words)


def echoed(words: str) -> str:
    """A few words that a person wrote, said back to them: short, on one line, without what hides or misleads."""
    return quoted(shorten(" ".join(clean(words).split()), ECHO_AT_MOST))


def local_clock(now: datetime, zone_offset: timedelta, language: str) -> str:
    """The wall time at an offset from UTC."""
    return clock((now + zone_offset).time(), language)
