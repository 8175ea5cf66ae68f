"""`kindling worker`: plan and send beside other processes that share a PostgreSQL; nobody comes in this way."""

import asyncio

import structlog
import typer

from bot import compose, log
from bot import settings as settings_module
from bot.clock import Clock
from bot.commands import serving
from bot.instance import Kindling
from storage import guard

logger = structlog.get_logger()


def worker() -> None:
    """Plan and send what `kindling run` takes in, until stopped: as many as you like, on one PostgreSQL."""
    settings = settings_module.read()
    log.configure(settings.kindling_log_format, settings_module.secrets_of(settings))
    kindling = compose.build(settings, Clock())
    if kindling.store.sqlite:
        raise typer.BadParameter(
            "workers share a PostgreSQL: set KINDLING_DATABASE_URL=postgresql://…; on SQLite `kindling run` does it all"
        )
    guard.ensure_schema(kindling.store)
    with guard.hold(kindling.store):
        asyncio.run(_work(kindling))


async def _work(kindling: Kindling) -> None:
    compose.add_platforms(kindling)
    await kindling.start(taking_in=False)
    logger.info("working", accounts=sorted(kindling.senders))
    await serving.until_stopped()
    logger.info("stopping")
    await kindling.stop()
