"""Six people as they are: how each wishes to hear from us, and what they answer when they are asked.

A persona decides from the ask alone and a roll that is handed in, so that its year is the same each time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from actions.facts import Rhythm
from actions.shelf import ShelfAction

Answer: TypeAlias = Literal["taken", "declined", "later", ""]


@dataclass(frozen=True, slots=True)
class Moment:
    """An ask as the person meets it: what it is, how long they are here, what they did and refused before.

    `roll` from 0 to 1 is the mood of the day; `steps_refused` counts the steps up they said no to.
    """

    action: ShelfAction
    day: int
    acts: int
    step_up: bool
    steps_refused: int
    roll: float


@dataclass(frozen=True, slots=True)
class Persona:
    """One way of living with the bot.

    `agrees` is whether they accept ground rules when a rung needs them. Every `browses` days they ask for something
    to do. Who `bars` answers the second no to a kind of action with "never". On the days of `less` they write /less;
    on those of `minutes` they set their daily minutes. Who falls silent comes back on the day `returns`.
    """

    name: str
    answer: Callable[[Moment], Answer]
    rhythm: Rhythm = field(default_factory=Rhythm)
    agrees: bool = False
    browses: int = 0
    bars: bool = False
    less: tuple[int, ...] = ()
    minutes: tuple[tuple[int, int], ...] = ()
    returns: int | None = None

    def in_zone(self, zone: str) -> Rhythm:
        """The rhythm they begin with, where they live."""
        return replace(self.rhythm, zone=zone)


def _willing(ask: Moment) -> Answer:
    """Does most of what is asked; now and then it has to wait."""
    if ask.roll < 0.88:
        return "taken"
    return "later" if ask.roll < 0.97 else "declined"


def _busy(ask: Moment) -> Answer:
    """Does what is short when there is a moment, says later often."""
    does = 0.6 if ask.action.minutes <= 2 else 0.35
    return "taken" if ask.roll < does else "later" if ask.roll < 0.9 else "declined"


def _skeptical(ask: Moment) -> Answer:
    """Reads first and says no; does small private things after a while; takes a step up at the third asking."""
    if ask.day < DOUBT:
        return "taken" if ask.action.kind == "learn" and ask.day > DOUBT / 2 else "declined" if ask.roll < 0.7 else ""
    if ask.step_up and ask.acts > 0 and ask.steps_refused < 2:
        return "declined"
    if ask.action.public or ask.action.minutes > 5:
        return "declined" if ask.roll < 0.7 else "later"
    return "taken" if ask.roll < 0.7 else "later" if ask.roll < 0.85 else "declined"


def _giver(ask: Moment) -> Answer:
    """Gives, buys and pledges gladly; does not want to be seen or to host."""
    if ask.action.kind in ("donation", "purchase", "pledge"):
        return "taken" if ask.roll < 0.95 else "later"
    if ask.action.public or ask.action.minutes > 5:
        return "declined"
    return "taken" if ask.roll < 0.5 else "later" if ask.roll < 0.85 else "declined"


def _silent(ask: Moment) -> Answer:
    """Answers nothing for months; once back, does a small thing now and then."""
    if ask.day < BACK:
        return ""
    return "taken" if ask.action.minutes <= 5 and ask.roll < 0.7 else "later"


def _leader(_: Moment) -> Answer:
    """Takes every step, and asks for the next one."""
    return "taken"


DOUBT = 42
"""So many days the skeptical only look on."""
BACK = 225
"""The day on which the silent write again, in the eighth month."""

PERSONAS: Mapping[str, Persona] = MappingProxyType(
    {
        one.name: one
        for one in (
            Persona("willing", _willing, agrees=True, minutes=((60, 30),)),
            Persona("busy", _busy, Rhythm(frequency="weekdays", minutes=3), less=(30, 75)),
            Persona("skeptical", _skeptical, Rhythm(frequency="three")),
            Persona("giver", _giver, Rhythm(frequency="three"), bars=True),
            Persona("silent", _silent, returns=BACK),
            Persona("leader", _leader, agrees=True, browses=7, minutes=((30, 60),)),
        )
    }
)
"""Each by its name."""
