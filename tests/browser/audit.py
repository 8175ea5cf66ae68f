"""Looks at a page as a reviewer would: contrast of every text, size of every target, names, sideways scrolling."""

from pathlib import Path

from playwright.sync_api import Page

CHECKS = Path(__file__).with_suffix(".js").read_text()


def complaints(page: Page) -> list[str]:
    """Everything a reviewer would complain about."""
    found = page.evaluate(f"() => Object.entries(\n{CHECKS}).map(([name, check]) => [name, check()])")
    return [f"{name}: {complaint}" for name, complaints in found for complaint in complaints]
