"""The drawn path: what is on it, where, and for whose eyes."""

import struct
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from babel.messages.pofile import read_po
from PIL import Image, ImageColor

from actions.ladder import Progress
from bot.drawing import canvas, path, script
from bot.drawing.path import Path, Stairs
from bot.wording import drawn
from bot.wording.path import CausePath
from bot.wording.tongue import LOCALES
from content.model import DEFAULT_RUNGS

WORDS = {
    "en": ("Your path", "you are here", "Energy for everyone", ("curious", "supporter", "advocate", "leader")),
    "es": ("Tu camino", "estás aquí", "Energía para todos", ("con curiosidad", "apoyo", "defensa", "liderazgo")),
    "de": ("Dein Weg", "du bist hier", "Energie für alle", ("neugierig", "unterstützend", "fürsprechend", "leitend")),
    "ar": ("طريقك", "أنت هنا", "الطاقة للجميع", ("فضولي", "داعم", "مناصر", "قائد")),
    "he": ("הדרך שלך", "אתם כאן", "אנרגיה לכולם", ("סקרנים", "תומכים", "פעילים", "מובילים")),
}
LONG = "Clean water for every village school and clinic between the river and the sea, now and for all years to come"


def a_path(language: str = "en", here: int = 1, count: int = 1, **about: object) -> Path:
    heading, where, title, rungs = WORDS[language]
    stairs = Stairs(title, rungs, here, "3", "…")
    rtl = language in ("ar", "he")
    return replace(Path(heading, "1.6.2026", where, (stairs,) * count, rtl=rtl), **about)  # type: ignore[arg-type]


def picture(drawing: Path) -> Image.Image:
    return Image.open(BytesIO(path.draw(drawing))).convert("RGB")


def extent(image: Image.Image, colour: str) -> tuple[int, int, int, int]:
    """The box around everything of a colour."""
    wanted = ImageColor.getrgb(colour)
    parts = [
        band.point(lambda tone, want=want: 255 * (abs(tone - want) < 4))
        for band, want in zip(image.split(), wanted, strict=True)
    ]
    both = Image.merge("RGB", parts).convert("L").point(lambda tone: 255 * (tone == 255))
    found = both.getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("count", [1, 3])
def test_it_is_a_png_as_wide_as_a_phone_wants_and_small(language: str, count: int) -> None:
    content = path.draw(a_path(language, count=count))

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    # Telegram: both sides together at most 10,000 pixels, neither twenty times the other.
    assert (width, height < 3200) == (1080, True)
    assert len(content) < 120_000


@pytest.mark.parametrize("language", WORDS)
def test_the_same_path_is_the_same_file(language: str) -> None:
    before = path.draw(a_path(language))
    for known in (canvas.font, canvas.has, script.laid):
        known.cache_clear()

    assert path.draw(a_path(language)) == before


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("here", [0, 3])
def test_steps_rise_away_from_where_reading_begins(language: str, here: int) -> None:
    left, _, right, _ = extent(picture(a_path(language, here)), path.EMBER)
    inner = path.EDGE + path.PAD
    begins, ends = (1080 - right, 1080 - left) if language in ("ar", "he") else (left, right)

    assert ends == pytest.approx(1080 - inner, abs=2)
    assert begins == pytest.approx(inner + here * path.SHIFT, abs=2)


def test_each_higher_rung_stands_higher() -> None:
    tops = [extent(picture(a_path(here=here)), path.FLAME)[1] for here in range(3)]

    assert all(lower > higher for lower, higher in pairwise(tops))


def test_shapes_are_mirrored_whole() -> None:
    bare = replace(a_path().stairs[0], title="", rungs=("", "", "", ""), done="", coming="")
    left = picture(Path("", "", "", (bare,)))
    right = picture(Path("", "", "", (bare,), rtl=True))

    box = extent(left, path.EMBER)
    assert extent(right, path.EMBER) == (1080 - box[2], box[1], 1080 - box[0], box[3])


