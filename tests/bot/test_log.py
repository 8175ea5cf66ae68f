"""Secrets never reach a log, whichever library writes it."""

import logging
from pathlib import Path

import pytest
import structlog

from bot import log

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"
VALUES = ["a-signing-key-of-ours", "hunter2-hunter2"]


@pytest.fixture(autouse=True)
def as_it_was():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("secret", [TOKEN, *VALUES, "xoxb-12345-abcdef", "xapp-1-A1-b", "whsec_abcdef", "sk_live_abc"])
def test_a_secret_is_masked_in_words_values_and_tracebacks(
    style: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(style, VALUES, level=logging.DEBUG)
    structlog.get_logger().info("asked", url=f"https://api.example.org/bot{secret}/getMe")
    logging.getLogger("some.library").warning("calling %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed")
    written = capsys.readouterr().err

    assert written.count("\n") >= 4
    assert secret not in written
    assert log.MASK in written


def test_the_chatty_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("console")
    logging.getLogger("httpx").info("GET https://example.org")

    assert capsys.readouterr().err == ""


def test_a_full_disk_ends_nothing_but_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("w")  # noqa: SIM115 - closing it is what fails
    monkeypatch.setattr("sys.stderr", full)
    log.configure("json")
    structlog.get_logger().warning("nobody will read this")
    logging.getLogger("somebody else").warning("nor this")
    monkeypatch.undo()

    with pytest.raises(OSError, match="No space left"):
        full.close()
