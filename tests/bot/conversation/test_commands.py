"""Every command and every button answers, in every language, on every path."""

import json

import pytest

from bot.conversation.router import BURST_SIZE, COMMANDS, PRESSES
from bot.wording import menu
from bot.wording.tongue import LANGUAGES
from tests.talk import Talk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_answers(ana: Talk, command: str, language: str) -> None:
    ana.joins()
    ana.presses(f"set:lang:{language}")
    ana.says(f"/{command}")

    assert all(message.text or message.notice for message in ana.shown)
    assert ana.shown
    assert "{" not in ana.text()


@pytest.mark.parametrize(
    "argument", ["", ":", ":x", ":1", ":1:2:3", ":-5", ":9999999999999999999", ":\u0663", ":" + "y" * 58]
)
@pytest.mark.parametrize("verb", sorted(PRESSES))
def test_a_button_answers_whatever_it_carries(ana: Talk, verb: str, argument: str) -> None:
    ana.joins()

    assert ana.presses(verb + argument)


def test_the_menu_lists_what_the_router_answers(ana: Talk) -> None:
    assert {name for name, _ in menu.entries("en")} == COMMANDS.keys() - {"organize", "claim"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_in_the_language(language: str) -> None:
    assert len(menu.entries(language)) == len(menu.entries("en"))
    assert language == "en" or menu.entries(language) != menu.entries("en")


def test_unknown_words_get_what_could_be_meant(ana: Talk) -> None:
    ana.joins()
    ana.says("trees please")
    assert "act" in ana.presses_shown()
    ana.says("tree")
    assert "Did you mean" in ana.text()
    ana.says("/nonsense")
    assert "did not understand" in ana.text()


def test_settings_are_kept_and_shown(ana: Talk) -> None:
    ana.joins()
    for press in ("set:freq:three", "set:hour:465", "set:quiet:21-8", "set:min:20", "set:asks:1", "set:kinds:donation"):
        ana.presses(press)
    ana.presses("set:zone:America/New_York")
    person = ana.me()

    assert (person.rhythm.frequency, person.rhythm.minutes, person.rhythm.asks) == ("three", 20, 1)
    assert person.rhythm.zone == "America/New_York"
    assert person.unwanted == {"donation"}
    assert "New York" in ana.says("/settings")[0].text


@pytest.mark.parametrize(
    "press",
    [
        "set:freq:hourly",
        "set:hour:1440",
        "set:quiet:25-3",
        "set:min:7",
        "set:zone:Mars/Base",
        "set:lang:xx",
        "set:asks:-1",
    ],
)
def test_a_setting_there_is_not_changes_nothing(ana: Talk, press: str) -> None:
    ana.joins()
    before = ana.me()
    ana.presses(press)

    assert ana.me() == before


def test_why_speaks_of_what_the_person_follows_and_set(ana: Talk) -> None:
    ana.joins()
    ana.next_day()
    ana.says("/why")

    assert "you follow" in ana.text()
    assert "it is your rhythm: Every day, around 6:00" in ana.text()


def test_a_person_takes_their_data_with_them(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    (message,) = ana.presses("export")

    assert message.document is not None
    data = json.loads(message.document.content)
    assert data["addresses"] == [{"account": "web", "chat": "1", "preferred": True}]
    assert data["taken"][0]["status"] == "claimed"
    assert data["subscriber"]["language"] == "en"


def test_an_erased_person_leaves_only_totals(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    key = ana.me().key
    ana.presses("erase")
    ana.taps("erase:yes")

    assert "Everything about you is erased" in ana.text()
    left = {
        name: ana.rows(name)
        for name in ("subscribers", "addresses", "follows", "taken", "asks", "deliveries", "consents")
    }
    assert not any(left.values())
    assert [row["count"] for row in ana.rows("erased_totals")] == [1]
    assert key not in str([ana.rows(name) for name in ("suppressed", "meta", "codes", "inbox")])


def test_an_erasure_wants_a_second_yes(ana: Talk) -> None:
    ana.joins()
    ana.presses("erase")
    ana.taps("erase:no")

    assert ana.me()


def test_one_loud_person_is_told_once_and_then_left_unanswered(ana: Talk) -> None:
    ana.joins()
    answers = [bool(ana.says("and another thing")) for _ in range(40)]

    assert sum(answers) <= BURST_SIZE + 1
    ana.waits(minutes=2)
    assert ana.says("/help")


def test_impact_counts_few_people_quietly(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    ana.says("/impact")

    assert "fewer than 10 people" in ana.text()
    assert "1 of these actions is yours" in ana.text()
