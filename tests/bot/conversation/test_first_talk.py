"""The first talk, as a newcomer lives it."""

import pytest

from bot.message import Profile
from storage.store import Store
from tests import make
from tests.talk import Talk, publish


def test_a_newcomer_is_greeted_and_asked_what_they_care_about(ana: Talk) -> None:
    ana.says("/start")

    assert "Kindling" in ana.text()
    assert "What do you care about?" in ana.text()
    assert {"water", "trees"} <= {label.casefold() for label in ana.buttons()}


def test_four_taps_lead_to_the_first_story_with_its_ask(ana: Talk) -> None:
    ana.says("/start")
    taps = 0
    for wanted in ("join:cause", "join:go", "join:freq:daily", "join:hour"):
        ana.taps(next(press for press in ana.presses_shown() if press.startswith(wanted)))
        taps += 1

    assert taps == 4
    assert "Every day" in ana.text()
    assert any(press.startswith("done:") for press in ana.presses_shown())


def test_any_first_word_begins_the_talk(ana: Talk) -> None:
    assert "What do you care about?" in ana.says("hello?")[0].text


def test_a_word_finds_causes_during_the_first_talk(ana: Talk) -> None:
    ana.says("/start")
    ana.says("tree")

    assert [label.casefold() for label in ana.buttons()] == ["trees"]
    ana.says("zebra")
    assert "zebra" in ana.text()


def test_going_on_without_a_cause_asks_for_one(ana: Talk) -> None:
    ana.says("/start")
    ana.presses("join:go")

    assert "at least one cause" in ana.text()


def test_a_ticked_cause_can_be_unticked(ana: Talk) -> None:
    ana.says("/start")
    press = ana.press_of("join")
    ana.taps(press)
    assert any(label.startswith("✓") for label in ana.buttons())
    ana.taps(press)
    assert not any(label.startswith("✓") for label in ana.buttons())


def test_the_hour_can_be_written_and_the_zone_mended(ana: Talk) -> None:
    ana.says("/start")
    ana.taps(ana.press_of("join"))
    ana.taps("join:go")
    ana.taps("join:freq:weekly")
    ana.taps("join:zone")
    ana.says("Berlin")
    ana.taps("join:zone:Europe/Berlin")
    ana.says("7:45")

    rhythm = ana.me().rhythm
    assert (rhythm.zone, rhythm.hour.isoformat(), rhythm.frequency) == ("Europe/Berlin", "07:45:00", "weekly")


def test_a_wall_time_finds_the_zone(ana: Talk) -> None:
    ana.says("/start")
    ana.taps(ana.press_of("join"))
    ana.taps("join:go")
    ana.taps("join:freq:daily")
    ana.taps("join:zone")
    ana.says("10:03")  # it is 09:00 UTC, so an hour east of it

    assert "Berlin" in ana.buttons()


@pytest.mark.parametrize(
    ("profile", "language", "zone"),
    [
        (Profile(language="de"), "de", "Europe/Berlin"),
        (Profile(language="es-MX", country="MX"), "es", "America/Mexico_City"),
        (Profile(language="fr", zone="Africa/Dakar"), "en", "Africa/Dakar"),
        (Profile(language="en", zone="../../etc/passwd"), "en", "Europe/London"),
        (Profile(), "en", "UTC"),
    ],
)
def test_language_and_zone_are_guessed(ana: Talk, profile: Profile, language: str, zone: str) -> None:
    ana.profile = profile
    ana.says("/start")

    assert (ana.me().language, ana.me().rhythm.zone) == (language, zone)


def test_a_deep_link_brings_its_cause_ticked(ana: Talk) -> None:
    ana.says("/start trees")

    assert "✓ trees" in [label.casefold() for label in ana.buttons()]


def test_an_invitation_is_credited_once_and_never_to_oneself(ana: Talk) -> None:
    ana.joins()
    key = ana.says("/invite")[0].text.rpartition("start=")[2].split()[0]
    friend = Talk(ana.store, chat="2", now=ana.now)
    friend.says(f"/start {key}")
    ana.says(f"/start {key}")

    assert "1 person came through you" in ana.says("/invite")[0].text


def test_the_state_of_the_talk_survives_a_restart(ana: Talk, store: Store) -> None:
    ana.says("/start")
    ana.taps(ana.press_of("join"))
    reborn = Talk(Store(store.url), now=ana.now)
    reborn.presses("join:go")
    reborn.presses("join:freq:daily")
    reborn.presses("join:hour:1080")

    assert reborn.me().follows
    reborn.store.engine.dispose()


def test_without_any_pack_the_greeting_says_so(store: Store) -> None:
    newcomer = Talk(store)
    newcomer.says("/start")

    assert "No causes are here yet" in newcomer.text()


def test_a_known_person_is_welcomed_back(ana: Talk) -> None:
    ana.joins()
    ana.says("/start")

    assert "Good to see you again" in ana.text()


def test_consent_is_noted_with_what_was_read(ana: Talk) -> None:
    ana.joins()

    (consent,) = ana.rows("consents")
    assert (consent["what"], consent["language"], consent["channel"]) == ("join", "en", "web")


def test_an_emptied_pack_ends_the_talk_politely(ana: Talk, store: Store) -> None:
    ana.says("/start")
    ana.taps(ana.press_of("join"))
    publish(store, make.pack("nature", causes=("other",), version=2))
    ana.presses("join:go")

    assert "at least one cause" in ana.text()


def test_what_is_said_back_is_short_and_turns_nothing_around(ana: Talk) -> None:
    ana.says("/start")
    ana.says("evil \u202e reversed \u200b <!channel> " + "long " * 4000)
    assert "\u202e" not in ana.text()
    assert "\u200b" not in ana.text()
    assert len(ana.text()) < 300
