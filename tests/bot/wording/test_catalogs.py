"""Every word people read is there in every language, and says the same."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_from_dir
from babel.messages.pofile import read_po

from bot.wording import chrome, names
from bot.wording.tongue import LANGUAGES, LOCALES, tongue

BOT = Path(__file__).parents[3] / "bot"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
Id = str | tuple[str, str]


@pytest.fixture(scope="module")
def msgids() -> set[Id]:
    found = extract_from_dir(BOT, [("**.py", "python")], keywords=DEFAULT_KEYWORDS)
    return {message for _, _, message, _, _ in found}


def catalog(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def fields(words: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", words))


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every English wording with each of its translations."""
    for message in catalog(language):
        if message.id:
            singular, plural = message.id if isinstance(message.id, tuple) else (message.id, message.id)
            versions = message.string if isinstance(message.string, tuple) else (message.string,)
            yield singular, versions[0]
            yield from ((plural, version) for version in versions[1:])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_and_none_is_left_over(language: str, msgids: set[Id]) -> None:
    known = {message.id for message in catalog(language) if message.id}

    assert msgids - known == set()
    assert known - msgids == set()
    assert not catalog(language).obsolete


def test_arabic_has_the_words_of_the_pages_and_no_others() -> None:
    with (BOT / "wording" / "chrome.py").open("rb") as file:
        page = {message for _, message, _, _ in extract("python", file)}

    assert {message.id for message in catalog("ar") if message.id} == page


@pytest.mark.parametrize("language", [*TRANSLATED, "ar"])
def test_a_translation_is_finished_and_keeps_every_placeholder(language: str) -> None:
    for english, translated in pairs(language):
        assert translated, english
        assert fields(translated) == fields(english)
    assert not any(message.fuzzy for message in catalog(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_emphasis_and_commands_survive_translation(language: str) -> None:
    for english, translated in pairs(language):
        assert translated.count("**") == english.count("**"), english
        assert set(re.findall(r"/[a-z]{2,}", translated)) == set(re.findall(r"/[a-z]{2,}", english)), english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 21])
def test_counts_are_said_in_their_plural(language: str, count: int) -> None:
    assert names.minutes(count, language).startswith(f"{count} ")
    singular, plural = names.minutes(1, language)[2:], names.minutes(2, language)[2:]
    assert names.minutes(count, language).split(" ", 1)[1] == (singular if count == 1 else plural)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 21])
def test_every_plural_takes_the_form_of_its_count(language: str, count: int) -> None:
    counted = [message for message in catalog(language) if isinstance(message.id, tuple)]

    assert counted
    for message in counted:
        said = tongue(language).ngettext(*message.id, count)
        assert said == message.string[0 if count == 1 else 1], message.id
        assert str(count) in said.format(count=count)


@pytest.mark.parametrize("language", [*LANGUAGES, "ar"])
def test_the_page_has_all_its_words(language: str) -> None:
    words = chrome.words(language)

    assert all(words.values())
    assert language == "en" or words["send"] != chrome.words("en")["send"]


@pytest.mark.parametrize("language", [*TRANSLATED, "ar"])
def test_a_catalog_names_no_person_host_or_day(language: str) -> None:
    text = (LOCALES / f"{language}.po").read_text(encoding="utf-8")

    assert not re.search(r"@|://|\d{4}", text.split("\n\n")[0])
    assert not re.search(r"\w@\w|\b(19|20)\d\d-\d\d|-Date:|Last-Translator", text)


def test_an_unknown_language_falls_back_to_english() -> None:
    assert tongue("tlh").gettext("Later") == "Later"
