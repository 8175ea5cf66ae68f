"""A response_url: five answers within half an hour to the one who typed or pressed."""

from tests.platforms.slack.chat import change, compose, content
from tests.platforms.slack.errors import RefusedError, invalid
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.world import Answering, Json, World

USES_AT_MOST = 5


def respond(world: World, team_id: str, key: str, asked: Asked) -> None:
    """Do what an answer asks, or refuse it."""
    ticket = world.answering.get(key)
    if ticket is None or ticket.team != team_id:
        raise RefusedError("invalid_url", status=404)
    if world.clock.monotonic() > ticket.until:
        raise RefusedError("expired_url", status=404)
    if ticket.uses >= USES_AT_MOST:
        raise RefusedError("used_url", status=404)
    if not world.teams[team_id].installed:
        raise RefusedError("account_inactive", status=403)
    deleting = asked.flag("delete_original")
    inside: Json = {} if deleting else content(world, asked)
    judged = asked.judged()
    about = {key: judged[key] for key in ("text", "blocks", "attachments") if key in judged}
    if not deleting and (problems := world.judge("chat.postMessage", {"channel": ticket.channel, **about})):
        raise invalid("invalid_arguments", *problems)
    _act(world, ticket, asked, inside)
    ticket.uses += 1


def _act(world: World, ticket: Answering, asked: Asked, inside: Json) -> None:
    original = ticket.message
    if asked.flag("delete_original") or asked.flag("replace_original"):
        if original is None or original.deleted or not original.from_bot:
            raise RefusedError("message_not_found", status=404)
        if asked.flag("delete_original"):
            original.deleted = True
        else:
            change(original, inside)
        world.touch(original)
        return
    team, channel = world.teams[ticket.team], world.channels[ticket.channel]
    in_channel = asked.text("response_type", "ephemeral") == "in_channel"
    about = {} if in_channel else {"ephemeral": True, "visible_to": ticket.user}
    world.post(channel, compose(world, team, channel, inside, thread_ts=asked.text("thread_ts"), **about))
