"""Which channel or person a call means, and whether the bot may go there."""

from tests.platforms.slack.errors import RefusedError
from tests.platforms.slack.world import Channel, Team, User, World


def address(world: World, team: Team, where: str) -> Channel:
    """Return the channel to post to: by id, by #name, or a direct message by the person's id."""
    if where[:1] in ("U", "W"):
        return _direct(world, team, where)
    channel = world.channels.get(where) or _named(world, team, where.removeprefix("#"))
    if channel is None or channel.team != team.id:
        raise RefusedError("channel_not_found")
    if channel.kind == "im":
        _check_partner(world, team, channel)
    elif team.bot_user not in channel.members:
        raise RefusedError("channel_not_found" if channel.kind == "group" else "not_in_channel")
    if channel.archived:
        raise RefusedError("is_archived")
    return channel


def readable(world: World, team: Team, where: str) -> Channel:
    """Return a channel, by its id alone, that the bot may look at."""
    channel = world.channels.get(where)
    if channel is None or channel.team != team.id:
        raise RefusedError("channel_not_found")
    if channel.kind != "channel" and team.bot_user not in channel.members:
        raise RefusedError("channel_not_found")
    return channel


def user_in(world: World, team: Team, id_: str) -> User:
    """Return a person or bot of this workspace."""
    user = world.users.get((team.id, id_))
    if user is None or user.gone:
        raise RefusedError("user_not_found")
    return user


def _direct(world: World, team: Team, id_: str) -> Channel:
    user = world.users.get((team.id, id_))
    if user is None or user.gone:
        raise RefusedError("channel_not_found")
    if user.is_bot:
        raise RefusedError("cannot_dm_bot")
    if user.deactivated:
        raise RefusedError("user_disabled")
    return world.dm(team, id_)


def _check_partner(world: World, team: Team, channel: Channel) -> None:
    user = world.users.get((team.id, channel.person_of(team)))
    if user is None or user.gone:
        raise RefusedError("channel_not_found")
    if user.deactivated:
        raise RefusedError("user_disabled")


def _named(world: World, team: Team, name: str) -> Channel | None:
    every = (each for each in world.channels.values() if each.team == team.id and each.kind != "im")
    return next((each for each in every if each.name == name), None)
