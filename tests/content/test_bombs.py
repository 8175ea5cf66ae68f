"""Files made to take for ever: each is told within a second or two, whatever it holds a great many of."""

import time
from pathlib import Path

import pytest

from content import load, problems

SECONDS_AT_MOST = 4
HEAD = "pack: p\nversion: 1\ntitle: T\npublisher: {name: N}\nlanguages: [en]\ncauses:\n  c: {title: C, why: W}\n"


def stories(count: int, text: str) -> str:
    lines = "".join(f"  s{number}: {{cause: c, kind: fact, text: '{text}'}}\n" for number in range(count))
    return f"{HEAD}stories:\n{lines}"


def dangling() -> str:
    wrong = "".join(
        f"  story-{n}: {{cause: cc{n}, kind: fact, text: t, leads_to: [actoin-{n}]}}\n" for n in range(1900)
    )
    actions = "".join(
        f"  action-{n}: {{cause: c, kind: share, rung: suporter, title: T, ask: A}}\n" for n in range(1800)
    )
    return f"{HEAD}stories:\n{wrong}actions:\n{actions}"


def chain() -> str:
    return f"{HEAD}actions:\n" + "".join(f"  a{n}: {{needs: [a{n + 1}]}}\n" for n in range(8000))


def languages() -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    codes = ",".join(a + b + c for a in letters for b in letters for c in letters)
    return stories(3000, "x").replace("[en]", f"[{codes}]")


BOMBS = {
    "zero-width letters": "pack: " + "\u200b" * 330_000,
    "zero-width lines": "\u200b\n" * 240_000,
    "letters with five marks each": "pack: " + ("a" + "\u0301" * 5) * 80_000,
    "names that are nowhere": dangling(),
    "a chain of needs": chain(),
    "results of nothing": HEAD
    + "results: {"
    + "".join(f"r{n}: {{actions: [a, b, c]}}, " for n in range(9_000))
    + "}\n",
    "a result of one thing often": HEAD + "actions: {a: {}}\nresults:\n  r: {actions: [" + "a," * 20_000 + "]}\n",
    "languages": languages(),
    "the same language": "languages: [" + ",".join(["en"] * 40_000) + "]\n",
    "unknown keys": HEAD + "".join(f"titel{n}: 1\n" for n in range(20_000)),
    "one key again and again": "a: 1\n" * 24_000,
    "one long key": '? "' + "k" * 900_000 + '"\n: 1\n',
    "brackets in one text": stories(1, "](" + "[" * 900_000),
    "brackets in many texts": stories(4500, "[" * 98 + "]("),
    "stars in one text": stories(1, "](" + "*a _b " * 150_000),
    "quotes in one text": stories(1, "](" + "> " * 400_000),
    "links in one text": stories(1, "[a](https://x.yy/) " * 50_000),
    "hosts in link words": stories(1, "[" + "a." * 9_000 + "](https://x.yy/)"),
    "a host of many labels": HEAD.replace("{name: N}", "{name: N, url: 'https://" + "a." * 400_000 + "org'}"),
    "tag directives": "".join(f"%TAG !a{n}! x\n" for n in range(50_000)) + "--- a\n",
    "blanks": " " * 999_999,
    "colons": ": " * 499_999,
    "commas": "[" + "," * 900_000,
    "question marks": "? " * 30_000,
    "dashes": "- " * 400_000,
    "an open quote": 'a: "' + "x\n" * 400_000,
    "escapes": 'a: "' + "\\x41" * 240_000 + '"',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_great_many_take_no_time(name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(BOMBS[name].encode())
    begun = time.process_time()
    loaded = load.load([file])
    told = problems.render(loaded.problems)

    assert time.process_time() - begun < SECONDS_AT_MOST
    assert loaded.packs == ()
    assert told.startswith(f"{file}:")
    assert len(told) < 30_000


def test_a_large_pack_is_read_in_no_time(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(stories(1200, "Some *words*, [a link](https://example.org/) " + "and more words " * 25))
    begun = time.process_time()
    loaded = load.load([file])

    assert time.process_time() - begun < SECONDS_AT_MOST
    assert loaded.errors == ()
    assert len(loaded.packs[0].pack.stories) == 1200
