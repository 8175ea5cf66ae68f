"""A persona's year, printed as a diary."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from actions import ladder
from actions.facts import Person, Ref
from actions.limits import LATER_REST
from actions.rhythm import local_day
from bot.commands import year
from bot.commands.personas import Persona
from bot.commands.year import Note, Year
from bot.conversation.newcomer import COUNTRY_BY_LANGUAGE, guess_zone
from bot.message import Profile
from bot.wording import asks as ask_words
from bot.wording import diary as words
from bot.wording import names, onboarding, path, quiet
from content.text import plain
from storage.catalog import Stock

WIDTH = 100
CAUSES = 3


def written(stock: Stock, persona: Persona, language: str, start: datetime, days: int) -> Iterator[str]:
    """Yield the diary line by line: each day on which something was said, and what became of it in the end."""
    life = lived(stock, persona, language, start)
    person = life.person
    yield from _wrapped(words.who(persona.name, language))
    yield from _wrapped(words.follows(stock, _in_order(stock, person), language))
    pages = Pages(life)
    for at, notes in life.live(days):
        yield from pages.page(at, notes)
    yield from pages.quiet(local_day(person.rhythm, start), days)
    yield from _sums(life)


def lived(stock: Stock, persona: Persona, language: str, start: datetime) -> Year:
    """The year of a persona who joins on a day, about to begin."""
    person = Person(
        id=1,
        key=persona.name,
        language=language,
        region=COUNTRY_BY_LANGUAGE.get(language, ""),
        rhythm=persona.in_zone(guess_zone(Profile(language=language))),
        follows=frozenset(_chosen(stock)),
        joined_at=start,
    )
    return Year(stock, persona, person, start)


def _chosen(stock: Stock) -> Sequence[Ref]:
    """The causes a persona taps at the first talk: by turns among the packs, a few at most."""
    causes = list(stock.shelf.causes.values())
    turns = {cause.ref: [one.ref for one in causes if one.pack == cause.pack].index(cause.ref) for cause in causes}
    return sorted(turns, key=lambda ref: turns[ref])[:CAUSES]


def _in_order(stock: Stock, person: Person) -> list[Ref]:
    return [ref for ref in stock.shelf.causes if ref in person.follows]


@dataclass
class Pages:
    """The days already written, so that a quiet stretch is told in one line."""

    life: Year
    last: date | None = None
    reason: str = ""
    reasons: Counter[str] = field(default_factory=Counter)

    def page(self, at: datetime, notes: Sequence[Note]) -> Iterator[str]:
        """One slot: its lines, after those of the quiet days before it; or nothing, when it is one of those."""
        person = self.life.person
        day = local_day(person.rhythm, at)
        silences = [note for note in notes if isinstance(note, year.Nothing)]
        spoken = [note for note in notes if not isinstance(note, year.Nothing)]
        self.reasons.update(words.quiet_reason(note.why, person.language) for note in silences)
        if not spoken:
            return
        yield from self.quiet_before(day)
        if day != self.last:
            yield ""
            yield f"── {names.dated(day, person.language)} ".ljust(WIDTH, "─")
        self.last = day
        for note in spoken:
            yield from _told(self.life, note)

    def quiet_before(self, day: date) -> Iterator[str]:
        """The quiet days between the last page and this one, beyond those that the rhythm leaves free anyway."""
        language = self.life.person.language
        count = (day - self.last).days - 1 if self.last else 0
        if count > 0 and self.reasons:
            reason = self.reasons.most_common(1)[0][0]
            told = words.quiet_days(count, language)
            yield ""
            yield from _wrapped(f"… {told}" if reason == self.reason else f"… {told}: {reason}")
            self.reason = reason
        self.reasons.clear()

    def quiet(self, start: date, days: int) -> Iterator[str]:
        """The quiet days at the end."""
        yield from self.quiet_before(date.fromordinal(start.toordinal() + days))


def _told(life: Year, note: Note) -> Iterator[str]:
    for text, indent in _words(life, note):
        yield from _wrapped(text, indent)


def _words(life: Year, note: Note) -> Iterator[tuple[str, str]]:
    """The lines of one note, each with its indent."""
    stock, language = life.stock, life.person.language
    match note:
        case year.Told():
            if note.story:
                yield words.story(stock, note.story, language), ""
            else:
                yield f"{names.cause(stock, note.cause, language)}:", ""
            if note.ask:
                yield f"? {words.ask(stock, note.ask, language)}", "  "
            yield words.because(stock, note.reasons, language), "    "
            if note.ask is None and (bar := words.no_ask(stock, note.reasons[-1], language)):
                yield bar, "    "
        case year.Wished():
            yield f"> /act: {names.cause(stock, stock.shelf.actions[note.ask].cause, language)}", "  "
            yield f"? {words.ask(stock, note.ask, language)}", "  "
            yield words.because(stock, note.reasons, language), "    "
        case year.Answered():
            yield f"> {words.answer(note.answer, language)}", "  "
            yield from ((line, "  ") for line in _reply(life, note))
        case _:
            yield from ((line, "  ") for line in _event(life, note))


def _reply(life: Year, note: year.Answered) -> Iterator[str]:
    """What is said to an answer, where it is more than thanks."""
    language = life.person.language
    if note.answer == "declined":
        kind = life.stock.shelf.actions[note.action].kind
        yield plain(ask_words.declined(language, "", 0, kind)[1].text)
    elif note.answer == "later":
        day = local_day(life.person.rhythm, note.at + LATER_REST)
        yield plain(ask_words.later(language, "", day)[1].text)


def _event(life: Year, note: Note) -> Iterator[str]:
    """What happened beside the messages, in the words in which it is told."""
    language = life.person.language
    match note:
        case year.Voted(ref, came):
            did = f"{words.ask(life.stock, ref, language)}: {words.answer('taken', language)}"
            yield f"> {did if came else words.voted(language)}"
        case year.Barred():
            yield f"> {ask_words.declined(language, '', 0, note.kind)[1].buttons[0][0].label}"
            yield plain(ask_words.never_again(language, note.kind).text)
        case year.Climbed():
            cause = names.cause(life.stock, note.cause, language)
            yield f"★ {plain(ask_words.climb(language, cause, note.rung))}"
        case year.Agreed():
            rules, agree = path.rules_row(language, 0), path.rules(language, "", 0).buttons[0]
            yield f"> {rules[0].label} > {agree[0].label}"
            yield plain(path.rules_agreed(language, "", "").text)
        case year.Slid():
            yield plain(words.slid(names.cause(life.stock, note.cause, language), note.rung, language))
        case _:
            yield from _pace(life, note)


def _pace(life: Year, note: Note) -> Iterator[str]:
    """How often they hear from us, and what changed it."""
    language = life.person.language
    match note:
        case year.Slowed():
            yield words.slowed(note.frequency, note.unanswered, language)
        case year.Questioned():
            yield plain(quiet.shall_i_stay(language).text)
        case year.Returned():
            yield "> /start"
            back = onboarding.welcome_back(language)
            yield plain(back.text)
            yield f"> {back.buttons[0][1].label}"
            yield from _standings(life)
            yield words.read(note.stories, language)
        case year.Changed():
            yield from _changed(note, language)


def _standings(life: Year) -> Iterator[str]:
    """Where they stand in each cause they follow, as their path shows it."""
    language, past = life.person.language, life.past
    for ref in _in_order(life.stock, life.person):
        here = ladder.standing(life.stock.shelf.causes[ref], past.taken, life.now, past.ethics)
        yield plain(words.stands(names.cause(life.stock, ref, language), here, here, language))


def _changed(note: year.Changed, language: str) -> Iterator[str]:
    before, after = note.before.rhythm, note.after.rhythm
    if after.frequency != before.frequency:
        yield "> /less"
        yield plain(quiet.less(language, after.frequency, before.frequency).text)
    if after.minutes != before.minutes:
        yield "> /settings"
        yield words.minutes_set(after.minutes, language)


def _sums(life: Year) -> Iterator[str]:
    language, past, shelf = life.person.language, life.past, life.stock.shelf
    yield ""
    yield f"── {words.ending(language)} ".ljust(WIDTH, "─")
    for ref in _in_order(life.stock, life.person):
        cause, title = shelf.causes[ref], names.cause(life.stock, ref, language)
        here = ladder.standing(cause, past.taken, life.now, past.ethics)
        reached = [rung for of, rung in life.climbs if of == ref]
        highest = max([here, *reached], key=cause.rungs.index)
        yield from _wrapped(plain(words.stands(title, here, highest, language)))
        yield from _wrapped(words.kinds(Counter(one.kind for one in past.taken if one.cause == ref), language), "  ")
        yield from _wrapped(words.asks([one for one in past.asked if one.cause == ref], language), "  ")
        yield from _wrapped(words.read(len(past.shown.keys() & cause.story_refs), language), "  ")


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    for line in filter(None, text.splitlines()):
        yield from textwrap.wrap(
            line, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False
        )
