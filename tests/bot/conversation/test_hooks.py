"""Webhooks at their real address: what is believed counts once, what is not changes nothing."""

import hashlib
import hmac
import itertools
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from bot.clock import FixedClock
from bot.web import app, hooks
from content.model import Hook, Payment
from storage import hooks as sources
from storage import schema
from storage.store import Store
from tests import make
from tests.senders import STANDARD_SECRET, STRIPE_SECRET, Stripe, action_network, standard
from tests.talk import HOUSE, START, Talk, publish

GIVE = make.action(
    kind="donation", rung="curious", verify="payment", url="https://buy.stripe.com/abc", title="A lamp",
    payment=Payment(currencies=("EUR",), least=100),
)  # fmt: skip
SIGN = make.action(
    rung="curious", verify="webhook", url="https://example.org/petition?ref={reference}", title="Sign it"
)
CRM = Hook.model_validate(
    {
        "signature": {"header": "X-Sum", "prefix": "sha256=", "time_header": "X-Time"},
        "id": "event.id", "reference": "person.ref", "at": "event.at",
        "event": {"field": "event.name", "taken": ["signed"], "undone": ["withdrawn"]},
    },
    strict=False,
)  # fmt: skip


class Outside:
    """The outside world: it posts to our address and looks at the answer."""

    def __init__(self, store: Store, talk: Talk) -> None:
        self.store, self.talk, self.stripe = store, talk, Stripe()
        self.clock = FixedClock(talk.now)
        self.woken: list[str] = []
        route = hooks.route(store, self.clock, HOUSE, self.woken.append)
        transport = httpx2.ASGITransport(app.build([route]), raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://test")

    async def posts(self, source: str, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
        self.clock.instant = self.talk.now
        return await self.http.post(f"/hooks/{source}", content=body, headers=headers or {})

    async def pays(self, body: bytes) -> str:
        answer = await self.posts("stripe", body, self.stripe.signed(body, self.talk.now))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["outcome"])

    def counts(self) -> list[tuple[str, str]]:
        return [(str(row["status"]), str(row["source"])) for row in self.talk.rows("taken")]

    def sum(self) -> int:
        return sum(row["amount"] for row in self.talk.rows("proofs") if row["counts"] and row["amount"])  # type: ignore[misc]


def reference(talk: Talk) -> str:
    """Our reference, as it stands in the address of the button that was shown."""
    (url,) = [button.url for message in talk.shown for row in message.buttons for button in row if button.url]
    return next(
        found[0] for name, found in parse_qs(urlsplit(url).query).items() if name in ("client_reference_id", "ref")
    )


async def outside(store: Store, action: object, **pack: object) -> Outside:
    publish(store, make.pack("water", actions={"it": action}, **pack))
    talk = Talk(store).joins()
    for source, secret in (("stripe", STRIPE_SECRET), ("standard", STANDARD_SECRET), ("action-network", "")):
        store.write_now(sources.add, source, "water", [secret], START, HOUSE.secret)
    return Outside(store, talk)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'hooks.db'}")
    schema.metadata.create_all(made.engine)
    yield made
    await made.close()


@pytest.fixture
async def giving(store: Store) -> AsyncIterator[Outside]:
    made = await outside(store, GIVE)
    yield made
    await made.http.aclose()


@pytest.fixture
async def signing(store: Store) -> AsyncIterator[Outside]:
    made = await outside(store, SIGN, hooks={"crm": CRM})
    store.write_now(sources.add, "water/crm", "water", ["s3cret"], START, HOUSE.secret)
    yield made
    await made.http.aclose()


