"""From what Slack delivered to `Incoming`: pure, and calm in the face of odd payloads."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.slack import forms
from bot.channels.slack.markup import unescape
from bot.message import HOME, Address, File, Incoming, Profile

Tree = Mapping[str, Any]
ProfileOf = Callable[[str], Profile]
ChatOf = Callable[[str], str]

IGNORED_SUBTYPES_BUT = frozenset({"", "file_share", "thread_broadcast"})
_PERSON = re.compile("[UW][A-Z0-9]{1,31}", re.ASCII)
_ROOM = re.compile("[CG][A-Z0-9]{1,31}", re.ASCII)
_DIRECT = re.compile("D[A-Z0-9]{1,31}", re.ASCII)
_FILE = re.compile("F[A-Z0-9]{1,31}", re.ASCII)
_WORD = re.compile("/?([A-Za-z_]{2,32})", re.ASCII)
_MENTION = re.compile("<@[UW][A-Z0-9]+(?:\\|[^>]*)?>")
_LINK = re.compile("<((?:https?|mailto):[^|>]+)(?:\\|[^>]*)?>")
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")


class Us:
    """Who we are in a workspace: the account's name, our user, the words that are commands, what is known of people:
    their profile, and the id of their direct message with us.
    """

    def __init__(
        self, account: str, user: str, commands: frozenset[str], profile_of: ProfileOf, chat_of: ChatOf = lambda _: ""
    ) -> None:
        self.account = account
        self.user = user
        self.commands = commands
        self.profile_of = profile_of
        self.chat_of = chat_of

    def person(self, found: object) -> Address | None:
        """The address of a person; None when that is no person's id, or our own."""
        known = isinstance(found, str) and _PERSON.fullmatch(found) and found != self.user
        return Address(self.account, str(found)) if known else None


def person_in(tree: Tree) -> str:
    """The id of the person something comes from; empty when none is named, or a bot has said it."""
    if _object(tree, "event").get("bot_id"):
        return ""
    for found in (_object(tree, "event").get("user"), _object(tree, "user").get("id"), tree.get("user_id")):
        if isinstance(found, str) and _PERSON.fullmatch(found):
            return found
    return ""


def own_chat_in(tree: Tree) -> str:
    """The id of the person's direct message with us, where a delivery tells it: commands may come from any other."""
    if tree.get("type") == "block_actions":
        return _direct(_object(tree, "channel").get("id"))
    return _direct(_object(tree, "event").get("channel"))


def incoming(tree: object, us: Us) -> Incoming | None:
    """What a person did, or None when it is nothing for us.

    Raises `ValueError` for something that is no object.
    """
    if not isinstance(tree, dict):
        raise ValueError("a delivery that is no object")
    kind = tree.get("type")
    if kind == "event_callback":
        event = _object(tree, "event")
        read = _EVENTS.get(str(event.get("type")))
        return read(event, us) if read else None
    if kind is None and isinstance(tree.get("command"), str):
        return _command(tree, us)
    read = _INTERACTIONS.get(str(kind))
    return read(tree, us) if read else None


def _message(event: Tree, us: Us) -> Incoming | None:
    address = us.person(event.get("user"))
    ours = event.get("bot_id") or event.get("subtype", "") not in IGNORED_SUBTYPES_BUT
    if address is None or ours or not _direct(event.get("channel")):
        return None
    return _said(event, us, address)


def _said(event: Tree, us: Us, address: Address, room: str = "") -> Incoming | None:
    profile = us.profile_of(address.chat)
    text = _words(event.get("text"))
    if event.get("files") and not room:
        return Incoming(address, "media", text, profile=profile, file=_file(event["files"]))
    if not text and not room:
        return None
    word = _WORD.fullmatch(text)
    if word and word[1].lower() in us.commands and not room:
        return Incoming(address, "command", command=word[1].lower(), profile=profile)
    return Incoming(address, "text", text, room=room, place=room, private=not room, profile=profile)


def _file(files: object) -> File | None:
    """The first picture among the files of a message, else the first file; what it is called is not read."""
    listed = files if isinstance(files, list) else []
    named = [one for one in listed if isinstance(one, dict) and _FILE.fullmatch(str(one.get("id")))]
    pictures = [one for one in named if str(one.get("mimetype")).startswith("image/")]
    for one in (*pictures, *named):
        size, media_type = one.get("size"), one.get("mimetype")
        known = size if isinstance(size, int) and not isinstance(size, bool) else 0
        return File(one["id"], max(0, known), media_type[:100].lower() if isinstance(media_type, str) else "")
    return None


def _mention(event: Tree, us: Us) -> Incoming | None:
    address, room = us.person(event.get("user")), _room(event.get("channel"))
    if address is None or event.get("bot_id"):
        return None
    return _said(event, us, address, room)


def _home(event: Tree, us: Us) -> Incoming | None:
    address = us.person(event.get("user"))
    if address is None or event.get("tab", "home") not in ("home", "messages"):
        return None
    chat = "chat" if event.get("tab") == "messages" else ""
    return Incoming(address, "home", chat, place="" if chat else HOME, profile=us.profile_of(address.chat))


