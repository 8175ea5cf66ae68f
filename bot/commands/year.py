"""A persona's year with the bot: the very decisions of production on a stepped clock, remembered in memory only."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeAlias

from actions import ladder, rhythm
from actions.choose import Nudge, Silence, asks_for
from actions.facts import Asked, Frequency, History, Person, Ref, Taken
from actions.reasons import Reason
from bot.commands.personas import Answer, Moment, Persona
from bot.conversation.pause import SLOWER
from bot.conversation.router import SILENT
from bot.message import Message
from bot.nudging import plan
from storage import subscribers
from storage.catalog import Stock

ANSWERS_AFTER = timedelta(minutes=20)
BROWSES_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Told:
    """A nudge: a story, an ask or both, and why."""

    story: Ref | None
    ask: Ref | None
    cause: Ref
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wished:
    """They asked for something to do, and this was offered."""

    ask: Ref
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What they said to an ask, and when."""

    action: Ref
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Voted:
    """They gave their vote to a bid of a carrot day, or bought there on the day."""

    action: Ref
    came: bool = False


@dataclass(frozen=True, slots=True)
class Barred:
    """They want no more of a kind of action."""

    kind: str


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung was reached for the first time."""

    cause: Ref
    rung: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """They said yes to the ground rules of a cause's pack."""

    cause: Ref


@dataclass(frozen=True, slots=True)
class Slid:
    """A rung no longer holds: what carried it is too long ago."""

    cause: Ref
    rung: str


@dataclass(frozen=True, slots=True)
class Slowed:
    """Silence made the rhythm slower by itself, or, with None, ended it."""

    frequency: Frequency | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class Questioned:
    """They were asked whether to stay."""


@dataclass(frozen=True, slots=True)
class Returned:
    """They wrote again."""

    stories: int


@dataclass(frozen=True, slots=True)
class Changed:
    """They changed their rhythm or their minutes."""

    before: Person
    after: Person


@dataclass(frozen=True, slots=True)
class Nothing:
    """A slot that brought nothing, and why: a decision's reasons, or the planner's word."""

    why: Silence | str


Note: TypeAlias = (
    Told | Wished | Answered | Voted | Barred | Climbed | Agreed | Slid | Slowed | Questioned | Returned | Changed
    | Nothing
)  # fmt: skip


