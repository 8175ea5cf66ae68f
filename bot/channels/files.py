"""Fetching what people sent: how it may fail, and how much is taken in at most."""

from collections.abc import AsyncIterator

SECONDS = 30.0
"""So long fetching one file may take in all."""


class FetchError(Exception):
    """A file that could not be had now; another try may do better."""


class GoneError(FetchError):
    """A file that cannot be had at all: it is not there any more, or not where it may be fetched from."""


class TooBigError(FetchError):
    """More bytes than are taken in."""


def refused(status: int) -> FetchError:
    """What a status other than 200 means for a file; a redirect leads nowhere that we go."""
    passing = status in (401, 408, 429) or status >= 500
    return (FetchError if passing else GoneError)(f"status {status}")


async def drained(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """All bytes of a stream.

    Raises `TooBigError` as soon as there are more than `most`, without reading on.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise TooBigError
    return bytes(body)
