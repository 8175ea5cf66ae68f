"""The bodies Slack sends: the envelope of an event, commands, interactions."""

from typing import Any

from tests.platforms.slack.messages import Message
from tests.platforms.slack.world import Channel, Json, Team, User, World


def envelope(world: World, team: Team, event: Json, event_id: str | None = None, at: float | None = None) -> Json:
    """Return the outer body of an event."""
    grid = {"enterprise_id": team.enterprise, "context_enterprise_id": team.enterprise} if team.enterprise else {}
    allowed = {"enterprise_id": team.enterprise, "team_id": team.id, "user_id": team.bot_user, "is_bot": True}
    about: Json = {"token": world.verification, "team_id": team.id, "api_app_id": world.app_id, "event": event}
    about |= {"context_team_id": team.id} | grid
    about |= {"type": "event_callback", "event_id": event_id or world.number("Ev")}
    about |= {"event_time": int(world.clock.unix() if at is None else at)}
    about |= {"authorizations": [allowed | {"is_enterprise_install": False}], "is_ext_shared_channel": False}
    return about | {"event_context": f"4-{world.number('ctx')}"}


def typed(world: World, message: Message, channel: Channel, kind: str = "message") -> Json:
    """Return the event about a message somebody wrote."""
    event: Json = {"type": kind, "user": message.user, "ts": message.ts, "text": message.text, "team": message.team}
    event |= {"client_msg_id": world.number("client"), "channel": channel.id, "event_ts": message.ts}
    event |= {"blocks": [_rich(world, message.text)]}
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    return event | ({"channel_type": channel.kind} if kind == "message" else {})


def command(world: World, team: Team, user: User, channel: Channel, fields: Json) -> Json:
    """Return the form of a slash command."""
    about = {"token": world.verification, "team_id": team.id, "team_domain": team.domain, "channel_id": channel.id}
    about |= {"channel_name": channel_name(channel), "user_id": user.id, "user_name": handle(user)}
    if team.enterprise:
        about |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise}
    return about | {"api_app_id": world.app_id, "is_enterprise_install": "false"} | fields


def interaction(world: World, team: Team, user: User, kind: str, more: Json) -> Json:
    """Return what all interactions have in common, and more."""
    who = {"id": user.id, "username": handle(user), "name": handle(user), "team_id": team.id}
    grid = {"id": team.enterprise, "name": team.enterprise} if team.enterprise else None
    about: Json = {"type": kind, "user": who, "api_app_id": world.app_id, "token": world.verification}
    where: Json = {"id": team.id, "domain": team.domain}
    if team.enterprise:
        where |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise}
    return about | {"team": where, "enterprise": grid, "is_enterprise_install": False} | more


def container(message: Message) -> Json:
    """Return where a message stands."""
    about: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    return about | {"is_ephemeral": message.ephemeral} | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def channel_name(channel: Channel) -> str:
    """Return the name of a channel as payloads have it."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def handle(user: User) -> str:
    """Return the user name of a person."""
    return user.name.lower().replace(" ", ".")


def _rich(world: World, text: str) -> Json:
    words: list[Any] = [{"type": "text", "text": text}]
    return {
        "type": "rich_text",
        "block_id": world.number("b"),
        "elements": [{"type": "rich_text_section", "elements": words}],
    }
