"""What each answer of Slack means for a message: the table of FAULTS.md, section 3."""

import pytest

from bot.channels.slack.outcome import HOUR, receipt
from bot.message import Outcome


@pytest.mark.parametrize(
    ("error", "status", "outcome", "wait", "everyone"),
    [
        ("ratelimited", 429, Outcome.RETRY, 30.0, False),
        ("", 429, Outcome.RETRY, 30.0, False),
        ("rate_limited", 200, Outcome.RETRY, HOUR, False),
        ("message_limit_exceeded", 200, Outcome.RETRY, HOUR, True),
        *((error, 200, Outcome.UNSURE, 0.0, False)
          for error in ("fatal_error", "internal_error", "service_unavailable", "request_timeout")),
        *(("", status, Outcome.UNSURE, 0.0, False) for status in (500, 502, 503, 504)),
        *((error, 200, Outcome.ACCOUNT_STOPPED, HOUR, True)
          for error in ("account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed",
                        "not_allowed_token_type")),
        *((error, 200, Outcome.RETRY, HOUR, True)
          for error in ("org_login_required", "enterprise_is_restricted", "team_access_not_granted")),
        *((error, 200, Outcome.UNREACHABLE, 0.0, False)
          for error in ("channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "is_archived",
                        "messages_tab_disabled", "cannot_dm_bot", "restricted_action", "not_in_channel",
                        "ekm_access_denied")),
        *((error, 200, Outcome.FAILED, 0.0, False)
          for error in ("invalid_blocks", "msg_too_long", "msg_blocks_too_long", "no_text", "never_heard_of")),
    ],
)  # fmt: skip
def test_an_answer_means_this(error: str, status: int, outcome: Outcome, wait: float, everyone: bool) -> None:
    found = receipt(error, status, 30.0 if status == 429 else 0.0)
    assert (found.outcome, found.wait, found.everyone) == (outcome, wait, everyone)


def test_a_missing_scope_is_named() -> None:
    found = receipt("missing_scope", needed="chat:write")
    assert (found.outcome, found.reason) == (Outcome.ACCOUNT_STOPPED, "missing scope chat:write")
