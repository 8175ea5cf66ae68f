"""Settings from the environment, `.env` or a secrets directory: the only reader of the environment."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS_DIR = "/run/secrets"
SLACK_RATE = 8.0
WEB_RATE = 1000.0
"""Messages a second of a Slack workspace and of the web chat, as their adapters have them; a test compares."""


class Settings(BaseSettings):
    """Everything an operator can set; names and defaults are DESIGN.md section 4's contract."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        case_sensitive=False,
        secrets_dir=SECRETS_DIR if Path(SECRETS_DIR).is_dir() else None,
        env_ignore_empty=True,
    )

    kindling_database_url: SecretStr = Field(SecretStr("sqlite:///kindling.db"), description="Where all is kept.")
    kindling_host: str = Field("127.0.0.1", description="The address the web server listens on.")
    kindling_port: int = Field(8080, ge=0, le=65535, description="The port the web server listens on.")
    kindling_public_url: str = Field("", description="How the world reaches the web server, https://…")
    kindling_secret: SecretStr = Field(SecretStr(""), description="Signs tokens; made if absent, kept in ~/.config.")
    kindling_log_format: Literal["console", "json"] = Field("console", description="How log lines look.")
    kindling_fetch_allow: str = Field("", description="Exact host:port of in-house feeds, separated by commas.")
    kindling_lanes: int = Field(8, ge=1, le=256, description="Messages in flight for an account.")
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="From @BotFather.")
    telegram_api_url: str = Field("https://api.telegram.org", description="Or a self-hosted Bot API server.")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="How updates come in.")
    telegram_rate: float = Field(30.0, gt=0, le=1000, description="Messages a second for the account.")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Of one workspace: xoxb-…")
    slack_app_token: SecretStr = Field(SecretStr(""), description="For Socket Mode: xapp-…")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="For requests to /slack/events.")
    slack_client_id: str = Field("", description="For installs in several workspaces.")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="Goes with SLACK_CLIENT_ID.")
    slack_api_url: str = Field("https://slack.com/api/", description="Ends in /api/.")


def read() -> Settings:
    """Read all settings.

    Raises `pydantic.ValidationError` for a value that is not one.
    """
    return Settings()


def config_dir() -> Path:
    """The folder for what belongs to the operator and not beside the data."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "kindling"


@lru_cache
def _made_secret(folder: Path) -> str:
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Exclusive creation: of two processes starting at once one wins, and both read what it wrote.
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text().strip()


def secret(settings: Settings) -> str:
    """The signing secret: the one set, else the one kept in the configuration folder, made at first need."""
    return settings.kindling_secret.get_secret_value() or _made_secret(config_dir())


def rates(settings: Settings) -> dict[str, float]:
    """Messages a second that an account may send, by kind of channel; Slack's is that of one workspace."""
    return {"telegram": settings.telegram_rate, "slack": SLACK_RATE, "web": WEB_RATE}


def secrets_of(settings: Settings) -> list[str]:
    """Every secret value in use, for the log's filter."""
    values = (getattr(settings, name) for name in Settings.model_fields if name != "kindling_database_url")
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def source_of(name: str) -> str:
    """Where the value of a setting came from: `environment`, `.env`, `secrets` or `default`."""
    if os.environ.get(name) or os.environ.get(name.lower()):
        return "environment"
    env_file = Path(".env")
    if env_file.is_file() and any(
        line.partition("=")[0].strip().upper() == name for line in env_file.read_text(encoding="utf-8").splitlines()
    ):
        return ".env"
    if (Path(SECRETS_DIR) / name.lower()).is_file() or (Path(SECRETS_DIR) / name).is_file():
        return "secrets"
    return "default"
