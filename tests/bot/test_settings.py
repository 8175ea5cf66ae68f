"""Settings: names, defaults, where they come from, and a secret that is made once."""

from pathlib import Path

import pytest

from bot import settings
from bot.channels.slack import workspace
from bot.channels.telegram.serve import TelegramAdapter
from bot.channels.web.serve import WebAdapter


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def test_defaults_are_those_of_the_contract() -> None:
    found = settings.read()

    assert found.kindling_database_url.get_secret_value() == "sqlite:///kindling.db"
    assert (found.kindling_host, found.kindling_port, found.kindling_lanes) == ("127.0.0.1", 8080, 8)
    assert (found.telegram_mode, found.telegram_rate) == ("polling", 30)


def test_the_environment_wins_over_the_file(a_folder_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (a_folder_of_its_own / ".env").write_text("KINDLING_PORT=9000\nKINDLING_HOST=0.0.0.0\n")
    monkeypatch.setenv("KINDLING_PORT", "9001")
    found = settings.read()

    assert (found.kindling_host, found.kindling_port) == ("0.0.0.0", 9001)
    assert settings.source_of("KINDLING_PORT") == "environment"
    assert settings.source_of("KINDLING_HOST") == ".env"
    assert settings.source_of("KINDLING_LANES") == "default"


def test_a_secret_is_made_once_and_kept_for_oneself(a_folder_of_its_own: Path) -> None:
    made = settings.secret(settings.read())

    kept = a_folder_of_its_own / "config" / "kindling" / "secret"
    assert made == kept.read_text()
    assert len(made) >= 40
    assert kept.stat().st_mode & 0o077 == 0
    assert settings.secret(settings.read()) == made


def test_a_secret_that_is_set_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINDLING_SECRET", "mine")

    assert settings.secret(settings.read()) == "mine"


def test_no_secret_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:canary-canary")

    assert "canary" not in repr(settings.read())


def test_the_rates_that_durations_are_told_by_are_those_of_the_senders() -> None:
    rates = settings.rates(settings.read())

    assert rates == {"telegram": TelegramAdapter.rate, "slack": workspace.RATE, "web": WebAdapter.rate}
