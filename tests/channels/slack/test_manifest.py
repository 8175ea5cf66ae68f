"""The app's manifest: what Slack's own types allow, no more than is needed, every command within reach."""

import json
from typing import Any

import pytest
import yaml

from bot.channels.slack import manifest as manifests
from bot.channels.slack.commands import OURS, RESERVED
from bot.cli import main
from bot.conversation.router import COMMANDS as CHAT
from bot.wording import menu
from bot.wording.tongue import LANGUAGES
from tests.platforms import slack_oracle

PUBLIC = "https://kindling.example.org"


def made(address: str = "", language: str = "en") -> dict[str, Any]:
    return manifests.manifest("Kindling", address, menu.entries(language), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["", PUBLIC])
def test_slack_takes_it_in_every_language_and_for_both_ways_in(address: str, language: str) -> None:
    assert slack_oracle.manifest_complaints(made(address, language)) == []


def test_each_way_in_has_what_it_needs() -> None:
    assert made()["settings"]["socket_mode_enabled"] is True
    http = made(PUBLIC)
    assert http["settings"]["socket_mode_enabled"] is False
    assert http["settings"]["event_subscriptions"]["request_url"] == f"{PUBLIC}/slack/events"
    assert http["oauth_config"]["redirect_urls"] == [f"{PUBLIC}/slack/oauth_redirect"]


def test_every_command_is_in_reach_and_none_is_one_of_slacks_own() -> None:
    own = {entry["command"].removeprefix("/") for entry in made()["features"]["slash_commands"]}
    assert own & RESERVED == set()
    assert OURS in own
    listed = {name for name, _ in menu.entries("en")}
    assert own - {OURS} == listed - RESERVED
    assert listed <= set(CHAT)


def test_it_asks_for_no_more_than_this() -> None:
    assert set(made()["oauth_config"]["scopes"]["bot"]) == {
        "app_mentions:read", "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:read", "im:history",
        "im:write", "users:read",
    }  # fmt: skip
    assert not [
        event for event in made()["settings"]["event_subscriptions"]["bot_events"] if event == "message.channels"
    ]


def test_the_command_line_prints_it_as_yaml_and_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KINDLING_PUBLIC_URL", raising=False)

    def printed(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            main(["slack", "manifest", *words])
        assert not end.value.code
        return capsys.readouterr().out

    assert yaml.safe_load(printed("--format", "yaml")) == made()
    assert json.loads(printed("--url", PUBLIC, "--lang", "de")) == made(PUBLIC, "de")
    assert json.loads(printed("--url", PUBLIC, "--mode", "socket")) == made()
