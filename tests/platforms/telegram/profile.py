"""The methods about the bot itself, about chats and about files."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.platforms.telegram.errors import bad_request
from tests.platforms.telegram.markup import units
from tests.platforms.telegram.parameters import Parameters
from tests.platforms.telegram.sending import known_chat
from tests.platforms.telegram.world import Json, World

Method = Callable[[World, Parameters], Any]

_COMMANDS_AT_MOST = 100
_DOWNLOAD_BYTES_AT_MOST = 20_000_000
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_SCOPES_OF_A_CHAT = {"chat", "chat_administrators", "chat_member"}
_MENU_BUTTONS = {"default", "commands", "web_app"}


def get_me(world: World, asked: Parameters) -> Json:
    """Say who the bot is."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def log_out(world: World, asked: Parameters) -> bool:
    """Refuse: nobody logs this bot out."""
    raise bad_request("logging out is not possible here")


def set_my_commands(world: World, asked: Parameters) -> bool:
    """Set the commands shown to a scope in a language."""
    commands = asked.values.get("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > _COMMANDS_AT_MOST:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    world.profile[_commands_key(world, asked)] = commands
    return True


def get_my_commands(world: World, asked: Parameters) -> list[Json]:
    """Return the commands of exactly this scope and language."""
    found: list[Json] = world.profile.get(_commands_key(world, asked), [])
    return found


def delete_my_commands(world: World, asked: Parameters) -> bool:
    """Forget the commands of a scope and language."""
    world.profile.pop(_commands_key(world, asked), None)
    return True


def setter(name: str, limit: int) -> Method:
    """Return the method that sets one of the bot's texts in a language."""

    def set_text(world: World, asked: Parameters) -> bool:
        text = asked.text(name)
        if units(text) > limit:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        world.profile[name, _language(asked)] = text
        return True

    return set_text


def getter(name: str) -> Method:
    """Return the method that reads one of the bot's texts in a language."""

    def get_text(world: World, asked: Parameters) -> Json:
        plain = world.profile.get((name, ""), world.bot["first_name"] if name == "name" else "")
        return {name: world.profile.get((name, _language(asked))) or plain}

    return get_text


def set_chat_menu_button(world: World, asked: Parameters) -> bool:
    """Set what the button beside the input does."""
    button = asked.tree("menu_button") or {"type": "default"}
    if button.get("type") not in _MENU_BUTTONS:
        raise bad_request("MenuButton has unsupported type")
    chat = str(known_chat(world, asked).id) if asked.chat is not None else ""
    world.profile["menu_button", chat] = button
    return True


def get_chat_menu_button(world: World, asked: Parameters) -> Json:
    """Return what the button beside the input does."""
    found: Json = world.profile.get(("menu_button", asked.text("chat_id")), {"type": "default"})
    return found


def get_chat(world: World, asked: Parameters) -> Json:
    """Return everything about a chat."""
    chat = known_chat(world, asked)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    if chat.kind != "private":
        more["permissions"] = {"can_send_messages": True}
    if chat.pinned is not None:
        more["pinned_message"] = world.as_json(chat.pinned, is_nested=True)
    return {**chat.as_json, **more}


def get_file(world: World, asked: Parameters) -> Json:
    """Say where a file can be fetched."""
    file = world.files.get(asked.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > _DOWNLOAD_BYTES_AT_MOST:
        raise bad_request("file is too big")
    about = {"file_id": file.id, "file_unique_id": f"u{file.id[-6:]}"}
    return {**about, "file_size": file.size, "file_path": file.path}


def _check_command(command: Any) -> None:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= units(str(command.get("description", ""))) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _commands_key(world: World, asked: Parameters) -> tuple[str, str]:
    scope = asked.tree("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _SCOPES_OF_A_CHAT:
        known_chat(world, Parameters({"chat_id": scope.get("chat_id")}))
    elif kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return f"commands {json.dumps(scope, sort_keys=True)}", _language(asked)


def _language(asked: Parameters) -> str:
    code = asked.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", code):
        raise bad_request("LANG_CODE_INVALID")
    return code
