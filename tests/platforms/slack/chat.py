"""The chat methods: posting, changing and deleting messages."""

import json
from typing import Any

from tests.platforms.slack import blocks as kit
from tests.platforms.slack.checks import blocks_too_long, check_blocks
from tests.platforms.slack.errors import RefusedError, invalid
from tests.platforms.slack.messages import Message
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.places import address, readable, user_in
from tests.platforms.slack.world import Channel, Json, Team, World

TEXT_AT_MOST = 40_000
TEXT_AT_MOST_IN_UPDATE = 4_000
_OPTIONS = ("link_names", "parse", "mrkdwn", "unfurl_links", "unfurl_media", "reply_broadcast", "username", "icon_url")


def content(world: World, asked: Asked, most: int = TEXT_AT_MOST) -> Json:
    """Return the checked content of a message."""
    text = asked.text("text") or asked.text("markdown_text")
    if len(text) > most:
        raise RefusedError("msg_too_long")
    blocks = asked.tree("blocks", "invalid_blocks_format")
    attachments = asked.tree("attachments", "invalid_attachments")
    if blocks is not None:
        if problems := check_blocks(blocks):
            raise invalid("invalid_blocks", *problems)
        if blocks_too_long(blocks):
            raise RefusedError("msg_blocks_too_long")
    if not text.strip() and not blocks and not attachments:
        raise RefusedError("no_text")
    for each in attachments or []:
        if not isinstance(each, dict) or check_blocks(each.get("blocks", [])):
            raise RefusedError("invalid_attachments")
    return {
        "text": text,
        "blocks": kit.with_ids(blocks or [], lambda: world.number("b")),
        "attachments": attachments or [],
        "metadata": _metadata(asked),
        "options": {name: asked.values[name] for name in _OPTIONS if name in asked.values},
    }


def compose(world: World, team: Team, channel: Channel, inside: Json, **more: Any) -> Message:
    """Return a message of the bot, not posted yet."""
    about = {"bot_id": team.bot_id, "app_id": world.app_id}
    return Message(world.ts(), channel.id, team.bot_user, team.id, **inside, **about, **more)


def post_message(world: World, team: Team, asked: Asked) -> Json:
    """Serve chat.postMessage."""
    channel = address(world, team, asked.required("channel"))
    inside = content(world, asked)
    world.pace.admit(channel.id, world.clock.monotonic())
    message = compose(world, team, channel, inside, thread_ts=_thread(channel, asked))
    world.post(channel, message)
    _echo(world, team, channel, message.as_json())
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json(with_metadata=True)}


def post_ephemeral(world: World, team: Team, asked: Asked) -> Json:
    """Serve chat.postEphemeral."""
    channel, user = address(world, team, asked.required("channel")), user_in(world, team, asked.required("user"))
    if user.is_bot:
        raise RefusedError("user_is_bot")
    if user.id not in channel.members:
        raise RefusedError("user_not_in_channel")
    message = compose(world, team, channel, content(world, asked), ephemeral=True, visible_to=user.id)
    world.post(channel, message)
    return {"message_ts": message.ts}


def update(world: World, team: Team, asked: Asked) -> Json:
    """Serve chat.update: without blocks, a new text removes the old ones."""
    channel = readable(world, team, asked.required("channel"))
    message = _own(world, team, channel, asked.required("ts"), "cant_update_message")
    kept = {} if asked.text("text") or "blocks" in asked.values else {"blocks": message.blocks}
    inside = content(world, Asked(asked.values | kept), TEXT_AT_MOST_IN_UPDATE)
    previous = message.as_json()
    change(message, inside, keep_attachments="attachments" not in asked.values)
    world.touch(message)
    told = {"subtype": "message_changed", "message": message.as_json(), "previous_message": previous, "hidden": True}
    _echo(world, team, channel, {"type": "message", **told, "ts": world.ts()})
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_json()}


def change(message: Message, inside: Json, *, keep_attachments: bool = False) -> None:
    """Put new content into a message."""
    message.text, message.blocks = inside["text"], inside["blocks"]
    if not keep_attachments:
        message.attachments = inside["attachments"]
    message.metadata = inside["metadata"] or message.metadata
    message.options = inside["options"]
    message.edited = True


def delete(world: World, team: Team, asked: Asked) -> Json:
    """Serve chat.delete."""
    channel = readable(world, team, asked.required("channel"))
    message = _own(world, team, channel, asked.required("ts"), "cant_delete_message")
    message.deleted = True
    world.touch(message)
    told = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": message.as_json()}
    _echo(world, team, channel, {"type": "message", **told, "hidden": True, "ts": world.ts()})
    return {"channel": channel.id, "ts": message.ts}


def _own(world: World, team: Team, channel: Channel, ts: str, error: str) -> Message:
    found = next((each for each in channel.visible if each.ts == ts and not each.ephemeral), None)
    if found is None:
        raise RefusedError("message_not_found")
    if found.bot_id != team.bot_id:
        raise RefusedError(error)
    return found


def _thread(channel: Channel, asked: Asked) -> str:
    thread = asked.text("thread_ts")
    if thread and not any(each.ts == thread for each in channel.visible):
        raise RefusedError("thread_not_found")
    return thread


def _metadata(asked: Asked) -> Json | None:
    metadata = asked.tree("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise RefusedError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict) or set(metadata) - {
        "event_type",
        "event_payload",
        "entities",
    }:
        raise RefusedError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > 8000:
        raise RefusedError("metadata_too_large")
    return metadata


def _echo(world: World, team: Team, channel: Channel, event: Json) -> None:
    """Tell the bot of its own message, as Slack does in direct messages."""
    if channel.kind == "im":
        world.tell(team, event | {"channel": channel.id, "channel_type": "im", "event_ts": event["ts"]})
