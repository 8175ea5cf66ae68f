"""What the operator set for Slack, and whether it can work together."""

from dataclasses import dataclass, field

from bot.settings import Settings

SLACK = "https://slack.com/api/"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What the operator set for Slack."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    url: str = SLACK
    public_url: str = ""

    def check(self) -> None:
        """Raises `ValueError` for settings that cannot work together, and says what is missing."""
        if self.bot_token and not self.bot_token.startswith("xoxb-"):
            raise ValueError("SLACK_BOT_TOKEN is not a bot's token: it begins with xoxb-")
        if self.app_token and not self.app_token.startswith("xapp-"):
            raise ValueError("SLACK_APP_TOKEN is not an app-level token: it begins with xapp-")
        if not self.url.endswith("/api/"):
            raise ValueError("SLACK_API_URL must end in /api/")
        if not (self.app_token or self.signing_secret):
            raise ValueError("Slack needs a way in: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together")
        if not (self.bot_token or self.client_id):
            raise ValueError(
                "set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for many"
            )
        if self.client_id and not self.public_url:
            raise ValueError(
                "installs for several workspaces need KINDLING_PUBLIC_URL, the address people come back to"
            )


def access(settings: Settings) -> Access | None:
    """The settings for Slack; None when nothing of Slack is set.

    Raises `ValueError` when they cannot be right.
    """
    found = Access(
        bot_token=settings.slack_bot_token.get_secret_value().strip(),
        app_token=settings.slack_app_token.get_secret_value().strip(),
        signing_secret=settings.slack_signing_secret.get_secret_value().strip(),
        client_id=settings.slack_client_id.strip(),
        client_secret=settings.slack_client_secret.get_secret_value().strip(),
        url=settings.slack_api_url,
        public_url=settings.kindling_public_url.rstrip("/"),
    )
    if not any((found.bot_token, found.app_token, found.signing_secret, found.client_id)):
        return None
    found.check()
    return found
