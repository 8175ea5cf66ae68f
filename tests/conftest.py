"""What every test may rely on: a clean environment, no network but this machine, repeatable chance."""

import ipaddress
import os
import socket
from typing import Any

# python-telegram-bot warns at every 429 otherwise, and here warnings are errors.
os.environ["PTB_TIMEDELTA"] = "true"

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("suite", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

OURS = ("KINDLING_", "TELEGRAM_", "SLACK_")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test wanted to leave this machine: {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
