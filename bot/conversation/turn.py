"""One turn of a conversation, as every handler receives it."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from actions.facts import Person
from bot.message import Incoming, Message
from bot.wording.links import Links


@dataclass(frozen=True, slots=True)
class House:
    """What a conversation may know of the instance it runs in."""

    public_url: str = ""
    secret: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    """Messages a second of an account, by kind of channel; one a second where it is not told."""

    @property
    def links(self) -> Links:
        """What makes the addresses under asks a person's own."""
        return Links(self.public_url, self.secret)


@dataclass(frozen=True, slots=True)
class Turn:
    """Who did what, when; `chance` is seeded for this turn, `new` whether the person was unknown until now."""

    person: Person
    incoming: Incoming
    now: datetime
    chance: random.Random
    house: House
    new: bool = False

    def with_person(self, person: Person) -> "Turn":
        """The same turn, with the person as they are now."""
        return replace(self, person=person)

    @property
    def argument(self) -> str:
        """What follows a command's word or a button's verb."""
        if self.incoming.kind == "press":
            return self.incoming.text.partition(":")[2]
        return self.incoming.text.strip()

    @property
    def pressed(self) -> str:
        """The platform's id of the message whose button was pressed; empty when words were written."""
        return self.incoming.pressed if self.incoming.kind == "press" else ""

    @property
    def language(self) -> str:
        """The language the person reads."""
        return self.person.language


Handler = Callable[[Connection, Turn], list[Message]]
