"""What a room, a group that carries one cause together, is told next: pure, like every choice."""

from collections.abc import Collection
from datetime import date, datetime, time

from actions import stories
from actions.facts import Ref, Rhythm
from actions.rhythm import Slot, next_slot
from actions.shelf import ShelfAction, ShelfCause, ShelfStory

MINUTES = 60
"""A room has no daily minutes of its own; nothing in a pack is longer."""
STEPS = 2
"""In front of others only what suits newcomers and supporters is asked: the next rungs are asked in private."""


def rhythm(zone: str, weekday: int, hour: time) -> Rhythm:
    """A room's rhythm: once a week, at its hour, without quiet hours."""
    return Rhythm(frequency="weekly", weekday=weekday, hour=hour, zone=zone, quiet_from=time(0), quiet_until=time(0))


def slot(zone: str, weekday: int, hour: time, after: datetime, last_day: date | None) -> Slot:
    """A room's next slot after an instant, in another week than that of its last one."""
    return next_slot(rhythm(zone, weekday, hour), after, last_day)


def next_post(
    cause: ShelfCause, told: Collection[Ref], asked: Collection[Ref], today: date
) -> tuple[ShelfStory | None, ShelfAction | None]:
    """The next story of a cause for a room that was told and asked these, and the action that goes with it."""
    story = stories.next_story(cause, told, today, MINUTES)
    open_ = [
        action
        for action in cause.actions
        if action.opens <= today <= action.closes
        and action.step <= STEPS
        and not action.regions
        and not action.needs
        and action.ref not in asked
    ]
    leads = story.leads_to if story is not None else ()
    ranked = sorted(open_, key=lambda action: (action.ref not in leads, action.step, action.size, action.ref))
    return story, ranked[0] if ranked else None
