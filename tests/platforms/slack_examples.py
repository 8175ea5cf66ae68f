"""Right messages, views and manifests for Slack, and the pieces to build others from."""

from typing import Any

Thing = dict[str, Any]


def plain(text: str) -> Thing:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Thing:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "Daily", **more: Any) -> Thing:
    return {"text": plain(text), "value": text[:9], **more}


def button(text: str = "Done", action_id: str = "done", **more: Any) -> Thing:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "1", **more}


def section(text: str = "*Today*", **more: Any) -> Thing:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Thing, **more: Any) -> Thing:
    return {"type": "actions", "elements": list(elements) or [button()], **more}


def image(**more: Any) -> Thing:
    return {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A map", **more}


def field(element: Thing | None = None, **more: Any) -> Thing:
    return {
        "type": "input",
        "block_id": "name",
        "label": plain("Your name"),
        "element": element or {"type": "plain_text_input", "action_id": "name", "placeholder": plain("Ada")},
        **more,
    }


def select(**more: Any) -> Thing:
    return {"type": "static_select", "action_id": "pace", "options": [option()], **more}


def command(name: str = "/kindling", **more: Any) -> Thing:
    return {"command": name, "description": "Your step of today", **more}


MESSAGE: Thing = {
    "channel": "D1",
    "text": "Today",
    "unfurl_links": False,
    "metadata": {"event_type": "step", "event_payload": {"step": 3}},
    "blocks": [
        {"type": "header", "text": plain("Today")},
        section(accessory=image()),
        {"type": "section", "fields": [mrkdwn("*Days*"), plain("3")]},
        {"type": "divider"},
        image(title=plain("Where")),
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A map"},
        actions(
            button(style="primary"),
            button("Why", "why", url="https://example.org"),
            {"type": "overflow", "action_id": "more", "options": [option(), option("Weekly")]},
            select(placeholder=plain("How often"), initial_option=option()),
            block_id="answers",
        ),
        {"type": "context", "elements": [mrkdwn("Source: <https://example.org|a study>"), image()]},
    ],
}
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("All is deleted"), "confirm": plain("Delete"), "deny": plain("Keep")}
MODAL: Thing = {
    "type": "modal",
    "callback_id": "settings",
    "title": plain("Settings"),
    "submit": plain("Save"),
    "close": plain("Close"),
    "private_metadata": "",
    "blocks": [
        section("Choose", accessory=button("Forget me", "forget", style="danger", confirm=CONFIRM)),
        field(),
        field(select(), block_id="pace", hint=plain("You may change it"), optional=True),
        field({"type": "timepicker", "action_id": "time", "initial_time": "09:30"}, block_id="time"),
        field({"type": "checkboxes", "action_id": "days", "options": [option(), option("No")]}, block_id="days"),
    ],
}
HOME: Thing = {"type": "home", "blocks": [{"type": "header", "text": plain("Your path")}, section(), actions()]}
MANIFEST: Thing = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {"name": "Kindling", "description": "One step a day", "background_color": "#1a6b3c"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "kindling", "always_online": True},
        "slash_commands": [
            command(usage_hint="today | stop", url="https://example.org/slack/events", should_escape=False)
        ],
        "shortcuts": [{"type": "global", "name": "Today", "callback_id": "today", "description": "Your step of today"}],
    },
    "oauth_config": {
        "redirect_urls": ["https://example.org/slack/oauth_redirect"],
        "scopes": {"bot": ["chat:write", "commands", "im:history", "im:write", "users:read"]},
    },
    "settings": {
        "event_subscriptions": {
            "request_url": "https://example.org/slack/events",
            "bot_events": ["app_home_opened", "app_uninstalled", "message.im", "tokens_revoked"],
        },
        "interactivity": {"is_enabled": True, "request_url": "https://example.org/slack/events"},
        "org_deploy_enabled": False,
        "socket_mode_enabled": False,
        "token_rotation_enabled": False,
    },
}
RIGHT_CALLS: list[tuple[str, Thing]] = [
    ("api.test", {}),
    ("apps.connections.open", {}),
    ("auth.test", {"token": "xoxb-1"}),
    ("auth.revoke", {"test": "0"}),
    ("chat.delete", {"channel": "D1", "ts": "1.2"}),
    ("chat.postMessage", {"channel": "D1", "text": "hi", "team_id": "T1"}),
    ("chat.postMessage", {"channel": "D1", "text": "hi", "thread_ts": "1.2", "reply_broadcast": True}),
    ("chat.postMessage", MESSAGE),
    ("chat.postMessage", {"channel": "D1", "text": "a", "attachments": [{"color": "#fff", "blocks": [section()]}]}),
    ("chat.postMessage", {"channel": "D1", "text": "a", "blocks": [section() for _ in range(50)]}),
    ("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": "hi", "blocks": [section("a" * 3000)]}),
    ("chat.scheduleMessage", {"channel": "C1", "post_at": "1900000000", "text": "hi"}),
    ("chat.update", {"channel": "D1", "ts": "1.2", "text": "hi", "blocks": [actions(button("a" * 75))]}),
    ("conversations.history", {"channel": "D1", "limit": "15", "inclusive": "1", "oldest": "1.2"}),
    ("conversations.info", {"channel": "D1", "include_num_members": "true"}),
    ("conversations.members", {"channel": "D1", "limit": 200, "cursor": "a"}),
    ("conversations.open", {"users": "U1", "return_im": "1"}),
    ("files.completeUploadExternal", {"files": '[{"id": "F1", "title": "A"}]', "channel_id": "D1"}),
    ("files.getUploadURLExternal", {"filename": "a.png", "length": "2048", "alt_text": "A"}),
    ("oauth.v2.access", {"code": "1", "redirect_uri": "https://example.org"}),
    ("oauth.v2.access", {"code": "1", "client_id": "1", "client_secret": "2"}),
    ("users.info", {"user": "U1", "include_locale": "true"}),
    ("views.open", {"trigger_id": "1", "view": MODAL}),
    ("views.publish", {"user_id": "U1", "view": HOME, "hash": "1"}),
    ("views.push", {"trigger_id": "1", "view": MODAL}),
    ("views.update", {"view_id": "V1", "view": MODAL}),
    ("views.update", {"external_id": "mine", "view": {**MODAL, "blocks": [section() for _ in range(100)]}}),
]
