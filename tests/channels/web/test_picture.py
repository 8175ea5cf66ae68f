"""A drawn picture on the web: the page is given its address, and whoever has the address gets it."""

import json
from pathlib import Path

import httpx2
import pytest

from bot import compose
from bot.channels.web import outbound
from bot.clock import FixedClock
from bot.settings import Settings
from storage import guard
from tests import make
from tests.talk import START, Talk, publish


@pytest.mark.parametrize("language", ["en", "es", "de"])
async def test_the_path_is_seen_in_the_chat_and_kept_by_no_proxy(tmp_path: Path, language: str) -> None:
    settings = Settings(
        _env_file=None, kindling_database_url=f"sqlite:///{tmp_path / 'k.db'}", kindling_secret="s" * 32
    )  # type: ignore[call-arg]
    kindling = compose.build(settings, FixedClock(START))
    guard.ensure_schema(kindling.store)
    publish(kindling.store, make.pack("water", actions=make.climb()))
    ana = Talk(kindling.store).joins()
    ana.presses(f"set:lang:{language}")
    (message,) = ana.presses("me:picture")
    row = json.loads(outbound.body(message))
    transport = httpx2.ASGITransport(compose.web_app(kindling))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get(row["image"]["src"])
        again = await http.get(row["image"]["src"], headers={"If-None-Match": answer.headers["etag"]})
        guessed = await http.get(f"/pictures/drawn/{'0' * 64}.png")
    await kindling.store.close()

    assert message.image is not None
    assert row["image"]["alt"] == message.image.alt
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["cache-control"] == again.headers["cache-control"] == "private, max-age=3600"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (again.status_code, guessed.status_code) == (304, 404)
