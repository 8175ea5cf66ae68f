"""Socket Mode: connections end by plan, by accident, in silence; nothing is lost, nothing is done twice."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance import slack as acting
from tests.acceptance.instance import PACKS, Instance
from tests.channels.slack.conftest import House, Locked, do, until
from tests.platforms.slack import Message, Person, SlackStandIn


def answers(person: Person) -> list[Message]:
    """What the bot said to a person, oldest first."""
    return [message for message in person.messages if message.from_bot]


async def help_of(house: House, person: Person) -> int:
    """How many messages one /help brings."""
    before = len(answers(person))
    assert (await do(person.types, "/help")).ok
    await until(lambda: len(answers(person)) > before and house.is_still())
    return len(answers(person)) - before


async def test_s13_two_connections_share_the_work(apart: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    for _ in range(5):
        assert await help_of(apart, ana) == each

    assert len(slack.sockets) == 2
    assert all(connection.sent for connection in slack.sockets)


async def test_s13_cut_connections_are_back_within_five_seconds(apart: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    before = len(answers(ana))

    slack.drop_sockets()
    assert slack.sockets == []
    ana.says("help")
    reply = await do(ana.types, "/help")  # Slack shows an error to who types while no socket comes within five seconds
    await until(lambda: len(slack.sockets) == 2)
    await until(lambda: len(answers(ana)) - before >= 2 * each and apart.is_still())

    assert reply.ok
    assert len(answers(ana)) - before == 2 * each
    assert apart.hub.ailing() == ""


async def test_s13_a_command_taken_while_the_socket_drops_is_answered_once(apart: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    before = len(answers(ana))

    with Locked(apart.db):
        typing = asyncio.create_task(do(ana.types, "/help"))
        said = ana.says("help")
        await until(lambda: sum(len(connection.pending) for connection in slack.sockets) == 2)
        await asyncio.sleep(0.1)
        slack.drop_sockets()
        reply = await typing
    await until(lambda: len(slack.sockets) == 2, 12)
    await until(lambda: len(answers(ana)) - before >= 2 * each and apart.is_still())
    await asyncio.sleep(0.3)

    assert reply.error == "connection_closed"
    assert said.ts
    assert len(answers(ana)) - before == 2 * each


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_s13_connections_that_are_renewed_lose_nothing(apart: House, slack: SlackStandIn, reason: str) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    before = len(answers(ana))
    first = set(slack.sockets)

    typing = [asyncio.create_task(do(ana.types, "/help")) for _ in range(5)]
    slack.disconnect_sockets(reason, grace=0.3)
    typing += [asyncio.create_task(do(ana.types, "/help")) for _ in range(5)]
    replies = await asyncio.gather(*typing)
    await until(lambda: len(answers(ana)) - before >= 10 * each and apart.is_still())
    await until(lambda: len(slack.sockets) == 2 and not first & set(slack.sockets))

    assert [reply.error for reply in replies if not reply.ok] == []
    assert len(answers(ana)) - before == 10 * each


async def test_s13_refused_connections_are_tried_until_they_come(apart: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    before = len(answers(ana))

    slack.refuse_sockets(5)
    slack.drop_sockets()
    ana.says("help")
    await until(lambda: len(slack.sockets) == 2, 30)
    await until(lambda: len(answers(ana)) - before >= each and apart.is_still())

    assert len(answers(ana)) - before == each


async def test_s13_silent_connections_are_noticed_and_replaced(apart: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    each = await help_of(apart, ana)
    before = len(answers(ana))
    frozen = set(slack.sockets)

    slack.freeze_sockets()
    ana.says("help")
    await until(lambda: len(set(slack.sockets) - frozen) == 2, 60)
    await until(lambda: len(answers(ana)) - before >= each and apart.is_still(), 20)

    assert len(answers(ana)) - before == each


async def test_s13_a_refused_app_token_is_said_and_health_turns_red(apart: House, slack: SlackStandIn) -> None:
    slack.faults.add(method="apps.connections.open", error="invalid_auth", times=None)
    sockets = apart.hub._sockets
    assert sockets is not None
    await sockets.stop()
    await sockets.start()

    await until(lambda: "SLACK_APP_TOKEN" in apart.hub.ailing())


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """A process of its own, which can be killed."""
    made = Instance(tmp_path)
    made.must("pack", "load", str(PACKS / "energy-access"))
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()


def kill(instance: Instance) -> None:
    assert instance.process is not None
    os.kill(instance.process.pid, signal.SIGKILL)
    instance.process.wait()


def killed_before_its_ack(instance: Instance, slack: SlackStandIn, ana: Person) -> None:
    """Let the process die after an event reached it and before anything was written down."""
    with Locked(instance.folder / "kindling.db"):
        handed_over = len(slack.acks)
        ana.says("hello")
        if slack.events_url is None:
            slack.wait(lambda: any(connection.pending for connection in slack.sockets))
        else:
            slack.wait(lambda: len(slack.acks) > handed_over)
        kill(instance)


@pytest.fixture
def outside() -> Iterator[SlackStandIn]:
    with SlackStandIn.in_thread() as standin:
        yield standin


def test_s14_an_envelope_whose_process_dies_before_the_ack_comes_again_once(
    instance: Instance, outside: SlackStandIn
) -> None:
    ana = outside.person("Ana")
    with acting.running(instance, outside, "socket"):
        killed_before_its_ack(instance, outside, ana)
        acting.start(instance)
        acting.button(ana, "join:")
        ana.listens()
        ana.hears_nothing(0.5)

    assert len(answers(ana)) == 1


def test_s3_a_retry_whose_first_delivery_died_with_us_is_handled(instance: Instance, outside: SlackStandIn) -> None:
    ana = outside.person("Ana")
    outside.pauses = ()
    with acting.running(instance, outside, "http"):
        killed_before_its_ack(instance, outside, ana)
        (lost,) = [ack for ack in outside.acks if ack.kind == "event"]
        acting.start(instance)
        hello = {"type": "message", "user": ana.id, "ts": "1.2", "text": "hello", "channel": ana.dm}
        for attempt in (2, 3):
            event = {**hello, "channel_type": "im"}
            assert outside.push(event, event_id=lost.event_id, retry=attempt).ok
        acting.button(ana, "join:")
        ana.listens()
        ana.hears_nothing(0.5)

    assert not lost.reply.ok
    assert len(answers(ana)) == 1
