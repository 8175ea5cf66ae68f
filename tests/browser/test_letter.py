"""The page of a letter in a real browser: on a phone, in the dark, from right to left, with and without a script."""

import pytest
from playwright.sync_api import expect

from actions.facts import Person, Rhythm
from bot.conversation import letter_links
from content.model import Decision, Maker
from storage import history, letters, subscribers
from storage.catalog import stock_of
from storage.packs import publish
from tests import make
from tests.browser import audit, talk
from tests.browser.conftest import PHONE
from tests.browser.stage import SECRET, perform
from tests.make import NOW

ENGLISH = "My grandmother read to me by a paraffin lamp.\n\nPlease vote so that no child has to do homework in smoke."
ARABIC = "كانت جدتي تقرأ لي على ضوء مصباح الكيروسين.\n\nأرجو أن تصوّتوا كي لا يدرس طفل في الدخان."


def written(stage, words: str) -> str:
    """Let somebody write a letter; returns the path of its page."""
    ways = {"email": "energy.minister@example.org", "url": "https://example.org/contact", "phone": "+44 20 7946 0000"}
    maker = Maker(name="Alex Sample", office="Minister for energy", **ways)
    decision = Decision(day=NOW.date().replace(day=20), what="How the aid budget is spent", points=("Because.",), makers=(maker,))  # fmt: skip
    pack = make.pack(actions={"write": make.action(kind="outreach", decision=decision)})

    def write(conn) -> str:
        publish(conn, pack, pack.model_dump_json(by_alias=True), {}, NOW)
        person = subscribers.join(conn, "web", "1", Person(0, "", rhythm=Rhythm()), NOW).person
        values = history.ask_values(
            stock_of(conn), person, "water/write", NOW, reasons=(), propensity=1.0, origin="act"
        )
        to = letters.To(history.ask(conn, values), "water/write", maker, decision.day, "en")
        number = letters.keep(conn, person, to, words, SECRET, NOW)
        return f"/letter/{letter_links.token(person.id, number, SECRET)}"

    return stage.store.write_now(write)


@pytest.mark.parametrize(
    ("name", "query", "dark", "words"),
    [
        ("light", "", False, ENGLISH),
        ("dark", "", True, ENGLISH),
        ("long", "?lang=de", False, "Licht. " * 500),
        ("arabic", "?lang=ar", False, ARABIC),
        ("arabic-dark", "?lang=ar", True, ARABIC),
    ],
)
def test_the_page_of_a_letter_on_a_phone(tmp_path, windows, name, query, dark, words):
    with perform(tmp_path, talk.Sample()) as stage:
        window = windows.open(stage.url, written(stage, words) + query, size=PHONE, dark=dark)
        window.picture(f"letter-{name}", whole=True)

        assert audit.complaints(window.page) == []
        assert window.faults == []


def test_the_button_copies_the_letter_and_a_tap_selects_it(tmp_path, windows):
    with perform(tmp_path, talk.Sample()) as stage:
        window = windows.open(stage.url, written(stage, ENGLISH), size=PHONE)
        page = window.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy the letter").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        page.locator(".sheet").click()
        selected = page.evaluate("getSelection().toString()")

    letter = f"Dear Alex Sample,\n\n{ENGLISH}\n\nYours sincerely,"
    assert (copied, selected) == (letter, letter)
