"""A file that somebody sent, from Slack's own hosts and nowhere else."""

from urllib.parse import urlsplit

from actions.photos import BYTES_AT_MOST
from bot.channels.files import FetchError, GoneError, TooBigError
from bot.channels.slack.access import SLACK
from bot.channels.slack.api import Api, CallError
from bot.message import File, Outcome

HOSTS = ("files.slack.com", "slack-files.com")
WORKSPACES = ".slack.com"


async def fetch(api: Api, url: str, file: File) -> bytes:
    """The bytes of a file; `url` is the address of Slack's methods.

    Raises `FetchError`.
    """
    try:
        found = (await api.form("files.info", {"file": file.id})).get("file")
    except CallError as refused:
        passing = refused.receipt.outcome in (Outcome.RETRY, Outcome.UNSURE)
        raise (FetchError if passing else GoneError)(refused.error) from None
    about = found if isinstance(found, dict) else {}
    address, size = about.get("url_private"), about.get("size")
    if isinstance(size, int) and size > BYTES_AT_MOST:
        raise TooBigError
    if not isinstance(address, str) or not is_kept_by(address, url):
        raise GoneError("kept elsewhere")
    return await api.download(address, BYTES_AT_MOST)


def is_kept_by(address: str, url: str) -> bool:
    """Whether the token may be shown at an address: on Slack's hosts, or on the server that stands in for it."""
    try:
        parts, ours = urlsplit(address), urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if url != SLACK:
        return (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
    own = host in HOSTS or host.endswith(WORKSPACES)
    return parts.scheme == "https" and own and port in (None, 443) and "@" not in parts.netloc
