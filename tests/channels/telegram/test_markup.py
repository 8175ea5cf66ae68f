"""CommonMark to Telegram's HTML, and the cutting of what is too long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.markup import parts
from content.text import escape, utf16
from tests.platforms.telegram.markup import parse_html, units

TABLE = {
    "plain": ("Hello", "Hello", "Hello"),
    "escaped": ('a < b & c > "d"', "a &lt; b &amp; c &gt; &quot;d&quot;", 'a < b & c > "d"'),
    "strong": ("now **and** here", "now <b>and</b> here", "now and here"),
    "emphasis": ("*slowly*", "<i>slowly</i>", "slowly"),
    "both": ("***very***", "<b><i>very</i></b>", "very"),
    "code": ("say `a<b`", "say <code>a&lt;b</code>", "say a<b"),
    "a link": (
        '[see](https://example.org/?a=1&b="2")',
        '<a href="https://example.org/?a=1&amp;b=%222%22">see</a>',
        "see",
    ),
    "a strong link": ("**[see](https://e.org)**", '<a href="https://e.org"><b>see</b></a>', "see"),
    "a link elsewhere": ("[see](ftp://e.org)", "see", "see"),
    "a line break": ("one\\\ntwo", "one\ntwo", "one\ntwo"),
    "paragraphs": ("one\n\ntwo", "one\n\ntwo", "one\n\ntwo"),
    "a list": (
        "first:\n\n- one\n- **two**\n\nlast",
        "first:\n\n• one\n• <b>two</b>\n\nlast",
        "first:\n\n• one\n• two\n\nlast",
    ),
    "a numbered list": ("3. one\n4. two", "3. one\n4. two", "3. one\n4. two"),
    "tags": ("<b>no</b> <script>", "&lt;b&gt;no&lt;/b&gt; &lt;script&gt;", "<b>no</b> <script>"),
    "right to left": ("**سلام** دنیا", "<b>سلام</b> دنیا", "سلام دنیا"),
    "escaped marks": (escape("1. *a* [b](c)"), "1. *a* [b](c)", "1. *a* [b](c)"),
}


@pytest.mark.parametrize("name", TABLE)
def test_commonmark_becomes_html(name: str) -> None:
    markdown, html, plain = TABLE[name]
    (part,) = parts(markdown)
    assert (part.html, part.plain) == (html, plain)


@pytest.mark.parametrize("nothing", ["", "  \n\n ", "[](https://e.org)"])
def test_nothing_to_say_has_no_part(nothing: str) -> None:
    assert parts(nothing) == ()


def cut(markdown: str, limit: int) -> list[str]:
    return [part.plain for part in parts(markdown, limit)]


def test_a_cut_prefers_a_paragraph_then_a_line_then_a_word() -> None:
    assert cut("aaaa bbbb\n\ncccc dddd", 14) == ["aaaa bbbb", "cccc dddd"]
    assert cut("aaaa bbbb\\\ncccc dddd", 14) == ["aaaa bbbb", "cccc dddd"]
    assert cut("aaaa bbbb cccc dddd", 14) == ["aaaa bbbb cccc", "dddd"]
    assert cut("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert cut("a\n\n" + "b " * 20, 20) == ["a\n\nb b b b b b b b b", "b b b b b b b b b b", "b"]


def test_a_cut_counts_in_utf_16_and_never_halves_a_character() -> None:
    assert cut("😀" * 6, 5) == ["😀😀", "😀😀", "😀😀"]
    assert cut("ab😀", 3) == ["ab", "😀"]


def test_marks_are_closed_at_a_cut_and_opened_again() -> None:
    found = [part.html for part in parts("**[aaaa bbbb](https://e.org)** c", 5)]
    assert found == ['<a href="https://e.org"><b>aaaa</b></a>', '<a href="https://e.org"><b>bbbb</b></a>', "c"]


WORDS = st.text(alphabet=st.sampled_from("ab *_`[]()<>&\"'\\\n-1.😀é\u200dس#!|"), max_size=400)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.integers(2, 60))
def test_any_text_fits_and_parses_and_loses_no_word(markdown: str, limit: int) -> None:
    whole = "".join(part.plain for part in parts(markdown))
    found = parts(markdown, limit)
    for part in found:
        text, _ = parse_html(part.html)
        assert text == part.plain
        assert 0 < utf16(part.plain) == units(part.plain) <= limit
        assert part.plain == part.plain.strip()
    assert "".join("".join(part.plain.split()) for part in found) == "".join(whole.split())
