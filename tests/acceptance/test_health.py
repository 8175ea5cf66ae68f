"""A bot that is deaf says so, and its token is nowhere to be read."""

from tests.acceptance.instance import Instance
from tests.platforms.telegram import TelegramStandIn


def test_a_refused_token_turns_health_red_and_stays_secret(instance: Instance, telegram: TelegramStandIn) -> None:
    telegram.faults.add(method="getUpdates", status=401, description="Unauthorized")
    instance.starts()
    instance.wait(lambda: (instance.health() or {}).get("code") == 503, seconds=30)

    health = str(instance.health())
    assert "telegram" in health
    assert telegram.token not in health + instance.log()


def test_a_well_bot_is_green(instance: Instance) -> None:
    instance.starts()
    instance.wait(lambda: (instance.health() or {}).get("code") == 200, seconds=30)


def test_a_rival_poller_turns_health_red(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    telegram.faults.add(method="getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
    instance.wait(lambda: (instance.health() or {}).get("code") == 503, seconds=30)
