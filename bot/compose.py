"""The one place where everything is built and joined; tests call it with other parts."""

import asyncio
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import settings as settings_module
from bot.clock import Clock
from bot.conversation import passes
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from bot.instance import Kindling
from bot.probes import probes
from bot.settings import Settings
from bot.wording import menu
from storage import accounts, drawings, photos
from storage.store import Store

if TYPE_CHECKING:
    from bot.channels.web.demo import Demo


def build(settings: Settings, clock: Clock) -> Kindling:
    """An instance without accounts yet: the store, and the conversation joined to it."""
    store = Store(settings.kindling_database_url.get_secret_value())
    house = House(
        public_url=settings.kindling_public_url.rstrip("/"),
        secret=settings_module.secret(settings),
        rates=settings_module.rates(settings),
    )
    intake = Intake(store, clock, house)
    kindling = Kindling(settings, clock, store, house, intake)
    intake.wake = kindling.wake
    intake.say = kindling.say
    return kindling


def add_web(kindling: Kindling, demo: "Demo | None" = None) -> None:
    """Add the web chat."""
    from bot.channels.web.serve import WebAdapter

    kindling.join(
        WebAdapter(
            store=kindling.store,
            intake=kindling.intake,
            clock=kindling.clock,
            secret=kindling.house.secret,
            commands=menu.tables(),
            demo=demo,
        )
    )


def add_telegram(kindling: Kindling) -> None:
    """Add the Telegram account that the settings name, if they name one.

    Raises `ValueError` when its settings cannot be right.
    """
    settings = kindling.settings
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return
    from bot.channels.telegram.serve import TelegramAdapter

    store = kindling.store

    async def picture(source: str) -> tuple[str, bytes] | None:
        if (number := passes.number_of(source)) is not None:
            photo = await store.read(photos.picture, number, kindling.house.secret)
            return ("image/jpeg", photo) if photo else None
        found = await store.read(drawings.find, source)
        return (found.media_type, found.content) if found else None

    adapter = TelegramAdapter(
        token=token,
        intake=kindling.intake,
        pictures=picture,
        secret=kindling.house.secret,
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        public_url=kindling.house.public_url,
        commands=menu.tables(),
        rate=settings.telegram_rate,
        on_duty=lambda: kindling.engine.on_duty(adapter.name),
    )
    known: set[asyncio.Task[None]] = set()

    def remember(username: str) -> None:
        task = asyncio.ensure_future(store.write(accounts.know, adapter.name, username))
        known.add(task)
        task.add_done_callback(known.discard)

    adapter.on_username = remember
    kindling.join(adapter)


def add_slack(kindling: Kindling) -> None:
    """Add Slack, if the settings name a workspace or an app to install in many.

    Raises `ValueError` when its settings cannot be right.
    """
    from bot.channels.slack.access import access

    found = access(kindling.settings)
    if found is None:
        return
    from bot.channels.slack.hub import SlackHub
    from bot.channels.slack.records import Records
    from bot.conversation.router import COMMANDS

    kindling.hubs.append(
        SlackHub(
            access=found,
            intake=kindling.intake,
            records=Records(kindling.store, kindling.house.secret),
            engine=kindling.store.lender,
            secret=kindling.house.secret,
            clock=kindling.clock,
            join=kindling.speak_for,
            leave=kindling.fall_silent,
            commands=frozenset(COMMANDS),
        )
    )


def add_all(kindling: Kindling) -> None:
    """Add every channel that the settings name.

    Raises `ValueError` when the settings of one cannot be right.
    """
    add_web(kindling)
    add_telegram(kindling)
    add_slack(kindling)


def add_platforms(kindling: Kindling) -> None:
    """Add the platforms that the settings name, and no web chat.

    Raises `ValueError` when the settings of one cannot be right.
    """
    add_telegram(kindling)
    add_slack(kindling)


def web_app(kindling: Kindling) -> Starlette:
    """The web server's application: every adapter's routes, the public page, health, metrics, pictures."""
    from bot.web import app, collector, go, health, hooks, impact, letter, metrics, pictures
    from bot.web import photos as shown_photos

    registry = CollectorRegistry()
    registry.register(collector.Sent(lambda: {name: sender.counts for name, sender in kindling.senders.items()}))
    routes: list[BaseRoute] = [
        *(route for way in kindling.ways for route in way.routes()),
        impact.ImpactPage(kindling.store, kindling.clock).route(),
        health.route(probes(kindling)),
        metrics.route(registry),
        pictures.route(kindling.store),
        go.route(kindling.store, kindling.clock, kindling.house.secret),
        hooks.route(kindling.store, kindling.clock, kindling.house, kindling.wake),
        letter.LetterPage(kindling.store, kindling.clock, kindling.house.secret).route(),
        shown_photos.route(kindling.store, kindling.clock, kindling.house.secret),
    ]
    return app.build(routes)