async def test_a_paid_checkout_is_thanked_for_with_its_receipt_and_counts_once(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    body = giving.stripe.paid(ana.now, mine)
    assert await giving.pays(giving.stripe.receipt(ana.now)) == "waiting"
    assert [await giving.pays(body) for _ in range(3)] == ["counted", "known", "known"]

    ana.waits(minutes=1)
    assert giving.counts() == [("verified", "stripe")]
    assert giving.sum() == 2500
    assert "Your gift of €25.00 for *A lamp* has arrived. Thank you!" in ana.text()
    assert "[Receipt](<https://pay.stripe.com/receipts/1>)" in ana.text()
    assert giving.woken == ["web"]


async def test_a_claim_made_before_is_confirmed_and_not_doubled(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    ana.taps("I did it ✓")
    await giving.pays(giving.stripe.paid(ana.now, mine))

    assert giving.counts() == [("verified", "stripe")]
    ana.presses(ana.rows("asks")[0]["id"] and f"undo:{ana.rows('asks')[0]['id']}")
    assert giving.counts() == [("verified", "stripe")], "what a source confirmed is not taken back by a tap"


async def test_a_refund_is_told_kindly_and_counts_no_longer(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    await giving.pays(giving.stripe.paid(ana.now, mine))
    ana.waits(minutes=1)
    assert await giving.pays(giving.stripe.refunded(ana.now, amount=1000)) == "counted"
    assert (giving.counts(), giving.sum()) == ([("verified", "stripe")], 1500)
    assert await giving.pays(giving.stripe.refunded(ana.now, amount=2500)) == "undone"

    ana.waits(minutes=1)
    assert (giving.counts(), giving.sum()) == ([("undone", "stripe")], 0)
    assert "does not count for now" in ana.text()


async def test_a_dispute_holds_a_gift_back_until_it_is_won(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    await giving.pays(giving.stripe.paid(ana.now, mine))
    ana.waits(minutes=1)
    await giving.pays(giving.stripe.disputed(ana.now))
    assert (giving.counts(), giving.sum()) == ([("undone", "stripe")], 0)
    ana.waits(days=9)
    await giving.pays(giving.stripe.disputed(ana.now, status="won"))

    assert (giving.counts(), giving.sum()) == ([("verified", "stripe")], 2500)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
async def test_four_events_come_to_one_end_in_whatever_order(giving: Outside, order: tuple[int, ...]) -> None:
    ana, mine, stripe = giving.talk, reference(giving.talk), giving.stripe
    events = [
        stripe.paid(ana.now, mine),
        stripe.receipt(ana.now + timedelta(seconds=1)),
        stripe.disputed(ana.now + timedelta(hours=1)),
        stripe.refunded(ana.now + timedelta(hours=2), amount=500),
    ]
    for place in order:
        await giving.pays(events[place])

    (proof,) = ana.rows("proofs")
    assert (proof["counts"], proof["amount"], proof["receipt"]) == (False, 0, "https://pay.stripe.com/receipts/1")
    assert [status for status, _ in giving.counts()] in ([], ["undone"])


async def test_a_recurring_gift_counts_once_a_period(giving: Outside) -> None:
    ana, mine, stripe = giving.talk, reference(giving.talk), giving.stripe
    first = ana.now
    # The first invoice may come before the checkout that tells whose it is.
    assert await giving.pays(stripe.invoice(first, "sub_1", 1, first)) == "waiting"
    checkout = stripe.paid(
        first, mine, payment="", amount=500, mode="subscription", subscription="sub_1", invoice="in_1"
    )
    assert await giving.pays(checkout) == "counted"
    for month in (1, 2):
        ana.waits(days=30)
        body = stripe.invoice(ana.now, "sub_1", month + 1, ana.now)
        assert [await giving.pays(body) for _ in range(2)] == ["counted", "known"]

    assert giving.counts() == [("verified", "stripe")] * 3
    assert giving.sum() == 1500


async def test_two_payments_at_once_are_one_deed_and_both_sums(giving: Outside) -> None:
    ana, mine, stripe = giving.talk, reference(giving.talk), giving.stripe
    await giving.pays(stripe.paid(ana.now, mine, "pi_1"))
    await giving.pays(stripe.paid(ana.now, mine, "pi_2", amount=700))

    assert (giving.counts(), giving.sum()) == ([("verified", "stripe")], 3200)
    await giving.pays(stripe.refunded(ana.now, "pi_1"))
    assert (giving.counts(), giving.sum()) == ([("verified", "stripe")], 700), "the other one still counts"


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"currency": "usd"}, "takes EUR, not USD"),
        ({"amount_total": 99}, "counts from 100 EUR"),
        ({"amount_total": -2500}, "no amount in minor units"),
        ({"amount_total": 0}, "nothing was paid"),
        ({"client_reference_id": "made-up"}, "none of ours"),
    ],
)
async def test_a_payment_that_does_not_fit_changes_nothing_and_waits_in_the_log(
    giving: Outside, about: dict[str, object], why: str
) -> None:
    ana = giving.talk
    body = giving.stripe.paid(ana.now, **{"reference": reference(ana), "payment": "pi_1"} | {})
    document = json.loads(body)
    document["data"]["object"] |= about
    assert await giving.pays(json.dumps(document).encode()) == "refused"

    assert giving.counts() == []
    (logged,) = ana.rows("hook_deliveries")
    assert why in str(logged["reason"])


@pytest.mark.parametrize("bad", ["", "t=1,v1=00", "t=now,v1=zz", "v1=00", "t=1"])
async def test_a_forged_delivery_is_refused_before_it_is_read(giving: Outside, bad: str) -> None:
    answer = await giving.posts("stripe", b"{not json", {"Stripe-Signature": bad} if bad else {})

    assert answer.status_code == 401
    assert giving.talk.rows("hook_deliveries") == []


async def test_what_was_overheard_cannot_be_replayed_later(giving: Outside) -> None:
    body = giving.stripe.paid(giving.talk.now, reference(giving.talk))
    headers = giving.stripe.signed(body, giving.talk.now)
    giving.talk.now += timedelta(minutes=6)

    assert (await giving.posts("stripe", body, headers)).json() == {"error": "too old"}
    other = giving.stripe.signed(body, giving.talk.now, secret="whsec_of_somebody_else")
    assert (await giving.posts("stripe", body, other)).json() == {"error": "wrong signature"}


