"""`/healthz`: well, or which part is ill and why."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Probe = Callable[[], Awaitable[str]]
"""Answers `""` when its part is well, else why it is not: short, without secrets."""

PATIENCE = 5.0


def route(probes: Mapping[str, Probe]) -> Route:
    """The route that asks every probe, by the name of its part."""

    async def health(_request: Request) -> Response:
        reasons = await asyncio.gather(*(_ask(probe) for probe in probes.values()))
        ill = {part: reason for part, reason in zip(probes, reasons, strict=True) if reason}
        answer = {"status": "ill", "parts": ill} if ill else {"status": "ok"}
        return JSONResponse(answer, 503 if ill else 200, headers={"Cache-Control": "no-store"})

    return Route("/healthz", health)


async def _ask(probe: Probe) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await probe()
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - a probe that fails is the finding; its words may hold a secret
        return type(error).__name__
