"""What people do with buttons, lists, forms and shortcuts."""

from typing import Any

from tests.platforms.slack import blocks as kit
from tests.platforms.slack import forms, payloads
from tests.platforms.slack.acting import submit
from tests.platforms.slack.blocks import Control
from tests.platforms.slack.calls import Json, Reply
from tests.platforms.slack.ears import Ears
from tests.platforms.slack.messages import Message
from tests.platforms.slack.screens import View
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Channel, Team, User


class Hands(Ears):
    """Somebody who can use what the bot shows."""

    def __init__(self, stage: Stage, user: User, team: Team) -> None:
        super().__init__(stage, user.name)
        self.user = user
        self.team = team
        self.errors: dict[str, str] = {}
        self._filled: dict[str, forms.Inputs] = {}

    @property
    def id(self) -> str:
        """Return the id."""
        return self.user.id

    @property
    def home(self) -> Json | None:
        """Return the home tab last published to this person."""
        with self._stage.world.lock:
            view = self._stage.screens.home(self.team, self.id)
            return view.as_json(self._stage.world.app_id) if view else None

    @property
    def modal(self) -> Json | None:
        """Return the modal on top, if one is open."""
        with self._stage.world.lock:
            stack = self._stage.screens.stack(self.team, self.id)
            return stack[-1].as_json(self._stage.world.app_id) if stack else None

    def presses(self, where: Message | Json, wanted: str) -> Reply:
        """Press a button of a message or a view, named by its label."""
        with self._stage.world.lock:
            blocks, view = self._blocks(where)
            control = kit.find_button(blocks, wanted)
            assert control is not None, f"no button {wanted!r} among {[each.label for each in kit.buttons(blocks)]}"
            element = control.element
            action = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
            payload = self._action(where, view, control, action)
        return self._interacts(payload)

    def chooses(self, where: Message | Json, wanted: str, value: Any) -> Reply:
        """Choose or type something in an element, named by its action_id, block_id or label.

        A field of a form without `dispatch_action` tells the bot nothing yet; the reply is empty then.
        """
        with self._stage.world.lock:
            blocks, view = self._blocks(where)
            control = kit.find_control(blocks, wanted)
            known = [each.element["action_id"] for each in kit.controls(blocks)]
            assert control is not None, f"nothing to choose {wanted!r} among {known}"
            state = forms.fill(control, value)
            if state["type"] != "overflow":
                inputs = view.inputs if view else self._filled.setdefault(where.ts, {})  # type: ignore[union-attr]
                inputs.setdefault(control.block["block_id"], {})[control.element["action_id"]] = state
            if control.is_input:
                return Reply(200, "", 0.0)
            payload = self._action(where, view, control, {key: state[key] for key in state if key != "type"})
        return self._interacts(payload)

    def submits(self, values: Json | None = None) -> Reply:
        """Fill in the open modal and send it; `errors` holds what is shown beside the fields then."""
        world = self._stage.world
        with world.lock:
            view = self._open_modal()
            for wanted, value in (values or {}).items():
                control = _field(view, wanted)
                state = forms.fill(control, value)
                view.inputs.setdefault(control.block["block_id"], {})[control.element["action_id"]] = state
            self.errors = forms.problems(view.blocks, forms.state_values(view.blocks, view.inputs))
            if self.errors:
                return Reply(0, "", 0.0, "not_sent")
            more = {"trigger_id": self._stage.screens.trigger(self.team, self.id), "response_urls": []}
            more |= {"view": view.as_json(world.app_id)}
            payload = payloads.interaction(world, self.team, self.user, "view_submission", more)
        reply, self.errors = self._stage.run(submit(self._stage, view, payload))
        return reply

    def closes(self, *, all_of_them: bool = False) -> Reply | None:
        """Close the modal on top, or all; the bot hears of it if it asked to."""
        world = self._stage.world
        with world.lock:
            view = self._open_modal()
            if all_of_them:
                self._stage.screens.clear(self.team, self.id)
            else:
                self._stage.screens.pop(view)
            if not view.content.get("notify_on_close"):
                return None
            more = {"view": view.as_json(world.app_id), "is_cleared": all_of_them}
            payload = payloads.interaction(world, self.team, self.user, "view_closed", more)
        return self._interacts(payload)

    def uses_shortcut(self, callback_id: str) -> Reply:
        """Use a global shortcut."""
        with self._stage.world.lock:
            more = {"callback_id": callback_id, "trigger_id": self._stage.screens.trigger(self.team, self.id)}
            more |= {"action_ts": self._stage.world.ts()}
            payload = payloads.interaction(self._stage.world, self.team, self.user, "shortcut", more)
        return self._interacts(payload)

    def uses_message_shortcut(self, callback_id: str, message: Message) -> Reply:
        """Use a shortcut on a message."""
        world = self._stage.world
        with world.lock:
            channel = world.channels[message.channel]
            more: Json = {"callback_id": callback_id, "message_ts": message.ts, "message": message.as_json()}
            more |= {"trigger_id": self._stage.screens.trigger(self.team, self.id), "action_ts": world.ts()}
            more |= {"channel": {"id": channel.id, "name": payloads.channel_name(channel)}}
            more |= {"response_url": world.token_for(self.team, self.id, channel.id)}
            payload = payloads.interaction(world, self.team, self.user, "message_action", more)
        return self._interacts(payload)

    def _interacts(self, payload: Json) -> Reply:
        if not self.team.installed:
            return Reply(0, "", 0.0, "not_installed")
        return self._stage.run(self._stage.delivery.interaction(payload))

    def _action(self, where: Message | Json, view: View | None, control: Control, action: Json) -> Json:
        world, element = self._stage.world, control.element
        is_modal = view is not None and view.content["type"] == "modal"
        action |= {"type": element["type"], "action_id": element["action_id"], "block_id": control.block["block_id"]}
        more: Json = {"actions": [action | {"action_ts": world.ts()}]}
        more["trigger_id"] = self._stage.screens.trigger(self.team, self.id, is_from_modal=is_modal)
        if view is not None:
            more |= {"container": {"type": "view", "view_id": view.id}, "view": view.as_json(world.app_id)}
        else:
            assert isinstance(where, Message)
            more |= self._around(where)
        return payloads.interaction(world, self.team, self.user, "block_actions", more)

    def _around(self, message: Message) -> Json:
        world = self._stage.world
        channel = world.channels[message.channel]
        about: Json = {"channel": {"id": channel.id, "name": payloads.channel_name(channel)}}
        about |= {"container": payloads.container(message)}
        about |= {"response_url": world.token_for(self.team, self.id, channel.id, message)}
        about |= {"state": {"values": forms.state_values(message.blocks, self._filled.get(message.ts, {}))}}
        return about | ({} if message.ephemeral else {"message": message.as_json()})

    def _blocks(self, where: Message | Json) -> tuple[list[Json], View | None]:
        if isinstance(where, Message):
            assert not where.deleted, "this message is gone"
            assert where.visible_to in ("", self.id), "this message is not for everybody's eyes"
            return where.blocks, None
        view = self._stage.screens.views.get(where["id"])
        assert view is not None, f"there is no view {where['id']}"
        assert view.user == self.id, "this is somebody else's view"
        if view.content["type"] == "modal":
            assert view in self._stage.screens.stack(self.team, self.id), "this modal is closed"
        return view.blocks, view

    def _open_modal(self) -> View:
        stack = self._stage.screens.stack(self.team, self.id)
        assert stack, f"{self.user.name} has no modal open"
        return stack[-1]

    def _where(self, channel: Any) -> Channel:
        return self._dm() if channel is None else self._stage.world.channels[getattr(channel, "id", channel)]

    def _dm(self) -> Channel:
        return self._stage.world.dm(self.team, self.id)


def _field(view: View, wanted: str) -> Control:
    every = [each for each in kit.controls(view.blocks) if each.block["type"] == "input"]
    for each in every:
        if wanted in (each.block["block_id"], each.element["action_id"], each.label):
            return each
    raise AssertionError(f"no field {wanted!r} among {[each.block['block_id'] for each in every]}")
