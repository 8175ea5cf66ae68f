"""A stand-in for Telegram: a Bot API server as strict as the real one, and people to talk with the bot.

    with TelegramStandIn.in_thread() as telegram:
        ana = telegram.person(language="en", name="Ana")
        ana.says("/start")
        ana.presses(ana.hears("Welcome"), "Yes")

In an event loop write `async with TelegramStandIn() as telegram:` and `await telegram.wait_for(ana.hears, "Welcome")`.
"""

from tests.platforms.telegram.calls import Call, Calls
from tests.platforms.telegram.faults import Fault, Faults
from tests.platforms.telegram.people import Group, Person
from tests.platforms.telegram.standin import TOKEN, TelegramStandIn
from tests.platforms.telegram.world import File, Message, Press

__all__ = [
    "TOKEN",
    "Call",
    "Calls",
    "Fault",
    "Faults",
    "File",
    "Group",
    "Message",
    "Person",
    "Press",
    "TelegramStandIn",
]
