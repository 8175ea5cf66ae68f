"""What an answer of Slack means for a message: one pure function, and the tables it reads.

The error names are those of the reference of chat.postMessage; whether a message may have been posted all the same
stands there too ("It's possible some aspect of the operation succeeded").
"""

from bot.message import Outcome, Receipt

HOUR = 3600.0
UNTOLD_WAIT = 5.0
DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
ENDED = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "two_factor_setup_required"}
)  # fmt: skip
MISSING = frozenset({"missing_scope", "not_allowed_token_type"})
MOVING = frozenset({"org_login_required", "enterprise_is_restricted", "team_access_not_granted", "access_denied"})
GONE = frozenset(
    {
        "channel_not_found", "user_not_found", "users_not_found", "user_disabled", "user_not_visible", "user_is_bot",
        "user_not_in_channel", "messages_tab_disabled", "is_archived", "is_inactive", "not_in_channel", "cannot_dm_bot",
        "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel", "restricted_action_thread_locked", "ekm_access_denied",
    }
)  # fmt: skip
MALFORMED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_arguments",
     "invalid_attachments", "too_many_attachments", "view_too_large"}
)  # fmt: skip
UNEDITABLE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "update_failed", "not_found", "used_url",
     "expired_url", "block_mismatch"}
)  # fmt: skip
UNOPENABLE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "push_limit_reached"}
)
FULL = frozenset({"rate_limited", "message_limit_exceeded"})


def receipt(error: str, status: int = 200, wait: float = 0.0, needed: str = "") -> Receipt:
    """What follows from an error's name, the status and the seconds of a `Retry-After`; `needed` names a scope."""
    if error == "ratelimited" or status == 429:
        return Receipt(Outcome.RETRY, reason="rate", wait=wait or UNTOLD_WAIT)
    if error in FULL:
        return Receipt(Outcome.RETRY, reason="rate", wait=HOUR, everyone=error == "message_limit_exceeded")
    if error in GONE:
        return Receipt(Outcome.UNREACHABLE, reason=error)
    if error in ENDED:
        return Receipt(Outcome.ACCOUNT_STOPPED, reason=error, wait=HOUR, everyone=True)
    if error in MISSING:
        reason = f"missing scope {needed}".strip() if error == "missing_scope" else error
        return Receipt(Outcome.ACCOUNT_STOPPED, reason=reason[:60], wait=HOUR, everyone=True)
    if error in MOVING:
        return Receipt(Outcome.RETRY, reason=error, wait=HOUR, everyone=True)
    if error in DOUBTFUL or status >= 500:
        return Receipt(Outcome.UNSURE, reason=error or f"status {status}")
    return Receipt(Outcome.FAILED, reason=error or f"status {status}")
