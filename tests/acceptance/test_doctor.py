"""`kindling doctor`: every setting, and what is ill."""

import json
from pathlib import Path

import pytest

from bot.commands.doctor import masked
from storage import inbox
from storage.store import Store
from tests import make
from tests.acceptance.instance import PACKS, Instance

TOKEN = "123456789:AAcanary-token-of-the-tests-abcdefghij"


@pytest.fixture
def bare(tmp_path: Path) -> Instance:
    """An instance that has no database yet."""
    return Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": TOKEN, "KINDLING_SECRET": "canary secret"})


def checks(instance: Instance) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in json.loads(instance.call("doctor", "--json").stdout)["checks"]}


def test_every_setting_is_named_with_its_source_and_no_secret(bare: Instance) -> None:
    (bare.folder / ".env").write_text("KINDLING_LANES=4\n")
    told = bare.must("doctor", "--json")
    settings = {one["name"]: one for one in json.loads(told)["settings"]}

    assert settings["KINDLING_LANES"] == {"name": "KINDLING_LANES", "value": "4", "source": ".env"}
    assert settings["KINDLING_HOST"]["source"] == "default"
    assert settings["TELEGRAM_BOT_TOKEN"] == {"name": "TELEGRAM_BOT_TOKEN", "value": "****", "source": "environment"}
    assert "canary" not in told + bare.must("doctor")


def test_the_doctor_makes_no_database(bare: Instance) -> None:
    bare.must("doctor")

    assert not (bare.folder / "kindling.db").exists()


def test_a_well_instance_is_well(bare: Instance) -> None:
    bare.must("pack", "load", str(PACKS / "giving-day"))
    found = checks(bare)

    assert {"tzdata", "clock", "schema", "database", "packs", "inbox", "outbox", "held", "channels"} <= set(found)
    assert all(check["ok"] for check in found.values())
    assert found["packs"]["told"] == "1 live"


def test_an_update_that_was_set_aside_is_ill(bare: Instance) -> None:
    bare.must("pack", "load", str(PACKS / "giving-day"))
    store = Store(bare.environment()["KINDLING_DATABASE_URL"])
    store.write_now(inbox.keep, "telegram:1", [("1", "raw")], make.NOW)
    for _ in range(inbox.TRIES):
        store.write_now(inbox.fail, store.write_now(inbox.fresh, "telegram:1")[0].id, "KeyError")
    store.close_now()

    assert bare.call("doctor").returncode == 1
    assert checks(bare)["inbox"] == {"name": "inbox", "ok": False, "told": "1 updates were set aside (KeyError)"}


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"KINDLING_DATABASE_URL": "sqlite:////no/such/folder/../k.db"}, "database"),
        ({"KINDLING_DATABASE_URL": "postgresql://127.0.0.1:9/none"}, "database"),
        ({"TELEGRAM_MODE": "webhook"}, "telegram"),
    ],
)
def test_what_is_ill_is_told_and_the_status_is_one(bare: Instance, settings: dict[str, str], name: str) -> None:
    bare.settings |= settings
    done = bare.call("doctor", "--json")

    assert done.returncode in (0, 1)
    ill = {check["name"] for check in json.loads(done.stdout)["checks"] if not check["ok"]}
    assert ill == ({name} if done.returncode else set())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kindling:hunter%402@host/db",
        "postgresql://kindling:hunter@2@host/db",
        "postgresql://host/db?user=kindling&password=hunter2",
        "postgresql://:hunter2@host/db",
        "postgresql://kindling:hun/hunter2@host/db",
        "postgresql://host/db?sslpassword=hunter2",
    ],
)
def test_no_password_of_a_database_is_shown(url: str) -> None:
    from pydantic import SecretStr

    shown = masked("kindling_database_url", SecretStr(url))

    assert "hunter" not in shown
    assert "host/db" in shown


@pytest.mark.parametrize(
    "url",
    [
        "https://kindling:hunter2@api.example",
        "https://api.example/bot123456789:hunter2-hunter2-hunter2-hunter2-hu",
    ],
)
def test_no_secret_inside_an_address_is_shown(url: str) -> None:
    shown = masked("telegram_api_url", url)

    assert "hunter" not in shown
    assert "api.example" in shown


def test_a_database_address_that_is_none_is_not_shown() -> None:
    from pydantic import SecretStr

    assert masked("kindling_database_url", SecretStr("hunter2")) == "****"
