"""The table of kinds of action: how much each asks of a person, whether others see it, what can confirm it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from content.model import ActionKind, Verify


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for all actions of one kind.

    `effort` is a rough size from 1 (a tap) to 5 (an evening for others), used to find a smaller ask.
    `public` kinds show the person to people they know. `verify` are the sources that can confirm one.
    """

    effort: int
    public: bool
    verify: tuple[Verify, ...]


KINDS: Mapping[ActionKind, Kind] = MappingProxyType(
    {
        "learn": Kind(effort=1, public=False, verify=("self", "link", "code")),
        "petition": Kind(effort=1, public=False, verify=("self", "link", "webhook")),
        "form": Kind(effort=1, public=False, verify=("self", "link", "webhook")),
        "share": Kind(effort=1, public=True, verify=("self", "link")),
        "outreach": Kind(effort=2, public=False, verify=("self", "link", "webhook", "photo")),
        "purchase": Kind(effort=2, public=False, verify=("self", "code", "photo", "payment", "webhook")),
        "pledge": Kind(effort=2, public=False, verify=("self", "link", "webhook")),
        "report": Kind(effort=2, public=False, verify=("self", "photo", "webhook")),
        "story": Kind(effort=2, public=True, verify=("self", "link", "photo")),
        "invite": Kind(effort=2, public=True, verify=("self", "link", "code")),
        "donation": Kind(effort=3, public=False, verify=("self", "link", "webhook", "payment")),
        "event": Kind(effort=3, public=True, verify=("self", "code", "photo", "webhook")),
        "volunteer": Kind(effort=4, public=False, verify=("self", "code", "photo", "webhook")),
        "circle": Kind(effort=4, public=True, verify=("self", "code")),
        "host": Kind(effort=5, public=True, verify=("self", "code", "photo", "webhook")),
    }
)
"""Every kind of `content.model.ActionKind`, the smallest first."""
