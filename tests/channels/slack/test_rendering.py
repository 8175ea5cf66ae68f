"""What leaves for Slack, whatever goes in: inert, complete, within every limit, judged by Slack's own types."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack import blocks, forms, markup
from bot.message import Button, Field, Form, Message
from content.text import document
from tests.platforms import slack_oracle

OURS = re.compile(r"<https?://[^<>|\s]+\|[^<>|]*>")
TEXTS = st.text(max_size=400)
WORDS = st.lists(
    st.sampled_from(["<!channel>", "<@U1>", "&amp;", "*bold*", "**a** b", "[x](https://a.org/?q=1&r=<2>)", "- item", "> q",
                     "`c`", "_i_", "😀" * 9, "مرحبا", "1. one", "\n\n", "<https://b.org|b>", "snake_case_x", "word " * 40]),
    max_size=30,
).map(" ".join)  # fmt: skip
LABELS = st.text(min_size=1, max_size=120)
BUTTONS = st.builds(
    Button, label=LABELS, press=st.text(alphabet="abc:123", min_size=1, max_size=60), primary=st.booleans()
)
ROWS = st.lists(st.lists(BUTTONS, min_size=1, max_size=6).map(tuple), max_size=30).map(tuple)


def visible(markdown: str) -> str:
    return "".join("".join(span.text for span in block.spans) for block in document(markdown))


def bare(words: str) -> str:
    return re.sub(r"[\s*_`•>|¦]|\d+\.", "", words)


@given(st.one_of(TEXTS, WORDS))
@settings(max_examples=200, deadline=None)
def test_nothing_that_anyone_writes_is_markup_of_slacks(text: str) -> None:
    for piece in markup.sections(text):
        rest = OURS.sub("", piece)
        assert "<" not in rest
        assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt);)*", rest, re.DOTALL)
        assert len(piece) <= markup.SECTION_AT_MOST


@given(st.one_of(TEXTS, WORDS), st.integers(60, 400))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_when_a_text_is_cut(text: str, limit: int) -> None:
    told = "".join(
        markup.unescape(re.sub(r"<[^|<>]*\|([^<>]*)>", r"\1", piece)) for piece in markup.sections(text, limit)
    )
    assert bare(told) == bare(visible(text))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**a** and *b*", "*a* and _b_"),
        ("2*3*4 snake_case_x", "234 snake_case_x"),
        ("**two\nlines**", "*two*\n*lines*"),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("[a|b](https://x.org/?a=1&b=2)", "<https://x.org/?a=1&amp;b=2|a¦b>"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("> one\n> two", "> one\n> two"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ],
)
def test_commonmark_as_slack_shows_it(said: str, shown: str) -> None:
    assert markup.sections(said) == (shown,)


@given(st.one_of(TEXTS, WORDS), ROWS)
@settings(max_examples=80, deadline=None)
def test_every_message_is_one_that_slack_takes(text: str, rows: Any) -> None:
    letters = blocks.letters(Message(text, buttons=rows))
    for letter in letters:
        arguments = {"channel": "C1", "text": letter.text, "blocks": list(letter.blocks)}
        assert slack_oracle.complaints("chat.postMessage", arguments) == []
    wanted = sum(blocks.is_acceptable(button) for row in rows for button in row)
    sent = [e for letter in letters for block in letter.blocks if block["type"] == "actions" for e in block["elements"]]
    assert len(sent) == min(wanted, len(sent) if wanted > 200 else wanted)


@given(st.lists(st.tuples(WORDS, ROWS), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_every_page_is_one_that_slack_takes(parts: Any) -> None:
    messages = [Message(text or "x", buttons=rows) for text, rows in parts]
    view = blocks.page(messages, [""] * len(messages))
    assert slack_oracle.complaints("views.publish", {"user_id": "U1", "view": view}) == []


FIELDS = st.builds(
    Field,
    name=st.uuids().map(str),
    label=st.text(max_size=80),
    kind=st.sampled_from(["text", "long", "choice", "choices", "number"]),
    value=st.text(alphabet="12", max_size=3),
    options=st.lists(st.tuples(st.uuids().map(str), st.text(max_size=120)), max_size=12).map(tuple),
    hint=st.text(max_size=40),
    optional=st.booleans(),
    most=st.integers(0, 500),
)


@given(st.text(max_size=60), st.lists(FIELDS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_form_is_one_that_slack_takes(title: str, fields: Any) -> None:
    view = forms.view(Form("f", title, "Save", tuple(fields), "about"), "home", "Cancel")
    if view["blocks"]:
        assert slack_oracle.complaints("views.open", {"trigger_id": "1", "view": view}) == []


@pytest.mark.parametrize("view", [{}, {"state": 3}, {"state": {"values": [1]}}, {"private_metadata": "["},
                                  {"private_metadata": "3"}, {"state": {"values": {"a": {"b": None}}}},
                                  {"state": {"values": {"a": {"v": {"type": "checkboxes", "selected_options": [1]}}}}}])  # fmt: skip
def test_an_odd_form_is_read_calmly(view: Any) -> None:
    fields, argument, place = forms.handed_in(view)
    assert isinstance(fields, dict)
    assert (argument, place) == ("", "")