def _joined(event: Tree, us: Us) -> Incoming | None:
    room = _room(event.get("channel"))
    if event.get("user") != us.user or not room:
        return None
    inviter = us.person(event.get("inviter")) or Address(us.account, "")
    profile = us.profile_of(inviter.chat) if inviter.chat else Profile()
    return Incoming(inviter, "invited", room=room, private=False, profile=profile)


def _left(event: Tree, us: Us) -> Incoming | None:
    room = _room(event.get("channel"))
    if not room or ("user" in event and event["type"] == "member_left_channel" and event["user"] != us.user):
        return None
    return Incoming(Address(us.account, ""), "removed", room=room, private=False)


def _command(tree: Tree, us: Us) -> Incoming | None:
    address = us.person(tree.get("user_id"))
    if address is None:
        return None
    name = str(tree["command"]).lstrip("/").lower()
    text = _words(tree.get("text"))
    if name not in us.commands:
        name, _, text = text.partition(" ")
        name = name.lstrip("/").lower() or "help"
    chat = _direct(tree.get("channel_id"))
    alone = bool(chat) and us.chat_of(address.chat) in ("", chat)
    room = "" if alone else _room(tree.get("channel_id"))
    beside = "" if alone else str(tree.get("response_url", ""))
    return Incoming(
        address, "command", text.strip(), name, room=room, place=beside, opener=_opener(tree),
        profile=us.profile_of(address.chat),
    )  # fmt: skip


def _press(tree: Tree, us: Us) -> Incoming | None:
    address = us.person(_object(tree, "user").get("id"))
    action = _pressed(tree)
    if address is None or action is None:
        return None
    place, pressed, room = _where(tree)
    return Incoming(
        address, "press", _words(action.get("value")), pressed=pressed, private=not room, room=room,
        place=place, opener=_opener(tree), profile=us.profile_of(address.chat),
    )  # fmt: skip


def _pressed(tree: Tree) -> Tree | None:
    """The button that was pressed; None for one that only opened an address, and for a form's own elements."""
    actions = tree.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    known = isinstance(first, dict) and str(first.get("action_id", "")).startswith("press.")
    return first if known else None


def _where(tree: Tree) -> tuple[str, str, str]:
    """Where the answer is to be seen, which message was pressed, and in which room."""
    container = _object(tree, "container")
    if container.get("type") == "view":
        return HOME, HOME, ""
    channel = str(_object(tree, "channel").get("id") or container.get("channel_id") or "")
    room = _room(channel)
    address = str(tree.get("response_url", ""))
    if container.get("is_ephemeral"):
        return address, address, room
    moment = str(container.get("message_ts") or _object(tree, "message").get("ts") or "")
    return (address if room else "", f"{channel}:{moment}" if moment else "", room)


def _submission(tree: Tree, us: Us) -> Incoming | None:
    address, view = us.person(_object(tree, "user").get("id")), _object(tree, "view")
    if address is None or not view:
        return None
    fields, argument, place = forms.handed_in(view)
    return Incoming(
        address, "form", argument, str(view.get("callback_id", "")), place=place, opener=_opener(tree),
        profile=us.profile_of(address.chat), fields={name: _stored(value) for name, value in fields.items()},
    )  # fmt: skip


def _shortcut(tree: Tree, us: Us) -> Incoming | None:
    address = us.person(_object(tree, "user").get("id"))
    if address is None:
        return None
    text = _words(_object(tree, "message").get("text"))
    return Incoming(
        address, "shortcut", text, str(tree.get("callback_id", "")), opener=_opener(tree),
        profile=us.profile_of(address.chat),
    )  # fmt: skip


_EVENTS: Mapping[str, Callable[[Tree, Us], Incoming | None]] = {
    "message": _message,
    "app_mention": _mention,
    "app_home_opened": _home,
    "member_joined_channel": _joined,
    "member_left_channel": _left,
    "channel_left": _left,
    "group_left": _left,
    "channel_archive": _left,
    "group_archive": _left,
    "channel_deleted": _left,
    "group_deleted": _left,
}
_INTERACTIONS: Mapping[str, Callable[[Tree, Us], Incoming | None]] = {
    "block_actions": _press,
    "view_submission": _submission,
    "shortcut": _shortcut,
    "message_action": _shortcut,
}


def _object(tree: Tree, name: str) -> Tree:
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def _opener(tree: Tree) -> str:
    found = tree.get("trigger_id")
    return found if isinstance(found, str) else ""


def _room(found: object) -> str:
    return str(found) if isinstance(found, str) and _ROOM.fullmatch(found) else ""


def _direct(found: object) -> str:
    return str(found) if isinstance(found, str) and _DIRECT.fullmatch(found) else ""


def _words(found: object) -> str:
    """What was written, without Slack's own marks: mentions go, links stay as addresses."""
    if not isinstance(found, str):
        return ""
    return unescape(_LINK.sub(r"\1", _MENTION.sub("", _stored(found)))).strip()


def _stored(words: str) -> str:
    return _UNSTORABLE.sub("", words)
