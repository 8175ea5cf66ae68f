"""Faults on demand, installing and uninstalling, files: as often and as exactly as asked for."""

import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.slack import Person, SlackStandIn
from tests.platforms.slack.practice import client, over_http


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def ana(slack: SlackStandIn) -> Person:
    return slack.person("Ana")


@pytest.fixture
def web(slack: SlackStandIn) -> AsyncWebClient:
    return client(slack)


async def fails(web: AsyncWebClient, ana: Person) -> Any:
    with pytest.raises(SlackApiError) as error:
        await web.chat_postMessage(channel=ana.dm, text="hi")
    return error.value.response


async def test_a_fault_strikes_once_or_as_often_as_asked(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    slack.faults.add(method="chat.postMessage", error="internal_error")
    assert ((await fails(web, ana))["error"], ana.messages) == ("internal_error", [])
    await web.chat_postMessage(channel=ana.dm, text="hi")
    fault = slack.faults.add(method="chat.postMessage", error="fatal_error", times=None)
    assert [(await fails(web, ana))["error"] for _ in range(3)] == ["fatal_error"] * 3
    slack.faults.remove(fault)
    await web.chat_postMessage(channel=ana.dm, text="hi")
    assert [call.accepted for call in slack.calls.of("chat.postMessage")] == [False, True, False, False, False, True]


async def test_limits_and_scopes_are_said_in_slacks_words(
    slack: SlackStandIn, web: AsyncWebClient, ana: Person
) -> None:
    ben = slack.person("Ben")
    slack.faults.add(method="chat.postMessage", status=429, retry_after=30, channel=ana)
    await web.chat_postMessage(channel=ben.dm, text="others flow")
    answer = await fails(web, ana)
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "30")
    slack.faults.add(scope="chat:write")
    assert (await fails(web, ana))["needed"] == "chat:write"


async def test_a_message_may_be_sent_and_the_answer_lost(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    slack.faults.add(method="chat.postMessage", error="internal_error", after_send=True)
    assert ((await fails(web, ana))["error"], len(ana.messages)) == ("internal_error", 1)
    slack.faults.add(method="chat.postMessage", drop=True, after_send=True)
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=ana.dm, text="hi")
    slack.faults.add(method="chat.postMessage", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=ana.dm, text="hi")
    assert [(call.status, call.accepted) for call in slack.calls] == [(200, True), (0, True), (0, False)]
    slack.faults.add(body=b"<html>", status=503)
    await fails(web, ana)
    assert len(ana.messages) == 2


