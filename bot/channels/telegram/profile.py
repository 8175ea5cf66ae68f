"""What Telegram shows of the bot while people type: its commands, in each language and scope."""

from collections.abc import Mapping, Sequence

from bot.channels.telegram.api import Api

SCOPES = ("default", "all_private_chats")
DESCRIPTION_AT_MOST = 256


async def register(api: Api, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Register commands, `{language: [(command, description)]}`; the language `""` stands for all others."""
    for language, pairs in commands.items():
        listed = [{"command": name, "description": words[:DESCRIPTION_AT_MOST]} for name, words in pairs]
        for scope in SCOPES:
            params = {"commands": listed, "scope": {"type": scope}}
            await api.call("setMyCommands", params | ({"language_code": language} if language else {}))
