"""The whole path on Slack's real protocols, by both ways in: greeted, nudged, asked, thanked, and climbing."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests import databases
from tests.acceptance import slack as acting
from tests.acceptance.instance import PACKS, Instance
from tests.platforms.slack import SlackStandIn

PLACES = {"en": ("en-GB", "Europe/London"), "es": ("es-ES", "Europe/Madrid"), "de": ("de-DE", "Europe/Berlin")}


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn.in_thread() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Instance]:
    """An instance with one sample pack, not yet running."""
    made = Instance(tmp_path)
    made.must("pack", "load", str(PACKS / "energy-access"))
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()


@pytest.mark.parametrize(("language", "mode"), [("en", "socket"), ("en", "http"), ("es", "socket"), ("de", "http")])
def test_a_subscriber_is_nudged_acts_and_climbs(house: Instance, slack: SlackStandIn, mode: str, language: str) -> None:
    locale, zone = PLACES[language]
    ana = slack.person("Ana", locale=locale, tz=zone)
    with acting.running(house, slack, mode):
        acting.joins(ana)
        acting.taps(ana, "done:")
        acting.taps(ana, "undo:")
        acting.taps(ana, "done:")
        assert ana.types("/act").status == 200
        acting.button(ana, "else:")

    joined = datetime.now(ZoneInfo(zone))
    days = 7 if language == "en" else 3
    for day in range(1, days + 1):
        at = (joined + timedelta(days=day)).replace(hour=20, minute=30)
        house.must("tick", "--at", at.isoformat())
        slack.later(2)  # a day has passed, and for the platform more than a second

    taken = [(row["pack"], row["status"]) for row in house.rows("actions")]
    assert taken == [("energy-access", "undone"), ("energy-access", "claimed")]
    nudges = [row for row in house.rows("deliveries") if row["kind"] == "nudge"]
    assert [row["status"] for row in nudges] == ["sent"] * days
    assert len({row["story"] for row in nudges}) == days
    (subscriber,) = house.rows("subscribers")
    assert (subscriber["state"], subscriber["language"], subscriber["rung"]) == ("active", language, "supporter")
    assert (subscriber["channel"], subscriber["time_zone"]) == ("slack", zone)
    assert slack.complaints == []
    assert slack.late == []


def test_the_same_on_postgresql_with_two_chats_joined_and_a_channel(tmp_path: Path, slack: SlackStandIn) -> None:
    store = databases.postgres()
    store.close_now()
    house = Instance(tmp_path, {"KINDLING_DATABASE_URL": store.url})
    house.must("pack", "load", str(PACKS / "giving-day"))
    other = slack.person("Ana elsewhere", locale="de-DE", tz="Europe/Berlin")
    ana = slack.person("Ana", locale="de-DE", tz="Europe/Berlin")
    room = slack.channel("general", members=[ana])
    with acting.running(house, slack, "http"):
        acting.joins(ana)
        acting.taps(ana, "done:")
        ana.types("/link")
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", ana.hears("Dein Code").words)
        assert code is not None
        other.types("/link", code[0])
        acting.taps(other, "link:yes")
        other.hears("Verbunden")
        ana.invites_bot(room)
        ana.presses(ana.hears("ein Anliegen"), "Anliegen wählen")
        causes = ana.hears("Welches Anliegen soll dieser Kanal")
        ana.presses(causes, causes.buttons[0])
        slack.wait(lambda: any("Privat folgen" in message.buttons for message in room.messages))

    tomorrow = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    house.must("tick", "--at", tomorrow.replace(hour=20, minute=30).isoformat())
    slack.later(2)
    house.must("tick", "--at", (tomorrow + timedelta(days=8)).replace(hour=20, minute=30).isoformat())

    assert len(house.rows("subscribers")) == 1
    assert [row["status"] for row in house.rows("actions")] == ["claimed"]
    nudges = [row for row in house.rows("deliveries") if row["kind"] == "nudge"]
    own = [row["status"] for row in nudges if row["subscriber"]]
    assert own == ["sent", "skipped"]
    assert [row["status"] for row in nudges if not row["subscriber"]].count("sent") >= 1
