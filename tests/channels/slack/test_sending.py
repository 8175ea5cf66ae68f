"""What Slack refuses, delays or leaves in doubt, and what becomes of the message then."""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.message import Message, dump
from storage import deliveries, packs, subscribers
from tests import make
from tests.channels.slack.conftest import House, do, until
from tests.platforms.slack import SlackStandIn

STOPPING = ("token_revoked", "invalid_auth", "account_inactive")
MOVING = ("org_login_required", "enterprise_is_restricted", "team_access_not_granted")
GONE = (
    "channel_not_found",
    "user_disabled",
    "messages_tab_disabled",
    "is_archived",
    "cannot_dm_bot",
    "not_in_channel",
    "restricted_action",
    "ekm_access_denied",
)
POST = "chat.postMessage"


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as found:
        yield found


def nudges(house: House) -> list[dict[str, Any]]:
    return [row for row in house.rows("deliveries") if row["kind"] == "nudge"]


async def settled(house: House, status: str, number: int = 1) -> list[dict[str, Any]]:
    """Wait until so many nudges ended like this."""
    await until(lambda: [row["status"] for row in nudges(house)].count(status) == number)
    return nudges(house)


async def test_s5_a_channel_told_to_wait_waits_and_others_flow(house: House, slack: SlackStandIn) -> None:
    ana, ben, cid = (slack.person(name) for name in ("Ana", "Ben", "Cid"))
    await house.joins(ana, ben, cid)
    slack.faults.add(method=POST, channel=ana, retry_after=30, status=429)
    before = len(slack.calls.of(POST, ana))

    await house.next_evening()
    rows = await settled(house, "sent", 2)
    await asyncio.sleep(0.3)

    (waiting,) = [row for row in rows if row["status"] == "retry"]
    assert waiting["reason"] == "rate"
    assert 25 < (waiting["due_at"] - house.clock.now()).total_seconds() <= 30
    assert len(slack.calls.of(POST, ana)) == before + 1
    assert (await do(ana.types, "/help")).status == 200  # the person's own word is taken in meanwhile


