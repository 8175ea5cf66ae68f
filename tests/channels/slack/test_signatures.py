"""Requests that are not from Slack, or not from now: refused before anything is parsed, without any effect."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.slack import guard
from tests.channels.slack.conftest import House, do, until
from tests.platforms.slack import SlackStandIn

MESSAGE = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "user": "U0AAAAAA", "text": "hello", "channel": "D1"},
}
BODY = json.dumps(MESSAGE).encode()
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BRACKETS = b"[" * 100_000

Signed = Callable[[SlackStandIn, bytes], dict[str, str]]


def _now(slack: SlackStandIn) -> int:
    return int(slack.world.clock.unix())


def _with(**more: str) -> Signed:
    names = {"stamp": "X-Slack-Request-Timestamp", "sign": "X-Slack-Signature"}
    return lambda slack, body: slack.signature(body) | {names[name]: value for name, value in more.items()}


def _without(*names: str) -> Signed:
    return lambda slack, body: {key: value for key, value in slack.signature(body).items() if key not in names}


def _at(stamp: Callable[[int], int | str]) -> Signed:
    return lambda slack, body: slack.signature(body, stamp(int(slack.world.clock.unix())))


def _of_another_second(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    return slack.signature(body) | {"X-Slack-Request-Timestamp": str(_now(slack) - 1)}


def _truly(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    return slack.signature(body)


def _cut(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    signed = slack.signature(body)
    return signed | {"X-Slack-Signature": signed["X-Slack-Signature"][:-1]}


def _other_version(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    signed = slack.signature(body)
    return signed | {"X-Slack-Signature": signed["X-Slack-Signature"].replace("v0=", "v1=")}


def _shouted(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    signed = slack.signature(body)
    return signed | {"X-Slack-Signature": signed["X-Slack-Signature"].upper()}


def _of_another_body(slack: SlackStandIn, body: bytes) -> dict[str, str]:
    return slack.signature(body + b" ")


REFUSED: dict[str, tuple[Signed, bytes]] = {
    "no headers at all": (_without("X-Slack-Request-Timestamp", "X-Slack-Signature"), BODY),
    "no signature": (_without("X-Slack-Signature"), BODY),
    "no timestamp": (_without("X-Slack-Request-Timestamp"), BODY),
    "an empty signature": (_with(sign=""), BODY),
    "an empty timestamp": (_with(stamp=""), BODY),
    "a forged signature": (_with(sign="v0=" + "0" * 64), BODY),
    "a signature without its version": (_with(sign="0" * 64), BODY),
    "a signature of another version": (_other_version, BODY),
    "a signature in capitals": (_shouted, BODY),
    "a signature cut short": (_cut, BODY),
    "a signature of 8,000 digits": (_with(sign="v0=" + "a" * 7_000), BODY),
    "a signature that is no ASCII": (_with(sign="v0=ü" + "é" * 63), BODY),
    "the signature of another body": (_of_another_body, BODY),
    "the signature of another second": (_of_another_second, BODY),
    "ten minutes old": (_at(lambda now: now - 600), BODY),
    "six minutes old": (_at(lambda now: now - 360), BODY),
    "six minutes from now": (_at(lambda now: now + 360), BODY),
    "of the year 1970": (_at(lambda now: 0), BODY),
    "of the year 33658": (_at(lambda now: 999_999_999_999), BODY),
    "a timestamp of 13 digits": (_at(lambda now: now * 1000), BODY),
    "a timestamp of 5,000 digits": (_at(lambda now: "9" * 5_000), BODY),
    "a negative timestamp": (_at(lambda now: f"-{now}"), BODY),
    "a timestamp with a sign": (_at(lambda now: f"+{now}"), BODY),
    "a timestamp with a fraction": (_at(lambda now: f"{now}.5"), BODY),
    "a timestamp in words": (_at(lambda now: "abc"), BODY),
    "a timestamp with an exponent": (_at(lambda now: "1e9"), BODY),
    "a timestamp in another script": (_with(stamp="١٧٠٠٠٠٠٠٠٠"), BODY),
    "broken JSON, unsigned": (_with(sign="v0=x"), b'{"type":'),
    "100,000 brackets, unsigned": (_with(sign="v0=x"), BRACKETS),
    "no body, unsigned": (_with(sign="v0=x"), b""),
    "bytes that are no text, unsigned": (_with(sign="v0=x"), b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_s4_what_is_not_signed_by_slack_now_is_refused_unseen(
    house: House, slack: SlackStandIn, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[Any] = []
    monkeypatch.setattr("bot.channels.slack.http.from_body", lambda *args: parsed.append(args))
    sign, body = REFUSED[name]
    body = body.replace(b"T1", slack.team.id.encode())

    reply = await do(slack.post_raw, body, {**JSON, **sign(slack, body)})

    assert reply.status == 401
    assert parsed == []
    assert house.rows("inbox") == []


ODD: dict[str, tuple[dict[str, str], bytes, tuple[int, ...]]] = {
    "broken JSON": (JSON, b'{"type":', (400,)),
    "100,000 brackets": (JSON, BRACKETS, (400,)),
    "no body": (JSON, b"", (400,)),
    "bytes that are no text": (JSON, b"\xff\xfe\x00", (400,)),
    "a number of 5,000 digits": (JSON, b'{"a":' + b"9" * 5_000 + b"}", (400,)),
    "a list": (JSON, b"[1,2]", (400,)),
    "a word": (JSON, b'"event_callback"', (400,)),
    "101 fields": (FORM, b"&".join(b"f%d=1" % number for number in range(101)), (400,)),
    "a payload that is no JSON": (FORM, b"payload=%7B", (400,)),
    "a payload of brackets": (FORM, b"payload=" + BRACKETS, (400,)),
    "an event that is a list": (JSON, b'{"type":"event_callback","team_id":"T1","event":[]}', (200,)),
    "a team that is a number": (JSON, b'{"type":"event_callback","team_id":7,"event":{}}', (200,)),
    "a form without a view": (FORM, b"payload=%7B%22type%22%3A%22view_submission%22%7D", (200,)),
    "nothing known": (JSON, b'{"type":"unheard_of"}', (200,)),
    "more than a megabyte": (JSON, b" " * (guard.BODY_AT_MOST + 1), (413,)),
}


@pytest.mark.parametrize("name", ODD)
async def test_s4_odd_bodies_with_a_true_signature_do_no_harm(house: House, slack: SlackStandIn, name: str) -> None:
    headers, body, expected = ODD[name]
    body = body.replace(b"T1", slack.team.id.encode())

    reply = await do(slack.post_raw, body, {**headers, **slack.signature(body)})

    assert reply.status in expected
    await until(house.is_still)
    assert [row["state"] for row in house.rows("inbox")] in ([], ["done"])
    assert house.rows("subscribers") == []


async def test_s4_no_depth_of_nesting_makes_us_fail(house: House, slack: SlackStandIn) -> None:
    about = f'{{"type":"event_callback","team_id":"{slack.team.id}","event":'.encode()
    for depth in (*range(100, 900, 100), *range(900, 1000, 3)):
        body = about + b'{"a":' * depth + b"1" + b"}" * depth + b"}"
        reply = await do(slack.post_raw, body, {**JSON, **slack.signature(body)})
        assert reply.status in (200, 400), depth
    await until(house.is_still)


async def test_s4_headers_that_are_no_text_are_refused(house: House, slack: SlackStandIn) -> None:
    host, port = "127.0.0.1", house.sock.getsockname()[1]
    reader, writer = await asyncio.open_connection(host, port)
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n"
    stamp = b"X-Slack-Request-Timestamp: " + str(_now(slack)).encode() + b"\r\n"
    writer.write(head + stamp + b"X-Slack-Signature: v0=\xff\xfe\x80\r\n\r\n{}")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()

    assert b" 401 " in answer.partition(b"\r\n")[0]


def test_s4_refusing_takes_no_time() -> None:
    headers = {guard.TIMESTAMP: "9" * 12, guard.SIGNATURE: "v0=" + "0" * 64}
    start = time.perf_counter()
    for _ in range(100):
        assert guard.refusal("secret", headers, BRACKETS, 0.0) == "forged"
    assert (time.perf_counter() - start) / 100 < 0.005


async def test_s20_a_clock_six_minutes_off_refuses_all_and_health_says_so(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    house.clock.ahead += timedelta(minutes=6)
    refused = [await do(slack.post_raw, BODY, {**JSON, **slack.signature(BODY)}) for _ in range(3)]
    ill = await _health(house)

    house.clock.ahead -= timedelta(minutes=6)
    ok = await do(ana.types, "/help")
    well = await _health(house)

    assert [reply.status for reply in refused] == [401] * 3
    assert "clock" in ill["parts"]["slack"]
    assert ok.status == 200
    assert "slack" not in well.get("parts", {})


async def test_the_address_proves_itself_only_when_asked_by_slack(house: House, slack: SlackStandIn) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "c"}).encode()

    assert (await do(slack.verify_url)).ok
    assert (await do(slack.post_raw, challenge, {**JSON, "X-Slack-Signature": "v0=x"})).status == 401


async def _health(house: House) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{house.address}/healthz") as answer:
        found: dict[str, Any] = await answer.json()
        return found
