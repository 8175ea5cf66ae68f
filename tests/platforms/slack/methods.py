"""The methods served: what each does and which scope it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.platforms.slack import about, chat, conversations, uploads
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.screens import Screens
from tests.platforms.slack.views import ViewMethods
from tests.platforms.slack.world import Json, Team, World


@dataclass(frozen=True)
class Method:
    """A method for a bot token; scopes that depend on the channel are checked by `act` itself."""

    act: Callable[[World, Team, Asked], Json]
    scope: str = ""


def bot_methods(screens: Screens) -> dict[str, Method]:
    """Return the methods that a bot token may call."""
    views = ViewMethods(screens)
    return {
        "auth.test": Method(about.auth_test),
        "auth.revoke": Method(about.revoke),
        "apps.uninstall": Method(about.uninstall),
        "bots.info": Method(about.bot_info, "users:read"),
        "chat.delete": Method(chat.delete, "chat:write"),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
        "chat.postMessage": Method(chat.post_message, "chat:write"),
        "chat.update": Method(chat.update, "chat:write"),
        "conversations.history": Method(conversations.history),
        "conversations.info": Method(conversations.info),
        "conversations.join": Method(conversations.join, "channels:join"),
        "conversations.list": Method(conversations.list_),
        "conversations.members": Method(conversations.members),
        "conversations.open": Method(conversations.open_, "im:write"),
        "files.completeUploadExternal": Method(uploads.complete, "files:write"),
        "files.getUploadURLExternal": Method(uploads.get_url, "files:write"),
        "files.info": Method(uploads.info, "files:read"),
        "team.info": Method(about.team_info, "team:read"),
        "users.conversations": Method(conversations.of_user),
        "users.info": Method(about.user_info, "users:read"),
        "users.list": Method(about.users, "users:read"),
        "views.open": Method(views.open),
        "views.publish": Method(views.publish),
        "views.push": Method(views.push),
        "views.update": Method(views.update),
    }
