"""A carrot day in a pack: shops bid a share of a day's takings, people choose, buy there, and hear what came of it."""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from content.terms import Currency, Day, Slug, Strict, Text, WebAddress

CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
Clock = Annotated[str, StringConstraints(pattern=CLOCK_PATTERN)]
"""A time of day as 24 hours, like 09:30; in quotes."""


class Bid(Strict):
    """What one shop offers: a share of the day's takings, in per cent, and what it will do with it."""

    shop: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    place: Text
    promise: Text
    share: Annotated[int, Field(ge=1, le=100)]
    url: WebAddress | None = None


def _kept(value: Any) -> Any:
    if value not in (True, False, "partly"):
        raise PydanticCustomError("kept_form", "Input should be true, false or partly")
    return value


class Told(Strict):
    """What came of it, added once the day is over: the promise kept or not; `takings` are in minor units."""

    kept: Annotated[bool | Literal["partly"], BeforeValidator(_kept)]
    text: Text
    takings: Annotated[int, Field(ge=0, le=10**12)] | None = None
    currency: Currency | None = None


class Carrot(Strict):
    """One carrot day. Days and hours are those of `zone`; votes count until `vote_until` is over there."""

    bids: Annotated[dict[Slug, Bid], Field(min_length=1, max_length=6)]
    vote_until: Day
    day: Day
    from_: Annotated[Clock, Field(alias="from")]
    until: Clock
    zone: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    told: Told | None = None

    @property
    def opens(self) -> time:
        """When the shop expects people."""
        return time.fromisoformat(self.from_)

    @property
    def closes(self) -> time:
        """Until when it does."""
        return time.fromisoformat(self.until)