@pytest.mark.parametrize("language", WORDS)
def test_no_letter_is_a_box(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = canvas.Canvas.words

    def listen(self: canvas.Canvas, x: float, y: float, words: str, *more: object, **also: object) -> None:
        written.append(script.laid(words, rtl=language in ("ar", "he")))
        write(self, x, y, words, *more, **also)  # type: ignore[arg-type]

    monkeypatch.setattr(canvas.Canvas, "words", listen)
    whole = a_path(language)
    path.draw(replace(whole, stairs=(replace(whole.stairs[0], title="🌍 能源 ✊🏽 " + whole.stairs[0].title),)))

    box = {bold: bytes(canvas.font(20, bold=bold).getmask(canvas.NOT_THERE)) for bold in (False, True)}
    assert written
    for letter in set("".join(written)):
        assert all(bytes(canvas.font(20, bold=bold).getmask(letter)) != box[bold] for bold in box), ascii(letter)


@pytest.mark.parametrize("language", ["es", "de", "ar"])
def test_the_fonts_have_every_letter_of_our_languages(language: str) -> None:
    with (LOCALES / f"{language}.po").open("rb") as file:
        words = "".join(str(message.string) for message in read_po(file))

    assert {letter for letter in words if letter.isalnum() and not canvas.has(letter)} == set()


def test_a_long_name_ends_in_an_ellipsis_and_in_the_picture() -> None:
    shown = canvas.lines(LONG, path.ROOM, path.TITLE, bold=True, most=2)

    assert len(shown) == 2
    assert shown[1].endswith("…")
    assert LONG.startswith(" ".join(shown).removesuffix("…"))
    assert all(canvas.wide(line, path.TITLE, bold=True) <= path.ROOM for line in shown)
    assert canvas.lines("w" * 200, path.ROOM, path.TITLE, most=2)[0].endswith("w…")
    assert canvas.lines("", path.ROOM, path.TITLE) == []


def test_a_number_stays_on_the_line_of_what_it_counts() -> None:
    room = canvas.wide("with 12", path.TEXT) + 1

    assert canvas.lines("with 12 more", room, path.TEXT)[0] == "with"


def test_a_very_long_ladder_shows_the_part_where_one_stands() -> None:
    rungs = tuple(f"rung {number}" for number in range(30))
    for here in (0, 15, 29):
        image = picture(a_path(stairs=(Stairs("A", rungs, here, "", ""),)))
        assert image.height < 1100
        extent(image, path.EMBER)


@pytest.mark.parametrize(
    ("ground", "ink"), [pair for pair in path.PAIRS if pair[1] in (path.INK, path.SOFT, path.ON_EMBER)]
)
def test_words_stand_out_from_their_ground(ground: str, ink: str) -> None:
    def light(colour: str) -> float:
        parts = [part / 255 for part in ImageColor.getrgb(colour)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(ground), light(ink)))
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("language", ["en", "es", "de", "ar", "he"])
def test_the_words_of_every_language_make_a_picture(language: str) -> None:
    progress = Progress("advocate", "contributor", missing_actions=2, missing_kinds=1, needs_ethics=True)
    wanted = [drawn.Wanted(f"p/c-{n}", CausePath(f"Cause {n}", progress, (), n), DEFAULT_RUNGS) for n in range(5)]
    values = drawn.path(language, wanted, date(2026, 6, 1))

    assert values.rtl == (language in ("ar", "he"))
    assert len(values.stairs) == 3
    assert "2" in values.more
    assert (values.stairs[0].done, values.stairs[1].done != "") == ("", True)
    assert path.draw(values)
    told = drawn.message(language, values, "drawn/x.png").image
    assert told is not None
    for word in (
        "Cause 0",
        "Cause 2",
        values.stairs[1].done,
        values.stairs[0].rungs[2],
        values.stairs[0].rungs[3],
        "3",
    ):
        assert word in told.alt
    assert not {"*", "\\", "{"} & set(told.alt)