async def test_what_was_sent_is_found_by_its_metadata(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    metadata = {"event_type": "step", "event_payload": {"key": "1"}}
    await web.chat_postMessage(channel=ana.dm, text="hi", metadata=metadata)
    await web.chat_postMessage(channel=ana.dm, text="ho")
    found = await web.conversations_history(channel=ana.dm, include_all_metadata=True, limit=1)
    assert ([each["text"] for each in found["messages"]], found["has_more"]) == (["ho"], True)
    cursor = found["response_metadata"]["next_cursor"]
    found = await web.conversations_history(channel=ana.dm, include_all_metadata=True, cursor=cursor)
    assert [each["metadata"] for each in found["messages"]] == [metadata]


async def test_files_are_uploaded_in_three_steps(slack: SlackStandIn, web: AsyncWebClient, ana: Person) -> None:
    await web.files_upload_v2(channel=ana.dm, content=b"a,b", filename="report.csv", initial_comment="Here")
    heard = await slack.wait_for(ana.hears, "report.csv")
    file = slack.world.files[heard.files[0]["id"]]
    assert (heard.notification, file["data"], file["name"]) == ("Here", b"a,b", "report.csv")


async def test_people_and_places_are_listed(slack: SlackStandIn, web: AsyncWebClient) -> None:
    ana = slack.person("Ana Lopez", locale="es-ES", tz="Europe/Madrid")
    room = slack.channel("general", members=[ana])
    about = (await web.users_info(user=ana.id, include_locale=True))["user"]
    assert (about["locale"], about["tz"], about["name"]) == ("es-ES", "Europe/Madrid", "ana.lopez")
    assert [each["id"] for each in (await web.conversations_list())["channels"]] == [room.id]
    assert (await web.users_conversations())["channels"] == []
    ana.invites_bot(room)
    assert [each["id"] for each in (await web.users_conversations())["channels"]] == [room.id]
    assert (await web.conversations_members(channel=room.id))["members"] == [ana.id, slack.team.bot_user]
    first = await web.users_list(limit=1)
    second = await web.users_list(limit=1, cursor=first["response_metadata"]["next_cursor"])
    assert [first["members"][0]["is_bot"], second["members"][0]["id"]] == [True, ana.id]


@pytest.fixture
async def installable(slack: SlackStandIn, tmp_path: Any) -> AsyncIterator[str]:
    settings = AsyncOAuthSettings(
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        scopes=["chat:write", "im:history"],
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installs")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
    )
    web = AsyncWebClient(base_url=slack.api_url)
    app = AsyncApp(client=web, signing_secret=slack.signing_secret, oauth_settings=settings)

    @app.message("hello")
    async def hello(say: Any) -> None:
        await say("hi there")

    async with over_http(slack, app) as address:
        yield address


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_a_second_workspace_is_installed_by_a_browser(slack: SlackStandIn, installable: str) -> None:
    second = slack.new_team("Second")
    zoe = slack.person("Zoe", team=second)
    assert second.bot_token == ""
    page = await slack.wait_for(slack.install, installable, second, zoe)
    assert page.status == 200
    assert (second.installed, second.bot_token[:5], second.scopes) == (True, "xoxb-", ["chat:write", "im:history"])
    zoe.says("hello")
    await slack.wait_for(zoe.hears, "hi there")
    assert slack.calls.of("chat.postMessage")[0].token == second.bot_token
    page = await slack.wait_for(slack.install, installable, slack.new_team("Third"), zoe, approves=False)
    assert "access_denied" in page.body


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_codes_are_good_once_and_refresh_tokens_too(slack: SlackStandIn) -> None:
    slack.oauth.rotates = True
    team = slack.new_team("Second")
    code = slack.oauth.approve(team, "U1", ["chat:write"], "")
    web = AsyncWebClient(base_url=slack.api_url)
    secrets = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    answer = await web.oauth_v2_access(code=code, **secrets)
    for wrong in (
        {"code": code},
        {"code": "x"},
        {"code": code, "client_secret": "no"},
        {"code": code, "client_id": "no"},
    ):
        with pytest.raises(SlackApiError):
            await web.oauth_v2_access(**secrets | wrong)
    slack.expire_token(team)
    with pytest.raises(SlackApiError, match="token_expired"):
        await client(slack, answer["access_token"]).auth_test()
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    fresh = await web.oauth_v2_access(**secrets, **refresh)
    assert (await client(slack, fresh["access_token"]).auth_test())["team_id"] == team.id
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await web.oauth_v2_access(**secrets, **refresh)


def test_it_serves_tests_without_an_event_loop() -> None:
    with SlackStandIn.in_thread(check=lambda method, args: []) as slack:
        ana = slack.person("Ana")
        assert ana.says("hi").words == "hi"
        with pytest.raises(AssertionError, match="not heard by Ana"):
            ana.hears("nothing", timeout=0.05)


async def test_blocking_a_loop_is_refused(slack: SlackStandIn, ana: Person) -> None:
    with pytest.raises(AssertionError, match="wait_for"):
        ana.hears("x")
    with pytest.raises(AssertionError, match="wait_for"):
        ana.types("/act")


async def test_the_clock_may_be_wrong(slack: SlackStandIn, web: AsyncWebClient) -> None:
    slack.later(360)
    said = parsedate_to_datetime((await web.auth_test()).headers["Date"]).timestamp()
    assert 350 < said - time.time() < 370
    assert int(slack.signature(b"")["X-Slack-Request-Timestamp"]) - time.time() > 350


async def test_an_app_may_uninstall_itself(slack: SlackStandIn, web: AsyncWebClient) -> None:
    await web.apps_uninstall(client_id=slack.client_id, client_secret=slack.client_secret)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await web.auth_test()
    slack.world.install(slack.team)
    assert (await client(slack).auth_test())["ok"]