async def test_s5_a_short_wait_is_waited_out_within_the_call(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    slack.faults.add(method=POST, retry_after=1, status=429)

    ana.says("hello")
    await do(ana.hears, "")

    first, second = slack.calls.of(POST)[:2]
    assert second.at - first.at >= 1


def together(conn: Any, house: House, number: int) -> None:
    """Put so many replies to the first person into the outbox at once."""
    reached = subscribers.reach(conn, house.workspace.name, house.rows("addresses")[0]["chat"])
    assert reached is not None
    bodies = [dump(Message(f"Word {nth}")) for nth in range(number)]
    deliveries.add_replies(conn, (None, reached.address_id, reached.account_id), bodies, house.clock.now())


async def test_s5_what_was_claimed_together_waits_together_and_in_order(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, channel=ana, retry_after=30, status=429)
    slack.calls.clear()

    await house.kindling.store.write(together, house, 3)
    house.kindling.wake(house.workspace.name)
    await until(lambda: [row["status"] for row in house.rows("deliveries")[-3:]] == ["retry", "pending", "pending"])
    await asyncio.sleep(0.3)

    assert [call.args["text"] for call in slack.calls.of(POST)] == ["Word 0"]
    waiting = house.rows("deliveries")[-3:]
    assert [row["due_at"] for row in waiting] == sorted(row["due_at"] for row in waiting)


async def test_s8_a_stopped_workspace_does_not_keep_the_process_from_ending(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, error="token_revoked", times=None)

    await house.kindling.store.write(together, house, 3)
    house.kindling.wake(house.workspace.name)
    await until(lambda: house.workspace.stopped)
    await asyncio.sleep(0.3)
    sender = house.kindling.senders[house.workspace.name]

    async with asyncio.timeout(5):
        await sender.finish()


async def test_s8_a_tick_ends_all_the_same_and_what_waits_is_kept(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, error="token_revoked", times=None)
    await house.kindling.store.write(together, house, 3)

    async with asyncio.timeout(20):
        await house.kindling.senders[house.workspace.name].drain()

    assert {row["status"] for row in house.rows("deliveries")[-3:]} <= {"pending", "retry"}


async def test_s6_a_connection_cut_after_acceptance_counts_once(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    before = len(slack.calls.accepted(POST))
    slack.faults.add(method=POST, after_send=True, drop=True)

    await house.next_evening()
    (row,) = await settled(house, "sent")

    assert len(slack.calls.accepted(POST)) == before + 1
    assert row["ref"].partition(":")[0] == ana.dm


async def test_s6_even_the_first_words_to_a_stranger_count_once(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    slack.faults.add(method=POST, after_send=True, drop=True)

    ana.says("hello")
    await until(lambda: house.rows("deliveries") and house.is_still())

    assert len(slack.calls.accepted(POST)) == 1
    assert {row["status"] for row in house.rows("deliveries")} == {"sent"}


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
async def test_s7_a_doubtful_nudge_is_found_by_its_mark(house: House, slack: SlackStandIn, error: str) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    before = len(slack.calls.accepted(POST))
    slack.faults.add(method=POST, after_send=True, error=error)

    await house.next_evening()
    (row,) = await settled(house, "sent")

    assert len(slack.calls.accepted(POST)) == before + 1
    assert row["ref"]


@pytest.mark.parametrize("how", [{"error": "internal_error"}, {"status": 503}, {"body": "<html>", "status": 502}])
async def test_s7_a_nudge_that_is_not_found_stays_in_doubt(
    house: House, slack: SlackStandIn, how: dict[str, Any]
) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    before = len(slack.calls.of(POST))
    slack.faults.add(method=POST, **how)

    await house.next_evening()
    await settled(house, "unsure")
    await asyncio.sleep(0.3)

    assert len(slack.calls.of(POST)) == before + 1


async def test_s7_where_nobody_may_look_it_stays_in_doubt(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, after_send=True, error="internal_error")
    slack.faults.add(method="conversations.history", scope="im:history")

    await house.next_evening()
    await settled(house, "unsure")

    assert house.workspace.stopped == ""


@pytest.mark.parametrize("error", STOPPING)
async def test_s8_a_refused_token_stops_the_workspace_with_one_alarm(
    house: House, slack: SlackStandIn, logs: list[Any], error: str
) -> None:
    people = [slack.person(f"Person {number}") for number in range(6)]
    await house.joins(*people)
    slack.faults.add(error=error, times=None)
    slack.calls.clear()

    await house.next_evening()
    await until(lambda: house.workspace.stopped)
    await asyncio.sleep(0.2)
    tried = len(slack.calls)
    for person in (*people, slack.person("Somebody new")):
        person.says("/me")
    await until(lambda: not [row for row in house.rows("inbox") if row["state"] == "new"])
    await asyncio.sleep(0.5)

    assert len(slack.calls) == tried <= 8  # what was in flight together, and no more
    assert [row["status"] for row in nudges(house)].count("sent") == 0
    alarms = [entry for entry in logs if entry["log_level"] == "error"]
    assert [entry["error"] for entry in alarms] == [error]
    assert await health(house) == error


async def test_s16_a_workspace_that_moves_is_held_and_tried_hourly(house: House, slack: SlackStandIn) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    await house.joins(ana, ben)
    for error in MOVING:
        slack.faults.add(method=POST, error=error)
    slack.calls.clear()

    await house.next_evening()
    await until(lambda: house.kindling.senders[house.workspace.name].pace.held() > 0)
    await asyncio.sleep(0.3)
    held = [row for row in nudges(house) if row["status"] == "retry"]

    assert house.workspace.stopped == ""
    assert held[0]["reason"] in MOVING
    assert {row["status"] for row in nudges(house)} <= {"sent", "pending", "retry"}
    assert house.kindling.senders[house.workspace.name].pace.wait() > 3500
    assert len(slack.calls.of(POST)) <= 2


async def test_s17_a_missing_scope_stops_and_is_named(house: House, slack: SlackStandIn, logs: list[Any]) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, scope="chat:write", times=None)

    await house.next_evening()
    await until(lambda: house.workspace.stopped)

    assert "chat:write" in await health(house)
    assert [entry["error"] for entry in logs if entry["log_level"] == "error"] == ["missing scope chat:write"]


@pytest.mark.parametrize("error", GONE)
async def test_s11_what_concerns_one_address_ends_with_it(house: House, slack: SlackStandIn, error: str) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    await house.joins(ana, ben)
    slack.faults.add(method=POST, channel=ana, error=error)

    await house.next_evening()
    await settled(house, "unreachable")
    await settled(house, "sent")
    states = {row["chat"]: row["reachable"] for row in house.rows("addresses")}

    assert states == {ana.id: False, ben.id: True}
    assert house.workspace.stopped == ""
    assert len(slack.calls.of(POST, ana)) - len(slack.calls.accepted(POST, ana)) == 1

    ana.listens()
    ana.says("hello again")
    await do(ana.hears, "")
    await until(house.is_still)
    assert {row["reachable"] for row in house.rows("addresses")} == {True}


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "invalid_arguments"])
async def test_s12_refused_blocks_are_said_once_in_plain_words(
    house: House, slack: SlackStandIn, logs: list[Any], error: str
) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method=POST, error=error)

    await house.next_evening()
    await settled(house, "sent")

    refused, plain = slack.calls.of(POST)[-2:]
    assert (refused.error, plain.accepted) == (error, True)
    assert plain.args["text"] == refused.args["text"]
    assert not plain.args.get("blocks")
    assert [entry["error"] for entry in logs if entry["log_level"] == "error"] == [error]


