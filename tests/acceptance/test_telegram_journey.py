"""The whole path on Telegram's real protocol: greeted, nudged, asked, thanked, and climbing."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tests import databases
from tests.acceptance.instance import PACKS, Instance
from tests.platforms.telegram import Message, Person, TelegramStandIn


def joins(ana: Person) -> Message:
    """Go through the first talk in four taps; returns the message with the first ask."""
    ana.says("/start")
    for wanted in ("join:cause:", "join:go", "join:freq:daily", "join:hour:1080"):
        ana.presses(*button(ana, wanted))
    return with_button(ana, "done:")


def button(ana: Person, press: str) -> tuple[Message, str]:
    message = with_button(ana, press)
    data = next(data for row in message.buttons for _, data in row if data.startswith(press))
    return message, data


def with_button(ana: Person, press: str) -> Message:
    """Wait for a message with a button whose data begins like this."""

    def found() -> Message | None:
        for message in reversed(ana.heard):
            if any(data.startswith(press) for row in message.buttons for _, data in row):
                return message
        return None

    message = ana.world.wait(found, 10, lambda: f"no button {press} in {ana.chat}")
    assert message is not None
    return message


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_a_subscriber_is_nudged_acts_and_climbs(instance: Instance, telegram: TelegramStandIn, language: str) -> None:
    instance.starts()
    ana = telegram.person(language=language, name="Ana", started=False)
    ana.presses(joins(ana), button(ana, "done:")[1])
    ana.presses(*button(ana, "undo:"))
    ana.presses(*button(ana, "done:"))
    ana.says("/act")
    with_button(ana, "else:")
    assert instance.stops() == 0

    zone = ZoneInfo(instance.rows("subscribers")[0]["time_zone"])
    joined = datetime.now(zone)
    days = 7 if language == "en" else 3
    for day in range(1, days + 1):
        at = (joined + timedelta(days=day)).replace(hour=20, minute=30)
        instance.must("tick", "--at", at.isoformat())

    taken = instance.rows("actions")
    assert [(row["pack"], row["status"]) for row in taken] == [
        ("energy-access", "undone"),
        ("energy-access", "claimed"),
    ]
    nudges = [row for row in instance.rows("deliveries") if row["kind"] == "nudge"]
    assert [row["status"] for row in nudges] == ["sent"] * days
    stories = [row["story"] for row in nudges]
    assert len(set(stories)) == days
    chapters = {row["story"]: row["chapter"] for row in instance.rows("stories")}
    read = [chapters[story] for story in stories if chapters[story]]
    assert read == sorted(read)
    (subscriber,) = instance.rows("subscribers")
    assert (subscriber["state"], subscriber["language"], subscriber["rung"]) == ("active", language, "supporter")


def test_every_command_is_registered_in_every_language(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    telegram.wait(lambda: len(telegram.calls.of("setMyCommands")) >= 8)

    languages = {call.params.get("language_code", "") for call in telegram.calls.of("setMyCommands")}
    assert {"", "es", "de"} <= languages


def test_stop_by_word_silences_a_bot_and_start_wakes_it(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="en", started=False)
    joins(ana)
    ana.says("Stop")
    ana.hears("Stopped.")
    ana.says("/start")
    ana.hears("Welcome back")


def test_whoever_blocks_the_bot_is_left_alone(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="en", started=False)
    joins(ana)
    ana.blocks()
    instance.wait(lambda: instance.rows("subscribers")[0]["state"] == "unreachable")
    instance.stops()
    sent = len(telegram.calls.of("sendMessage", ana))
    instance.must("tick", "--at", (datetime.now(UTC) + timedelta(days=1)).replace(hour=20).isoformat())

    assert len(telegram.calls.of("sendMessage", ana)) == sent


def test_a_role_is_taken_by_its_code_in_the_chat(instance: Instance, telegram: TelegramStandIn) -> None:
    code = instance.must("organizer", "add", "--role", "owner").split()[0]
    instance.starts()
    ana = telegram.person(language="en", started=False)
    ana.says(f"/start {code}")
    ana.hears("you are an owner")
    ana.says(f"/claim {code}")
    ana.hears("not valid")
    ana.says("/organize")
    ana.hears("How things stand")


def test_a_person_takes_their_data_and_then_is_erased(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="en", started=False)
    joins(ana)
    ana.says("/privacy")
    ana.presses(*button(ana, "export"))
    telegram.wait(lambda: any(message.document for message in ana.heard))
    ana.presses(*button(ana, "erase"))
    ana.presses(*button(ana, "erase:yes"))
    ana.hears("Everything about you is erased")

    assert instance.rows("subscribers") == []
    for file in instance.folder.glob("kindling.db*"):
        assert str(ana.id).encode() not in file.read_bytes(), file.name


def test_the_same_journey_on_postgresql(tmp_path: Path, telegram: TelegramStandIn) -> None:
    store = databases.postgres()
    store.close_now()
    settings = {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "KINDLING_DATABASE_URL": store.url,
    }
    instance = Instance(tmp_path, settings)
    instance.must("pack", "load", str(PACKS / "giving-day"))
    instance.starts()
    ana = telegram.person(language="de", started=False)
    ana.presses(joins(ana), button(ana, "done:")[1])
    button(ana, "undo:")
    ana.says("/me")
    ana.hears("Dein Weg")
    assert instance.stops() == 0
    tomorrow = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    instance.must("tick", "--at", tomorrow.replace(hour=19, minute=0).isoformat())

    assert [row["status"] for row in instance.rows("actions")] == ["claimed"]
    assert [row["status"] for row in instance.rows("deliveries") if row["kind"] == "nudge"] == ["sent"]


def test_the_path_arrives_as_a_photo(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="de", name="Ana", started=False)
    ana.presses(joins(ana), button(ana, "done:")[1])
    ana.says("/me")
    ana.presses(*button(ana, "me:picture"))
    telegram.wait(lambda: ana.last.photo is not None)

    assert ana.last.photo is not None
    assert Image.open(BytesIO(ana.last.photo.data)).width == 1080
    assert (ana.last.text[:12], ana.last.buttons) == ("Dein Weg am ", [[("Etwas tun", "act")]])

    ana.says("/me")
    ana.presses(*button(ana, "me:picture"))
    telegram.wait(lambda: len(telegram.calls.of("sendPhoto")) == 2)
    assert telegram.calls.of("sendPhoto")[1].params["photo"] == ana.last.photo.id
