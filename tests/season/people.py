"""Who lives in the town: what they do when they are told a story, and what else comes to their minds."""

import random
from dataclasses import dataclass, field

from bot.message import Message

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Australia/Sydney",
    "Africa/Cairo", "Asia/Kolkata", "America/Havana", "Antarctica/Troll", "UTC",
)  # fmt: skip
HOURS = (0, 30, 90, 150, 7 * 60, 9 * 60, 18 * 60, 18 * 60, 18 * 60, 20 * 60 + 15, 23 * 60 + 30)
FREQUENCIES = ("daily", "daily", "daily", "weekdays", "three", "weekly")
WHIMS = (
    "/less", "/act", "/why", "/me", "/impact", "stop", "/pause", "pause:7", "resume", "zone", "hour", "freq", "quiet",
    "min", "asks", "mute", "unmute", "alerts:on", "alerts:off", "undo", "twice", "block", "hello?",
)  # fmt: skip


@dataclass(frozen=True)
class Nature:
    """How likely somebody answers an ask, how, and does something of their own on a day."""

    answers: float
    willing: float
    whims: float


NATURES = {
    "willing": Nature(0.9, 0.9, 0.01),
    "busy": Nature(0.4, 0.6, 0.03),
    "skeptical": Nature(0.5, 0.2, 0.05),
    "silent": Nature(0.03, 0.5, 0.005),
    "fickle": Nature(0.5, 0.5, 0.25),
}


@dataclass
class Neighbour:
    """Somebody; `blocked` nothing reaches them. `still_since` is when they last said stop, pause or the like."""

    chat: str
    nature: str
    chance: random.Random
    blocked: bool = False
    hushed_at: float = float("-inf")
    open_asks: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    @property
    def ways(self) -> Nature:
        """Their nature."""
        return NATURES[self.nature]

    def hears(self, message: Message) -> None:
        """Read a message."""
        for row in message.buttons:
            for button in row:
                if button.press.startswith("done:"):
                    self.open_asks.append(button.press.partition(":")[2])

    def reaction(self) -> tuple[str, float] | None:
        """The button they press for what they just read, and after how many seconds; none when they do nothing."""
        if not self.open_asks or self.chance.random() > self.ways.answers:
            return None
        verb = "done" if self.chance.random() < self.ways.willing else self.chance.choice(["no", "later"])
        return f"{verb}:{self.open_asks[-1]}", self.chance.expovariate(1 / 5_000)

    def whim(self) -> str:
        """Something that comes to their mind, as a press or as words."""
        wish = self.chance.choice(WHIMS)
        presses = {
            "zone": f"set:zone:{self.chance.choice(ZONES)}",
            "hour": f"set:hour:{self.chance.choice(HOURS)}",
            "freq": f"set:freq:{self.chance.choice(FREQUENCIES)}",
            "quiet": f"set:quiet:{self.chance.choice(['21-8', '22-7', '0-0', '23-6'])}",
            "min": f"set:min:{self.chance.choice([2, 5, 10, 30])}",
            "asks": f"set:asks:{self.chance.choice([0, 1, 3, 7])}",
            "mute": "mute:1",
            "unmute": "follow:1",
            "undo": f"undo:{self.pressed[-1]}" if self.pressed else "/help",
            "twice": f"done:{self.pressed[-1]}" if self.pressed else "/help",
            "alerts:on": "set:alerts:on",
            "alerts:off": "set:alerts:off",
        }
        return presses.get(wish, wish)
