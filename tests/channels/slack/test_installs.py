"""Installs in many workspaces: added and removed while we run, told apart, and their tokens erased to the last byte."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.wording import workplace as words
from storage import sealed
from tests.channels.slack.conftest import House, do, running, until
from tests.channels.slack.test_socket import answers
from tests.platforms.slack import Person, Reply, SlackStandIn, Team

POST = "chat.postMessage"
ORDERS = (("app_uninstalled", "tokens_revoked"), ("tokens_revoked", "app_uninstalled"))


@pytest.fixture
async def hub(slack: SlackStandIn, tmp_path: Path) -> Any:
    """An instance for many workspaces."""
    async with running(slack, tmp_path, "oauth") as made:
        yield made


async def installed(house: House, name: str, enterprise: str | None = None) -> tuple[Team, Person]:
    """A workspace that has us installed, and who did that."""
    team = house.slack.new_team(name, enterprise)
    ana = house.slack.person("Ana", team=team)
    page = await do(house.slack.install, house.address, team, ana)
    assert page.status == 200
    assert name in page.body
    return team, ana


def token_bytes(house: House, token: str) -> list[str]:
    """The files of the database in which a token is found."""
    return [each.name for each in house.db.parent.glob("kindling.db*") if token.encode() in each.read_bytes()]


async def test_two_workspaces_are_served_each_with_its_token(hub: House, slack: SlackStandIn) -> None:
    (one, ana), (two, ben) = [await installed(hub, name) for name in ("Wells", "Trees")]

    await hub.joins(ana, ben)

    for team, person in ((one, ana), (two, ben)):
        tokens = {call.token for call in slack.calls.of(POST) if call.channel in (person.id, person.dm)}
        assert tokens == {team.bot_token}
    assert {row["name"] for row in hub.rows("accounts")} >= {f"slack:{one.id}", f"slack:{two.id}"}
    assert hub.hub.ailing() == ""


async def test_the_page_after_an_install_speaks_the_language_of_the_browser(hub: House, slack: SlackStandIn) -> None:
    address = f"{hub.address}/slack/oauth_redirect?error=access_denied&state=x"
    german = {"Accept-Language": "de-DE,de"}
    async with aiohttp.ClientSession(headers=german) as session, session.get(address) as answer:
        page = await answer.text()

    assert answer.status < 500
    assert words.not_added("de")[0] in page


async def test_an_install_that_was_cancelled_is_explained(hub: House, slack: SlackStandIn) -> None:
    team = slack.new_team("Wells")

    page = await do(slack.install, hub.address, team, slack.person("Ana", team=team), approves=False)

    assert page.status in (200, 400, 401)
    assert words.not_added("en")[1] in page.body
    assert hub.hub.workspaces == {}


@pytest.mark.parametrize("fault", [{"drop": True}, {"error": "invalid_code"}, {"body": "<html>", "status": 502}])
async def test_an_install_that_slack_does_not_confirm_is_explained(
    hub: House, slack: SlackStandIn, fault: dict[str, Any]
) -> None:
    slack.faults.add(method="oauth.v2.access", **fault)
    team = slack.new_team("Wells")

    page = await do(slack.install, hub.address, team, slack.person("Ana", team=team))

    assert page.status >= 400
    assert words.not_added("en")[0] in page.body
    assert hub.rows("slack_bots") == []


async def test_a_state_serves_once_and_only_the_browser_that_began(hub: House, slack: SlackStandIn) -> None:
    team = slack.new_team("Wells")
    ana = slack.person("Ana", team=team)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        begun, cookie = await _begin(session, hub)

        async def back(state: str, cookie: str) -> int:
            code = slack.oauth.approve(team, ana.id, begun["scope"].split(","), begun["redirect_uri"])
            query = urlencode({"code": code, "state": state})
            async with session.get(f"{hub.address}/slack/oauth_redirect?{query}", headers={"Cookie": cookie}) as answer:
                return answer.status

        foreign, _ = await _begin(session, hub)
        refused = [
            await back(begun["state"], ""),
            await back("forged", cookie),
            await back(foreign["state"], cookie),
            await back("forged", "slack-app-oauth-state=forged"),
        ]
        assert hub.rows("slack_bots") == []
        first, again = await back(begun["state"], cookie), await back(begun["state"], cookie)

    assert all(status in (400, 401) for status in refused)
    assert (first, again) == (200, 401)
    assert len(hub.rows("slack_bots")) == 1


async def _begin(session: aiohttp.ClientSession, house: House) -> tuple[dict[str, str], str]:
    async with session.get(f"{house.address}/slack/install", allow_redirects=False) as answer:
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in answer.cookies.items())
    return {name: values[0] for name, values in query.items()}, cookie


async def test_another_process_finds_the_install(hub: House, slack: SlackStandIn, tmp_path: Path) -> None:
    first = slack.events_url
    async with running(slack, tmp_path, "oauth") as other:
        second, slack.events_url = slack.events_url, first
        team, ana = await installed(hub, "Wells")
        slack.events_url = second
        assert other.hub.workspaces == {}

        ana.says("hello")
        await do(ana.hears, "")
        assert list(other.hub.workspaces) == [team.id]
        await until(hub.is_still)

        # Removed and installed anew elsewhere: the other process learns the new token when it is written to.
        slack.events_url = first
        await asyncio.wrap_future(slack.uninstalls(team))
        await do(slack.install, hub.address, team, ana)
        slack.events_url = second
        for _ in range(2):
            ana.says("hello")
            await until(lambda: not [row for row in hub.rows("inbox") if row["state"] == "new"])
            await asyncio.sleep(0.3)
        assert slack.calls.accepted(POST)[-1].token == team.bot_token


async def test_a_workspace_without_us_is_told_so_politely(hub: House, slack: SlackStandIn) -> None:
    stranger = slack.person("Ana")  # Slack believes that we are installed there; we know of no token
    room = slack.channel("general", [stranger])

    reply = await do(stranger.types, "/help", "", room)
    stranger.says("hello")
    await until(lambda: [ack for ack in slack.acks if ack.kind == "event"])
    await asyncio.sleep(0.2)

    assert reply.body == {"response_type": "ephemeral", "text": words.not_installed()}
    assert {ack.status for ack in slack.acks} == {200}
    assert slack.calls.of(POST) == []
    assert hub.rows("inbox") == []


@pytest.mark.parametrize("order", ORDERS)
async def test_s10_an_uninstall_erases_tokens_and_cancels_what_waits(
    hub: House, slack: SlackStandIn, order: tuple[str, ...]
) -> None:
    team, ana = await installed(hub, "Wells")
    other, ben = await installed(hub, "Trees")
    await hub.joins(ana, ben)
    slack.faults.add(method=POST, channel=ana, retry_after=30, status=429)
    await do(ana.types, "/help")
    await until(lambda: [row for row in hub.rows("deliveries") if row["status"] == "retry"])
    (kept,) = [row["bot_token"] for row in hub.rows("slack_bots") if row["team_id"] == team.id]
    assert token_bytes(hub, team.bot_token) == []
    assert token_bytes(hub, kept)

    for _ in range(2):
        await asyncio.wrap_future(slack.uninstalls(team, order=order))
    await until(lambda: team.id not in hub.hub.workspaces and hub.is_still())

    assert token_bytes(hub, kept) == []
    assert [row["team_id"] for row in hub.rows("slack_bots")] == [other.id]
    assert {row["status"] for row in hub.rows("deliveries")} == {"sent", "cancelled"}
    assert {row["chat"]: row["reachable"] for row in hub.rows("addresses")} == {ana.id: False, ben.id: True}
    assert [ack.status for ack in slack.acks if ack.name in order] == [200] * 4
    assert hub.hub.ailing() == ""
    ben.listens()
    ben.says("help")
    await do(ben.hears, "")


@pytest.mark.parametrize("order", ORDERS)
async def test_s10_a_reinstall_lives_on_when_late_news_of_the_old_one_arrive(
    hub: House, slack: SlackStandIn, order: tuple[str, ...]
) -> None:
    team, ana = await installed(hub, "Wells")
    await hub.joins(ana)
    await asyncio.wrap_future(slack.uninstalls(team, order=order))
    await until(lambda: team.id not in hub.hub.workspaces)

    page = await do(slack.install, hub.address, team, ana)
    late = [await asyncio.wrap_future(slack.uninstalls(team, team.installed_at - 60, order)) for _ in range(2)]
    ana.listens()
    ana.says("hello again")
    await do(ana.hears, "")
    await until(hub.is_still)

    assert page.status == 200
    assert {reply.status for replies in late for reply in replies} == {200}
    (kept,) = hub.rows("slack_bots")
    assert sealed.unseal(kept["bot_token"].encode(), hub.hub.secret) == team.bot_token
    assert [row["reachable"] for row in hub.rows("addresses")] == [True]
    assert slack.calls.accepted(POST)[-1].token == team.bot_token


async def test_s10_a_persons_own_revoked_token_concerns_nobody_else(hub: House, slack: SlackStandIn) -> None:
    team, ana = await installed(hub, "Wells")
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [ana.id], "bot": []}}

    assert (await do(slack.push, revoked, team=team)).ok
    ana.says("hello")
    await do(ana.hears, "")

    assert list(hub.hub.workspaces) == [team.id]


async def test_s10_a_database_that_is_away_does_not_lose_an_uninstall(
    hub: House, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, _ = await installed(hub, "Wells")
    leave, tries = hub.hub.records.leave, []

    async def flaky(*args: Any) -> None:
        tries.append(args)
        if len(tries) == 1:
            raise OSError("away")
        await leave(*args)

    monkeypatch.setattr(hub.hub.records, "leave", flaky)
    await asyncio.wrap_future(slack.uninstalls(team, order=("app_uninstalled",)))
    await until(lambda: hub.rows("slack_bots") == [])
    assert len(tries) == 2


async def test_s10_the_only_workspace_that_removes_us_turns_health_red(house: House, slack: SlackStandIn) -> None:
    await asyncio.wrap_future(slack.uninstalls(slack.team))
    await until(lambda: house.hub.workspaces == {})

    assert "removed the app" in house.hub.ailing()


async def test_s8_one_workspace_that_refuses_us_leaves_the_others_alone(hub: House, slack: SlackStandIn) -> None:
    (one, ana), (_two, ben) = [await installed(hub, name) for name in ("Wells", "Trees")]
    await hub.joins(ana, ben)
    slack.faults.add(team=one, error="token_revoked", times=None)

    ana.says("help")
    await until(lambda: hub.hub.workspaces[one.id].stopped)
    ben.says("help")
    await do(ben.hears, "")
    assert hub.hub.ailing() == ""
    slack.faults.clear()

    await do(slack.install, hub.address, one, ana)
    ana.listens()
    ana.says("help")
    await do(ana.hears, "")


async def test_s22_one_user_id_in_two_workspaces_is_two_people_to_us(hub: House, slack: SlackStandIn) -> None:
    _, ana = await installed(hub, "Wells", enterprise="E0GRID01")
    two = slack.new_team("Trees", "E0GRID01")
    again = slack.person("Ana", team=two, id=ana.id)
    assert (await do(slack.install, hub.address, two, again)).status == 200

    await hub.joins(ana)
    before = len(answers(ana))
    again.says("hello")
    await do(again.hears, "")
    await until(hub.is_still)

    assert ana.id.startswith("W")
    assert [row["chat"] for row in hub.rows("addresses")] == [ana.id, ana.id]
    assert len({row["account_id"] for row in hub.rows("addresses")}) == 2
    assert len(answers(ana)) == before
    assert slack.calls.accepted(POST, again)[-1].token == two.bot_token
    assert {state["state"] for state in hub.rows("subscribers")} == {"active"}


async def test_s22_an_install_for_a_whole_organization_is_one_account(hub: House, slack: SlackStandIn) -> None:
    one, two = slack.new_team("Wells", "E0GRID01"), slack.new_team("Trees", "E0GRID01")
    slack.world.install(one)
    ana = slack.person("Ana", team=one)
    whole = Installation(
        app_id=slack.app_id, enterprise_id="E0GRID01", is_enterprise_install=True, bot_token=one.bot_token,
        bot_id=one.bot_id, bot_user_id=one.bot_user, user_id=ana.id, token_type="bot",
    )  # fmt: skip
    installing = hub.hub._installing
    assert installing is not None
    await installing._flow.settings.installation_store.async_save(whole)

    for number, team in enumerate((one, two)):
        assert (await do(_from_an_organization, slack, team, ana, number)).status == 200
    await until(lambda: len(answers(ana)) == 2 and hub.is_still())

    assert list(hub.hub.workspaces) == ["E0GRID01"]
    assert [row["chat"] for row in hub.rows("addresses")] == [ana.id]
    assert "slack:E0GRID01" in {row["name"] for row in hub.rows("accounts")}


def _from_an_organization(slack: SlackStandIn, team: Team, ana: Person, number: int) -> Reply:
    event = {"type": "message", "channel_type": "im", "user": ana.id, "ts": "1.2", "text": "hello", "channel": ana.dm}
    whose = {"enterprise_id": "E0GRID01", "team_id": None, "is_bot": True, "is_enterprise_install": True}
    tree = {"type": "event_callback", "team_id": team.id, "enterprise_id": "E0GRID01", "event_id": f"EvOrg{number}"}
    body = json.dumps({**tree, "event": event, "authorizations": [whose]}).encode()
    return slack.post_raw(body, {"Content-Type": "application/json", **slack.signature(body)})