async def test_s12_words_refused_twice_are_given_up(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    before = len(slack.calls.of(POST))
    slack.faults.add(method=POST, error="invalid_blocks", times=2)

    await house.next_evening()
    await settled(house, "failed")
    await asyncio.sleep(0.2)

    assert len(slack.calls.of(POST)) == before + 2


async def test_s15_a_page_in_conflict_is_published_once_more(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    slack.faults.add(method="views.publish", error="hash_conflict")

    ana.opens_home()
    await until(lambda: ana.home is not None)

    assert [call.error for call in slack.calls.of("views.publish")] == ["hash_conflict", ""]


CALLS = (
    "<!channel> <!here> <!everyone> <!subteam^S0ABCDEF> <@{user}> <#C0ABCDEF> <mailto:a@b.c|*x*> @channel &lt;!here&gt;"
)


async def test_s19_a_call_to_everybody_is_inert_from_people_and_packs(house: House, slack: SlackStandIn) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    words = CALLS.format(user=ben.id)
    stories = {"loud": make.story("noise", chapter=1, text=f"A story. {words}", title=words)}
    actions = {"shout": make.action("noise", title=f"Shout {words}"[:70], ask=f"Will you? {words}"[:120])}
    pack = make.pack("noise", causes=("noise",), chapters=0, stories=stories, actions=actions)
    document = pack.model_dump_json(by_alias=True, exclude_none=True)
    await house.kindling.store.write(packs.publish, pack, document, {}, house.clock.now())
    await house.joins(ana)

    for command in ("/causes", "/act", "/me", "/help"):
        await do(ana.types, command)
    ana.says(f"I did something: {words}")
    ana.says(words, raw=True)
    for text in ("other", "tell", "draft", words):
        await do(ana.types, "/kindling", f"{text} {words}")
    ana.opens_home()
    await until(lambda: ana.home is not None and house.is_still())
    await house.next_evening()
    await until(house.is_still)

    heard = [message for message in ana.messages if message.from_bot]
    assert len(heard) > 8
    assert [message.mentions for message in heard if message.mentions] == []
    assert "<!" not in str([call.args for call in slack.calls if call.method != "users.info"]).replace("&lt;!", "")


async def test_s19_in_a_channel_too(house: House, slack: SlackStandIn) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    room = slack.channel("general", [ana, ben])
    await house.joins(ana)
    ana.invites_bot(room)
    ana.mentions(CALLS.format(user=ben.id), room)
    await do(ana.types, "/act", "<!channel>", room)
    await until(house.is_still)

    assert [message.mentions for message in room.messages if message.from_bot and message.mentions] == []


async def health(house: House) -> str:
    """What `/healthz` says of Slack."""
    async with aiohttp.ClientSession() as session, session.get(f"{house.address}/healthz") as answer:
        return str((await answer.json()).get("parts", {}).get("slack", ""))
