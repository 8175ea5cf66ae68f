"""The demo, walked by a newcomer from the greeting to the second rung, in a real browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Window, Windows

ROOT = Path(__file__).parents[2]
DAYS_AT_MOST = 14


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """`kindling demo` as a subprocess; gives the address of its chat."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "18080"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        if found := re.search(rb"(http://\S+)/chat", line):
            address = found[1].decode()
            break
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.stdout.close()


def join(page: Page, *, cause: str, go_on: str, daily: str) -> None:
    """The first talk, in four taps."""
    page.get_by_role("button", name=cause, exact=True).click()
    page.get_by_role("button", name=go_on, exact=True).click()
    page.get_by_role("button", name=daily, exact=True).click()
    page.get_by_role("button", name=re.compile(r"^(6:00.PM|18:00)$")).last.click()


def climb(window: Window, *, done: str, next_day: str, rung: str, name: str) -> int:
    """Say yes to whatever is asked, day by day, until a rung is reached; returns how many days it took."""
    page = window.page
    for day in range(1, DAYS_AT_MOST):
        buttons = page.get_by_role("button", name=done, exact=True)
        if buttons.count():
            noted = page.get_by_role("button", name="Noted ✓ · Undo")
            expected = noted.count() + 1
            buttons.last.click()
            expect(noted).to_have_count(expected)
            page.wait_for_timeout(150)
            window.picture(f"{name}-day-{day}")
        if page.get_by_role("log").get_by_text(rung).count():
            return day
        before = page.get_by_role("log").inner_text()
        page.get_by_role("button", name=next_day).click()
        page.wait_for_function("(before) => document.querySelector('[role=log]').innerText !== before", arg=before)
        page.wait_for_timeout(300)
    raise AssertionError(f"{rung} was not reached in {DAYS_AT_MOST} days")


def test_a_newcomer_climbs_two_rungs_in_a_minute(chromium: Browser, demo: str, windows: Windows) -> None:
    window = windows.open(demo, size=PHONE)
    page = window.page
    expect(page.get_by_text("What do you care about?")).to_be_visible()
    window.picture("demo-1-greeting")
    join(page, cause="Energy access", go_on="Continue", daily="Every day")
    expect(page.get_by_text("Here is your first story")).to_be_visible()
    page.get_by_role("button", name="I did it ✓").wait_for()
    window.picture("demo-2-first-story")

    days = climb(window, done="I did it ✓", next_day="Next day", rung="advocate", name="demo-3")

    assert days <= DAYS_AT_MOST
    page.get_by_placeholder("Write a message").fill("/me")
    page.keyboard.press("Enter")
    expect(page.get_by_text("you are here").last).to_be_visible()
    window.picture("demo-4-path")
    assert not window.faults


def test_the_demo_in_a_right_to_left_page(chromium: Browser, demo: str, windows: Windows) -> None:
    window = windows.open(demo, "/chat?lang=ar", size=DESKTOP, dark=True)
    page = window.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_text("What do you care about?")).to_be_visible()
    join(page, cause="Giving Day", go_on="Continue", daily="Every day")
    climb(window, done="I did it ✓", next_day="اليوم التالي", rung="advocate", name="demo-rtl")
    window.picture("demo-rtl-end")

    assert not window.faults
