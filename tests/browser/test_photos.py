"""Sending a photo from the chat page: at a phone's width, and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from bot.message import Incoming, Message
from tests import photographs
from tests.browser import audit
from tests.browser.conftest import PHONE
from tests.browser.stage import perform

JPEG = {"name": "../ana at home.jpg", "mimeType": "image/jpeg", "buffer": photographs.jpeg()}


def echo(incoming: Incoming) -> list[Message]:
    return [Message("seen" if incoming.file else "heard")]


@pytest.fixture
def stage(tmp_path):
    with perform(tmp_path, echo) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 568}], ids=["phone", "small phone"])
def test_a_photo_is_sent_with_the_keyboard_alone(stage, windows, size):
    window = windows.open(stage.url, size=size)
    page = window.page
    # Listening begins here: Chromium is told so in passing, and a key pressed right after would come before it.
    page.on("filechooser", lambda chooser: chooser)
    expect(page.get_by_text("heard")).to_be_visible()
    page.locator("#text").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send a photo")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    assert page.locator("#photo").get_attribute("accept") == "image/*"
    chooser.value.set_files(JPEG)

    expect(page.get_by_text("seen", exact=True)).to_be_visible()
    expect(page.locator(".mine .bubble")).to_have_text("📷 A photo")
    expect(page.locator(".mine.waiting")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#text").bounding_box()["width"] > 120
    assert audit.complaints(page) == []
    assert window.faults == []
    assert stage.talk.heard[-1].file.size == len(JPEG["buffer"])
    window.picture(f"chat-photo-{size['width']}")


def test_too_large_a_photo_is_not_even_sent(stage, windows):
    page = windows.open(stage.url, size=PHONE).page
    expect(page.get_by_text("heard")).to_be_visible()
    page.locator("#photo").set_input_files({**JPEG, "buffer": bytes(10_000_001)})

    expect(page.get_by_text("larger than 10 MB")).to_be_visible()
    assert len(stage.talk.heard) == 1


def test_a_photo_that_was_not_sent_can_be_sent_again(stage, windows):
    page = windows.open(stage.url, size=PHONE).page
    expect(page.get_by_text("heard")).to_be_visible()
    page.route("**/chat/photo*", lambda route: route.abort(), times=1)
    page.locator("#photo").set_input_files(JPEG)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("seen", exact=True)).to_be_visible()
