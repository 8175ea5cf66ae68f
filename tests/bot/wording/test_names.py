"""Days, times and lists, as each language writes them."""

from datetime import date, time

import pytest

from bot.wording import names


@pytest.mark.parametrize(("language", "said"), [("en", "6:05 PM"), ("es", "18:05"), ("de", "18:05")])
def test_a_time_of_day(language: str, said: str) -> None:
    assert names.clock(time(18, 5), language) == said


@pytest.mark.parametrize(("language", "said"), [("en", "Tue, Dec 1"), ("es", "mar, 1 dic"), ("de", "Di., 1. Dez.")])
def test_a_day(language: str, said: str) -> None:
    assert names.day(date(2026, 12, 1), language) == said


@pytest.mark.parametrize(("language", "said"), [("en", "a, b, and c"), ("es", "a, b y c"), ("de", "a, b und c")])
def test_a_list(language: str, said: str) -> None:
    assert names.all_of(["a", "b", "c"], language) == said
    assert names.all_of([], language) == ""


@pytest.mark.parametrize(("language", "said"), [("en", "English"), ("es", "Español"), ("de", "Deutsch")])
def test_a_language_by_its_own_name(language: str, said: str) -> None:
    assert names.itself(language) == said


def test_a_rung_only_a_pack_knows_keeps_its_name() -> None:
    assert names.rung("tree-keeper", "de") == "tree keeper"


@pytest.mark.parametrize(("language", "said"), [("en", "Germany"), ("es", "Alemania"), ("de", "Deutschland")])
def test_a_region_by_its_name(language: str, said: str) -> None:
    assert names.place("DE", language) == said
    assert names.place("DE-BE", language) == f"{said} (BE)"
    assert names.place("QQ", language) == "QQ"


@pytest.mark.parametrize(("code", "known"), [("DE", True), ("QQ", False), ("D", False), ("de", False), ("001", False)])
def test_a_country_is_known_by_its_letters(code: str, known: bool) -> None:
    assert names.is_country(code) is known
