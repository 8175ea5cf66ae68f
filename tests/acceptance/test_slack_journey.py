"""The whole path on Slack's real protocols, by both ways in: greeted, nudged, asked, thanked, and climbing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

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


@pytest.mark.parametrize("mode", acting.MODES)
@pytest.mark.parametrize("language", ["en", "es", "de"])
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
    for day in range(1, 8):
        at = (joined + timedelta(days=day)).replace(hour=20, minute=30)
        house.must("tick", "--at", at.isoformat())

    taken = [(row["pack"], row["status"]) for row in house.rows("actions")]
    assert taken == [("energy-access", "undone"), ("energy-access", "claimed")]
    nudges = [row for row in house.rows("deliveries") if row["kind"] == "nudge"]
    assert [row["status"] for row in nudges] == ["sent"] * 7
    assert len({row["story"] for row in nudges}) == 7
    (subscriber,) = house.rows("subscribers")
    assert (subscriber["state"], subscriber["language"], subscriber["rung"]) == ("active", language, "supporter")
    assert (subscriber["channel"], subscriber["time_zone"]) == ("slack", zone)
    assert slack.complaints == []
    assert slack.late == []
