"""A person's path, drawn: for each cause the rungs as rising steps, those climbed filled, a flame where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.drawing.canvas import WIDTH, Canvas, curve, lines, spelled, wide

PAPER, CARD, GLOW, SUNKEN = "#faf6f0", "#ffffff", "#f6cfb2", "#f3ece2"
INK, SOFT, EMBER, ON_EMBER = "#2a221c", "#6a5b4e", "#ab3f16", "#ffffff"
FLAME, HEART = "#ee8434", "#ffd9a8"
EDGE, PAD, ROUND = 36, 44, 36
ROOM = WIDTH - 2 * EDGE - 2 * PAD
STEP, GAP, SHIFT = 76, 6, 84
TITLE, NAME, TEXT = 52, 40, 40
HEADING, HEAD = 64, 150
LEADING = 1.36
RUNGS_AT_MOST = 8
FLAME_HEIGHT = 66
OUTLINE = curve(
    (0, -FLAME_HEIGHT), (3, -50), (24, -42), (24, -22), (24, -8), (13, 0), (0, 0),
    (-13, 0), (-24, -8), (-24, -23), (-24, -32), (-19, -38), (-14, -43), (-13, -38), (-12, -36), (-9, -34),
    (-9, -46), (-6, -58), (0, -FLAME_HEIGHT),
)  # fmt: skip
PAIRS = (
    (PAPER, INK), (PAPER, SOFT), (CARD, INK), (CARD, SOFT), (CARD, EMBER), (CARD, GLOW), (CARD, SUNKEN),
    (EMBER, ON_EMBER), (GLOW, INK), (GLOW, EMBER), (SUNKEN, SOFT), (CARD, FLAME), (FLAME, HEART),
)  # fmt: skip
"""Which colours meet: the first is the ground."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """One cause, in words ready to be drawn. `here` is the place of the rung among `rungs`, the entry being 0.

    `plain` stands for a title in letters that the fonts have not.
    """

    title: str
    rungs: Sequence[str]
    here: int
    done: str
    coming: str
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The whole path; `here` is what is written on the rung where one stands, `more` what there was no room for."""

    heading: str
    day: str
    here: str
    stairs: Sequence[Stairs]
    more: str = ""
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class _Card:
    stairs: Stairs
    title: list[str]
    rungs: Sequence[str]
    here: int
    done: list[str]
    coming: list[str]

    @property
    def gap(self) -> int:
        """Between the title and the steps; on the last rung there is the flame."""
        return FLAME_HEIGHT if self.here == len(self.rungs) - 1 else 24

    @property
    def height(self) -> int:
        steps = len(self.rungs) * (STEP + GAP)
        words = len(self.title) * TITLE * LEADING + (len(self.done) + len(self.coming)) * TEXT * LEADING
        return int(2 * PAD + words + self.gap + steps + 12)


def draw(path: Path) -> bytes:
    """Draw a path, 1080 pixels wide and as high as it needs, as PNG."""
    cards = [_card(stairs) for stairs in path.stairs]
    foot = int(TEXT * 2) if path.more else 0
    sheet = Canvas(HEAD + sum(card.height + EDGE for card in cards) + foot, colour=PAPER, mirrored=path.rtl)
    _head(sheet, path)
    y: float = HEAD
    for card in cards:
        _put(sheet, card, y, spelled(path.here))
        y += card.height + EDGE
    if path.more:
        sheet.words(EDGE + PAD, y + TEXT, spelled(path.more), TEXT, SOFT)
    return sheet.png(PAIRS)


def _head(sheet: Canvas, path: Path) -> None:
    day = spelled(path.day)
    room = WIDTH - 2 * EDGE - 2 * PAD - wide(day, NAME) - PAD
    heading = lines(spelled(path.heading), room, HEADING, bold=True, most=1)
    sheet.words(EDGE + PAD, 104, "".join(heading), HEADING, INK, bold=True)
    sheet.words(WIDTH - EDGE - PAD, 104, day, NAME, SOFT, at_end=True)


def _card(stairs: Stairs) -> _Card:
    title = lines(spelled(stairs.title, stairs.plain), ROOM, TITLE, bold=True, most=2)
    done, coming = (lines(spelled(words), ROOM, TEXT, most=4) for words in (stairs.done, stairs.coming))
    # Of a very long ladder, the part around where one stands.
    first = max(0, min(stairs.here - RUNGS_AT_MOST // 2, len(stairs.rungs) - RUNGS_AT_MOST))
    return _Card(stairs, title, stairs.rungs[first : first + RUNGS_AT_MOST], stairs.here - first, done, coming)


def _put(sheet: Canvas, card: _Card, top: float, here: str) -> None:
    sheet.box(EDGE, top, WIDTH - 2 * EDGE, card.height, CARD, ROUND)
    y = top + PAD
    for line in card.title:
        sheet.words(EDGE + PAD, y + TITLE, line, TITLE, INK, bold=True)
        y += TITLE * LEADING
    y += card.gap
    for place in reversed(range(len(card.rungs))):
        _step(sheet, card, place, y, here)
        y += STEP + GAP
    y += 12
    for said, ink in ((card.done, INK), (card.coming, SOFT)):
        for line in said:
            sheet.words(EDGE + PAD, y + TEXT, line, TEXT, ink)
            y += TEXT * LEADING


def _step(sheet: Canvas, card: _Card, place: int, y: float, here: str) -> None:
    """One step: lower ones reach further to where reading begins, so that together they are stairs."""
    shift = min(SHIFT, ROOM // 2 // max(1, len(card.rungs) - 1))
    x, width = EDGE + PAD + place * shift, ROOM - place * shift
    stands, climbed = place == card.here, place < card.here
    ground, ink = (EMBER, ON_EMBER) if stands else (GLOW, INK) if climbed else (SUNKEN, SOFT)
    sheet.box(x, y, width, STEP, ground, 14)
    room: float = width - 2 * 28
    if stands:
        sheet.words(x + width - 28, y + 52, here, 36, ink, at_end=True)
        room -= wide(here, 36) + 28
        _flame(sheet, x + shift / 2, y - GAP)
    if climbed:
        _tick(sheet, x + width - 28 - 20, y + STEP / 2, EMBER)
        room -= 40 + 28
    name = lines(spelled(card.rungs[place]), room, NAME, bold=stands, most=1)
    sheet.words(x + 28, y + 52, "".join(name), NAME, ink, bold=stands)


def _tick(sheet: Canvas, x: float, y: float, colour: str) -> None:
    sheet.shape(x, y, ((-20, 0), (-15, -5), (-6, 4), (14, -17), (19, -12), (-6, 14)), colour)


def _flame(sheet: Canvas, x: float, y: float) -> None:
    """A small flame that stands on its step at (x, y)."""
    for size, colour in ((1.0, FLAME), (0.5, HEART)):
        sheet.shape(x, y - 4 * (1 - size), [(right * size, down * size) for right, down in OUTLINE], colour)
