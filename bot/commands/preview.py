"""`kindling pack preview`: what a subscriber would see, day by day, without a database."""

import random
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from actions import ladder
from actions.choose import Nudge, Silence, choose
from actions.facts import Asked, History, Person, Rhythm, Taken
from actions.rhythm import next_slot
from actions.shelf import stock as shelf_of
from bot.clock import Clock
from bot.message import Message
from bot.wording import asks as words
from bot.wording import names
from bot.wording.tongue import LANGUAGES, nearest
from content import load as loading
from content.model import Pack
from content.problems import render
from content.text import plain
from storage.catalog import Stock

WIDTH = 72
YES = "→ ✓"


@dataclass
class Life:
    """One subscriber of the packs, who says yes to every other ask."""

    stock: Stock
    person: Person
    now: datetime
    past: History
    asked: int = 0

    def days(self, count: int) -> Iterator[tuple[datetime, Message | None, str]]:
        """Each slot within so many days: when, what is seen, and what the person does about it."""
        end, last = self.now + timedelta(days=count), None
        while (slot := next_slot(self.person.rhythm, self.now, last)).at < end:
            self.now, last = slot.at, slot.day
            chosen = choose(self.person, self.past, self.stock.shelf, self.now, random.Random(slot.day.toordinal()))  # noqa: S311
            yield self.now, *self._live(chosen)

    def _live(self, chosen: Nudge | Silence) -> tuple[Message | None, str]:
        if isinstance(chosen, Silence):
            return None, ""
        shown = {**self.past.shown, **({chosen.story: self.now} if chosen.story else {})}
        self.past = replace(self.past, shown=shown)
        offer = words.open_ask(self.stock, 1, chosen.ask, self.now.date()) if chosen.ask else None
        message = words.nudge(self.stock, self.person.language, chosen.story, offer)
        return message, self._answer(chosen) if chosen.ask else ""

    def _answer(self, chosen: Nudge) -> str:
        offered = self.stock.shelf.actions[chosen.ask or ""]
        asked = Asked(offered.ref, offered.cause, offered.kind, offered.rung, self.now)
        self.asked += 1
        if self.asked % 2 == 0:
            self.past = replace(self.past, asked=(*self.past.asked, asked))
            return ""
        claim = Taken(offered.ref, offered.cause, offered.kind, self.now)
        rung = ladder.climbed(self.stock.shelf.causes[offered.cause], self.past.taken, claim)
        asked = replace(asked, answer="taken", answered_at=self.now)
        self.past = replace(
            self.past, asked=(*self.past.asked, asked), taken=(*self.past.taken, claim), last_answer_at=self.now
        )
        if rung is None:
            return YES
        cause = names.cause(self.stock, offered.cause, self.person.language)
        return f"{YES}\n\n{plain(words.climb(self.person.language, cause, rung))}"


def preview(
    paths: Annotated[list[Path], typer.Argument(help="A pack's file or folder.")],
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days.")] = 14,
    lang: Annotated[str, typer.Option(help="The language the subscriber reads.")] = "en",
) -> None:
    """Print what a subscriber would see, day by day."""
    loaded = loading.load(paths)
    if loaded.errors:
        typer.echo(render(loaded.errors), err=True)
        raise typer.Exit(1)
    packs = [file.pack for file in loaded.packs]
    _require_language(packs, lang)
    stock = in_memory(packs)
    rhythm = Rhythm()
    person = Person(1, "preview", language=lang, follows=frozenset(stock.shelf.causes), rhythm=rhythm)
    life = Life(stock, person, Clock().now(), History())
    for at, message, answer in life.days(days):
        typer.echo(f"── {names.day(at.date(), nearest(lang))} ".ljust(WIDTH, "─"))
        typer.echo(_printed(message) if message else "…")
        if answer:
            typer.echo(f"\n{_wrapped(answer)}")
        typer.echo("")


def _require_language(packs: list[Pack], lang: str) -> None:
    spoken = {code for pack in packs for code in pack.languages}
    if lang not in spoken and lang not in LANGUAGES:
        raise typer.BadParameter(f"no pack here speaks {lang!r}; they speak {', '.join(sorted(spoken))}")


def in_memory(packs: list[Pack]) -> Stock:
    """The packs as a stock of their own, with made-up numbers."""
    shelf = shelf_of(packs)
    refs = dict(enumerate([*shelf.causes, *shelf.stories, *shelf.actions], start=1))
    numbers = {ref: number for number, ref in refs.items()}
    return Stock("preview", {pack.pack: pack for pack in packs}, shelf, numbers, numbers, numbers, refs)


def _printed(message: Message) -> str:
    picture = f"[{message.image.alt or message.image.source}]\n" if message.image else ""
    rows = "\n".join("  ".join(f"[{button.label}]" for button in row) for row in message.buttons)
    return f"{_wrapped(picture + plain(message.text))}\n{rows}"


def _wrapped(words_: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False) for line in words_.splitlines())
