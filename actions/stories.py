"""Which story is next: a timely one, the next chapter, an evergreen one, by turns among the causes.

No cause has a weight. The cause shown least recently is next, ties are broken by chance. A timely story lets
its cause come before its turn, as long as the cause had fewer than three of the last two rounds of stories:
so news is in time, and a cause with news every day gets at most one and a half times its share.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from actions.facts import Ref
from actions.policy import Draw
from actions.reasons import Reason
from actions.record import Record
from actions.shelf import ShelfCause, ShelfStory

_JUMP = 10**12
_JUMPS = 3


def pick_story(record: Record, causes: Sequence[ShelfCause], draw: Draw) -> tuple[ShelfStory, float] | Reason:
    """Return the next story with its propensity, or the reason why there is none."""
    shown, minutes, today = record.history.shown, record.person.rhythm.minutes, record.today
    found = [(cause, story) for cause in causes if (story := next_story(cause, shown, today, minutes)) is not None]
    if not found:
        return _why_none(record, causes)
    rounds = 2 * len(found)
    candidates = [(_turn(cause, story, record, rounds), story) for cause, story in found]
    (_, story), propensity = draw.rank("story", candidates)[0]
    return story, propensity


def next_story(cause: ShelfCause, shown: Collection[Ref], today: date, minutes: int) -> ShelfStory | None:
    """Return the story a cause would show on a day to someone with so many minutes, or None."""
    begun = not cause.chapters or not cause.chapter_refs.isdisjoint(shown)
    for story in cause.dated if begun else ():
        if story.opens <= today <= story.fresh and story.minutes <= minutes and story.ref not in shown:
            return story
    return _next_chapter(cause.chapters, shown, today, minutes) or _evergreen(cause, shown, today, minutes)


def why_story(story: ShelfStory, today: date) -> Reason:
    """Return the reason that a story was chosen for."""
    if story.chapter is not None:
        return Reason("chapter", str(story.chapter))
    return Reason("timely" if today <= story.fresh else "evergreen", story.ref)


def _next_chapter(
    chapters: Iterable[ShelfStory], shown: Collection[Ref], today: date, minutes: int
) -> ShelfStory | None:
    """Return the chapter after the furthest one shown, else one that was passed over; an unopened one is waited for."""
    ahead: ShelfStory | None = None
    behind: ShelfStory | None = None
    waits = False
    for story in chapters:
        if story.ref in shown:
            behind, ahead, waits = behind or ahead, None, False
        elif ahead is None and not waits and story.minutes <= minutes:
            waits = story.opens > today
            if not waits and today <= story.closes:
                ahead = story
    return ahead or behind


def _evergreen(cause: ShelfCause, shown: Collection[Ref], today: date, minutes: int) -> ShelfStory | None:
    for story in cause.evergreen:
        if story.ref not in shown and story.minutes <= minutes:
            return story
    for story in cause.dated:
        if story.opens <= today <= story.closes and story.minutes <= minutes and story.ref not in shown:
            return story
    return None


def _turn(cause: ShelfCause, story: ShelfStory, record: Record, rounds: int) -> int:
    """Return when a cause's turn is: how long ago it was shown, and before all others when its story may jump."""
    shown = record.history.shown
    own = [shown[ref] for ref in shown.keys() & cause.story_refs]
    last = int(max(own).timestamp()) if own else 0
    timely = story.chapter is None and record.today <= story.fresh
    return last - _JUMP if timely and _may_jump(own, shown, rounds) else last


def _may_jump(own: Sequence[datetime], shown: Mapping[Ref, datetime], rounds: int) -> bool:
    if len(own) < _JUMPS:
        return True
    since = sorted(shown.values())[-rounds:][0]
    return sum(at >= since for at in own) < _JUMPS


def _why_none(record: Record, causes: Iterable[ShelfCause]) -> Reason:
    for cause in causes:
        story = next_story(cause, record.history.shown, record.today, minutes=24 * 60)
        if story is not None:
            return Reason("no-minutes", story.ref)
    return Reason("nothing-new")
