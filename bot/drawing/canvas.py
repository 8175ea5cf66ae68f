"""A sheet to draw on: words in our own fonts, smooth shapes, everything mirrored where people read from the right."""

import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.drawing import script

WIDTH = 1080
FONTS = Path(__file__).parent / "fonts"
FINER = 4
"""Shapes are drawn so many times larger and then reduced: Pillow's own edges are rough."""
TONES = 10
ELLIPSIS = "…"
NOT_THERE = "\uffff"

Point = tuple[float, float]


@lru_cache(maxsize=32)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """One of the two fonts. The basic layout is the same on every machine; `script` does what it leaves out."""
    name = f"KindlingSans-{'Bold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def has(letter: str) -> bool:
    """Whether the fonts have a letter: it looks unlike the box that stands for those they have not."""
    return letter == ELLIPSIS or bytes(font(20).getmask(letter)) != _box()


@lru_cache(maxsize=1)
def _box() -> bytes:
    return bytes(font(20).getmask(NOT_THERE))


def spelled(words: str, otherwise: str = "") -> str:
    """The words in letters that can be drawn; `otherwise` where too few of them can."""
    return script.spelled(words if script.is_spelled(words, has) or not otherwise else otherwise, has)


def wide(words: str, size: int, *, bold: bool = False) -> float:
    """How wide words are on one line."""
    return font(size, bold=bold).getlength(script.laid(words, rtl=False))


def lines(words: str, room: float, size: int, *, bold: bool = False, most: int = 9) -> list[str]:
    """The words on at most so many lines; what there is no room for becomes an ellipsis."""
    found: list[str] = []
    left = [part for part in re.split(r"(?<!\d) +", words) if part]  # a number stays with what it counts
    while left and len(found) < most - 1:
        count = next((n for n in range(len(left), 0, -1) if wide(" ".join(left[:n]), size, bold=bold) <= room), 0)
        if not count:
            break
        found.append(" ".join(left[:count]))
        left = left[count:]
    rest = _cut(" ".join(left), room, size, bold=bold)
    return [*found, rest] if rest else found


def _cut(words: str, room: float, size: int, *, bold: bool) -> str:
    if wide(words, size, bold=bold) <= room:
        return words
    kept = words
    while kept and wide(kept + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    at_space = kept.rpartition(" ")[0]
    return (at_space if len(at_space) > len(kept) * 2 // 3 else kept).rstrip(" ,.;:–-") + ELLIPSIS


class Canvas:
    """One picture in the making. `x` counts from where people begin to read: from the right, if it is `mirrored`."""

    def __init__(self, height: int, *, colour: str, mirrored: bool = False) -> None:
        self._image = Image.new("RGB", (WIDTH, height), colour)
        self._draw = ImageDraw.Draw(self._image)
        self._mirrored = mirrored

    def words(self, x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False, at_end: bool = False) -> None:  # fmt: skip  # noqa: PLR0913, E501 - as many as ink has
        """Write one line on the baseline `y`, from `x` onward, or up to it."""
        laid = script.laid(words, rtl=self._mirrored)
        anchor = "rs" if at_end != self._mirrored else "ls"
        self._draw.text((self._across(x), y), laid, fill=colour, font=font(size, bold=bold), anchor=anchor)

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: int = 0) -> None:
        """Fill a box with round corners."""
        left = int(self._across(x + width) if self._mirrored else x)
        size = (int(width), int(height))
        self._image.paste(colour, (left, int(y)), _round(size, radius))

    def shape(self, x: float, y: float, points: Sequence[Point], colour: str) -> None:
        """Fill the shape within points, which are counted from (x, y); it is itself never mirrored."""
        corners = [(self._across(x) + right, y + down) for right, down in points]
        left, top = int(min(x for x, _ in corners)) - 1, int(min(y for _, y in corners)) - 1
        size = (int(max(x for x, _ in corners)) - left + 2, int(max(y for _, y in corners)) - top + 2)
        mask = Image.new("L", (size[0] * FINER, size[1] * FINER))
        ImageDraw.Draw(mask).polygon([((x - left) * FINER, (y - top) * FINER) for x, y in corners], fill=255)
        self._image.paste(colour, (left, top), mask.reduce(FINER))

    def png(self, pairs: Sequence[tuple[str, str]]) -> bytes:
        """The picture as a file, without a word on when or where it was made.

        `pairs` are the grounds with the inks that stand on them: few colours make a file a third of the size.
        """
        colours = [colour for ground, ink in pairs for colour in _between(ground, ink)]
        tones = Image.new("P", (1, 1))
        tones.putpalette([part for colour in dict.fromkeys(colours) for part in colour])
        file = BytesIO()
        self._image.quantize(palette=tones, dither=Image.Dither.NONE).save(file, "PNG", compress_level=6)
        return file.getvalue()

    def _across(self, x: float) -> float:
        return WIDTH - x if self._mirrored else x


def _between(ground: str, ink: str) -> list[tuple[int, ...]]:
    """The tones that smooth edges are made of; at most 256 in all, so 25 pairs."""
    one, other = ImageColor.getrgb(ground), ImageColor.getrgb(ink)
    parts = [nth / (TONES - 1) for nth in range(TONES)]
    return [tuple(round(a + (b - a) * part) for a, b in zip(one, other, strict=True)) for part in parts]


def curve(*corners: Point) -> list[Point]:
    """A smooth outline: from the first point by cubic curves, each given by two handles and its end."""
    found = [corners[0]]
    for start, first, second, end in zip(corners[::3], corners[1::3], corners[2::3], corners[3::3], strict=False):
        for nth in range(1, 13):
            t = nth / 12
            parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            points = (start, first, second, end)
            found.append(
                (
                    sum(part * point[0] for part, point in zip(parts, points, strict=True)),
                    sum(part * point[1] for part, point in zip(parts, points, strict=True)),
                )
            )
    return found


def _round(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", size, 255)
    if not radius:
        return mask
    disc = Image.new("L", (2 * radius * FINER, 2 * radius * FINER))
    ImageDraw.Draw(disc).ellipse((0, 0, disc.width - 1, disc.height - 1), fill=255)
    disc = disc.reduce(FINER)
    for across in (0, 1):
        for down in (0, 1):
            part = (across * radius, down * radius, (across + 1) * radius, (down + 1) * radius)
            mask.paste(disc.crop(part), (across * (size[0] - radius), down * (size[1] - radius)))
    return mask
