"""How a pack describes a drive: what many reach together by a day, who matches it, and which teams there are."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from content.terms import Currency, Day, PositiveInt, Slug, Strict, Text

DriveAction = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$", max_length=129)
]
"""An action of this pack, or `other-pack/action`."""
TeamName = Annotated[Slug, StringConstraints(max_length=24)]
"""Short, since it travels in a button."""
Rate = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}(\.[0-9]{1,6})?$")]
"""A decimal number as written, so that no cent is lost in reading it."""
Sum = Annotated[int, Field(ge=1, le=10**13)]
"""Minor units of a currency."""


class DriveGoal(Strict):
    """What is to be reached: so many actions, or a sum of confirmed money in one currency."""

    count: PositiveInt | None = None
    sum: Sum | None = None
    currency: Currency | None = None


class Match(Strict):
    """What a sponsor adds: `each` for every unit given, or minor units for every action; never more than `up_to`.

    With `confirmed` only what a source confirmed is matched; money always is.
    """

    sponsor: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    each: Rate
    up_to: Sum
    currency: Currency
    confirmed: bool = False


class Team(Strict):
    """A side one may choose to be counted with."""

    title: Text


class Drive(Strict):
    """What the actions of one or several packs reach together, from a day until the end of another."""

    title: Text
    actions: Annotated[tuple[DriveAction, ...], Field(min_length=1, max_length=50)]
    goal: DriveGoal
    from_: Annotated[Day, Field(alias="from")]
    by: Day
    match: Match | None = None
    teams: Annotated[Mapping[TeamName, Team], Field(max_length=20)] = {}
