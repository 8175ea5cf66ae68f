"""How a platform hands out a file: honestly, or in one of the ways that a client has to bear."""

import asyncio
import contextlib

from aiohttp import web

DRIP = "drip"
ENDLESS = "endless"
CUT = "cut"
BROKEN = "broken"
REDIRECT = "redirect "
"""Followed by the address that it leads to."""


async def hand_out(request: web.Request, data: bytes, manner: str, media_type: str) -> web.StreamResponse:
    """Answer with a file."""
    if manner == BROKEN:
        return web.Response(status=503)
    if manner.startswith(REDIRECT):
        return web.Response(status=302, headers={"Location": manner.removeprefix(REDIRECT)})
    if not manner:
        return web.Response(body=data, content_type=media_type)
    answer = web.StreamResponse(headers={"Content-Type": media_type})
    if manner == CUT:
        answer.content_length = len(data)
    await answer.prepare(request)
    with contextlib.suppress(ConnectionError):
        await _misbehave(request, answer, data, manner)
    return answer


async def _misbehave(request: web.Request, answer: web.StreamResponse, data: bytes, manner: str) -> None:
    if manner == CUT:
        await answer.write(data[: len(data) // 2])
        if request.transport is not None:
            request.transport.abort()
    while manner == DRIP:
        await answer.write(b"x")
        await asyncio.sleep(0.05)
    while manner == ENDLESS:
        await answer.write(bytes(500_000))
