"""Modals and home tabs: triggers, the stack of open views, what people have filled in."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.slack import blocks as kit
from tests.platforms.slack.checks import VIEW_BYTES, check_view
from tests.platforms.slack.errors import RefusedError, invalid
from tests.platforms.slack.forms import state_values
from tests.platforms.slack.world import Json, Team, World

TRIGGER_SECONDS = 3.0
VIEWS_AT_MOST = 3


@dataclass(eq=False)
class View:
    """A view as it stands now; `inputs` holds what the person chose, by block_id and action_id."""

    id: str
    team: Team
    user: str
    content: Json
    hash: str
    root: str = ""
    previous: str | None = None
    external_id: str = ""
    inputs: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    def as_json(self, app_id: str) -> Json:
        """Return it as Slack writes it."""
        given = self.content
        tree = {key: given.get(key) for key in ("type", "blocks", "title", "submit", "close")}
        tree |= {key: given.get(key) or "" for key in ("private_metadata", "callback_id")}
        tree |= {key: bool(given.get(key)) for key in ("clear_on_close", "notify_on_close")}
        about = {"id": self.id, "team_id": self.team.id, "hash": self.hash, "app_id": app_id}
        about |= {"root_view_id": self.root or self.id, "previous_view_id": self.previous}
        about |= {"app_installed_team_id": self.team.id, "bot_id": self.team.bot_id, "external_id": self.external_id}
        return tree | about | {"state": {"values": state_values(self.blocks, self.inputs)}}


@dataclass(eq=False)
class Trigger:
    """What lets the bot open a view, once and soon."""

    team: Team
    user: str
    until: float
    is_from_modal: bool = False
    is_used: bool = False


class Screens:
    """The views of everybody. The world's lock guards it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self.views: dict[str, View] = {}
        self._stacks: dict[tuple[str, str], list[View]] = {}
        self._homes: dict[tuple[str, str], View] = {}

    def trigger(self, team: Team, user: str, *, is_from_modal: bool = False) -> str:
        """Return a new trigger_id."""
        key = f"{secrets.randbelow(10**12):012d}.{team.id}.{secrets.token_hex(8)}"
        until = self._world.clock.monotonic() + TRIGGER_SECONDS
        self._triggers[key] = Trigger(team, user, until, is_from_modal)
        return key

    def stack(self, team: Team, user: str) -> list[View]:
        """Return the modals a person has open, the top one last."""
        return self._stacks.setdefault((team.id, user), [])

    def home(self, team: Team, user: str) -> View | None:
        """Return the home tab last published to a person."""
        return self._homes.get((team.id, user))

    def open(self, team: Team, trigger_id: str, content: Any) -> View:
        """Open a modal."""
        self._check(team, content, "modal")
        user = self._redeem(team, trigger_id).user
        view = self._new(team, user, content)
        self._stacks[team.id, user] = [view]
        return self._changed(view)

    def push(self, team: Team, trigger_id: str, content: Any) -> View:
        """Put a modal on top of the one open."""
        self._check(team, content, "modal")
        trigger = self._redeem(team, trigger_id)
        if not trigger.is_from_modal or not self.stack(team, trigger.user):
            raise RefusedError("not_found")
        return self.push_for(team, trigger.user, content)

    def push_for(self, team: Team, user: str, content: Any) -> View:
        """Put a modal on top of a person's stack."""
        self._check(team, content, "modal")
        stack = self.stack(team, user)
        if len(stack) >= VIEWS_AT_MOST:
            raise RefusedError("push_limit_reached")
        view = self._new(team, user, content)
        if stack:
            view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        return self._changed(view)

    def update(self, view: View | None, content: Any, hash_: str = "") -> View:
        """Change a view in place."""
        if view is None or (view.content["type"] == "modal" and view not in self.stack(view.team, view.user)):
            raise RefusedError("not_found")
        self._check(view.team, content, view.content["type"], but=view)
        if hash_ and hash_ != view.hash:
            raise RefusedError("hash_conflict")
        view.content, view.external_id = self._stored(content), content.get("external_id") or ""
        view.hash = self._hash()
        return self._changed(view)

    def publish(self, team: Team, user: str, content: Any, hash_: str = "") -> View:
        """Publish a home tab."""
        self._check(team, content, "home", but=self.home(team, user))
        old = self.home(team, user)
        if hash_ and (old is None or hash_ != old.hash):
            raise RefusedError("hash_conflict")
        view = self._new(team, user, content)
        if old is not None:
            view.id = old.id
        self.views[view.id] = self._homes[team.id, user] = view
        return self._changed(view)

    def find(self, team: Team, view_id: str, external_id: str) -> View | None:
        """Return a view by one of its ids."""
        every = (view for view in self.views.values() if view.team is team)
        return next(
            (view for view in every if view.id == view_id or (external_id and view.external_id == external_id)), None
        )

    def pop(self, view: View) -> None:
        """Close one view."""
        stack = self.stack(view.team, view.user)
        if view in stack:
            stack.remove(view)
        self._world.bell.ring()

    def clear(self, team: Team, user: str) -> None:
        """Close all views of a person."""
        self.stack(team, user).clear()
        self._world.bell.ring()

    def _redeem(self, team: Team, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team is not team:
            raise RefusedError("invalid_trigger_id")
        if self._world.clock.monotonic() > trigger.until:
            raise RefusedError("expired_trigger_id")
        if trigger.is_used:
            raise RefusedError("exchanged_trigger_id")
        trigger.is_used = True
        return trigger

    def _check(self, team: Team, content: Any, kind: str, but: View | None = None) -> None:
        if problems := check_view(content):
            raise invalid("invalid_arguments", *problems)
        if content["type"] != kind:
            raise invalid("invalid_arguments", f"this must be a {kind} [json-pointer:/view/type]")
        if len(json.dumps(content, ensure_ascii=False).encode()) > VIEW_BYTES:
            raise RefusedError("view_too_large")
        external = content.get("external_id")
        other = self.find(team, "", external) if external else None
        if other is not None and other is not but and (other in self.stack(team, other.user)):
            raise RefusedError("duplicate_external_id")

    def _new(self, team: Team, user: str, content: Json) -> View:
        view = View(self._world.number("V"), team, user, self._stored(content), self._hash())
        view.external_id = content.get("external_id") or ""
        self.views[view.id] = view
        return view

    def _stored(self, content: Json) -> Json:
        return content | {"blocks": kit.with_ids(content["blocks"], lambda: self._world.number("b"))}

    def _hash(self) -> str:
        return f"{int(self._world.clock.unix())}.{secrets.token_hex(4)}"

    def _changed(self, view: View) -> View:
        self._world.bell.ring()
        return view
