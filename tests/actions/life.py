"""Simulated persons: day by day, nudged at their slots, answering as is their way, with a stepped clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from actions.choose import Nudge, Silence, asks_for, choose
from actions.facts import Asked, History, Person, Taken
from actions.rhythm import Slot, is_paused, next_slot
from actions.shelf import Shelf


@dataclass(frozen=True)
class Way:
    """How someone answers: the chances to take, decline or put off an ask; to undo; to ask for more themselves."""

    takes: float = 0.0
    declines: float = 0.0
    later: float = 0.0
    undoes: float = 0.0
    browses: float = 0.0


WILLING = Way(takes=1.0)
SILENT = Way()


@dataclass
class Life:
    """One person's days with us."""

    person: Person
    shelf: Shelf
    way: Way
    chance: Random
    now: datetime
    history: History = field(default_factory=History)
    changes: dict[int, Callable[[Person], Person]] = field(default_factory=dict)

    def live(self, days: int) -> Iterator[tuple[datetime, Person, History, Nudge | Silence]]:
        """Yield every decision with what was known when it was taken."""
        start, last = self.now, None
        end = start + timedelta(days=days)
        done = 0
        while True:
            slot = self._next(last)
            reached = min((slot.at - start).days, days)
            for day in range(done, reached + 1):
                self.person = self.changes.get(day, _unchanged)(self.person)
            done = reached + 1
            slot = self._next(last)
            if slot.at >= end:
                return
            self.now, last = slot.at, slot
            if is_paused(self.person, self.now):
                continue
            before = self.history
            chosen = choose(self.person, before, self.shelf, self.now, self.chance)
            yield self.now, self.person, before, chosen
            if isinstance(chosen, Nudge):
                self._receive(chosen)
            if self.chance.random() < self.way.browses:
                self._browse()

    def _next(self, last: Slot | None) -> Slot:
        return next_slot(self.person.rhythm, self.now, last and last.day, last_at=last and last.at)

    def _receive(self, nudge: Nudge) -> None:
        if nudge.story is not None:
            self.history = replace(self.history, shown={**self.history.shown, nudge.story: self.now})
        if nudge.ask is not None:
            self._answer(nudge.ask)

    def _browse(self) -> None:
        offers = asks_for(self.person, self.history, self.shelf, self.now + timedelta(minutes=20), self.chance)
        for offer in offers[:1]:
            self._answer(offer.action, nudged=False)

    def _answer(self, ref: str, nudged: bool = True) -> None:
        action = self.shelf.actions[ref]
        roll = self.chance.random()
        at = self.now + timedelta(minutes=self.chance.randrange(1, 60))
        asked = Asked(ref, action.cause, action.kind, action.rung, self.now, nudged=nudged)
        way = self.way
        if roll < way.takes:
            asked = replace(asked, answer="taken", answered_at=at)
            undone = self.chance.random() < way.undoes
            status = "undone" if undone else self.chance.choice(["claimed", "verified"])
            self._note(taken=Taken(ref, action.cause, action.kind, at, status))
        elif roll < way.takes + way.declines:
            asked = replace(asked, answer="declined", answered_at=at)
        elif roll < way.takes + way.declines + way.later:
            asked = replace(asked, answer="later", answered_at=at)
        self._note(asked=asked, answered=at if asked.answer else None)

    def _note(
        self, *, taken: Taken | None = None, asked: Asked | None = None, answered: datetime | None = None
    ) -> None:
        history = self.history
        self.history = replace(
            history,
            taken=history.taken + ((taken,) if taken else ()),
            asked=history.asked + ((asked,) if asked else ()),
            last_answer_at=answered or history.last_answer_at,
        )


def _unchanged(person: Person) -> Person:
    return person
