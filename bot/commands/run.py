"""`kindling run`: every configured channel, the web server and the schedule, until stopped."""

import asyncio
from typing import Annotated

import structlog
import typer

from bot import compose, log
from bot import settings as settings_module
from bot.clock import Clock
from bot.commands import serving
from bot.instance import Kindling
from storage import guard

WATCH_SECONDS = 2.0

logger = structlog.get_logger()


def run(
    release: Annotated[bool, typer.Option("--release", help="Let a restored instance send again.")] = False,
) -> None:
    """Serve every configured channel, the web server and the schedule until stopped."""
    settings = settings_module.read()
    log.configure(settings.kindling_log_format, settings_module.secrets_of(settings))
    kindling = compose.build(settings, Clock())
    guard.ensure_schema(kindling.store)
    with guard.hold(kindling.store):
        if release:
            kindling.store.write_now(guard.release)
        asyncio.run(_serve(kindling))


async def _serve(kindling: Kindling) -> None:
    settings = kindling.settings
    compose.add_all(kindling)
    try:
        sock = serving.bind(settings.kindling_host, settings.kindling_port)
    except OSError as error:
        await kindling.store.close()
        raise typer.BadParameter(
            f"cannot listen on {settings.kindling_host}:{settings.kindling_port} ({error.strerror}); "
            "set KINDLING_HOST or KINDLING_PORT"
        ) from None
    await kindling.recover()
    await kindling.start()
    async with serving.web_server(compose.web_app(kindling), sock), kindling.schedule():
        await _say_hello(kindling)
        replaced = await _until_stopped_or_replaced(kindling)
        logger.info("stopping")
        await kindling.stop()
    if replaced:
        raise guard.ReplacedError(" ".join((guard.ReplacedError.__doc__ or "").split()))


async def _until_stopped_or_replaced(kindling: Kindling) -> bool:
    """Wait for the end; true when somebody took the database's file away: what is written now is lost."""
    files = guard.files_of(kindling.store)
    stopped = asyncio.ensure_future(serving.until_stopped())
    while guard.is_ours(kindling.store, files):
        done, _ = await asyncio.wait([stopped], timeout=WATCH_SECONDS)
        if done:
            return False
    stopped.cancel()
    return True


async def _say_hello(kindling: Kindling) -> None:
    settings = kindling.settings
    host, port = settings.kindling_host, settings.kindling_port
    logger.info("serving", chat=f"http://{host}:{port}/chat", accounts=sorted(kindling.senders))
    if await kindling.store.read(guard.is_held):
        logger.warning("this instance was restored and is held: nothing is sent until `kindling run --release`")
