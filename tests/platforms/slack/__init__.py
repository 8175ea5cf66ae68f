"""A stand-in for Slack: a Web API as strict as the real one, and people in workspaces who talk with the bot.

    with SlackStandIn.in_thread() as slack:
        slack.events_url = "http://127.0.0.1:8080/slack/events"   # or none: Socket Mode
        ana = slack.person("Ana")
        ana.says("hello")
        ana.presses(ana.hears("Welcome"), "Yes")

In an event loop write `async with SlackStandIn() as slack:` and `await slack.wait_for(ana.hears, "Welcome")`.
"""

from tests.platforms.slack.calls import Ack, Call, Calls, Reply
from tests.platforms.slack.faults import Fault, Faults
from tests.platforms.slack.messages import Message
from tests.platforms.slack.people import Person
from tests.platforms.slack.rooms import Room
from tests.platforms.slack.standin import SlackStandIn
from tests.platforms.slack.world import Team

__all__ = ["Ack", "Call", "Calls", "Fault", "Faults", "Message", "Person", "Reply", "Room", "SlackStandIn", "Team"]
