"""A photo as the page uploads it: one file and a few words about it, never more than is taken in."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from actions.photos import BYTES_AT_MOST

AROUND = 20_000
"""So many bytes of a body may be something else than the photo."""
FIELDS = 4
SECONDS = 60.0
AT_ONCE = 6
"""Each takes up to ten megabytes of memory."""


class UnwelcomeError(Exception):
    """A body that is too large (`why` is `big`) or too many at once (`busy`)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded; the name that the browser gives the file is not read."""

    content: bytes
    media_type: str
    fields: dict[str, str]


class Uploads:
    """Reads uploads, a few at a time."""

    def __init__(self) -> None:
        self._under_way = 0

    async def read(self, request: Request) -> Upload:
        """What a request uploads.

        Raises `UnwelcomeError`, or `HTTPException` for what no page of ours sends.
        """
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told[:20]) > BYTES_AT_MOST + AROUND:
            raise UnwelcomeError("big")
        if self._under_way >= AT_ONCE:
            raise UnwelcomeError("busy")
        self._under_way += 1
        try:
            async with asyncio.timeout(SECONDS):
                return await _read(request)
        except TimeoutError:
            raise HTTPException(408, "Too slow.") from None
        except (MultiPartException, KeyError, ValueError, ClientDisconnect):
            raise HTTPException(400, "Not what this page sends.") from None
        finally:
            self._under_way -= 1


async def _read(request: Request) -> Upload:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(400, "Not what this page sends.")
    about = Headers({"content-type": request.headers["content-type"]})
    parser = MultiPartParser(about, _counted(request), max_files=1, max_fields=FIELDS, max_part_size=500)
    parser.spool_max_size = BYTES_AT_MOST + AROUND  # never onto a disk, where nothing is sealed
    form = await parser.parse()
    try:
        photo = form.get("photo")
        if not isinstance(photo, UploadFile):
            raise HTTPException(400, "Not what this page sends.")
        content = await photo.read()
    finally:
        await form.close()
    if len(content) > BYTES_AT_MOST:
        raise UnwelcomeError("big")
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return Upload(content, (photo.content_type or "")[:100].lower(), fields)


async def _counted(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BYTES_AT_MOST + AROUND:
            raise UnwelcomeError("big")
        yield chunk
