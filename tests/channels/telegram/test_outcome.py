"""The table of FAULTS 2.2: every error, and what it means for the message."""

import inspect
import warnings

import pytest
import telegram.error
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.outcome import MAPPED, NOT_EDITABLE, OURS, REFUSALS, classify
from bot.channels.telegram.transport import FloodError, InDoubtError, NotSentError
from bot.message import Outcome, Receipt

SENT, RETRY, UNSURE = Outcome.SENT, Outcome.RETRY, Outcome.UNSURE
GONE, FAILED, STOPPED = Outcome.UNREACHABLE, Outcome.FAILED, Outcome.ACCOUNT_STOPPED


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def retry_after(seconds: int) -> RetryAfter:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return RetryAfter(seconds)


def bad(words: str) -> BadRequest:
    return BadRequest(f"Bad Request: {words}")


TABLE: list[tuple[str, Exception, Receipt]] = [
    ("pool timeout", caused(TimedOut(), NotSentError()), Receipt(RETRY, reason="no connection", wait=2, everyone=True)),
    (
        "refused",
        caused(NetworkError("x"), NotSentError()),
        Receipt(RETRY, reason="no connection", wait=2, everyone=True),
    ),
    ("read timeout", caused(TimedOut(), InDoubtError()), Receipt(UNSURE, reason="timeout")),
    ("cut", caused(NetworkError("x"), InDoubtError()), Receipt(UNSURE, reason="cut off")),
    ("500", NetworkError("Internal Server Error"), Receipt(UNSURE, reason="outage")),
    ("500 restart", NetworkError("Internal Server Error: restart"), Receipt(UNSURE, reason="outage")),
    ("502", NetworkError("Bad Gateway"), Receipt(UNSURE, reason="outage")),
    ("504", NetworkError("Gateway Timeout"), Receipt(UNSURE, reason="outage")),
    (
        "HTML",
        NetworkError("Bad Gateway (502). Parsing the server response b'<html>' failed"),
        Receipt(UNSURE, reason="outage"),
    ),
    ("200 no JSON", TelegramError("Invalid server response"), Receipt(SENT, reason="odd answer")),
    ("200 odd, KeyError", KeyError("result"), Receipt(SENT, reason="odd answer")),
    ("200 odd, ValueError", ValueError("x"), Receipt(SENT, reason="odd answer")),
    ("200 odd, TypeError", TypeError("x"), Receipt(SENT, reason="odd answer")),
    ("429", FloodError(3), Receipt(RETRY, reason="rate", wait=3)),
    ("429 for a day", FloodError(86_400), Receipt(RETRY, reason="rate", wait=86_400)),
    ("429, the library's", retry_after(7), Receipt(RETRY, reason="rate", wait=7)),
    ("429 without parameters", NetworkError("Too Many Requests"), Receipt(RETRY, reason="rate", wait=5)),
    ("chat not found", bad("chat not found"), Receipt(GONE, reason="chat not found")),
    ("PEER_ID_INVALID", bad("PEER_ID_INVALID"), Receipt(GONE, reason="chat not found")),
    ("user not found", bad("user not found"), Receipt(GONE, reason="chat not found")),
    ("migrated", ChatMigrated(-1005), Receipt(RETRY, reason="moved", moved_to="-1005")),
    ("too long", bad("message is too long"), Receipt(FAILED, reason="too long")),
    ("caption too long", bad("message caption is too long"), Receipt(FAILED, reason="too long")),
    ("empty", bad("text must be non-empty"), Receipt(FAILED, reason="empty")),
    ("entities", bad('can\'t parse entities: Unsupported start tag "x"'), Receipt(FAILED, reason="bad markup")),
    ("button data", bad("BUTTON_DATA_INVALID"), Receipt(FAILED, reason="bad button")),
    ("button url", bad("BUTTON_URL_INVALID"), Receipt(FAILED, reason="bad button")),
    (
        "button url, in words",
        bad("inline keyboard button URL 'x' is invalid: Wrong HTTP URL"),
        Receipt(FAILED, reason="bad button"),
    ),
    ("not modified", bad("message is not modified: specified new message content and …"), Receipt(SENT)),
    ("edit not found", bad("message to edit not found"), Receipt(FAILED, reason=NOT_EDITABLE)),
    ("not editable", bad("message can't be edited"), Receipt(FAILED, reason=NOT_EDITABLE)),
    ("delete not found", bad("message to delete not found"), Receipt(FAILED, reason=NOT_EDITABLE)),
    ("query too old", bad("query is too old and response timeout expired"), Receipt(SENT, reason="answered too late")),
    ("no rights", bad("not enough rights to send text messages"), Receipt(GONE, reason="may not write")),
    ("topic closed", bad("TOPIC_CLOSED"), Receipt(GONE, reason="may not write")),
    ("write forbidden", bad("CHAT_WRITE_FORBIDDEN"), Receipt(GONE, reason="may not write")),
    ("frozen", bad("FROZEN_METHOD_INVALID"), Receipt(STOPPED, reason="the account is frozen")),
    ("another 400", bad("something new"), Receipt(FAILED, reason="refused")),
    ("401", InvalidToken("Unauthorized"), Receipt(STOPPED, reason="the token is refused")),
    ("404", InvalidToken("Not Found"), Receipt(STOPPED, reason="the token is refused")),
    ("blocked", Forbidden("Forbidden: bot was blocked by the user"), Receipt(GONE, reason="blocked")),
    ("deactivated", Forbidden("Forbidden: user is deactivated"), Receipt(GONE, reason="deactivated")),
    (
        "never written",
        Forbidden("Forbidden: bot can't initiate conversation with a user"),
        Receipt(GONE, reason="never written to us"),
    ),
    ("kicked", Forbidden("Forbidden: bot was kicked from the group chat"), Receipt(GONE, reason="kicked")),
    (
        "not a member",
        Forbidden("Forbidden: bot is not a member of the channel chat"),
        Receipt(GONE, reason="not a member"),
    ),
    ("group deleted", Forbidden("Forbidden: the group chat was deleted"), Receipt(GONE, reason="group deleted")),
    ("another 403", Forbidden("Forbidden: something new"), Receipt(GONE, reason="forbidden")),
    ("409", Conflict("Conflict: terminated by other getUpdates request"), Receipt(RETRY, reason="conflict", wait=5)),
    ("no such method", EndPointNotFound("x"), Receipt(FAILED, reason="unknown method")),
    ("passport", PassportDecryptionError("x"), Receipt(FAILED, reason="passport")),
]


@pytest.mark.parametrize(("name", "error", "receipt"), TABLE, ids=[row[0] for row in TABLE])
def test_an_error_means(name: str, error: Exception, receipt: Receipt) -> None:
    assert classify(error) == receipt


def errors_of_the_library() -> set[type[TelegramError]]:
    classes = (found for _, found in inspect.getmembers(telegram.error, inspect.isclass))
    return {found for found in classes if issubclass(found, TelegramError)}


def test_every_error_of_the_library_has_a_row() -> None:
    assert errors_of_the_library() <= MAPPED
    assert errors_of_the_library() <= {type(error) for _, error, _ in TABLE}


@pytest.mark.parametrize("words", [words for words, _ in REFUSALS])
def test_every_known_refusal_is_reached_and_not_hidden_by_an_earlier_one(words: str) -> None:
    assert classify(bad(words.upper())) == dict(REFUSALS)[words]


def test_a_mistake_of_ours_is_always_a_failure() -> None:
    for reason in OURS:
        assert Receipt(FAILED, reason=reason) in dict(REFUSALS).values()
