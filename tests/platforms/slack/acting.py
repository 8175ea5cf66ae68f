"""What follows from an acknowledgement: the words in it are shown, the views in it open or change."""

from tests.platforms.slack.calls import Reply
from tests.platforms.slack.chat import compose, content
from tests.platforms.slack.errors import RefusedError
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.screens import View
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Channel, Json, Team


async def run_command(stage: Stage, team: Team, user: str, channel: Channel, fields: Json) -> Reply:
    """Deliver a command and show what its acknowledgement says."""
    reply = await stage.delivery.command(fields)
    if not reply.ok or not reply.body:
        return reply
    body = reply.body if isinstance(reply.body, dict) else {"text": str(reply.body)}
    if not any(body.get(key) for key in ("text", "blocks", "attachments")):
        return reply
    with stage.world.lock:
        try:
            inside = content(stage.world, Asked(body))
            about = {key: body[key] for key in ("text", "blocks", "attachments") if key in body}
            stage.world.judge("chat.postMessage", {"channel": channel.id, **about})
        except RefusedError as error:
            return _spoiled(stage, reply, f"the acknowledgement of {fields['command']} is refused", error)
        is_private = body.get("response_type", "ephemeral") != "in_channel"
        alone = {"ephemeral": True, "visible_to": user} if is_private else {}
        stage.world.post(channel, compose(stage.world, team, channel, inside, **alone))
    return reply


async def submit(stage: Stage, view: View, payload: Json) -> tuple[Reply, dict[str, str]]:
    """Deliver a form and do what its acknowledgement says; return the errors shown beside the fields too."""
    reply = await stage.delivery.interaction(payload)
    if not reply.ok:
        return reply, {}
    with stage.world.lock:
        try:
            return reply, _follow(stage, view, reply.body if isinstance(reply.body, dict) else {})
        except RefusedError as error:
            return _spoiled(stage, reply, "the acknowledgement of a form is refused", error), {}


def _follow(stage: Stage, view: View, body: Json) -> dict[str, str]:
    action = body.get("response_action")
    if "view" in body:
        stage.world.judge("views.open", {"trigger_id": "1.2.3", "view": body["view"]})
    if action is None:
        if body:
            raise RefusedError(f"no response_action in {sorted(body)}")
        stage.screens.pop(view)
    elif action == "clear":
        stage.screens.clear(view.team, view.user)
    elif action == "update":
        stage.screens.update(view, body.get("view"))
    elif action == "push":
        stage.screens.push_for(view.team, view.user, body.get("view"))
    elif action == "errors":
        return _errors(view, body.get("errors"))
    else:
        raise RefusedError(f"unknown response_action {action!r}")
    return {}


def _errors(view: View, errors: object) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise RefusedError("errors must be an object with block ids")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if strangers := set(errors) - inputs:
        raise RefusedError(f"errors for blocks that are no inputs: {sorted(strangers)}")
    return {str(block): str(text) for block, text in errors.items()}


def _spoiled(stage: Stage, reply: Reply, what: str, error: RefusedError) -> Reply:
    stage.world.complaints.append(f"{what}: {error.error} {error.more.get('errors', '')}".rstrip())
    reply.error = error.error
    return reply
