"""A pledge drive over Telegram's real protocol: two are in, the third one binds all, each is told, reminded, asked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from tests.acceptance.instance import Instance
from tests.acceptance.test_telegram_journey import button, with_button
from tests.platforms.telegram import Person, TelegramStandIn

TODAY = datetime.now(UTC)
BY, DO_BY = TODAY.date() + timedelta(days=5), TODAY.date() + timedelta(days=12)
WORDS = {
    "en": ("2 are in; 1 to go", "Nothing binds", "It is on", "The one reminder", "did you do it?", "kept your word"),
    "es": (
        "Hay 2 personas; faltan 1",
        "Nada obliga",
        "Sale adelante",
        "único recordatorio",
        "¿lo hiciste?",
        "Cumpliste",
    ),
    "de": (
        "fehlen noch 1",
        "Es gilt erst",
        "Es steht fest",
        "Die eine Erinnerung",
        "Hast du es",
        "Wort gehalten",
    ),
}


def pack(folder: Path) -> str:
    """A pack with one drive that needs three, in three languages."""

    def said(words: str) -> dict[str, str]:
        return {language: f"{words} ({language})" for language in WORDS}

    document = {
        "pack": "trees",
        "version": 1,
        "title": said("Trees"),
        "publisher": {"name": "Tree Friends"},
        "languages": [*WORDS],
        "causes": {"trees": {"title": said("Trees"), "why": said("Shade.")}},
        "stories": {
            "first": {"cause": "trees", "kind": "fact", "chapter": 1, "text": said("A tree."), "leads_to": ["plant"]}
        },
        "actions": {
            "plant": {
                "cause": "trees",
                "kind": "pledge",
                "rung": "curious",
                "title": said("Plant one"),
                "ask": said("Will you, if two others will?"),
                "minutes": 1,
                "pledge": {"needs": 3, "by": BY, "do_by": DO_BY},
                "result_by": DO_BY + timedelta(days=5),
            }
        },
    }
    (folder / "pack.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return str(folder / "pack.yaml")


def asked(telegram: TelegramStandIn, language: str) -> Person:
    """Somebody who finished the first talk, with the ask in front of them."""
    person = telegram.person(language=language, started=False)
    person.says("/start")
    for wanted in ("join:cause:", "join:go", "join:freq:daily", "join:hour:1080"):
        person.presses(*button(person, wanted))
    with_button(person, "pledge:")
    return person


def test_a_drive_binds_all_and_each_is_told_reminded_and_asked(tmp_path: Path, telegram: TelegramStandIn) -> None:
    """Three people, each in a language of their own; the third one is the last one missing."""
    instance = Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url})
    instance.must("pack", "load", pack(tmp_path))
    instance.starts()
    people = {language: asked(telegram, language) for language in ("en", "es")}
    for language, one in people.items():
        one.presses(*button(one, "pledge:"))
        one.hears(WORDS[language][1])
    last = people["de"] = asked(telegram, "de")
    last.hears(WORDS["de"][0])
    last.presses(*button(last, "pledge:"))
    for language, one in people.items():
        one.hears(WORDS[language][2])
    assert instance.stops() == 0

    for days in (-2, 1):
        at = datetime.combine(DO_BY + timedelta(days=days), TODAY.timetz()).replace(hour=20)
        instance.must("tick", "--at", at.isoformat())
    for language, one in people.items():
        texts = [message.text or "" for message in one.heard]
        assert [sum(words in text for text in texts) for words in WORDS[language][2:5]] == [1, 1, 1]
    instance.starts()
    last.presses(*button(last, "kept:yes:"))
    last.hears(WORDS["de"][5])
    assert instance.stops() == 0
    promised = instance.rows("actions")
    assert {(row["kind"], row["status"]) for row in promised} == {("pledge", "claimed")}
    assert sorted(row["source"] for row in promised) == ["pledge", "pledge", "pledge kept"]
