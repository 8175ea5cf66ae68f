"""The page of a letter: its writer's alone, and nothing in its words can do anything but be read."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.facts import Person, Rhythm
from bot.clock import FixedClock
from bot.conversation import letter_links
from bot.web import app
from bot.web.letter import LetterPage, mailto
from content.model import Decision, Maker
from storage import accounts, erasure, history, letters, subscribers
from storage.packs import publish
from storage.schema import metadata
from storage.store import Store
from tests import make
from tests.make import NOW

SECRET = "a secret of the tests"
ON = date(2026, 6, 20)
WORDS = "My grandmother read by a paraffin lamp.\n\nPlease vote so that no child has to."
HOSTILE = "</div><script>alert(1)</script>\r\nBcc: all@example.org\n\n\"' onclick=x & {{ 7*7 }} %0ACc: <b>é</b>"


def maker(**about: object) -> Maker:
    reached = {"email": "office@example.org", "url": "https://example.org/form?a=1&b=2", "phone": "+44 (20) 7946 0000"}
    return Maker(**{"name": "Alex <i>Sample</i>", "office": "Minister & more", **reached, **about})


class Desk:
    """Somebody with a letter, and a browser."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock(NOW)
        transport = httpx2.ASGITransport(app.build([LetterPage(store, self.clock, SECRET).route()]))
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://test")
        self.person = Person(0, "")

    async def letter(self, words: str = WORDS, language: str = "en", on: date = ON, **about: object) -> str:
        """Write a letter; returns the path of its page."""

        def write(conn) -> tuple[Person, int]:
            points = ("Because.",)
            decision = Decision(day=on, what="The law\nBcc: x", points=points, makers=(maker(**about),))
            pack = make.pack(actions={"write": make.action(kind="outreach", decision=decision)})
            publish(conn, pack, pack.model_dump_json(by_alias=True), {}, NOW)
            accounts.number(conn, "web")
            newcomer = Person(0, "", language=language, rhythm=Rhythm())
            person = subscribers.join(conn, "web", "1", newcomer, NOW).person
            values = history.ask_values(
                letters.stock_of(conn), person, "water/write", NOW, reasons=(), propensity=1.0, origin="act"
            )
            to = letters.To(history.ask(conn, values), "water/write", decision.makers[0], on, language)
            return person, letters.keep(conn, person, to, words, SECRET, NOW)

        self.person, number = await self.store.write(write)
        return f"/letter/{letter_links.token(self.person.id, number, SECRET)}"


@pytest.fixture
async def desk(tmp_path) -> AsyncIterator[Desk]:
    store = Store(f"sqlite:///{tmp_path / 'web.db'}")
    metadata.create_all(store.engine)
    desk = Desk(store)
    yield desk
    await desk.http.aclose()
    await store.close()


def sheet(html: str) -> str:
    """The letter as the page shows it."""
    found = re.search(r'<div class="sheet"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def link(html: str, scheme: str) -> str:
    found = re.search(rf'href="({scheme}:[^"]*)"', html)
    return unescape(found[1]) if found else ""


async def test_the_page_shows_the_letter_and_every_way_to_send_it(desk: Desk) -> None:
    answer = await desk.http.get(await desk.letter())
    html = answer.text

    assert answer.status_code == 200
    assert sheet(html) == f"Dear Alex <i>Sample</i>,\n\n{WORDS}\n\nYours sincerely,"
    assert "Minister &amp; more" in html
    assert "Decided on Jun 20, 2026" in html
    assert 'href="https://example.org/form?a=1&amp;b=2"' in html
    assert link(html, "tel") == "tel:+442079460000"
    assert "office@example.org" in html


async def test_the_page_is_kept_by_nobody_and_found_by_no_search(desk: Desk) -> None:
    answer = await desk.http.get(await desk.letter())

    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert '<meta name="robots" content="noindex' in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_hostile_words_are_only_words(desk: Desk) -> None:
    html = (await desk.http.get(await desk.letter(HOSTILE))).text

    assert "alert(1)" in sheet(html)
    assert html.count("<script") == 1
    assert "<b>" not in html
    assert "<i>" not in html


async def test_the_mail_has_one_recipient_one_subject_and_the_words(desk: Desk) -> None:
    address = link((await desk.http.get(await desk.letter(HOSTILE))).text, "mailto")
    parts = urlsplit(address)
    fields = parse_qs(parts.query, strict_parsing=True)

    assert (parts.scheme, unquote(parts.path)) == ("mailto", "office@example.org")
    assert sorted(fields) == ["body", "subject"]
    assert fields["subject"] == ["The law Bcc: x"]
    assert fields["body"][0].splitlines() == ["Dear Alex <i>Sample</i>,", "", *HOSTILE.splitlines(), "", "Yours sincerely,"]  # fmt: skip


@given(
    address=st.from_regex(r"[a-z!#$%&'*+/=?^_`{|}~-]{1,20}@example\.org", fullmatch=True),
    subject=st.text(st.characters(exclude_categories=("Cs",)), max_size=200),
    body=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200),
)
def test_no_words_whatever_add_a_field_to_the_mail(address: str, subject: str, body: str) -> None:
    body = f"Dear Alex,\n{body}\nYours"
    made = mailto(address, subject, body)
    path, _, query = made.removeprefix("mailto:").partition("?")
    fields = [field.partition("=")[::2] for field in query.split("&")]

    assert made.isascii()
    assert not re.search(r"[\s<>\"#]", made)
    assert unquote(path) == address
    assert [name for name, _ in fields] == ["subject", "body"]
    assert not re.search(r"[\r\n]", unquote(fields[0][1]))
    assert unquote(fields[1][1]).splitlines() == body.splitlines()
    assert "\n" not in unquote(fields[1][1]).replace("\r\n", "")


