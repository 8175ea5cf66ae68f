"""The chat page in a real browser, as people see and use it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert

from bot.drawing import path as drawing
from bot.drawing.kept import kept
from bot.message import Button, Image, Message
from storage.schema import pack_pictures
from tests.browser import audit, talk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.stage import DemoOfTests, perform
from tests.channels.web.hostile import HOSTILE

CLINIC = Path(__file__).parents[2] / "content/packs/energy-access/images/clinic.png"
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
SCHEMES = [pytest.param(False, id="light"), pytest.param(True, id="dark")]


@pytest.fixture
def stage(tmp_path):
    with perform(tmp_path, talk.Sample(), demo=DemoOfTests) as stage:
        picture = {"pack": "energy-access", "version": 1, "name": "images/clinic.png", "media_type": "image/png"}
        with stage.store.engine.begin() as conn:
            conn.execute(insert(pack_pictures).values(**picture, content=CLINIC.read_bytes()))
        yield stage


def onboard(page) -> None:
    page.get_by_role("button", name="Energy access").click()
    expect(page.get_by_role("button", name="✓ Energy access")).to_be_visible()
    page.get_by_role("button", name="That is all").click()
    expect(page.get_by_role("button", name="I did it")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", SCHEMES)
def test_a_newcomer_is_greeted_chooses_and_acts(stage, windows, size, dark, request):
    name = request.node.callspec.id
    window = windows.open(stage.url, size=size, dark=dark)
    page = window.page

    expect(page.get_by_text("What do you care about?")).to_be_visible()
    expect(page.locator("article")).to_have_count(1)
    window.picture(f"chat-1-greeting-{name}")
    assert audit.complaints(page) == []

    onboard(page)
    page.wait_for_timeout(300)
    window.picture(f"chat-2-ask-{name}")
    assert audit.complaints(page) == []

    page.get_by_role("button", name="I did it").click()
    expect(page.get_by_text("first")).to_be_visible()
    expect(page.locator(".mine").last).to_contain_text("I did it")
    page.locator("#text").fill("long")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A long address")).to_be_visible()
    stage.clock.instant = stage.clock.instant.replace(day=4)
    page.get_by_role("button", name="Next day").click()
    expect(page.locator("#today")).to_have_text("Friday, 5 June 2026")
    page.locator("#text").fill("Wie schön! 👍")
    page.keyboard.press("Enter")
    expect(page.get_by_text("did not understand")).to_be_visible()
    page.wait_for_timeout(200)
    window.picture(f"chat-3-later-{name}")

    assert audit.complaints(page) == []
    assert window.faults == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", SCHEMES)
def test_a_page_from_right_to_left(stage, windows, size, dark, request):
    window = windows.open(stage.url, "/chat?lang=ar", size=size, dark=dark)
    page = window.page
    onboard(page)
    buttons = (
        (Button("وقّع الآن", url="https://example.org/x", primary=True),),
        (Button("فعلتُ", press="a"), Button("لاحقًا", press="b")),
    )
    stage.send(Message(talk.ARABIC, language="ar", buttons=buttons))
    expect(page.get_by_role("button", name="لاحقًا")).to_be_visible()
    page.evaluate("document.getElementById('log').scrollTo(0, 1e6)")
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.locator(".bubble[dir=rtl]").count() == 1
    bubble = page.locator(".bubble[dir=rtl]").bounding_box()
    log = page.locator("#log").bounding_box()
    assert bubble["x"] + bubble["width"] > log["x"] + log["width"] / 2
    window.picture(f"chat-rtl-{request.node.callspec.id}")
    assert audit.complaints(page) == []
    assert window.faults == []


def test_the_page_hears_what_is_sent_and_edited_without_asking(stage, windows):
    page = windows.open(stage.url).page
    expect(page.locator("article")).to_have_count(1)
    ref = stage.send(Message("A nudge, out of the blue.")).ref
    expect(page.get_by_text("out of the blue")).to_be_visible()

    stage.send(Message("It was changed.", replaces=ref))
    expect(page.get_by_text("It was changed.")).to_be_visible()
    expect(page.get_by_text("out of the blue")).to_have_count(0)
    expect(page.locator("article")).to_have_count(2)


def test_what_was_said_is_there_after_a_reload_and_the_greeting_is_not_repeated(stage, windows):
    page = windows.open(stage.url).page
    onboard(page)
    expect(page.locator("article")).to_have_count(5)
    before = page.locator("article").all_inner_texts()
    page.reload()
    expect(page.locator("article")).to_have_count(5)

    assert page.locator("article").all_inner_texts() == before
    assert [incoming.command for incoming in stage.talk.heard].count("start") == 1


def test_the_page_follows_the_language_of_the_talk(stage, windows):
    page = windows.open(stage.url).page
    expect(page.locator("article")).to_have_count(1)
    stage.send(Message("¡Hola!", language="es"))

    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#language")).to_have_value("es")


def test_an_invitation_starts_with_its_code(stage, windows):
    page = windows.open(stage.url, "/chat?start=abc").page
    expect(page.locator("article")).to_have_count(1)

    assert stage.talk.heard[0].text == "abc"
    assert stage.talk.heard[0].profile.zone == "Europe/Berlin"
    assert page.url == stage.url + "/chat"


def test_everything_can_be_done_with_the_keyboard(stage, windows):
    window = windows.open(stage.url)
    page = window.page
    expect(page.get_by_role("button", name="Energy access")).to_be_visible()
    focused = "((e) => (e.dataset.press || e.id || e.className || e.textContent).trim())(document.activeElement)"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "skip"
    window.picture("chat-skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "text"

    page.keyboard.type("/")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.type("ac")
    expect(page.locator("#menu button:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")

    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == "slash"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.command") == "/start"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.command") == "/act"
    window.picture("chat-menu-desktop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="I did it")).to_be_visible()
    assert page.evaluate(focused) == "text"

    order = []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    for _ in range(4):
        order.append(page.evaluate(focused))
        page.keyboard.press("Shift+Tab")
    assert order == ["why:1", "no:1", "later:1", "took:1"]


def test_the_focus_stays_on_a_choice_that_is_edited_in_place(stage, windows):
    page = windows.open(stage.url).page
    page.get_by_role("button", name="Clean cooking").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="✓ Clean cooking")).to_be_focused()
    expect(page.locator(".mine")).to_have_count(0)
    expect(page.locator(".toast")).to_have_text("Noted.")


def test_the_commands_menu_on_a_phone(stage, windows):
    window = windows.open(stage.url, size=PHONE, dark=True)
    page = window.page
    expect(page.locator("article")).to_have_count(1)
    page.locator("#slash").click()
    expect(page.locator("#menu")).to_be_visible()
    window.picture("chat-menu-phone-dark")
    assert audit.complaints(page) == []
    page.locator("#menu").get_by_text("/act").click()
    expect(page.get_by_role("button", name="I did it")).to_be_visible()


def test_a_lost_connection_is_told_and_the_message_can_be_sent_again(stage, windows):
    window = windows.open(stage.url, size=PHONE)
    page = window.page
    expect(page.locator("article")).to_have_count(1)
    page.context.set_offline(True)
    page.locator("#text").fill("are you there?")
    page.keyboard.press("Enter")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator(".state")).to_be_visible()
    window.picture("chat-offline-phone")
    assert audit.complaints(page) == []

    page.context.set_offline(False)
    page.locator(".state button").click()
    expect(page.get_by_text("did not understand")).to_be_visible()
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator(".state")).to_have_count(0)
    expect(page.locator(".mine")).to_have_count(1)


def test_the_transcript_is_a_log_that_screen_readers_follow(stage, windows):
    page = windows.open(stage.url).page
    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kindling")
    expect(page.locator("main")).to_have_count(1)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_everywhere(stage, windows, hostile):
    window = windows.open(stage.url)
    page = window.page
    expect(page.locator("article")).to_have_count(1)
    buttons = ((Button(hostile, press="x"), Button(hostile, url=hostile), Button("link", url="javascript:hit()")),)
    image = Image("energy-access/images/clinic.png", hostile)
    stage.send(Message(hostile, buttons=buttons, image=image))
    stage.send(Message(f"[{hostile}]({hostile})\n\n- {hostile}\n\n`{hostile}`"))
    page.locator("#text").fill(hostile)
    page.keyboard.press("Enter")
    expect(page.get_by_text("did not understand")).to_be_visible()
    page.locator(".bot .button", has_text=hostile.split()[0]).first.click()
    page.reload()
    expect(page.locator(".mine")).not_to_have_count(0)

    assert page.evaluate("window.hit === undefined")
    assert page.locator("#lines script, #lines iframe, #lines svg[onload], #lines [onerror], #lines form").count() == 0
    assert page.locator("#lines a[href^='javascript'], #lines a[href^='data']").count() == 0
    assert page.locator(".mine .bubble").first.inner_text() == hostile
    assert window.faults == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 3])
def test_a_drawn_picture_is_shown_whole(stage, windows, size, count, request):
    window = windows.open(stage.url, size=size)
    page = window.page
    expect(page.locator("article")).to_have_count(1)
    rungs = ("curious", "supporter", "advocate", "contributor", "organizer", "leader")
    stairs = drawing.Stairs("Energy access", rungs, 2, "4 actions", "Next opens contributor, with 2 more actions.")
    values = drawing.Path("Your path", "Jun 1, 2026", "you are here", (stairs,) * count)
    source = stage.store.write_now(
        lambda conn: kept(conn, drawing.draw, values, stage.clock.now(), secret="of the tests")
    )
    row = ((Button("Something to do", press="act", primary=True),),)
    stage.send(Message("Your path on Jun 1, 2026.", buttons=row, image=Image(source, "Your path.")))
    shown = page.locator("img.picture")
    expect(shown).to_have_attribute("alt", "Your path.")
    page.wait_for_function("document.querySelector('img.picture').naturalWidth > 0")
    box = shown.bounding_box()
    natural = shown.evaluate("image => image.naturalHeight / image.naturalWidth")
    window.picture(f"path-{request.node.callspec.id}", whole=True)

    assert box["height"] / box["width"] == pytest.approx(natural, rel=0.01)
    assert box["width"] <= size["width"]
    assert window.faults == []
