"""Drawn pictures on Slack, which fetches them itself: by a public address, or told in words where there is none."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.acceptance import slack as acting
from tests.channels.slack.conftest import do, running, until, until_noon
from tests.platforms.slack import SlackStandIn

PUBLIC = "https://kindling.example"


def pictures(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] == "image"]


@pytest.mark.parametrize("public", [PUBLIC, "http://kindling.example"])
async def test_the_path_is_shown_in_the_chat_and_on_the_page(slack: SlackStandIn, tmp_path: Path, public: str) -> None:
    async with running(slack, tmp_path, kindling_public_url=public) as house:
        until_noon(house)
        ana = slack.person("Ana")
        await house.joins(ana)
        ana.opens_home()
        await until(lambda: ana.home is not None and house.is_still())
        await do(ana.presses, ana.home, acting.action_id(ana.home, "me"))
        await until(lambda: "me:picture" in acting.presses_of(ana.home))
        await do(ana.presses, ana.home, acting.action_id(ana.home, "me:picture"))
        await until(lambda: "step 1 of 6" in str(ana.home))
        page = ana.home
        assert page is not None
        shown = pictures(page["blocks"])
        if public != PUBLIC:
            assert shown == []
            assert "🖼 Your path." in str(page)
            return
        assert len(shown) == 1
        assert "you are here" in shown[0]["alt_text"]
        address = shown[0]["image_url"]
        assert address.startswith(f"{PUBLIC}/pictures/drawn/")
        async with httpx2.AsyncClient(base_url=house.address) as http:
            answer = await http.get(address.removeprefix(PUBLIC))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cache-control"].startswith("private")


async def test_the_path_comes_into_the_chat(slack: SlackStandIn, tmp_path: Path) -> None:
    async with running(slack, tmp_path, kindling_public_url=PUBLIC) as house:
        until_noon(house)
        ana = slack.person("Ana")
        await house.joins(ana)
        await do(ana.types, "/kindling", "me")
        await do(acting.taps, ana, "me:picture")
        await until(lambda: any(pictures(message.blocks) for message in ana.messages))

        shown = next(message for message in ana.messages if pictures(message.blocks))
        assert [block["type"] for block in shown.blocks] == ["image", "section", "actions"]
        assert acting.presses_of(shown) == ["act"]
