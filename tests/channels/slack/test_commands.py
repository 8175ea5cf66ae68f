"""Commands are named in Slack as they have to be typed there."""

import pytest

from bot.channels.slack.commands import as_typed


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Write /help.", "Write /kindling help."),
        ("/me shows it, /mute too", "/kindling me shows it, /kindling mute too"),
        ("`/invite`", "`/kindling invite`"),
        ("Change it under /settings, or /act.", "Change it under /settings, or /act."),
        ("https://a.example/me/help and /me.html and a/me", "https://a.example/me/help and /me.html and a/me"),
        ("/kindling help", "/kindling help"),
    ],
)
def test_a_name_that_slack_keeps_goes_behind_ours(said: str, shown: str) -> None:
    assert as_typed(said) == shown
