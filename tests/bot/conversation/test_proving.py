"""After "I did it": links that count who came, words that are told on the spot."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from bot.clock import FixedClock
from bot.web import app, go
from storage import schema, single_codes
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.talk import HOUSE, START, Talk, publish

BROWSER = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"}
READ = make.action(kind="learn", rung="curious", verify="link", url="https://example.org/wells?a=1", title="Read")
COME = make.action(kind="volunteer", rung="curious", verify="code", codes=("Sun flower!",), title="The evening")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'proof.db'}")
    schema.metadata.create_all(made.engine)
    yield made
    await made.close()


def asked(store: Store, action: object) -> Talk:
    publish(store, make.pack("water", actions={"it": action}))
    return Talk(store).joins()


def status(talk: Talk) -> list[tuple[object, object]]:
    return [(row["status"], row["source"]) for row in talk.rows("taken")]


def link_of(talk: Talk) -> str:
    (url,) = [button.url for message in talk.shown for row in message.buttons for button in row if button.url]
    return url


def browser(store: Store) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app.build([go.route(store, FixedClock(START), HOUSE.secret)]))
    return httpx2.AsyncClient(transport=transport, base_url=HOUSE.public_url)


async def test_whoever_comes_by_their_own_link_is_believed(store: Store) -> None:
    ana = asked(store, READ)
    async with browser(store) as http:
        answer = await http.get(link_of(ana), headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.org/wells?a=1")
    assert answer.headers["cache-control"] == "no-store"
    ana.taps("I did it ✓")

    assert status(ana) == [("verified", "link")]


async def test_a_claim_is_confirmed_by_a_visit_that_comes_later(store: Store) -> None:
    ana = asked(store, READ)
    link = link_of(ana)
    ana.taps("I did it ✓")
    assert status(ana) == [("claimed", "self")]
    async with browser(store) as http:
        for _ in range(3):
            await http.get(link, headers=BROWSER)

    assert status(ana) == [("verified", "link")]
    assert [row["count"] for row in ana.rows("visits")] == [3]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"user-agent": "TelegramBot (like TwitterBot)"}),
        ("GET", {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}),
        ("GET", {"user-agent": "WhatsApp/2.23.20.0"}),
        ("GET", {"user-agent": "facebookexternalhit/1.1"}),
        ("GET", {"user-agent": ""}),
        ("GET", BROWSER | {"sec-purpose": "prefetch;prerender"}),
        ("HEAD", BROWSER),
    ],
)
async def test_previews_are_led_on_and_not_counted(store: Store, method: str, headers: dict[str, str]) -> None:
    ana = asked(store, READ)
    async with browser(store) as http:
        answer = await http.request(method, link_of(ana), headers=headers)

    assert answer.status_code == 302
    assert ana.rows("visits") == []


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "A", lambda t: "AAAAAAAB" + t[8:], lambda _: "x", lambda t: t * 9]
)
async def test_a_link_that_was_made_up_leads_nowhere(store: Store, change) -> None:  # type: ignore[no-untyped-def]
    ana = asked(store, READ)
    token = urlsplit(link_of(ana)).path.removeprefix("/go/")
    wrong = change(token) if change(token) != token else token[:-1] + "B"
    async with browser(store) as http:
        answer = await http.get(f"/go/{wrong}?url=https://evil.example", headers=BROWSER)

    assert answer.status_code == 404
    assert "evil" not in answer.text


def test_the_word_told_on_the_spot_confirms(store: Store) -> None:
    ana = asked(store, COME)
    ana.taps("I did it ✓")
    assert "There is a code for this" in ana.text()
    assert status(ana) == [("claimed", "self")], "what was done is written before anything is asked"
    ana.says("moonflower")
    assert "That is not the code" in ana.text()
    ana.says("SUN-FLÓWER")

    assert "*The evening* is confirmed" in ana.text()
    assert status(ana) == [("verified", "code")]


def test_without_a_code_it_counts_as_a_word_and_the_code_may_come_later(store: Store) -> None:
    ana = asked(store, COME)
    ana.taps("I did it ✓")
    ana.taps("I have no code")
    assert "counts as your word" in ana.text()
    ana.taps("Enter the code")
    ana.says("sunflower")

    assert status(ana) == [("verified", "code")]


def test_a_code_guessed_a_thousand_times_is_not_found_and_nothing_is_lost(store: Store) -> None:
    ana = asked(store, COME)
    ana.taps("I did it ✓")
    told = set()
    for number in range(1000):
        ana.now = ana.now.replace(second=number % 60, microsecond=number)
        ana.says(f"guess{number}")
        told.add(ana.text())
    assert any("Let us leave it for an hour" in words for words in told)
    assert len(ana.rows("guesses")) == 5
    assert status(ana) == [("claimed", "self")]


def test_a_code_on_a_receipt_counts_once_for_one_person(store: Store) -> None:
    ana = asked(store, COME)
    number = store.write_now(lambda conn: stock_of(conn).actions["water/it"])
    code, _ = store.write_now(single_codes.make, "water/it", number, 2, START)
    ben = Talk(store, chat="2").joins()
    for talk in (ana, ben):
        talk.taps("I did it ✓")
        talk.says(code.lower())

    assert [row["status"] for row in ana.rows("taken")] == ["verified", "claimed"]
    assert "was used already" in ben.text()
    assert store.read_now(single_codes.counts, number) == (2, 1)


@pytest.mark.parametrize("language", ["es", "de"])
def test_the_same_in_other_languages(store: Store, language: str) -> None:
    publish(store, make.pack("water", actions={"it": COME}))
    ana = Talk(store).joins()
    ana.presses(f"set:lang:{language}")
    ask = ana.rows("asks")[0]["id"]
    ana.presses(f"done:{ask}")
    assert {"es": "Para esto hay un código", "de": "Dafür gibt es einen Code"}[language] in ana.text()
    ana.says("sunflower")

    assert {"es": "queda confirmado", "de": "ist bestätigt"}[language] in ana.text()
