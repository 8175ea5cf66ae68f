"""The order and the forms of letters, as Unicode has them."""

import ctypes
import ctypes.util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drawing import canvas, script

LETTERS = "ab cאב גדجبدلاأآیپ12 3٤٥.,:-+%€!?…–'\"«»()/ـ"


@pytest.mark.parametrize(
    ("words", "rtl", "seen"),
    [
        ("water", False, "water"),
        ("water", True, "water"),
        ("שלום", True, "םולש"),
        ("שלום (2)", True, "(2) םולש"),
        ("You: שלום, 12%!", False, "You: 12% ,םולש!"),
        ("5–12 אנשים", True, "םישנא 12–5"),
        ("1.5 ש", True, "ש 1.5"),
        ("بيت", True, "\ufe96\ufef4\ufe91"),
        ("دار", True, "\ufead\ufe8d\ufea9"),
        ("لا", True, "\ufefb"),
        ("سلام", True, "\ufee1\ufefc\ufeb3"),
        ("نمی\u200cروم", True, "\ufee1\ufeed\ufead\ufbfd\ufee4\ufee7"),
    ],
)
def test_a_line_is_laid_as_the_eye_reads_it(words: str, rtl: bool, seen: str) -> None:
    assert script.laid(words, rtl=rtl) == seen


@settings(max_examples=300, deadline=None)
@given(words=st.text(LETTERS, min_size=1, max_size=24).map(str.strip).filter(bool), rtl=st.booleans())
def test_fribidi_lays_it_the_same_way(words: str, rtl: bool) -> None:
    name = ctypes.util.find_library("fribidi")
    if name is None:
        pytest.skip("no FriBiDi on this machine")
    line = ctypes.c_uint32 * (len(words) + 1)
    out, base = line(), ctypes.c_uint32(0x111 if rtl else 0x110)
    ctypes.CDLL(name).fribidi_log2vis(line(*map(ord, words)), len(words), ctypes.byref(base), out, None, None, None)
    theirs = "".join(map(chr, out[: len(words)])).replace("\ufeff", "")

    if not {"(", ")"} & set(words):  # pairs of brackets go further there
        assert script.laid(words, rtl=rtl) == theirs


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Sun ☀️ and 🌍 water 👩‍👩‍👧", "Sun and water"),
        ("1️⃣ First", "1 First"),
        ("𝐁𝐨𝐥𝐝 Ｗｉｄｅ", "Bold Wide"),
        ("Trần Đại Nghĩa", "Trần Đại Nghĩa"),
        ("Cafe\u0301", "Café"),
        ("مُنَظَّمة", "منظمة"),
        ("a\u202eb\u2066c\x00", "abc"),
        ("能源 solar", "solar"),
    ],
)
def test_only_what_the_fonts_have_is_drawn(words: str, kept: str) -> None:
    assert script.spelled(words, canvas.has) == kept


def test_a_title_in_letters_the_fonts_have_not_gets_its_plain_name() -> None:
    assert canvas.spelled("能源", "energy access") == "energy access"
    assert canvas.spelled("🌍", "energy access") == "energy access"
    assert canvas.spelled("Energía 能", "energy access") == "Energía"


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_can_be_laid(words: str, rtl: bool) -> None:
    laid = script.laid(script.spelled(words, canvas.has), rtl=rtl)

    assert all(canvas.has(letter) for letter in laid)
