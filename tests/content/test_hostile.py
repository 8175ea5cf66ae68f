"""What nobody writes by mistake: bombs, tricks and things that are no pack at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import load, pictures, problems, reader
from content.problems import Problem

HERE = Path(__file__).parent
GOOD = (HERE / "pack.yaml").read_bytes()
PNG = (load.SAMPLES / "energy-access" / "images" / "clinic.png").read_bytes()

BOMBS: dict[str, tuple[bytes, str]] = {
    "thirty thousand brackets": (b"[" * 30_000, "1:41: nested deeper"),
    "thirty thousand braces": (b"{a: " * 30_000, "nested deeper"),
    "a deep block": ("".join(" " * depth + "a:\n" for depth in range(200)).encode(), "41:41: nested deeper"),
    "an alias bomb": (b"a: &a [x]\nb: [*a, *a]\n", "1:4: an anchor"),
    "a merge bomb": (b"a: {<<: {<<: {x: 1}}}\n", "1:5: a merge key"),
    "a python object": (b"pack: !!python/object/new:os.system [ls]\n", "1:7: a tag (`!!python/object/new:os.system`)"),
    "more than a megabyte": (b"a: " + b"x" * 1_000_001, "1:1: the file is larger than 1 MB"),
    "one endless line": (b"pack: " + b"x" * 900_000, "1:7: 'pack' is too long"),
    "sixty thousand keys": (b"{" + b", ".join(b"k%d: 1" % n for n in range(60_000)) + b"}", "more than 50,000"),
    "UTF-16": ("pack: river".encode("utf-16"), "1:1: the file is UTF-16"),
    "a byte that is not UTF-8": (b"pack: river\nversion: \xff", "2:10: a byte that is not UTF-8"),
    "a NUL": (b"pack: ri\x00ver", "1:9: an invisible control character (U+0000)"),
    "an escaped NUL": (b'pack: "ri\\0ver"', "1:7: an invisible or misleading character (U+0000"),
    "a line separator": ("pack: ri\u2028ver".encode(), "1:9: an invisible control character (U+2028)"),
    "tag characters": ("pack: ri\U000e0041ver".encode(), "1:9: an invisible or misleading character (U+E0041"),
    "an override in a key": ("pa\u202eck: river".encode(), "1:3: an invisible or misleading character (U+202E"),
    "a huge number": (b"pack: river\nversion: " + b"9" * 5000, "2:10: a number larger than"),
    "two documents": (b"pack: a\n---\npack: b\n", "2:1: a second document"),
    "nothing": (b"", "1:1: the file is empty"),
    "only comments": (b"# nothing here\n", "1:1: the file is empty"),
    "a list": (b"- a\n- b\n", "1:1: a pack is a map"),
    "a word": (b"hello\n", "1:1: a pack is a map"),
    "a map as a key": (b"? {a: 1}\n: b\n", "1:3: a key must be a word"),
    "a directive": (b"%YAML 9.9\n---\na: b\n", ""),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused_where_it_begins(name: str, tmp_path: Path) -> None:
    content, told = BOMBS[name]
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    loaded = load.load([file])

    assert loaded.packs == ()
    assert told in problems.render(loaded.problems)


def with_picture(folder: Path, name: str, content: bytes | None, *, said: str = "") -> str:
    (folder / "images").mkdir()
    text = GOOD.decode().replace(
        '    source: "https', f'    image: {said or name}\n    image_alt: {{en: a, es: b}}\n    source: "https', 1
    )
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    if content is not None:
        (folder / name).write_bytes(content)
    return problems.render(load.load([folder]).problems)


def huge_png() -> bytes:
    return PNG[:16] + (6000).to_bytes(4, "big") + (6000).to_bytes(4, "big") + PNG[24:]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a PNG"),
        (b"", "is not a PNG"),
        (PNG[:10], "damaged"),
        (huge_png(), "25 megapixels"),
        (PNG + b"\0" * 5_000_000, "larger than 5 MB"),
        (None, "there is no picture"),
    ],
)
def test_a_picture_that_is_none_is_refused(content: bytes | None, told: str, tmp_path: Path) -> None:
    assert told in with_picture(tmp_path, "images/a.png", content)


@pytest.mark.parametrize(
    "name", ["../a.png", "/etc/passwd", "images/../../a.png", "images/a.svg", "images/.png", "a.png"]
)
def test_a_picture_outside_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    assert "25:12: " in with_picture(tmp_path, "images/x.png", None, said=name)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inner = tmp_path / "pack"
    inner.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (inner / "images").mkdir()
    (inner / "images" / "a.png").symlink_to(tmp_path / "secret.png")
    text = GOOD.decode().replace(
        '    source: "https', '    image: images/a.png\n    image_alt: {en: a, es: b}\n    source: "https', 1
    )
    (inner / "pack.yaml").write_text(text, encoding="utf-8")

    assert "lies outside the pack's folder" in problems.render(load.load([inner]).problems)


def a_directory(folder: Path) -> Path:
    (folder / "x.yaml").mkdir()
    return folder / "x.yaml"


def an_empty_folder(folder: Path) -> Path:
    return folder


def nothing(folder: Path) -> Path:
    return folder / "none.yaml"


@pytest.mark.parametrize(
    ("make", "told"),
    [(a_directory, "cannot be read"), (an_empty_folder, "no pack is here"), (nothing, "there is no such file")],
)
def test_a_path_with_no_pack_says_so(make: Callable[[Path], Path], told: str, tmp_path: Path) -> None:
    assert told in problems.render(load.load([make(tmp_path)]).problems)


def test_a_part_that_is_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inner = tmp_path / "pack"
    inner.mkdir()
    (tmp_path / "secret.yaml").write_text("stories: {}\n", encoding="utf-8")
    (inner / "pack.yaml").write_bytes(GOOD)
    (inner / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    (inner / "round.yaml").symlink_to(inner / "round.yaml")
    told = problems.render(load.load([inner]).problems)

    assert "more.yaml:1:1: this is a link to a file outside the pack's folder" in told
    assert "round.yaml:1:1: cannot be read" in told


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    os.mkfifo(tmp_path / "images" / "a.png")
    os.mkfifo(tmp_path / "more.yaml")
    text = GOOD.decode().replace(
        '    source: "https', '    image: images/a.png\n    image_alt: {en: a, es: b}\n    source: "https', 1
    )
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")

    assert "more.yaml:1:1: cannot be read: it is not a file" in problems.render(load.load([tmp_path]).problems)
    (tmp_path / "more.yaml").unlink()
    assert "there is no picture images/a.png" in problems.render(load.load([tmp_path]).problems)


@pytest.mark.parametrize("name", ["x" * 5000, "x\0y.yaml"])
def test_a_path_that_cannot_be_is_told(name: str, tmp_path: Path) -> None:
    assert len(load.load([tmp_path / name]).problems) == 1


@pytest.mark.parametrize("words", ["null", "~", "---\n", "''"])
def test_a_file_with_nothing_in_it_is_told(words: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(words, encoding="utf-8")
    loaded = load.load([tmp_path / "x.yaml"])

    assert loaded.packs == ()
    assert len(loaded.errors) == 1


def test_the_same_pack_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_bytes(GOOD)

    assert (
        f"{tmp_path / 'b' / 'pack.yaml'}:1:7: the pack 'river' is in {tmp_path / 'a' / 'pack.yaml'}"
        in problems.render(load.load([tmp_path]).problems)
    )


def test_parts_of_a_pack_may_not_say_the_same_twice(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_bytes(GOOD)
    more = "stories:\n  source:\n    cause: river\n    kind: fact\n    text: {en: a, es: b}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    told = problems.render(load.load([tmp_path]).problems)

    assert "more.yaml:2:3: 'source' stands in" in told


def test_a_mistake_in_a_part_is_told_in_that_part(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_bytes(GOOD)
    more = "stories:\n  third:\n    cause: rivr\n    kind: fact\n    text: {en: a, es: b}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")

    assert "more.yaml:3:12: there is no cause 'rivr'" in problems.render(load.load([tmp_path]).problems)


@settings(max_examples=120, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.integers(0, 3))
def test_no_single_byte_breaks_the_reader(at: int, byte: int, cut: int) -> None:
    raw = GOOD[:at] + bytes([byte]) + GOOD[at + cut :]
    tree, found = reader.read(raw, "x.yaml")

    assert tree is not None
    for problem in found:
        assert str(problem).isprintable()


@settings(max_examples=80, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from(b"\n :-[]{}'\"#&*!|>%@`,?\tx0\xc3\xff"))),
    cut=st.integers(1, 5),
)
def test_a_pack_changed_at_random_is_loaded_or_told(
    changes: list[tuple[int, int]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    raw = bytearray(GOOD)
    for at, byte in changes:
        raw[at : at + cut] = bytes([byte])
    file = tmp_path_factory.mktemp("mutated") / "x.yaml"
    file.write_bytes(raw)
    loaded = load.load([file])

    assert bool(loaded.packs) != bool(loaded.errors)


@given(words=st.text())
def test_a_problem_prints_on_one_visible_line(words: str) -> None:
    line = str(Problem("x.yaml", 1, 1, words))

    assert line.isprintable()
    assert len(line) <= 500


def test_at_most_fifty_problems_are_told() -> None:
    many = [Problem("x.yaml", number, 1, "no") for number in range(1, 80)]

    assert problems.render(many).endswith("and 29 more")


def test_media_types_are_told_by_content() -> None:
    assert pictures.media_type(PNG) == "image/png"
    assert pictures.media_type(b"GIF89a") == "image/gif"
    assert pictures.media_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert pictures.media_type(b"RIFF1234WEBP") == "image/webp"
    assert pictures.media_type(b"<svg/>") is None
