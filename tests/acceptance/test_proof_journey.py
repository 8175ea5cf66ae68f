"""Proof over real protocols: a gift paid at Stripe and refunded, a link that was followed, a code told on the spot."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.acceptance import slack as acting
from tests.acceptance.instance import Instance
from tests.acceptance.test_telegram_journey import button, with_button
from tests.platforms.slack import SlackStandIn
from tests.platforms.telegram import Person, TelegramStandIn
from tests.senders import STRIPE_SECRET, Stripe

ARRIVED = {
    "en": ("Your gift of €25.00 for", "was paid back"),
    "es": ("Tu donación de 25,00\u00a0€", "fue devuelta"),
    "de": ("Deine Spende von 25,00\u00a0€", "wurde zurückgezahlt"),
}


def pack(folder: Path) -> str:
    """A pack with one gift to give, in three languages."""

    def said(words: str) -> dict[str, str]:
        return dict.fromkeys(ARRIVED, words)

    document = {
        "pack": "lamps",
        "version": 1,
        "title": said("Lamps"),
        "publisher": {"name": "Lamp Friends"},
        "languages": [*ARRIVED],
        "causes": {"lamps": {"title": said("Lamps"), "why": said("Light.")}},
        "stories": {
            "first": {"cause": "lamps", "kind": "fact", "chapter": 1, "text": said("A lamp."), "leads_to": ["give"]}
        },
        "actions": {
            "give": {
                "cause": "lamps", "kind": "donation", "rung": "curious", "title": said("One lamp"),
                "ask": said("Would you?"), "minutes": 1, "verify": "payment", "url": "https://buy.stripe.com/lamp",
                "payment": {"currencies": ["EUR"], "least": 100}, "result_by": "2099-01-01",
            }
        },
    }  # fmt: skip
    (folder / "pack.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return str(folder / "pack.yaml")


def post(instance: Instance, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """What the outside world gets for a delivery."""
    request = urllib.request.Request(f"http://127.0.0.1:{instance.port}/hooks/stripe", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def believes_stripe(instance: Instance, folder: Path) -> None:
    instance.must("pack", "load", pack(folder))
    done = instance.call("hook", "add", "stripe", "--pack", "lamps", stdin=f"{STRIPE_SECRET}\n")
    assert "/hooks/stripe/" in done.stdout, done.stderr
    assert STRIPE_SECRET not in done.stdout + done.stderr


def reference(url: str) -> str:
    return parse_qs(urlsplit(url).query)["client_reference_id"][0]


def asked(telegram: TelegramStandIn, language: str) -> tuple[Person, str]:
    """Somebody in front of the ask, and our reference in their own link."""
    person = telegram.person(language=language, started=False)
    person.says("/start")
    for wanted in ("join:cause:", "join:go", "join:freq:daily", "join:hour:1080"):
        person.presses(*button(person, wanted))
    message = with_button(person, "done:")
    person.taps(message, "set:quiet:0-0")
    (url,) = [data for row in message.buttons for _, data in row if "stripe" in data]
    return person, reference(url)


def noon(now: datetime) -> str:
    """A time zone in which it is midday: nobody is told of a gift at night."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def test_a_gift_is_paid_thanked_for_and_refunded_in_three_languages(tmp_path: Path, telegram: TelegramStandIn) -> None:
    instance = Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url})
    believes_stripe(instance, tmp_path)
    instance.starts()
    stripe, now = Stripe(), datetime.now(UTC)
    people = {language: asked(telegram, language) for language in ARRIVED}
    for language, (person, mine) in people.items():
        body = stripe.paid(now, mine, payment=f"pi_{language}")
        assert post(instance, body, stripe.signed(body, now)) == (200, {"outcome": "counted"})
        assert post(instance, body, stripe.signed(body, now)) == (200, {"outcome": "known"})
        person.hears(ARRIVED[language][0], timeout=30)
    forged = stripe.paid(now, people["en"][1], payment="pi_forged")
    assert post(instance, forged, stripe.signed(forged, now, secret="whsec_somebody_else"))[0] == 401
    assert [(row["status"], row["source"]) for row in instance.rows("actions")] == [("verified", "stripe")] * 3

    for language, (person, _) in people.items():
        body = stripe.refunded(now, payment=f"pi_{language}")
        assert post(instance, body, stripe.signed(body, now)) == (200, {"outcome": "undone"})
        person.hears(ARRIVED[language][1], timeout=30)
    assert {row["status"] for row in instance.rows("actions")} == {"undone"}
    assert "counted" in instance.must("hook", "log")
    assert STRIPE_SECRET not in instance.log()
    assert instance.stops() == 0


def test_the_same_in_slack(tmp_path: Path) -> None:
    house = Instance(tmp_path)
    believes_stripe(house, tmp_path)
    with SlackStandIn.in_thread() as slack:
        ana = slack.person("Ana", locale="de-DE", tz=noon(datetime.now(UTC)))
        with acting.running(house, slack, "socket"):
            acting.joins(ana)
            stripe, now = Stripe(), datetime.now(UTC)
            message, _ = acting.button(ana, "done:")
            links = [e.get("url", "") for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
            (url,) = [link for link in links if "stripe" in link]
            body = stripe.paid(now, reference(url))
            assert post(house, body, stripe.signed(body, now)) == (200, {"outcome": "counted"})
            ana.hears("Deine Spende von 25,00")

    assert [(row["status"], row["source"]) for row in house.rows("actions")] == [("verified", "stripe")]
    assert slack.complaints == []


@pytest.mark.parametrize("words", [["hook", "add", "stripe", "--pack", "nobody"], ["hook", "add", "paypal"]])
def test_a_source_that_cannot_be_is_said_in_one_line(tmp_path: Path, words: list[str]) -> None:
    house = Instance(tmp_path)
    house.must("pack", "load", pack(tmp_path))
    done = house.call(*words, stdin="whsec_something\n")

    assert done.returncode == 2
    assert "there" in done.stderr
    assert "Traceback" not in done.stderr
