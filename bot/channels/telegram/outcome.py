"""What became of a call: every error the library knows, and every refusal of the platform that means something else."""

import warnings
from collections.abc import Callable, Mapping

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

from bot.channels.telegram.transport import WAIT_UNKNOWN, FloodError, InDoubtError, NotSentError
from bot.message import Outcome, Receipt

TOKEN_REFUSED = "the token is refused"  # noqa: S105 - words, no secret
FROZEN = "the account is frozen"
NOT_EDITABLE = "not editable"
OURS = ("bad markup", "too long", "empty", "bad button")
"""Reasons that are a mistake of ours: the same bytes must never be sent again."""
NO_CONNECTION_WAIT = 2.0

_NOT_MODIFIED = Receipt(Outcome.SENT)
_TOO_LATE = Receipt(Outcome.SENT, reason="answered too late")


def _gone(reason: str) -> Receipt:
    return Receipt(Outcome.UNREACHABLE, reason=reason)


def _failed(reason: str) -> Receipt:
    return Receipt(Outcome.FAILED, reason=reason)


REFUSALS: tuple[tuple[str, Receipt], ...] = (
    ("message is not modified", _NOT_MODIFIED),
    ("query is too old", _TOO_LATE),
    ("query_id_invalid", _TOO_LATE),
    ("frozen_method_invalid", Receipt(Outcome.ACCOUNT_STOPPED, reason=FROZEN)),
    ("chat not found", _gone("chat not found")),
    ("peer_id_invalid", _gone("chat not found")),
    ("user not found", _gone("chat not found")),
    ("user_id_invalid", _gone("chat not found")),
    ("chat_id_invalid", _gone("chat not found")),
    ("group chat was deactivated", _gone("group deleted")),
    ("user_is_blocked", _gone("blocked")),
    ("input_user_deactivated", _gone("deactivated")),
    ("user is deactivated", _gone("deactivated")),
    ("not enough rights", _gone("may not write")),
    ("have no rights", _gone("may not write")),
    ("need administrator rights", _gone("may not write")),
    ("chat_write_forbidden", _gone("may not write")),
    ("chat_restricted", _gone("may not write")),
    ("topic_closed", _gone("may not write")),
    ("message to edit not found", _failed(NOT_EDITABLE)),
    ("message to delete not found", _failed(NOT_EDITABLE)),
    ("can't be edited", _failed(NOT_EDITABLE)),
    ("message_id_invalid", _failed(NOT_EDITABLE)),
    ("there is no text in the message to edit", _failed(NOT_EDITABLE)),
    ("there is no caption in the message to edit", _failed(NOT_EDITABLE)),
    ("message identifier is not specified", _failed(NOT_EDITABLE)),
    ("can't parse entities", _failed("bad markup")),
    ("can't parse messageentity", _failed("bad markup")),
    ("message is too long", _failed("too long")),
    ("message_too_long", _failed("too long")),
    ("caption is too long", _failed("too long")),
    ("media_caption_too_long", _failed("too long")),
    ("text must be non-empty", _failed("empty")),
    ("message text is empty", _failed("empty")),
    ("button_data_invalid", _failed("bad button")),
    ("button_url_invalid", _failed("bad button")),
    ("button url", _failed("bad button")),
    ("reply_markup_", _failed("bad button")),
    ("keyboard", _failed("bad button")),
)
"""What the words of a 400 mean, the first that fits; in lower case."""

_FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("blocked by the user", "blocked"),
    ("deactivated", "deactivated"),
    ("initiate conversation", "never written to us"),
    ("kicked", "kicked"),
    ("not a member", "not a member"),
    ("deleted", "group deleted"),
)


def classify(error: Exception) -> Receipt:
    """Tell from an error whether the call took effect and what to do now.

    A wait after a 429 is for the one chat: the platform does not say which of its limits was met, and halting all
    others for one group's limit is the worse mistake. Who paces the account sees when several chats are refused.
    """
    for kind, read in _READERS.items():
        if isinstance(error, kind):
            return read(error)
    # The answer said yes, and only reading it failed: it was sent, and we do not know under which id.
    return Receipt(Outcome.SENT, reason="odd answer")


def _bad_request(error: Exception) -> Receipt:
    words = str(error).lower()
    return next((receipt for part, receipt in REFUSALS if part in words), _failed("refused"))


def _forbidden(error: Exception) -> Receipt:
    words = str(error).lower()
    return _gone(next((reason for part, reason in _FORBIDDEN if part in words), "forbidden"))


def _flood(error: Exception) -> Receipt:
    if isinstance(error, FloodError):
        return _later(error.wait)
    assert isinstance(error, RetryAfter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns that this will be a timedelta some day; both are read
        wait = error.retry_after
    return _later(wait if isinstance(wait, int | float) else wait.total_seconds())


def _later(wait: float) -> Receipt:
    return Receipt(Outcome.RETRY, reason="rate", wait=wait)


def _moved(error: Exception) -> Receipt:
    assert isinstance(error, ChatMigrated)
    return Receipt(Outcome.RETRY, reason="moved", moved_to=str(error.new_chat_id))


def _network(error: Exception) -> Receipt:
    if isinstance(error.__cause__, NotSentError):
        return Receipt(Outcome.RETRY, reason="no connection", wait=NO_CONNECTION_WAIT, everyone=True)
    if "too many requests" in str(error).lower():
        return _later(WAIT_UNKNOWN)
    if isinstance(error, TimedOut):
        return Receipt(Outcome.UNSURE, reason="timeout")
    return Receipt(Outcome.UNSURE, reason="cut off" if isinstance(error.__cause__, InDoubtError) else "outage")


# In this order: `BadRequest` and `TimedOut` are kinds of `NetworkError`, and all are kinds of `TelegramError`.
_READERS: Mapping[type[Exception], Callable[[Exception], Receipt]] = {
    FloodError: _flood,
    RetryAfter: _flood,
    ChatMigrated: _moved,
    BadRequest: _bad_request,
    Forbidden: _forbidden,
    InvalidToken: lambda _: Receipt(Outcome.ACCOUNT_STOPPED, reason=TOKEN_REFUSED),
    Conflict: lambda _: Receipt(Outcome.RETRY, reason="conflict", wait=WAIT_UNKNOWN),
    EndPointNotFound: lambda _: _failed("unknown method"),
    PassportDecryptionError: lambda _: _failed("passport"),
    TimedOut: _network,
    NetworkError: _network,
    # Only an answer with status 200 that is no JSON is raised as the bare error.
    TelegramError: lambda _: Receipt(Outcome.SENT, reason="odd answer"),
}
MAPPED = frozenset(_READERS)
"""The errors that have a row of their own."""
