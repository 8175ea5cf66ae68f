"""Words: language, markup, cleaning, shortening."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import text
from content.text import Block, Span


@pytest.mark.parametrize(
    ("language", "said"), [("es", "hola"), ("es-MX", "hola"), ("de", "hello"), ("pt", "hello"), ("en", "hello")]
)
def test_the_nearest_language_is_chosen(language: str, said: str) -> None:
    assert text.choose({"en": "hello", "es": "hola"}, language, "en") == said


def test_one_string_serves_every_language() -> None:
    assert text.choose("hello", "de", "en") == "hello"


def test_markup_becomes_spans() -> None:
    (block,) = text.document("Plain **strong** *soft* `code` [link](https://example.org) end")

    assert block.kind == "paragraph"
    assert Span("strong", strong=True) in block.spans
    assert Span("soft", emphasis=True) in block.spans
    assert Span("code", code=True) in block.spans
    assert Span("link", link="https://example.org") in block.spans


def test_lists_keep_their_markers() -> None:
    blocks = text.document("- one\n- two\n\n3. three\n4. four")

    assert [(block.kind, block.marker) for block in blocks] == [
        ("item", "•"),
        ("item", "•"),
        ("item", "3."),
        ("item", "4."),
    ]


@pytest.mark.parametrize("words", ["<b>x</b>", "<script>alert(1)</script>", "&lt;b&gt;"])
def test_html_stays_words(words: str) -> None:
    assert all(isinstance(block, Block) for block in text.document(words))
    assert "x" in text.plain(words) or "alert" in text.plain(words) or "<b>" in text.plain(words)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.org"])
def test_only_web_links_survive(address: str) -> None:
    spans = [span for block in text.document(f"[x]({address})") for span in block.spans]

    assert all(span.link is None for span in spans)


def test_a_heading_is_strong_and_a_quote_a_quote() -> None:
    heading, quote = text.document("# Title\n\n> said")

    assert heading.spans == (Span("Title", strong=True),)
    assert quote.kind == "quote"


@given(words=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1))
def test_escaped_words_come_out_as_they_went_in(words: str) -> None:
    assert text.plain(text.escape(words)) == words


@pytest.mark.parametrize("words", ["    four spaces", "===", "- a\n- b", "1) x", " end ", "a\n\nb", "a\r\nb"])
def test_escaped_words_stay_one_line_of_words(words: str) -> None:
    (block,) = text.document(f"Said\n{text.escape(words)}")

    assert block.kind == "paragraph"
    assert "".join(span.text for span in block.spans) == f"Said\n{' '.join(words.splitlines()).strip()}"


@given(words=st.text())
def test_any_words_can_be_shown(words: str) -> None:
    assert isinstance(text.document(words), tuple)
    assert isinstance(text.links(words), tuple)
    assert isinstance(text.plain(text.escape(words)), str)


def test_a_name_is_one_line_and_closed_off() -> None:
    assert text.isolate("Ana\n\u202eEve\u2066 ") == "\u2068Ana Eve\u2069"
    assert len(text.isolate("x" * 200)) == 66


@given(words=st.text())
def test_clean_words_hide_nothing(words: str) -> None:
    once = text.clean(words)

    assert not text.HIDDEN.search(once)
    assert once.isprintable() or once.encode("utf-8")


def test_a_picture_in_words_becomes_its_words() -> None:
    assert text.plain("![a *clear* spring](https://example.org/a.png)") == "a clear spring"


def test_links_are_told_wherever_they_lead() -> None:
    words = "[a **b**](javascript:x) and https://example.org/c, <https://example.org/d>"

    assert text.links(words) == (
        ("a b", "javascript:x"),
        ("", "https://example.org/c"),
        ("https://example.org/d", "https://example.org/d"),
    )


def test_nothing_fits_in_nothing() -> None:
    assert text.shorten("words", 0) == ""


@given(words=st.text(), limit=st.integers(0, 60))
def test_shortened_words_never_exceed_their_limit(words: str, limit: int) -> None:
    assert text.utf16(text.shorten(words, limit)) <= limit


def test_words_are_cut_at_a_space() -> None:
    assert text.shorten("one two three four", 12) == "one two…"
    assert text.shorten("short", 12) == "short"


def test_length_is_counted_as_the_platforms_count() -> None:
    assert text.utf16("a👍") == 3


@given(words=st.text())
def test_cleaned_words_hide_nothing(words: str) -> None:
    cleaned = text.clean(words)

    assert not set("\u202e\u2066\u200b\ufeff\x00\x1b") & set(cleaned)


def test_joiners_survive_cleaning() -> None:
    assert text.clean("می‌خواهم 👩‍👧") == "می‌خواهم 👩‍👧"


def test_a_name_is_isolated_and_cut() -> None:
    name = text.isolate("x" * 100)

    assert name.startswith("\u2068")
    assert name.endswith("\u2069")
    assert len(name) == 66
