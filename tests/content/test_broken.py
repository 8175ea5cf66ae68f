"""Broken packs: each refused at the right line and column, in words that say what to do."""

from pathlib import Path

import pytest
import yaml

from content import load

HERE = Path(__file__).parent
GOOD = (HERE / "pack.yaml").read_text(encoding="utf-8")
CASES = yaml.safe_load((HERE / "broken.yaml").read_text(encoding="utf-8"))


def named(case: dict[str, str]) -> str:
    return f"{case['at']} {case['new']!r}"[:60]


def test_there_are_at_least_sixty() -> None:
    assert len(CASES) >= 60


def test_the_pack_they_are_made_from_is_good() -> None:
    assert load.load([HERE / "pack.yaml"]).problems == ()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_broken_pack_is_refused_where_it_is_broken(case: dict[str, str], tmp_path: Path) -> None:
    assert case["old"] in GOOD
    file = tmp_path / "pack.yaml"
    file.write_text(GOOD.replace(case["old"], case["new"], 1), encoding="utf-8")
    loaded = load.load([file])
    if not case["at"]:
        assert loaded.errors == ()
        return

    told = {f"{problem.line}:{problem.column}": problem.message for problem in loaded.errors}
    assert case["at"] in told, told
    assert case["says"] in told[case["at"]]
    assert loaded.packs == ()


def test_a_high_threshold_is_allowed_and_advised_against(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    terms = "kind: pledge\n    pledge: {by: 2026-06-05, needs: 60}"
    file.write_text(GOOD.replace("kind: petition", terms, 1), encoding="utf-8")
    (problem,) = load.load([file]).problems

    assert (problem.level, problem.line, problem.column) == ("warning", 31, 37)
    assert "5 to 12 works" in problem.message


def test_a_carrot_day_with_one_bid_is_allowed_and_advised_against(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    bids = "bids: {oak: {shop: Oak, place: {en: a, es: b}, promise: {en: a, es: b}, share: 20}}"
    days = 'vote_until: 2026-03-01, day: 2026-03-13, from: "10:00", until: "18:00", zone: Europe/Berlin'
    file.write_text(GOOD.replace("kind: petition", f"kind: purchase\n    carrot: {{{bids}, {days}}}", 1), "utf-8")
    (problem,) = load.load([file]).problems

    assert (problem.level, problem.line, problem.column) == ("warning", 31, 14)
    assert "one bid leaves nothing to choose" in problem.message
