"""The interface behind which a learning policy can take over the ranking, and the plain policy used by default.

What may be chosen at all is decided before (promises are never left to a policy); a policy only orders it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Literal, Protocol, TypeAlias, TypeVar

from actions.facts import History, Person
from actions.record import Record
from actions.shelf import Shelf, ShelfAction, ShelfStory

Item = TypeVar("Item", ShelfStory, ShelfAction)
Candidate: TypeAlias = tuple[int, Item]
"""What may be chosen, after its plain score; the lowest score is the best."""


Ranked: TypeAlias = Sequence[tuple[tuple[int, Item], float]]
"""Candidates, best first, each with the probability with which it came to its place."""
Purpose: TypeAlias = Literal["story", "ask", "offer"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a policy may look at: what is being chosen, for whom, from what, and when."""

    purpose: Purpose
    person: Person
    history: History
    shelf: Shelf
    now: datetime


class Policy(Protocol):
    """Orders what may be chosen."""

    def rank(self, candidates: Sequence[Candidate[Item]], context: Context, chance: Random) -> Ranked[Item]:
        """Return every candidate, best first."""
        ...


class PlainPolicy:
    """The explainable ordering: the lowest score first, equal ones by chance."""

    def rank(
        self,
        candidates: Sequence[Candidate[Item]],
        context: Context,  # noqa: ARG002 - the plain score says it all; others look
        chance: Random,
    ) -> Ranked[Item]:
        """Return the candidates by score, and in random order among equals."""
        ranked: list[tuple[Candidate[Item], float]] = []
        for _, group in groupby(sorted(candidates, key=_score), key=_score):
            equals = list(group)
            if len(equals) > 1:
                chance.shuffle(equals)
            share = 1 / len(equals)
            ranked.extend((one, share) for one in equals)
        return ranked


PLAIN = PlainPolicy()


@dataclass(frozen=True, slots=True)
class Draw:
    """A policy and its chance, at work on one person's record."""

    policy: Policy
    chance: Random
    record: Record

    def rank(self, purpose: Purpose, candidates: Sequence[Candidate[Item]]) -> Ranked[Item]:
        """Return the candidates, best first; the policy is not troubled where there is no choice."""
        if len(candidates) < 2:
            return [(one, 1.0) for one in candidates]
        record = self.record
        context = Context(purpose, record.person, record.history, record.shelf, record.now)
        return self.policy.rank(candidates, context, self.chance)


_score = itemgetter(0)
