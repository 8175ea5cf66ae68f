"""Every press is answered, beside the work on what was pressed: the person's client waits for it."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence

import structlog

from bot.channels.telegram.api import Api
from bot.channels.telegram.inbound import press_id
from bot.channels.telegram.outbound import NOTICE_AT_MOST
from bot.message import Message
from content.text import shorten

UNDER_WAY_AT_MOST = 200
REMEMBERED = 5000
ANSWER_SECONDS = 5.0

log = structlog.get_logger()


class Answers:
    """Answers presses, each once, in tasks of their own."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered: OrderedDict[str, None] = OrderedDict()

    def answer(self, raw: str, messages: Sequence[Message]) -> None:
        """Answer a press with the first notice among the messages; nothing to do for other updates."""
        press = _press_in(raw)
        if not press or press in self._answered:
            return
        self._answered[press] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        if len(self._tasks) >= UNDER_WAY_AT_MOST:
            log.warning("press left unanswered", under_way=len(self._tasks))
            return
        notice = next((message.notice for message in messages if message.notice), "")
        task = asyncio.create_task(self._say(press, notice))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for the answers under way, and give up those that take too long."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _say(self, press: str, notice: str) -> None:
        params = {"callback_query_id": press}
        if notice:
            params["text"] = shorten(notice, NOTICE_AT_MOST)
        try:
            await self._api.call("answerCallbackQuery", params, read_seconds=ANSWER_SECONDS)
        except Exception as error:  # noqa: BLE001 - what was pressed stands, only its sign of receipt is missing
            log.info("press not answered", error=type(error).__name__)


def _press_in(raw: str) -> str:
    if '"callback_query"' not in raw:
        return ""
    try:
        return press_id(json.loads(raw))
    except (ValueError, RecursionError):
        return ""
