"""Whom an alert is for: what the database answers is what the pure rules say, on both databases."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, insert

from actions import ladder
from actions.alerting import Audience, Share
from actions.facts import Person
from content.model import Reach, Step
from storage import audiences, history, schema, subscribers
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.storage.joining import join
from tests.talk import publish

NOW = make.NOW
KINDS = ("petition", "donation", "share", "learn")
LADDER = (
    Step(rung="supporter", reach=Reach(actions=1)),
    Step(rung="advocate", reach=Reach(actions=3, kinds=2, within=60)),
    Step(rung="leader", reach=Reach(actions=4, verified=2, ethics=True)),
)


@pytest.fixture
def world(store: Store) -> Store:
    actions = {f"{cause}-{n}": make.action(cause, kind=KINDS[n % 4]) for cause in ("water", "trees") for n in range(6)}
    publish(store, make.pack(causes=("water", "trees"), actions=actions, ladder=LADDER), now=NOW)
    publish(store, make.pack("other", causes=("sky",), actions={"look": make.action("sky")}), now=NOW)
    return store


def wanting(store: Store, **about: object) -> Person:
    person = join(store, **{key: value for key, value in about.items() if key in ("language", "region", "account")})
    columns = {key: value for key, value in about.items() if key not in ("language", "region", "account")}
    store.write_now(subscribers.change, person, NOW, **{"alerts": True, **columns})
    return store.write_now(subscribers.get, person.id)


def took(store: Store, person: Person, ref: str, **about: object) -> None:
    def put(conn: Connection) -> None:
        stock = stock_of(conn)
        action = stock.shelf.actions[ref]
        values = {
            "subscriber_id": person.id, "action_id": stock.actions[ref], "cause_id": stock.causes[action.cause],
            "kind": action.kind, "rung": "supporter", "at": NOW, "period": "once", "status": "claimed",
            "source": "self", **about,
        }  # fmt: skip
        conn.execute(insert(schema.taken).values(**values))

    store.write_now(put)


def meant(store: Store, audience: Audience) -> set[int]:
    rows, _ = store.write_now(audiences.meant, 1, audience, NOW, 0, 1000)
    counted = sum(share.people for share in store.write_now(audiences.shares, audience, NOW))
    assert counted == len(rows)
    return {row.id for row in rows}


def test_only_those_who_asked_for_it_and_can_be_reached(world: Store) -> None:
    yes = wanting(world)
    woke = wanting(world, state="paused", paused_until=date(2026, 5, 30))
    wanting(world, alerts=False)
    wanting(world, state="stopped")
    wanting(world, state="paused", paused_until=date(2026, 7, 1))
    wanting(world, state="paused", paused_until=None)
    wanting(world, onboarded=False)
    gone = wanting(world)
    address = next(row.id for row in rows(world, "addresses") if row.subscriber_id == gone.id)
    world.write_now(subscribers.unreachable, address)

    assert meant(world, Audience()) == {yes.id, woke.id}


def rows(store: Store, table: str) -> list:
    return store.write_now(lambda conn: conn.execute(schema.metadata.tables[table].select()).all())


def test_each_part_narrows_and_all_hold_together(world: Store) -> None:
    ana = wanting(world, region="DE", language="de")
    ben = wanting(world, region="DE", language="en", joined_at=NOW - timedelta(days=40))
    eva = wanting(world, region="MX", language="es")
    for person in (ana, ben):
        world.write_now(subscribers.follow, person, "water/water", NOW)
    world.write_now(subscribers.mute, ben, "water/water")
    took(world, ana, "water/water-1")
    took(world, eva, "water/water-1", status="undone")

    assert meant(world, Audience(region="DE")) == {ana.id, ben.id}
    assert meant(world, Audience(language="es")) == {eva.id}
    assert meant(world, Audience(cause="water/water")) == {ana.id}
    assert meant(world, Audience(did="water/water-1")) == {ana.id}
    assert meant(world, Audience(did_not="water/water-1")) == {ben.id, eva.id}
    assert meant(world, Audience(since=(NOW - timedelta(days=7)).date())) == {ana.id, eva.id}
    assert meant(world, Audience(region="DE", did_not="water/water-1")) == {ben.id}
    assert meant(world, Audience(region="MX", did="water/water-1")) == set()


def test_the_count_is_told_by_account_and_language(world: Store) -> None:
    for language in ("en", "en", "de"):
        wanting(world, language=language)
    wanting(world, account="telegram:1")

    assert world.write_now(audiences.shares, Audience(), NOW) == [
        Share("web", "en", 2), Share("telegram:1", "en", 1), Share("web", "de", 1),
    ]  # fmt: skip


def test_a_rung_in_the_database_is_the_rung_of_the_rules(world: Store) -> None:
    """Two hundred random logs; every rung, at least and exactly, in one cause and in any."""
    chance = random.Random(7)
    people = [wanting(world) for _ in range(40)]
    for person in people:
        if chance.random() < 0.5:
            world.write_now(accept, person)
        for ref in chance.sample([f"{c}/{n}" for c in ("water", "trees") for n in range(6)], chance.randint(0, 9)):
            cause, _, number = ref.partition("/")
            took(
                world, person, f"water/{cause}-{number}", at=NOW - timedelta(days=chance.choice((1, 30, 59, 61, 200))),
                status=chance.choice(("claimed", "verified", "verified", "undone")),
            )  # fmt: skip
    pasts = world.write_now(history.of_many, people, NOW)
    shelf = world.write_now(stock_of).shelf
    causes = [shelf.causes["water/water"], shelf.causes["water/trees"]]
    for rung in ("supporter", "advocate", "leader"):
        steps = {
            person.id: [ladder.step_of(cause, pasts[person.id].taken, NOW, pasts[person.id].ethics) for cause in causes]
            for person in people
        }
        wanted = causes[0].rungs.index(rung)
        asked = Audience(rung=rung)
        assert meant(world, asked) == {who for who, found in steps.items() if max(found) >= wanted}
        assert meant(world, replace(asked, exactly=True)) == {who for who, found in steps.items() if wanted in found}
    for person in people:
        world.write_now(subscribers.follow, person, "water/trees", NOW)
    one = Audience(cause="water/trees", exactly=True)
    for step, rung in enumerate(causes[1].rungs):
        assert meant(world, replace(one, rung=rung)) == {who for who, found in steps.items() if found[1] == step}


def accept(conn: Connection, person: Person) -> None:
    values = {
        "subscriber_id": person.id, "what": "ethics:water", "text_hash": "x", "language": "en", "channel": "web",
        "at": NOW, "given": True,
    }  # fmt: skip
    conn.execute(insert(schema.consents).values(**values))


def test_what_is_not_there_is_said(world: Store) -> None:
    for audience in (Audience(cause="no/no"), Audience(did="no/no"), Audience(rung="king")):
        with pytest.raises(LookupError):
            world.write_now(audiences.fits, audience, NOW)


def test_a_rare_audience_is_looked_for_a_window_at_a_time(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audiences, "WINDOW", 4)
    people = [wanting(world, region="MX" if number in (2, 9) else "DE") for number in range(10)]
    found, after = [], 0
    for _ in range(4):
        some, then = world.write_now(audiences.meant, 1, Audience(region="MX"), NOW, after, 100)
        found += [row.id for row in some]
        after = after if then is None else then
    assert found == [people[2].id, people[9].id]
    assert world.write_now(audiences.meant, 1, Audience(region="MX"), NOW, after, 100) == ([], None)
