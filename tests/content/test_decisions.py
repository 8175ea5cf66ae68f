"""Decisions in packs: each fault told at its line and column, in words that say what to do."""

from pathlib import Path

import pytest

from content import load

PACK = """\
pack: river
version: 1
title: {en: Our river, es: Nuestro río}
publisher: {name: River Friends}
languages: [en, es]
causes:
  river: {title: {en: River, es: Río}, why: {en: We meet there., es: Allí nos vemos.}}
actions:
  write:
    cause: river
    kind: outreach
    rung: supporter
    title: {en: Write, es: Escribe}
    ask: {en: Would you write?, es: ¿Escribes?}
    regions: [GB, US-CA]
    from: 2026-05-01
    until: 2026-06-15
    result_by: 2026-07-01
    decision:
      day: 2026-06-20
      what: {en: The law on our river, es: La ley del río}
      points:
        - {en: Children swim in it., es: Los niños nadan en él.}
      makers:
        - name: Alex Sample
          office: {en: Minister, es: Ministra}
          regions: [GB]
          languages: [en, cy]
          email: office@example.org
        - name: Sam Sample
          office: {en: Governor, es: Gobernador}
          regions: [US-CA]
          url: https://example.org/form
          phone: "+1 (916) 555-0100"
        - name: Kim Sample
          office: {en: Governor, es: Gobernador}
          regions: [US-CA]
          phone: "+19165550101"
"""
ERRORS = [
    ("kind: outreach", "kind: learn", "19:5", "only an 'outreach' can have a decision"),
    ("day: 2026-06-20", "day: 2026-04-20", "20:12", "decided (2026-04-20) before the action begins"),
    ("day: 2026-06-20", "day: 2026-07-20", "18:16", "told (2026-07-01) before the decision"),
    ("day: 2026-06-20", "day: soon", "20:12", "must be a day, like"),
    ("      day: 2026-06-20\n", "", "19:5", "'day' is missing"),
    ("what: {en: The law on our river, es: La ley del río}", "what: The law", "21:13", "one language only"),
    ("what: {en: The law on our river", "what: {en: " + "x" * 161, "21:18", "at most 160"),
    ("- {en: Children swim in it., es", "- {en: Children swim in it., fr", "23:11", "'points' lacks a translation: es"),
    ("- {en: Children swim in it., es: Los niños nadan en él.}", "[]", "23:9", "must not be empty"),
    ("- {en: Children swim in it.", "- {en: 'http://example.org'", "23:16", "must begin with https://"),
    ("office: {en: Minister, es: Ministra}", "office: {en: Minister}", "26:11", "'office' lacks a translation: es"),
    ("          email: office@example.org\n", "", "25:11", "no way to reach them"),
    ("office@example.org", "office@example", "29:18", "no e-mail address"),
    ("office@example.org", "office @example.org", "29:18", "no e-mail address"),
    ("office@example.org", "a@b.org?bcc=all@example.org", "29:18", "no e-mail address"),
    ("office@example.org", "a@b.org,c@example.org", "29:18", "no e-mail address"),
    ("office@example.org", "\"a@example.org\\nBcc: b\"", "29:18", "no e-mail address"),
    ("office@example.org", "a..b@example.org", "29:18", "no e-mail address"),
    ("url: https://example.org/form", "url: http://example.org/form", "33:16", "must begin with https://"),
    ("url: https://example.org/form", "url: javascript:alert(1)", "33:16", "must begin with https://"),
    ('phone: "+19165550101"', 'phone: "555 0101"', "38:18", "country's code"),
    ('phone: "+19165550101"', "phone: 19165550101", "38:18", "put it in quotes"),
    ("name: Alex Sample", 'name: "Alex\\nBcc: b@example.org"', "25:17", "plain words on one line"),
    ("name: Kim Sample", "name: Sam Sample", "35:11", "listed for these regions already"),
    ("regions: [GB]\n          lang", "regions: [UK-]\n          lang", "27:21", "region code"),
    ("languages: [en, cy]", "langages: [en, cy]", "28:11", "did you mean 'languages'"),
]  # fmt: skip


def told(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    return {f"{one.line}:{one.column}": f"{one.level}: {one.message}" for one in load.load([file]).problems}


def test_a_good_decision_is_taken_without_a_word(tmp_path: Path) -> None:
    assert told(tmp_path, PACK) == {}


@pytest.mark.parametrize(("old", "new", "at", "says"), ERRORS, ids=[f"{at} {says}"[:50] for _, _, at, says in ERRORS])
def test_a_fault_is_told_where_it_is(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    assert old in PACK
    found = told(tmp_path, PACK.replace(old, new, 1))

    assert at in found, found
    assert found[at].startswith("error: ")
    assert says in found[at]


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("regions: [GB, US-CA]", "regions: [GB, US-CA, DE]", "15:26", "nobody decides for DE"),
        ("until: 2026-06-15", "until: 2026-06-25", "17:12", "'until' is not needed"),
    ],
)
def test_what_is_odd_is_warned_of(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    found = told(tmp_path, PACK.replace(old, new, 1))

    assert list(found) == [at], found
    assert found[at].startswith("warning: ")
    assert says in found[at]


@pytest.mark.parametrize(
    "regions", ["regions: [GB, US]", "regions: [US-CA]", "regions: [GB-SCT]", "minutes: 3"], ids=str
)
def test_a_part_a_country_and_everyone_are_served(tmp_path: Path, regions: str) -> None:
    assert told(tmp_path, PACK.replace("regions: [GB, US-CA]", regions, 1)) == {}
