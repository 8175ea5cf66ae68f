"""One Chromium for all browser tests; without one they are skipped, but in CI that is a failure."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Not for the whole session: while Playwright runs, no asynchronous test can run in the same process.
    if not CHROMIUM.exists():
        missing = f"no browser at {CHROMIUM}; install Debian's `chromium`"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Window:
    """An open page, and everything it did that it should not have done."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def picture(self, name: str, *, whole: bool = False) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


class Windows:
    """Opens windows and notes errors and requests to other hosts in each."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.windows: list[Window] = []

    def open(self, url: str, path: str = "/chat", *, size: dict[str, int] = DESKTOP, dark: bool = False) -> Window:
        context = self.browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", locale="en-GB", timezone_id="Europe/Berlin",
            has_touch=size is PHONE, reduced_motion="reduce",
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        window = Window(page, url)
        page.on("console", lambda message: window.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: window.faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(url) else window.faults.append(request.url))
        page.goto(url + path)
        self.windows.append(window)
        return window

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    windows = Windows(chromium)
    yield windows
    windows.close()
