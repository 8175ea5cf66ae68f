"""Why something was chosen or withheld, as values; the words for them are in `bot.wording`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code of `CODES`, what it is about, and when it ends or will hold, where that is known."""

    code: str
    about: str = ""
    at: datetime | None = None


CHOSEN: Mapping[str, str] = MappingProxyType(
    {
        "follows": "the person follows this cause (about: the cause)",
        "timely": "the story has a date and is open now (about: the story)",
        "chapter": "the story is the next chapter of the cause's arc (about: the chapter's number)",
        "evergreen": "the story suits any day and was not shown yet (about: the story)",
        "asks-only": "every story was read; something to do is left (about: the cause)",
        "fits-story": "the action is what the story leads to (about: the story)",
        "decision-near": "what it is about is decided within a week (about: that day)",
        "step-up": "the person is ready for the next rung (about: that rung)",
        "smaller-after-no": "something smaller after a refusal (about: the declined action)",
        "new-kind": "a kind of action not taken lately (about: the kind)",
        "again": "the action repeats and is due again (about: the action)",
        "fits-time": "it fits the minutes the person has a day (about: its minutes)",
        "requested": "the person asked for something to do",
    }
)

WITHHELD: Mapping[str, str] = MappingProxyType(
    {
        "stopped": "the person stopped",
        "paused": "the person paused (about: until which day)",
        "unreachable": "the platform cannot reach the person",
        "follows-nothing": "the person follows no cause that is on offer",
        "muted": "every cause the person follows is muted (about: one of them)",
        "nothing-new": "no unseen story is open",
        "no-minutes": "it takes longer than the minutes the person has a day (about: the item)",
        "ask-budget": "the week's asks are used up (at: when the next one may come)",
        "slowed": "the last asks got no answer or a no, so one a week is enough (at: when the next one may come)",
        "resting": "the person declined, so the action or its cause rests (about: which, at: until when)",
        "later": "the person said later (about: the action, at: until when)",
        "asked-lately": "the same ask was put a few days ago (about: the action, at: until when)",
        "asked-enough": "the same ask was put often enough (about: the action)",
        "same-conversation": "no bigger ask in the same conversation (about: the action)",
        "too-soon": "a step up so soon after the last step or refusal (about: the action)",
        "too-high": "the action lies more than one rung above the person's (about: the action)",
        "before-first-chapter": "the cause's first chapter was not shown yet (about: the cause)",
        "private-first": "the first acts are private, this one shows the person to others (about: the action)",
        "needs": "another action comes before it (about: that action)",
        "region": "the action is for other regions (about: the action)",
        "closed": "the action is over or withdrawn (about: the action)",
        "not-yet-open": "the action has not begun (about: the action)",
        "taken": "the person took it (about: the action, at: when it may be taken again)",
        "unwanted-kind": "the person does not want this kind (about: the kind)",
        "nothing-to-ask": "the cause has no action (about: the cause)",
    }
)

CODES: Mapping[str, str] = MappingProxyType({**CHOSEN, **WITHHELD})
"""Every reason there is, with what it means; nothing else is ever given as one."""
