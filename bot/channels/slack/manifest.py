"""The app's manifest: what Slack must know of us before anyone installs us (reference: "App manifest")."""

from collections.abc import Sequence
from typing import Any

from bot.channels.slack.commands import OURS, RESERVED
from bot.wording import workplace as words
from content.text import shorten

SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
"""What we ask for, and no more: to write and to be written to; `users:read` for time zone and language, `files:write`
to hand people their own data, `files:read` to see a photo that somebody sends us as proof, the two others `…:read` to
notice that we were taken into a channel or out of it."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
NAME_AT_MOST = 35
DESCRIPTION_AT_MOST = 140
SHORTCUT_AT_MOST = 24


def manifest(name: str, public_url: str, commands: Sequence[tuple[str, str]], language: str) -> dict[str, Any]:
    """The manifest for an address, or, without one, for Socket Mode."""
    address = f"{public_url}/slack/events" if public_url else ""
    at = {"url": address} if address else {}
    request = {"request_url": address} if address else {}
    listed = [(OURS, words.all_commands(language)), *((word, told) for word, told in commands if word not in RESERVED)]
    made: dict[str, Any] = {
        "display_information": {"name": name, "description": shorten(words.description(language), DESCRIPTION_AT_MOST)},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": f"/{word}",
                    **at,
                    "description": shorten(told, DESCRIPTION_AT_MOST),
                    **({"usage_hint": words.usage(language)} if word == OURS else {}),
                    "should_escape": False,
                }
                for word, told in listed
            ],
            "shortcuts": [
                {"name": shorten(label, SHORTCUT_AT_MOST), "type": kind, "callback_id": callback, "description": told}
                for kind, callback, label, told in words.shortcuts(language)
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
    if public_url:
        made["oauth_config"]["redirect_urls"] = [f"{public_url}/slack/oauth_redirect"]
    return made
