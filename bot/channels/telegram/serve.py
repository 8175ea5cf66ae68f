"""The adapter: one bot on Telegram, from `start` to `stop`."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import structlog
from starlette.routing import BaseRoute
from telegram.error import InvalidToken

from bot.channels.telegram import fetching, outbound
from bot.channels.telegram.answers import Answers
from bot.channels.telegram.api import Api
from bot.channels.telegram.door import Doorkeeper, OnDuty, Pause, always
from bot.channels.telegram.health import PATIENT, Health, Timing
from bot.channels.telegram.inbound import incoming
from bot.channels.telegram.pictures import Find, Pictures
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.profile import register
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.webhook import Place, Webhook
from bot.channels.worker import Intake, Worker
from bot.message import File, Message, Outcome, Receipt

GROUP_A_MINUTE = 20
ONE_CALL = 500
"""Fewer characters fit even into a caption (1,024 UTF-16 units)."""

Commands = Mapping[str, Sequence[tuple[str, str]]]

log = structlog.get_logger()


@dataclass(eq=False, kw_only=True)
class TelegramAdapter:
    """One bot. `commands` maps a language (`""` for all others) to pairs of command and description.

    `pictures` finds the media type and the bytes of an image that is no https address. `on_username` is told the
    bot's name as soon as Telegram has told us. `on_duty` tells whether this process, of several, is the one that polls.
    Raises `ValueError` when settings cannot be right.
    """

    token: str = field(repr=False)
    intake: Intake = field(repr=False)
    pictures: Find = field(repr=False)
    secret: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    commands: Commands = field(default_factory=dict, repr=False)
    rate: float = 30.0
    chat_gap: float = 1.0
    on_username: Callable[[str], None] = lambda _name: None
    on_duty: OnDuty = always
    clock: Callable[[], float] = time.monotonic
    pause: Pause = asyncio.sleep
    chance: random.Random = field(default_factory=random.Random, repr=False)
    timing: Timing = PATIENT

    name: str = field(init=False)
    username: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.token = self.token.strip()
        if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]+", self.token):
            raise ValueError("TELEGRAM_BOT_TOKEN is not a token: it looks like 123456789:AA…, as @BotFather gives it")
        if self.mode == "webhook" and not self.public_url:
            raise ValueError(
                "TELEGRAM_MODE=webhook needs KINDLING_PUBLIC_URL, the address under which Telegram finds us"
            )
        bot = self.token.partition(":")[0]
        self.name = f"telegram:{bot}"
        self.health = Health(self.clock, self.timing.red)
        self._api = Api(self.token, self.api_url)
        self._sender = Sender(self._api, Pictures(self.pictures))
        self._answers = Answers(self._api)
        self._worker = Worker(self.name, self.intake, self._answers.answer, self.pause)
        keep, place = self._worker.keep, Place(self.public_url, bot, self.secret)
        self._webhook = Webhook(self._api, keep, place, self.timing)
        door = self._webhook if self.mode == "webhook" else Polling(self._api, keep, self.timing, self.pause)
        duty = always if self.mode == "webhook" else self.on_duty
        self._keeper = Doorkeeper(door, self._greet, self.health, self.timing, self.pause, self.chance, duty)
        self._tasks: list[asyncio.Task[None]] = []
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def crowd(self, chat: str) -> int:
        """Twenty a minute to a group; a group's number is negative (core.telegram.org/bots/faq)."""
        return GROUP_A_MINUTE if chat.startswith("-") else 0

    def cost(self, message: Message) -> int:
        """As many as the calls it takes: long texts and pictures with long captions are sent in parts."""
        if len(message.text) < ONE_CALL and message.document is None:
            return 1
        return max(1, len(outbound.calls("0", message)))

    async def open(self) -> None:
        """Make ready to send without taking anything in: for a tick of its own."""
        await self._api.open()

    async def start(self) -> None:
        """Begin to take in what people do; when Telegram cannot be reached now, it is tried until it can."""
        self.health.begin()
        await self._api.open()
        wait = await self._keeper.try_to_open()
        self._worker.start(lambda tree: incoming(tree, self.name, self.username))
        self._tasks.append(asyncio.create_task(self._keeper.run(wait), name=f"{self.name} in"))

    async def stop(self) -> None:
        """Stop taking in, finish what is in hand, close connections."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._worker.stop(self.timing.finish)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), self.timing.finish)
        await self._answers.finish(self.timing.finish)
        await self._api.close()

    async def send(self, chat: str, message: Message) -> Receipt:
        """Send or edit one message; never raises for what Telegram answers."""
        self._in_hand += 1
        self._idle.clear()
        try:
            receipt = await self._sender.send(chat, message)
        except Exception as error:
            log.exception("message could not be sent")
            receipt = Receipt(Outcome.FAILED, reason=type(error).__name__)
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()
        self.health.sent(receipt)
        return receipt

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file somebody sent."""
        return await fetching.fetch(self._api, file)

    def look(self, chat: str = "") -> None:  # noqa: ARG002 - the contract of an adapter
        """Handle what another process wrote down."""
        self._worker.look()

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook's route, when updates come that way."""
        return [self._webhook.route()] if self.mode == "webhook" else []

    def ailing(self) -> str:
        """Why this account is not well, empty when it is."""
        return self.health.ailing()

    async def _greet(self) -> None:
        me = await self._api.call("getMe", {})
        self.username = str(me.get("username", ""))
        self.on_username(self.username)
        if self.commands:
            self._tasks.append(asyncio.create_task(self._register(), name=f"{self.name} commands"))

    async def _register(self) -> None:
        try:
            await register(self._api, self.commands)
        except InvalidToken:
            return  # the next poll finds out, and says so
        except Exception as error:  # noqa: BLE001 - people can write commands that are not suggested
            log.warning("commands not registered", error=type(error).__name__)
