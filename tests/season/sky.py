"""What goes wrong with the platform and with time itself, decided by chance beforehand."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bot.message import Outcome, Receipt

HOUR = 3600.0
Trouble = Literal["flood", "errors", "timeouts", "slow", "nothing"]


@dataclass
class Spell:
    """Some time of bad weather: from `begins` until `ends`, in seconds of the season."""

    begins: float
    ends: float
    trouble: Trouble
    odds: float


@dataclass
class Sky:
    """The weather of a season of so many days."""

    chance: random.Random
    days: int
    spells: list[Spell] = field(default_factory=list)

    def __post_init__(self) -> None:
        kinds: list[Trouble] = ["flood", "errors", "timeouts", "slow"]
        # Not every season has every trouble: some faults show only while others keep away.
        self.kinds = [kind for kind in kinds if self.chance.random() < 0.75]
        for kind in self.kinds:
            for _ in range(max(2, self.days // 5)):
                begins = self.chance.uniform(1, self.days) * 24 * HOUR
                lasts = self.chance.choice([300.0, HOUR, 8 * HOUR])
                self.spells.append(Spell(begins, begins + lasts, kind, self.chance.uniform(0.05, 1.0)))

    def trouble(self, now: float) -> Trouble:
        """What is wrong with one call."""
        for spell in self.spells:
            if spell.begins <= now < spell.ends and self.chance.random() < spell.odds:
                return spell.trouble
        return "nothing" if self.chance.random() > 0.002 else self.chance.choice(["flood", "errors", "timeouts"])

    def answers(self, trouble: Trouble) -> tuple[bool, Receipt]:
        """Whether a message is accepted all the same, and what the bot is told."""
        match trouble:
            case "flood":
                wait = self.chance.choice([1.0, 3.0, 30.0, 600.0])
                return False, Receipt(Outcome.RETRY, reason="rate", wait=wait, everyone=self.chance.random() < 0.2)
            case "errors":
                return self.chance.random() < 0.3, Receipt(Outcome.UNSURE, reason="server error")
            case "timeouts":
                if self.chance.random() < 0.5:
                    return False, Receipt(Outcome.RETRY, reason="not connected")
                return self.chance.random() < 0.6, Receipt(Outcome.UNSURE, reason="timeout")
            case _:
                return True, Receipt(Outcome.SENT)

    def takes(self, trouble: Trouble) -> float:
        """How long an answer takes, in seconds."""
        return {"timeouts": 20.0, "slow": 4.0}.get(trouble, 0.05) * self.chance.uniform(0.5, 1.5)


@dataclass(frozen=True)
class Night:
    """An instant at which something happens to the process: it is killed, its clock jumps, or it is gone for long."""

    at: float
    what: Literal["kill", "jump", "outage"]
    by: timedelta = timedelta()


def nights(chance: random.Random, days: int) -> list[Night]:
    """All such instants of a season, in order: kills, jumps of the clock and back, a day's outage and a longer one."""
    found = [Night(chance.uniform(1, days) * 24 * HOUR, "kill") for _ in range(max(2, days // 4))]
    for _ in range(max(1, days // 40)):
        at, by = chance.uniform(1, days - 1) * 24 * HOUR, timedelta(hours=chance.choice([-24, -1, 1, 24]))
        found += [Night(at, "jump", by), Night(at + chance.choice([600.0, 2 * HOUR]), "jump", -by)]
    if days >= 20:
        found.append(Night(chance.uniform(5, days - 10) * 24 * HOUR, "outage", timedelta(hours=chance.randint(24, 30))))
    if days >= 90 and chance.random() < 0.5:
        found.append(Night(chance.uniform(5, days - 10) * 24 * HOUR, "outage", timedelta(days=7)))
    return sorted(found, key=lambda night: night.at)
