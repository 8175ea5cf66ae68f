"""Good packs that look odd: none of them may be refused."""

from pathlib import Path

import pytest

from content import load

HERE = Path(__file__).parent
GOOD = (HERE / "pack.yaml").read_text(encoding="utf-8")
SEA = "en: It ends in the sea."

CONTROLS = {
    "Persian with its joiners": GOOD.replace(SEA, "en: می‌خواهم کمک کنم"),
    "emoji families": GOOD.replace(SEA, "en: 👩‍👩‍👧‍👦 together 🏳️‍🌈"),
    "Arabic with marks of direction": GOOD.replace(SEA, "en: \u200fمرحبا\u200f"),
    "a balanced isolate": GOOD.replace(SEA, "en: By \u2068Ana\u2069 today"),
    "no and on as words": GOOD.replace("tags: [water]", "tags: [no, on, yes, off]"),
    "times as words": GOOD.replace("tags: [water]", "tags: [18:30, 9:30, 1_000, 0o7x]"),
    "quoted numbers": GOOD.replace("tags: [water]", "tags: ['12', \"010\"]"),
    "a mark at the start of the file": "\ufeff" + GOOD,
    "lines as Windows ends them": GOOD.replace("\n", "\r\n"),
    "a block of words": GOOD.replace(SEA, "en: |-\n        It ends\n\n        in the **sea**."),
    "folded words": GOOD.replace(SEA, "en: >-\n        It ends\n        in the sea."),
    "comments everywhere": GOOD.replace("\n", "  # note\n"),
    "a link to the host it names": GOOD.replace(SEA, 'en: "[example.org](https://www.example.org/sea)"'),
    "a Cyrillic host of its own": GOOD.replace("https://example.org/sea", "https://пример.рф/море"),
    "a Cyrillic host of letters that Latin has too": GOOD.replace("https://example.org/sea", "https://рос.рф/море"),
    "a Japanese host": GOOD.replace("https://example.org/sea", "https://日本語.jp/"),
    "a Japanese host with a long vowel": GOOD.replace("https://example.org/sea", "https://ラーメン.jp/"),
    "a German host": GOOD.replace("https://example.org/sea", "https://münchen.example/"),
    "a host in capitals": GOOD.replace("https://example.org/sea", "HTTPS://EXAMPLE.ORG/sea"),
    "a link named like a file": GOOD.replace(SEA, 'en: "[report.pdf](https://example.org/report.pdf)"'),
    "a link to a part of the host it names": GOOD.replace(SEA, 'en: "[example.org](https://act.example.org)"'),
    "a bare address": GOOD.replace(SEA, "en: See https://example.org/sea."),
    "an address to write to": GOOD.replace(SEA, "en: <sea@example.org>"),
    "emoji of two units each": GOOD.replace(SEA, "en: " + "🌊" * 1499),
    "a tab after a colon": GOOD.replace("kind: fact", "kind:\tfact"),
    "a number with a leading nought": GOOD.replace("version: 1", "version: 010"),
    "keys in quotes": GOOD.replace("  mouth:", '  "2026":').replace("    kind: fact", '    "kind": fact'),
    "words like pydantic's": GOOD.replace("  mouth:", "  internet:")
    .replace("  tell:", "  street-tell:")
    .replace(", tell]", ", street-tell]"),
    "a rung of one's own": GOOD.replace("rung: advocate", "rung: guardian"),
    "days as a number": GOOD.replace("within: 60d", "within: 60"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_good_pack_is_taken(name: str, tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_bytes(CONTROLS[name].encode())
    loaded = load.load([file])

    assert loaded.errors == ()
    assert len(loaded.packs) == 1


def test_one_language_needs_no_maps(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "pack: p\nversion: 1\ntitle: T\npublisher: {name: N}\nlanguages: [en]\n"
        "causes:\n  c: {title: C, why: W}\nstories:\n  s: {cause: c, kind: win, text: We won.}\n",
        encoding="utf-8",
    )

    assert load.load([file]).errors == ()


def test_a_pack_may_be_several_files(tmp_path: Path) -> None:
    head, _, stories = GOOD.partition("stories:")
    (tmp_path / "a.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("stories:" + stories, encoding="utf-8")
    loaded = load.load([tmp_path])

    assert loaded.problems == ()
    assert set(loaded.packs[0].pack.stories) == {"source", "mouth"}


def test_the_sample_packs_are_of_real_substance() -> None:
    loaded = load.load([load.SAMPLES])
    assert loaded.errors == ()
    assert {file.pack.pack for file in loaded.packs} == {"energy-access", "giving-day", "buying-well"}

    for file in loaded.packs:
        pack = file.pack
        arcs = [
            sum(1 for story in pack.stories.values() if story.cause == cause and story.chapter) for cause in pack.causes
        ]
        assert max(arcs) >= 12
        assert any(story.from_ for story in pack.stories.values())
        assert any(not story.chapter and not story.from_ for story in pack.stories.values())
        assert len(pack.actions) >= 12
        assert len({action.kind for action in pack.actions.values()}) >= 7
        assert len({action.rung for action in pack.actions.values()}) >= 4
        assert pack.languages == ("en", "es", "de")
        assert file.images