async def test_two_secrets_hold_at_once(giving: Outside) -> None:
    giving.store.write_now(sources.add, "stripe", "water", ["whsec_new"], START, HOUSE.secret)
    body = giving.stripe.paid(giving.talk.now, reference(giving.talk))
    headers = giving.stripe.signed(body, giving.talk.now, secret="whsec_new")

    assert (await giving.posts("stripe", body, headers)).json() == {"outcome": "counted"}


async def test_a_source_of_another_publisher_confirms_nothing_of_this_one(giving: Outside) -> None:
    publish(giving.store, make.pack("trees", causes=("trees",)))
    giving.store.write_now(sources.add, "stripe", "trees", ["whsec_trees"], START, HOUSE.secret)
    body = giving.stripe.paid(giving.talk.now, reference(giving.talk))
    answer = await giving.posts("stripe", body, giving.stripe.signed(body, giving.talk.now, secret="whsec_trees"))

    assert answer.json() == {"outcome": "refused"}
    assert giving.counts() == []


async def test_a_delivery_of_two_megabytes_and_an_unknown_source_are_refused(giving: Outside) -> None:
    assert (await giving.posts("stripe", b"x" * 2_000_000)).status_code == 413
    assert (await giving.posts("nobody/here", b"{}")).status_code == 404


async def test_standard_webhooks_confirm_and_undo(signing: Outside) -> None:
    ana, mine = signing.talk, reference(signing.talk)
    ana.taps("I did it ✓")
    body, headers = standard("msg_1", ana.now, "action.taken", reference=mine)
    assert (await signing.posts("standard", body, headers)).json() == {"outcome": "counted"}
    assert signing.counts() == [("verified", "standard")]
    ana.waits(minutes=1)
    assert "Confirmed: *Sign it*. Thank you!" in ana.text()
    body, headers = standard("msg_2", ana.now, "action.undone", reference=mine)
    assert (await signing.posts("standard", body, headers)).json() == {"outcome": "undone"}
    ana.waits(minutes=1)

    assert signing.counts() == [("undone", "standard")]
    assert "could not be confirmed" in ana.text()
    assert "Wells can look into it" in ana.text()


async def test_a_claim_that_a_source_contradicts_counts_no_longer(signing: Outside) -> None:
    ana, mine = signing.talk, reference(signing.talk)
    ana.taps("I did it ✓")
    body, headers = standard("msg_1", ana.now, "action.undone", reference=mine)
    assert (await signing.posts("standard", body, headers)).json() == {"outcome": "undone"}

    assert signing.counts() == [("undone", "standard")]


async def test_any_json_sender_is_read_by_the_packs_mapping(signing: Outside) -> None:
    ana, mine = signing.talk, reference(signing.talk)
    document = {"event": {"id": 7, "name": "signed", "at": ana.now.isoformat()}, "person": {"ref": mine}}
    body, time = json.dumps(document).encode(), str(int(ana.now.timestamp()))
    sum_ = hmac.new(b"s3cret", f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Sum": f"sha256={sum_}", "X-Time": time}

    assert (await signing.posts("water/crm", body, headers)).json() == {"outcome": "counted"}
    assert (await signing.posts("water/crm", body, headers)).json() == {"outcome": "known"}
    assert (await signing.posts("water/crm", body, headers | {"X-Sum": "sha256=00"})).status_code == 401
    assert signing.counts() == [("verified", "water/crm")]


async def test_action_network_signs_nothing_so_what_it_says_stays_a_claim(signing: Outside) -> None:
    ana, mine = signing.talk, reference(signing.talk)
    (row,) = [row for row in ana.rows("hooks") if row["source"] == "action-network"]
    body = action_network(ana.now, mine)
    assert (await signing.posts("action-network", body)).status_code == 401
    assert (await signing.posts(f"action-network/{row['path']}", body)).json() == {"outcome": "counted"}
    assert (await signing.posts(f"action-network/{row['path']}", body)).json() == {"outcome": "known"}

    assert signing.counts() == [("claimed", "action-network")]


async def test_nobody_is_woken_at_night_and_who_stopped_hears_nothing(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    ana.now = ana.now.replace(hour=23, minute=30)
    await giving.pays(giving.stripe.paid(ana.now, mine))
    assert ana.waits(minutes=10) == []
    assert "has arrived" in "".join(message.text for message in ana.waits(hours=8))
    ana.says("/stop")
    await giving.pays(giving.stripe.refunded(ana.now))
    assert not re.search("paid back", "".join(message.text for message in ana.waits(hours=1)))


async def test_an_erased_person_leaves_the_sum_and_nothing_that_leads_back(giving: Outside) -> None:
    ana, mine = giving.talk, reference(giving.talk)
    await giving.pays(giving.stripe.paid(ana.now, mine))
    ana.says("/privacy")
    ana.presses("erase:yes")
    if ana.rows("subscribers"):
        ana.taps(next(press for press in ana.presses_shown() if press.startswith("erase")))

    assert ana.rows("subscribers") == []
    assert giving.sum() == 2500
    assert (ana.rows("proof_names"), ana.rows("evidence"), ana.rows("hook_deliveries")) == ([], [], [])
    await giving.pays(giving.stripe.refunded(ana.now))
