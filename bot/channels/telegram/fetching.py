"""A file that somebody sent, from Telegram's own server and nowhere else."""

import re

from telegram.error import BadRequest, TelegramError

from actions.photos import BYTES_AT_MOST
from bot.channels.files import FetchError, GoneError, TooBigError
from bot.channels.telegram.api import Api
from bot.message import File

PATH = re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII)
"""What a path of `getFile` looks like. A server with `--local` tells one of its own disk: that is none of ours."""


async def fetch(api: Api, file: File) -> bytes:
    """The bytes of a file.

    Raises `FetchError`.
    """
    found = await _found(api, file)
    path, size = found.get("file_path"), found.get("file_size")
    if isinstance(size, int) and size > BYTES_AT_MOST:
        raise TooBigError
    if not isinstance(path, str) or not PATH.fullmatch(path) or ".." in path:
        raise GoneError("no path")
    return await api.download(path, BYTES_AT_MOST)


async def _found(api: Api, file: File) -> dict[str, object]:
    try:
        found = await api.call("getFile", {"file_id": file.id})
    except BadRequest as error:
        failure: FetchError = TooBigError() if "too big" in str(error).lower() else GoneError("refused")
    except TelegramError as error:
        # Some of these show the token.
        failure = FetchError(type(error).__name__)
    else:
        return found if isinstance(found, dict) else {}
    raise failure