async def test_a_letter_too_long_for_a_link_is_to_be_pasted(desk: Desk) -> None:
    html = (await desk.http.get(await desk.letter("نور " * 900))).text

    assert len(link(html, "mailto")) < 1900
    assert "body=" not in link(html, "mailto")
    assert "copy it first" in html


async def test_a_maker_with_a_form_alone_has_no_mail(desk: Desk) -> None:
    html = (await desk.http.get(await desk.letter(email=None, phone=None))).text

    assert link(html, "mailto") == ""
    assert link(html, "tel") == ""
    assert "Open the contact form" in html


async def test_after_the_decision_there_is_nobody_to_send_it_to(desk: Desk) -> None:
    path = await desk.letter()
    desk.clock.instant = NOW + timedelta(days=20)
    html = (await desk.http.get(path)).text

    assert "a letter comes too late now" in html
    assert link(html, "mailto") == ""
    assert "grandmother" in sheet(html)


async def test_a_token_that_we_did_not_make_finds_nothing(desk: Desk) -> None:
    path = await desk.letter()
    own = path.rpartition("/")[2]
    wrong = (
        own[:-9] + ("a" if own[-9] != "a" else "b") + own[-8:],
        own.partition(".")[0],
        letter_links.token(desk.person.id, 1, "another secret"),
        letter_links.token(desk.person.id + 1, 1, SECRET),
        letter_links.token(desk.person.id, 2, SECRET),
        "x" * 5000, "%00", "1-1.", "é",
    )  # fmt: skip
    for token in wrong:
        assert (await desk.http.get(f"/letter/{token}")).status_code == 404, token


async def test_the_page_goes_with_the_letter_and_with_its_writer(desk: Desk) -> None:
    path = await desk.letter()
    assert (await desk.http.get(path)).status_code == 200
    await desk.store.write(letters.settle, 1, "dropped")
    assert (await desk.http.get(path)).status_code == 404


async def test_an_erased_person_leaves_no_page_and_no_letter(desk: Desk) -> None:
    path = await desk.letter()
    await desk.store.write(lambda conn: erasure.erase(conn, desk.person, account="web", chat="1", key=SECRET, now=NOW))

    assert (await desk.http.get(path)).status_code == 404
    assert await desk.store.write(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM letters").scalar()) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Abrir en mi correo"), ("de", "In meinem Mailprogramm öffnen"), ("en", "Open in my mail")],
)
async def test_the_page_speaks_its_writers_language(desk: Desk, language: str, words: str) -> None:
    html = (await desk.http.get(await desk.letter(language=language), headers={"Accept-Language": "en"})).text

    assert f'<html lang="{language}" dir="ltr">' in html
    assert words in html


async def test_the_page_can_be_read_from_right_to_left(desk: Desk) -> None:
    html = (await desk.http.get(await desk.letter() + "?lang=ar")).text

    assert '<html lang="ar" dir="rtl">' in html
    assert "فتح في بريدي" in html
    assert 'dir="auto"' in html
