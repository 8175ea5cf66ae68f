"""`kindling pack …` as an organizer uses it."""

import json
import re
from pathlib import Path

import pytest

from tests.acceptance.instance import PACKS, Instance

GOOD = PACKS / "energy-access"
SMALL = """\
pack: wells
version: 1
title: Wells
publisher: {name: Wells}
languages: [en]
causes:
  water: {title: Water, why: Because.}
stories:
  one: {cause: water, kind: explainer, chapter: 1, text: First.}
actions:
  learn: {cause: water, kind: learn, rung: curious, title: Read, ask: Would you read?, result_by: 2027-06-01}
"""


@pytest.fixture
def bare(tmp_path: Path) -> Instance:
    """An instance that has no database yet."""
    return Instance(tmp_path)


def written(folder: Path, words: str, name: str = "wells.yaml") -> str:
    (folder / name).write_text(words)
    return str(folder / name)


def test_the_first_load_makes_the_database_and_the_pack_is_live(bare: Instance) -> None:
    assert "energy-access" in bare.must("pack", "load", str(GOOD))

    version = int(re.search(r"^version: (\d+)$", (GOOD / "pack.yaml").read_text(), re.MULTILINE)[1])
    assert f"energy-access {version}:" in bare.must("pack", "list")
    (told,) = json.loads(bare.must("pack", "list", "--json"))
    assert (told["pack"], told["version"]) == ("energy-access", version)
    assert "chapter 1" in bare.must("pack", "show", "energy-access")
    assert json.loads(bare.must("stats", "--json"))["packs"] == 1
    assert len(bare.rows("stories")) == told["stories"]


def test_check_tells_every_problem_with_its_place_and_touches_nothing(bare: Instance) -> None:
    broken = SMALL.replace("cause: water, kind: learn", "cause: wood, kind: lern")
    done = bare.call("pack", "check", written(bare.folder, broken))

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(re.findall(r"(?m)^\S+wells\.yaml:11:\d+: ", done.stderr)) >= 2
    assert not (bare.folder / "kindling.db").exists()


def test_check_of_a_good_pack_sums_it_up(bare: Instance) -> None:
    path = written(bare.folder, SMALL)

    assert "wells 1: Wells by Wells" in bare.must("pack", "check", path)
    assert json.loads(bare.must("pack", "check", path, "--json"))["packs"][0]["actions"] == 1


def test_a_warning_is_told_and_fails_nothing(bare: Instance) -> None:
    path = written(bare.folder, SMALL.replace(", result_by: 2027-06-01", ""))
    done = bare.call("pack", "check", path)

    assert done.returncode == 0
    assert "warning: " in done.stderr


def test_of_two_packs_with_one_broken_none_is_loaded(bare: Instance) -> None:
    broken = written(bare.folder, SMALL.replace("kind: learn", "kind: lern"))
    done = bare.call("pack", "load", str(GOOD), broken)

    assert done.returncode == 1
    assert bare.must("pack", "list").startswith("No packs")


def test_of_two_packs_with_one_too_old_none_is_loaded(bare: Instance) -> None:
    path = written(bare.folder, SMALL)
    bare.must("pack", "load", path)
    done = bare.call("pack", "load", str(GOOD), path)

    assert done.returncode == 1
    assert "wells is live in version 1" in done.stderr
    assert "energy-access" not in bare.must("pack", "list")


def test_versions_go_up_and_back(bare: Instance) -> None:
    bare.must("pack", "load", written(bare.folder, SMALL))
    bare.must("pack", "load", written(bare.folder, SMALL.replace("version: 1", "version: 2")))
    bare.must("pack", "load", "--force", written(bare.folder, SMALL.replace("version: 1", "version: 2")))

    assert "version 1 again" in bare.must("pack", "rollback", "wells")
    assert "wells 1:" in bare.must("pack", "list")
    assert bare.call("pack", "rollback", "wells").returncode == 1


def test_an_exported_pack_passes_the_check_and_says_the_same(bare: Instance) -> None:
    bare.must("pack", "load", written(bare.folder, SMALL))
    again = written(bare.folder, bare.must("pack", "export", "wells"), "again.yaml")

    assert bare.must("pack", "check", again) == bare.must("pack", "check", str(bare.folder / "wells.yaml"))


@pytest.mark.parametrize("command", ["show", "export", "rollback"])
def test_a_pack_that_is_not_there_is_named(bare: Instance, command: str) -> None:
    done = bare.call("pack", command, "wind")

    assert done.returncode == 1
    assert "wind" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_first_pack_is_written_and_passes_its_own_check(bare: Instance) -> None:
    bare.must("pack", "new", "mine", "--title", 'Rivers: "clean" ones', "--languages", "en, es")
    words = (bare.folder / "mine" / "pack.yaml").read_text()

    assert words.count("#") >= 8
    assert "pack: rivers-clean-ones" in words
    assert bare.call("pack", "check", "mine").returncode == 0
    bare.must("pack", "load", "mine")
    assert bare.call("pack", "new", "mine").returncode == 2


def test_answers_that_make_no_pack_write_nothing(bare: Instance) -> None:
    done = bare.call("pack", "new", "mine", "--languages", "english")

    assert done.returncode == 1
    assert not (bare.folder / "mine" / "pack.yaml").exists()


def test_a_preview_shows_the_days_in_order_without_a_database(bare: Instance) -> None:
    shown = bare.must("pack", "preview", str(GOOD), "--days", "7", "--lang", "de")

    days = [line for line in shown.splitlines() if line.startswith("── ")]
    assert len(days) == 7
    assert len(set(days)) == 7
    assert all(day.startswith(("── Mo.", "── Di.", "── Mi.", "── Do.", "── Fr.", "── Sa.", "── So.")) for day in days)
    assert "→ ✓" in shown
    assert "Unterstützung" in shown
    assert max(map(len, shown.splitlines())) <= 100
    assert not (bare.folder / "kindling.db").exists()


def test_a_personas_diary_is_printed_in_their_language_and_the_same_under_both_names(bare: Instance) -> None:
    words = (str(GOOD), "--days", "30", "--lang", "es", "--persona", "skeptical", "--from", "2026-03-02")
    shown = bare.must("pack", "preview", *words)

    assert shown == bare.must("preview", *words)
    assert "── lun, 2 mar 2026 ──" in shown
    assert "> No es para mí" in shown
    assert "porque aquí empieza su historia" in shown
    assert "Qué resultó de ello" in shown
    assert not (bare.folder / "kindling.db").exists()


def test_an_unknown_persona_is_answered_with_the_six(bare: Instance) -> None:
    done = bare.call("pack", "preview", str(GOOD), "--persona", "lazy")

    assert done.returncode == 2
    assert all(name in done.stderr for name in ("willing", "busy", "skeptical", "giver", "silent", "leader"))


def test_a_preview_in_a_language_nobody_speaks_names_those_that_are_spoken(bare: Instance) -> None:
    done = bare.call("pack", "preview", str(GOOD), "--lang", "xx")

    assert done.returncode == 2
    assert "en" in done.stderr


def test_the_schema_is_json_schema(bare: Instance) -> None:
    schema = json.loads(bare.must("pack", "schema"))

    assert schema["type"] == "object"
    assert {"pack", "causes"} <= set(schema["required"])


def test_nothing_at_a_path_is_said_of_that_path(bare: Instance) -> None:
    done = bare.call("pack", "check", "nowhere.yaml")

    assert done.returncode == 1
    assert "nowhere.yaml:1:1: " in done.stderr
