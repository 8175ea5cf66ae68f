"""The two conversions of the web chat, as tables; and the transcript underneath."""

import json
from datetime import timedelta

import pytest

from bot.channels.web import inbound, limits, outbound
from bot.message import Button, Image, Message
from storage import schema, webchat
from storage.store import Store
from tests.channels.web.hostile import HOSTILE
from tests.make import NOW

OUT = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("payload", "kind", "command", "text"),
    [
        ({"text": "hello"}, "text", "", "hello"),
        ({"text": "  two\r\nlines "}, "text", "", "two\nlines"),
        ({"text": "/start"}, "command", "start", ""),
        ({"text": "/START  abc def"}, "command", "start", "abc def"),
        ({"text": "/ no"}, "text", "", "/ no"),
        ({"text": "//"}, "text", "", "//"),
        ({"text": "/a-b"}, "text", "", "/a-b"),
        ({"text": "a\x00b\u202ec\ud800"}, "text", "", "abc"),
        ({"press": "took:1", "pressed": "7"}, "press", "", "took:1"),
    ],
)
def test_what_the_page_posts_becomes_an_incoming(payload, kind, command, text):
    incoming = inbound.incoming("c1", inbound.read(payload, ""))

    assert (incoming.kind, incoming.command, incoming.text) == (kind, command, text)
    assert (incoming.address.account, incoming.address.chat, incoming.pressed) == (
        "web",
        "c1",
        payload.get("pressed", ""),
    )


@pytest.mark.parametrize(
    ("payload", "accepted", "language", "zone"),
    [
        ({"language": "de-AT", "zone": "Europe/Vienna"}, "en", "de-AT", "Europe/Vienna"),
        ({}, "es-MX,es;q=0.9", "es-MX", ""),
        ({"language": "<script>", "zone": "x'; DROP"}, "", "", ""),
        ({"zone": "A" * 65}, "*", "", ""),
    ],
)
def test_the_profile_takes_only_what_looks_right(payload, accepted, language, zone):
    profile = inbound.read({"text": "x", **payload}, accepted).profile

    assert (profile.language, profile.zone) == (language, zone)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
        ("a\nb", "<p>a<br>b</p>"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("3. a\n4. b", '<ol><li value="3">a</li><li value="4">b</li></ol>'),
        ("- a\n\n  more\n- b", "<ul><li>a<br>more</li><li>b</li></ul>"),
        ("> wise", "<blockquote>wise</blockquote>"),
        ('[x](https://example.org/?a=1&b="2")',
         f'<p><a href="https://example.org/?a=1&amp;b=%222%22" {OUT}>x</a></p>'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](ftp://example.org)", "<p>x</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_commonmark_becomes_a_few_safe_tags(markdown, html):
    assert outbound.html(markdown) == html


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_bring_no_tag_of_their_own(hostile):
    html = outbound.html(hostile)
    for tag in ("<p>", "</p>", "<br>", "<strong>", "</strong>", "<em>", "</em>", "<code>", "</code>"):
        html = html.replace(tag, "")

    assert "<" not in html
    assert '"' not in html


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/x", True), ("http://example.org", True), ("/go/abc", True), ("//evil.example", False),
        ("/\\evil.example", False), ("javascript:hit()", False), ("data:text/html,x", False), ("", False),
        ("https://", False), ("http://[", False), ("JavaScript:hit()", False),
    ],
)  # fmt: skip
def test_only_addresses_that_may_be_opened_are_kept(address, kept):
    assert bool(outbound.safe_address(address)) == kept


def test_a_message_becomes_a_row():
    buttons = ((Button("Open", url="https://example.org", primary=True), Button("Bad", url="javascript:x")),)
    row = json.loads(outbound.body(Message("مرحبا", buttons, Image("p/a b.png", "A"), language="ar")))

    assert row["direction"] == "rtl"
    assert row["buttons"] == [[{"label": "Open", "primary": True, "url": "https://example.org"}]]
    assert row["image"] == {"src": "/pictures/p/a%20b.png", "alt": "A"}


def test_a_bucket_fills_again_in_its_own_time():
    buckets = limits.Buckets()
    assert all(buckets.take("a", 0) for _ in range(20))
    assert not buckets.take("a", 0)
    assert buckets.warns("a")
    assert not buckets.warns("a")
    assert buckets.take("b", 0)
    assert buckets.take("a", 3.1)
    assert not buckets.take("a", 3.1)
    assert buckets.warns("a")


@pytest.fixture
async def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'chat.db'}")
    schema.metadata.create_all(store.engine)
    yield store
    await store.close()


async def test_a_page_is_told_of_new_and_of_edited_lines_once(store):
    one = await store.write(webchat.append, "a", True, "1", NOW)
    two = await store.write(webchat.append, "a", False, "2", NOW)
    await store.write(webchat.append, "b", False, "other", NOW)
    lines = await store.read(webchat.since, "a", 0)
    assert [(line.id, line.body, line.mine) for line in lines] == [(one, "1", True), (two, "2", False)]

    assert await store.write(webchat.edit, "a", one, "1!", NOW)
    assert not await store.write(webchat.edit, "b", one, "forged", NOW)
    later = await store.read(webchat.since, "a", lines[-1].revision)
    assert [line.body for line in later] == ["1!"]
    assert await store.read(webchat.since, "a", later[-1].revision) == []


async def test_a_forgotten_chat_goes_on_above_what_pages_have_seen(store):
    for number in range(5):
        await store.write(webchat.append, "a", True, str(number), NOW)
    seen = (await store.read(webchat.since, "a", 0))[-1].revision
    await store.write(webchat.forget, "a")
    await store.write(webchat.append, "a", False, "again", NOW + timedelta(seconds=1))

    assert [line.body for line in await store.read(webchat.since, "a", seen)] == ["again"]


async def test_a_transcript_keeps_two_hundred_lines_and_thirty_days(store):
    for number in range(205):
        await store.write(webchat.append, "a", True, str(number), NOW)
    await store.write(webchat.append, "b", True, "b", NOW + timedelta(days=1))
    lines = await store.read(webchat.since, "a", 0)
    assert (len(lines), lines[0].body) == (200, "5")

    assert await store.write(webchat.sweep, NOW + timedelta(days=30, seconds=1)) == 200
    assert [line.body for line in await store.read(webchat.since, "b", 0)] == ["b"]