@dataclass
class Year:
    """One person's days."""

    stock: Stock
    persona: Persona
    person: Person
    start: datetime
    past: History = field(default_factory=History)
    silent: int = 0
    steps_refused: int = 0
    last_day: date | None = None
    last_at: datetime | None = None
    back: bool = False
    climbs: set[tuple[Ref, str]] = field(default_factory=set)
    stood: dict[Ref, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.start

    def live(self, days: int) -> Iterator[tuple[datetime, list[Note]]]:
        """Yield each slot, and what came of it, within so many days."""
        end, at = self.start + timedelta(days=days), subscribers.next_due(self.person, None, self.start)
        while at < end:
            returns = self._return_at()
            if returns is not None and returns <= at:
                yield returns, [Returned(len(self.past.shown))]
                self.back, self.silent = True, 0
                at = subscribers.next_due(self.person, self.last_day, returns, self.last_at)
                continue
            notes = [*self._changes(at), *self._slid(at)]
            found, after = self._slot(at)
            self.now = at
            yield at, notes + found
            at = after

    def days_here(self, at: datetime) -> int:
        """How many days ago they joined."""
        return (at - self.start).days

    def _return_at(self) -> datetime | None:
        if self.back or self.persona.returns is None:
            return None
        return self.start + timedelta(days=self.persona.returns, hours=12)

    def _changes(self, at: datetime) -> Iterator[Note]:
        rhythms, day = self.person.rhythm, self.days_here(at)
        slower = sum(day >= on for on in self.persona.less)
        frequency = self.persona.rhythm.frequency
        for _ in range(slower):
            frequency = SLOWER.get(frequency, frequency)
        minutes = [count for on, count in self.persona.minutes if day >= on]
        wished = replace(rhythms, frequency=frequency, minutes=max([self.persona.rhythm.minutes, *minutes]))
        if wished != rhythms:
            before, self.person = self.person, replace(self.person, rhythm=wished)
            yield Changed(before, self.person)

    def _slid(self, at: datetime) -> Iterator[Note]:
        for ref in dict.fromkeys(one.cause for one in self.past.taken):
            cause = self.stock.shelf.causes[ref]
            step = ladder.step_of(cause, self.past.taken, at, self.past.ethics)
            if step < self.stood.get(ref, 0):
                yield Slid(ref, cause.rungs[step])
            self.stood[ref] = step

    def _slot(self, at: datetime) -> tuple[list[Note], datetime]:
        due = plan.Due(
            person=self.person,
            past=self.past,
            slot=plan.slot_of(self.person, at, self.last_day),
            address=(0, 0),
            silent=self.silent,
            last_at=self.last_at,
        )
        decision = plan.decide(self.stock, due, at)
        served = not isinstance(decision, Silence | str)
        next_at = plan.next_due(due, served, at)
        self.last_day = due.slot.day
        if served:
            self.last_at, self.silent = due.slot.at, self.silent + 1
        notes = [*self._came(at), *self._received(decision, at), *self._browsed(at)]
        if self._spoke(notes):
            if self.silent >= SILENT:
                next_at = subscribers.next_due(self.person, self.last_day, at, self.last_at)
            self.silent = 0
        return [*notes, *self._slowed(due.silent)], next_at

    def _received(self, decision: Nudge | Silence | Message | str, at: datetime) -> Iterator[Note]:
        if isinstance(decision, Message):
            yield Questioned()
        elif isinstance(decision, Silence | str):
            yield Nothing(decision)
        else:
            yield Told(decision.story, decision.ask, decision.cause, decision.reasons)
            if decision.story is not None:
                self.past = replace(self.past, shown={**self.past.shown, decision.story: at})
            if decision.ask is not None:
                yield from self._asked(decision.ask, decision.reasons, at, nudged=True)

    def _browsed(self, at: datetime) -> Iterator[Note]:
        if not self.persona.browses or self.days_here(at) % self.persona.browses:
            return
        at += BROWSES_AFTER
        offers = asks_for(self.person, self.past, self.stock.shelf, at, self._chance(at))
        if offers:
            yield Wished(offers[0].action, offers[0].reasons)
            yield from self._asked(offers[0].action, offers[0].reasons, at, nudged=False)

    def _asked(self, ref: Ref, reasons: tuple[Reason, ...], at: datetime, *, nudged: bool) -> Iterator[Note]:
        action = self.stock.shelf.actions[ref]
        step_up = any(reason.code == "step-up" for reason in reasons)
        moment = Moment(
            action=action,
            day=self.days_here(at),
            acts=len(self.past.taken),
            step_up=step_up,
            steps_refused=self.steps_refused,
            roll=self._chance(at).random(),
        )
        then, answer = at + ANSWERS_AFTER, self.persona.answer(moment)
        if answer == "taken" and at.date() < action.counts:
            yield Voted(ref)
            asked = Asked(ref, action.cause, action.kind, action.rung, at, "later", then, nudged)
            self.past = replace(self.past, asked=(*self.past.asked, asked), pledged=self.past.pledged | {ref})
            return
        asked = Asked(ref, action.cause, action.kind, action.rung, at, answer, then if answer else None, nudged)
        lately = then if answer in ("taken", "declined") else self.past.last_answer_at
        before = self.past
        self.past = replace(before, asked=(*before.asked, asked), last_answer_at=lately)
        self.steps_refused += step_up and answer == "declined"
        yield Answered(ref, answer, then)
        if answer == "taken":
            yield from self._took(Taken(ref, action.cause, action.kind, then))
        elif answer == "declined" and self.persona.bars and self._refused_before(action.kind, at):
            self.person = replace(self.person, unwanted=self.person.unwanted | {action.kind})
            yield Barred(action.kind)

    def _came(self, at: datetime) -> Iterator[Note]:
        for ref in sorted(self.past.pledged):
            action = self.stock.shelf.actions[ref]
            if action.last <= at.date():
                self.past = replace(self.past, pledged=self.past.pledged - {ref})
                yield Voted(ref, came=True)
                yield from self._took(Taken(ref, action.cause, action.kind, at))

    def _refused_before(self, kind: str, at: datetime) -> bool:
        return any(one.kind == kind and one.answer == "declined" and one.at < at for one in self.past.asked)

    def _took(self, claim: Taken) -> Iterator[Note]:
        cause, before = self.stock.shelf.causes[claim.cause], self.past
        self.past = replace(before, taken=(*before.taken, claim))
        yield from self._climbed(claim.cause, ladder.climbed(cause, before.taken, claim, before.ethics))
        progress = ladder.progress(cause, self.past.taken, claim.at, self.past.ethics)
        if self.persona.agrees and progress.needs_ethics and not progress.missing_actions:
            self.past = replace(self.past, ethics=self.past.ethics | {cause.pack})
            yield Agreed(claim.cause)
            step = ladder.standing(cause, self.past.taken, claim.at, self.past.ethics)
            yield from self._climbed(claim.cause, step)
        self.stood[claim.cause] = ladder.step_of(cause, self.past.taken, claim.at, self.past.ethics)

    def _climbed(self, cause: Ref, rung: str | None) -> Iterator[Note]:
        if rung is not None and (cause, rung) not in self.climbs:
            self.climbs.add((cause, rung))
            yield Climbed(cause, rung)

    def _slowed(self, before: int) -> Iterator[Note]:
        chosen = self.person.rhythm.frequency
        now, then = rhythm.slowed(chosen, self.silent), rhythm.slowed(chosen, before)
        if self.silent > before and now.frequency != then.frequency:
            yield Slowed(now.frequency, self.silent)

    def _chance(self, at: datetime) -> Random:
        return Random(f"{self.person.key}:{at.isoformat()}")  # noqa: S311 - repeatable, not secret

    @staticmethod
    def _spoke(notes: list[Note]) -> bool:
        return any(isinstance(one, Wished | Voted) or (isinstance(one, Answered) and one.answer) for one in notes)
