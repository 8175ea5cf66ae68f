"""The conversations methods."""

from collections.abc import Callable
from typing import Any

from tests.platforms.slack.errors import RefusedError, missing_scope
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.places import readable, user_in
from tests.platforms.slack.world import Channel, Json, Team, World

_PREFIX = {"im": "im", "channel": "channels", "group": "groups"}
_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def open_(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.open for a direct message with one person."""
    ids = [id_ for id_ in asked.text("users").split(",") if id_]
    if not ids:
        raise RefusedError("users_list_not_supplied")
    if len(ids) > 1:
        _need(team, "mpim:write")
        raise RefusedError("not_enough_users")
    user = user_in(world, team, ids[0])
    if user.is_bot:
        raise RefusedError("cannot_dm_bot")
    if user.deactivated:
        raise RefusedError("user_disabled")
    known = set(world.channels)
    channel = world.dm(team, user.id)
    already = {"no_op": True, "already_open": True} if channel.id in known else {}
    return {"channel": _as_json(world, team, channel) if asked.flag("return_im") else {"id": channel.id}} | already


def info(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.info."""
    channel = readable(world, team, asked.required("channel"))
    _need(team, f"{_PREFIX[channel.kind]}:read")
    tree = _as_json(world, team, channel)
    if asked.flag("include_num_members"):
        tree["num_members"] = len(channel.members)
    return {"channel": tree}


def history(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.history, newest first."""
    channel = readable(world, team, asked.required("channel"))
    _need(team, f"{_PREFIX[channel.kind]}:history")
    if team.bot_user not in channel.members:
        raise RefusedError("not_in_channel")
    oldest, latest = asked.text("oldest", "0"), asked.text("latest", "9" * 12)
    inclusive, with_metadata = asked.flag("inclusive"), asked.flag("include_all_metadata")
    found = [each for each in reversed(channel.visible) if not each.ephemeral]
    found = [each for each in found if not each.thread_ts or each.thread_ts == each.ts]
    found = [each for each in found if _between(each.ts, oldest, latest, inclusive=inclusive)]
    page, more = page_of([each.as_json(with_metadata=with_metadata) for each in found], asked)
    return {"messages": page, "has_more": bool(more["response_metadata"]["next_cursor"])} | more


def members(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.members."""
    channel = readable(world, team, asked.required("channel"))
    _need(team, f"{_PREFIX[channel.kind]}:read")
    page, more = page_of(channel.members, asked)
    return {"members": page} | more


def list_(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.list."""
    return _list(world, team, asked, lambda channel: channel.kind == "channel" or team.bot_user in channel.members)


def of_user(world: World, team: Team, asked: Asked) -> Json:
    """Serve users.conversations: those of the bot, or those of a person that the bot may see."""
    user = user_in(world, team, asked.text("user", team.bot_user)).id
    return _list(world, team, asked, lambda channel: {user, team.bot_user} <= set(channel.members))


def join(world: World, team: Team, asked: Asked) -> Json:
    """Serve conversations.join."""
    channel = readable(world, team, asked.required("channel"))
    if channel.kind != "channel":
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    if team.bot_user not in channel.members:
        channel.members.append(team.bot_user)
    return {"channel": _as_json(world, team, channel)}


def _list(world: World, team: Team, asked: Asked, is_wanted: Callable[[Channel], bool]) -> Json:
    types = asked.text("types", "public_channel").replace(" ", "").split(",")
    if any(kind not in _KINDS for kind in types):
        raise RefusedError("invalid_types")
    for kind in types:
        _need(team, f"{_PREFIX.get(_KINDS[kind], 'mpim')}:read")
    kinds = {_KINDS[kind] for kind in types}
    found = [each for each in world.channels.values() if each.team == team.id and each.kind in kinds]
    found = [each for each in found if is_wanted(each)]
    if asked.flag("exclude_archived"):
        found = [each for each in found if not each.archived]
    page, more = page_of([_as_json(world, team, each) for each in found], asked)
    return {"channels": page} | more


def _as_json(world: World, team: Team, channel: Channel) -> Json:
    tree: Json = {"id": channel.id, "is_archived": channel.archived, "context_team_id": team.id, "created": 1700000000}
    if channel.kind == "im":
        return tree | {"is_im": True, "user": channel.person_of(team), "is_user_deleted": False}
    flags = {"is_channel": channel.kind == "channel", "is_group": channel.kind == "group", "is_im": False}
    inside = {"is_member": team.bot_user in channel.members, "is_private": channel.kind == "group"}
    return tree | {"name": channel.name, "name_normalized": channel.name, "is_general": False} | flags | inside


def _need(team: Team, scope: str) -> None:
    if scope not in team.scopes:
        raise missing_scope(scope, team.scopes)


def _between(ts: str, oldest: str, latest: str, *, inclusive: bool) -> bool:
    try:
        at, low, high = float(ts), float(oldest), float(latest)
    except ValueError as error:
        raise RefusedError("invalid_ts_oldest") from error
    return low <= at <= high if inclusive else low < at < high


def page_of(items: list[Any], asked: Asked, default: int = 100) -> tuple[list[Any], Json]:
    """Return one page of a list and what leads to the next."""
    cursor = asked.text("cursor")
    if cursor and not cursor.startswith("page:"):
        raise RefusedError("invalid_cursor")
    start, limit = int(cursor.removeprefix("page:") or 0), asked.number("limit", default, 999)
    following = f"page:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": following}}
