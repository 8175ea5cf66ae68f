"""What a person does in Slack, in the words of the tests: taps by what a button sends, the first talk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.acceptance.instance import Instance
from tests.platforms.slack import Message, Person, SlackStandIn

MODES = ("socket", "http")


def settings(slack: SlackStandIn, mode: str, port: int) -> dict[str, str]:
    """The environment of an instance for one workspace, by one way in."""
    named = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.team.bot_token}
    if mode == "socket":
        return {**named, "SLACK_APP_TOKEN": slack.app_token}
    slack.events_url = f"http://127.0.0.1:{port}/slack/events"
    return {**named, "SLACK_SIGNING_SECRET": slack.signing_secret}


@contextmanager
def running(instance: Instance, slack: SlackStandIn, mode: str) -> Iterator[Instance]:
    """The instance, serving Slack by one way in."""
    instance.settings |= settings(slack, mode, instance.port)
    start(instance)
    try:
        yield instance
    finally:
        instance.stops()


def start(instance: Instance) -> None:
    """Start an instance, and wait until Slack reaches it."""
    instance.starts()
    instance.wait(lambda: "slack" in (instance.health() or {}).get("parts", {"slack": 1}) and is_well(instance))


def is_well(instance: Instance) -> bool:
    """Whether everything is well."""
    return (instance.health() or {}).get("code") == 200


def presses_of(message: Any) -> list[str]:
    """What the buttons of a message or a view send."""
    blocks = message.blocks if isinstance(message, Message) else message["blocks"]
    return [e.get("value", "") for b in blocks if b["type"] == "actions" for e in b["elements"]]


def button(person: Person, press: str) -> tuple[Message, str]:
    """Wait for a message with a button that sends something beginning like this; the newest one."""

    def found() -> Message | None:
        for message in reversed(person.messages):
            if any(value.startswith(press) for value in presses_of(message)):
                return message
        return None

    message = person._stage.wait(found, 10, lambda: f"no button {press}: {person.messages}")
    assert message is not None
    return message, action_id(message, press)


def action_id(message: Any, press: str) -> str:
    """The id of the button that sends something beginning like this."""
    blocks = message.blocks if isinstance(message, Message) else message["blocks"]
    elements = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
    return str(next(e["action_id"] for e in elements if e.get("value", "").startswith(press)))


def taps(person: Person, press: str) -> None:
    """Press the newest button that sends this."""
    reply = person.presses(*button(person, press))
    assert reply.status == 200, reply


def joins(person: Person, hour: str = "1080") -> None:
    """Go through the first talk in four taps, to the first story."""
    person.says("hello")
    for wanted in ("join:cause:", "join:go", "join:freq:daily", f"join:hour:{hour}"):
        taps(person, wanted)
    button(person, "done:")
