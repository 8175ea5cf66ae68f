"""Any two histories made one, and many hands at the same time."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select

from actions.facts import Person
from bot.conversation import router
from bot.message import Address, Incoming
from bot.nudging import plan
from storage import (
    accounts,
    consents,
    history,
    invitations,
    linking,
    roles,
    schema,
    soundness,
    subscribers,
)
from storage.store import Store
from tests.storage.joining import (
    ACTIONS,
    CAUSES,
    NOW,
    STORIES,
    ask,
    join,
    merge,
    nudge,
    numbers,
    past,
    publish_pack,
    rows,
    take,
)
from tests.talk import HOUSE, Talk


@pytest.fixture(autouse=True)
def pack(store: Store) -> None:
    publish_pack(store)


WHO = st.integers(0, 1)
FACTS = st.one_of(
    st.tuples(st.just("show"), WHO, st.sampled_from(STORIES)),
    st.tuples(st.just("take"), WHO, st.sampled_from(ACTIONS), st.sampled_from(["claimed", "verified", "undone"])),
    st.tuples(st.just("decline"), WHO, st.sampled_from(ACTIONS)),
    st.tuples(st.just("open"), WHO, st.sampled_from(ACTIONS)),
    st.tuples(st.just("follow"), WHO, st.sampled_from(CAUSES)),
    st.tuples(st.just("mute"), WHO, st.sampled_from(CAUSES)),
    st.tuples(st.just("climb"), WHO, st.sampled_from(CAUSES), st.sampled_from(["supporter", "advocate"])),
    st.tuples(st.just("role"), WHO, st.sampled_from(["owner", "moderator"])),
    st.tuples(st.just("agree"), WHO),
    st.tuples(st.just("room"), WHO),
    st.tuples(st.just("draft"), WHO),
    st.tuples(st.just("nudged"), WHO, st.integers(1, 4)),
    st.tuples(st.just("friend"), WHO),
    st.tuples(st.just("guess"), WHO),
)


def tell(store: Store, room: int, person: Person, what: str, *more: Any) -> None:
    """Let one fact come true."""
    at = NOW - timedelta(days=2)
    told: dict[str, Callable[..., object]] = {
        "show": lambda story: store.write_now(history.show, person, story, at),
        "take": lambda ref, status: take(store, person, ref, status, at),
        "decline": lambda ref: ask(store, person, ref, "declined", at),
        "open": lambda ref: ask(store, person, ref, "", at),
        "follow": lambda cause: store.write_now(subscribers.follow, person, cause, at),
        "mute": lambda cause: store.write_now(subscribers.mute, person, cause),
        "climb": lambda cause, rung: store.write_now(history.tell_climb, person, cause, rung, at),
        "role": lambda role: store.write_now(roles.grant, person, role, at),
        "agree": lambda: store.write_now(consents.note, person, what="ethics:water", text_hash="x", channel="web", now=at),
        "room": lambda: _once(store, schema.room_members, room_id=room, subscriber_id=person.id, since=at),
        "draft": lambda: _once(store, schema.drafts, subscriber_id=person.id, origin="told", language="en", text=b"x", at=at, state="waiting"),
        "nudged": lambda days: _nudged(store, person, NOW.date() - timedelta(days=days)),
        "friend": lambda: store.write_now(invitations.key_of, person, f"of {person.key}", at),
        "guess": lambda: _once(store, schema.guesses, subscriber_id=person.id, at=at),
    }  # fmt: skip
    told[what](*more)


def _once(store: Store, table: Any, **values: Any) -> None:
    def put(conn: Connection) -> None:
        key = [table.c[column.name] == values[column.name] for column in table.primary_key if column.name in values]
        if not key or conn.execute(select(table).where(*key)).first() is None:
            conn.execute(insert(table).values(**values))

    store.write_now(put)


def _nudged(store: Store, person: Person, slot: date) -> None:
    if not rows(store, "deliveries", subscriber_id=person.id, slot=slot):
        nudge(store, person, "sent", slot)


def room_of(store: Store) -> int:
    def make_room(conn: Connection) -> int:
        address = insert(schema.addresses).values(
            account_id=accounts.number(conn, "slack:T1"), chat=f"C{next(numbers)}"
        )
        number = conn.execute(address.returning(schema.addresses.c.id)).scalar_one()
        values = {"address_id": number, "state": "active", "language": "en", "zone": "UTC", "weekday": 0, "hour": 0}
        room = insert(schema.rooms).values(**values, since=NOW)
        return int(conn.execute(room.returning(schema.rooms.c.id)).scalar_one())

    return store.write_now(make_room)


COUNTED = ("asks", "consents", "drafts", "guesses", "codes", "deliveries", "addresses")


def known(store: Store, people: list[Person]) -> dict[str, Any]:
    """All that is known of these people together, as sets; and how many rows of what may be there many times."""
    pasts = [past(store, person) for person in people]
    numbers = [person.id for person in people]
    now = [store.write_now(subscribers.get, number) for number in numbers]

    def counts(conn: Connection) -> dict[str, int]:
        tables = [schema.metadata.tables[name] for name in COUNTED]
        each = [select(func.count()).where(table.c.subscriber_id.in_(numbers)) for table in tables]
        return {table.name: conn.scalar(one) or 0 for table, one in zip(tables, each, strict=True)}

    live = [one for each in pasts for one in each.taken if one.status != "undone"]
    return {
        "shown": {story for each in pasts for story in each.shown},
        "taken": {one.action for one in live},
        "verified": {one.action for one in live if one.status == "verified"},
        "declined": sorted(one.action for each in pasts for one in each.asked if one.answer == "declined"),
        "ethics": {rule for each in pasts for rule in each.ethics},
        "follows": {cause for person in now for cause in person.follows},
        "heard": {cause for person in now for cause in person.follows - person.muted},
        "roles": {(row.role) for number in numbers for row in rows(store, "roles", subscriber_id=number)},
        "rooms": {row.room_id for number in numbers for row in rows(store, "room_members", subscriber_id=number)},
        "climbs": {(row.cause_id, row.rung) for number in numbers for row in rows(store, "climbs", subscriber_id=number)},
        "counts": store.write_now(counts),
    }  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(facts=st.lists(FACTS, max_size=24))
def test_nothing_is_lost_and_nothing_counts_twice(store: Store, facts: list[tuple[Any, ...]]) -> None:
    pair = [join(store), join(store, "slack:T1")]
    room = room_of(store)
    for what, who, *more in facts:
        tell(store, room, pair[who], what, *more)
    before = known(store, pair)
    kept = merge(store, *pair)

    assert known(store, [kept]) == before
    assert len([one for one in past(store, kept).taken if one.status != "undone"]) == len(before["taken"])
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "subscribers" for key in column.foreign_keys):
                assert rows(store, table.name, **{column.name: pair[1].id}) == []
    assert sum(place.preferred for place in store.write_now(linking.places, kept)) == 1
    assert store.write_now(soundness.strays) == []


@pytest.fixture
async def opened(store: Store) -> AsyncIterator[Store]:
    """The database, closed in the loop that used it."""
    yield store
    await store.close()


def pressed(account: str, chat: str, code: str) -> Incoming:
    return Incoming(Address(account, chat), "press", text=f"link:yes:{code}", pressed="1")


async def respond(store: Store, incoming: Incoming, now: datetime) -> str:
    answers = await store.write(router.respond, incoming, now, HOUSE, random.Random(1))
    return " ".join(answer.text for answer in answers)


async def test_one_code_joins_one_chat_however_many_try_at_once(opened: Store) -> None:
    ana = Talk(opened).joins()
    chats = [Talk(opened, chat=f"U{number}", account="slack:T1").joins() for number in range(6)]
    ana.says("/link")
    code = linking.bare(ana.text().split("**")[1])
    told = await asyncio.gather(*(respond(opened, pressed("slack:T1", chat.chat, code), ana.now) for chat in chats))

    assert sum("one path" in words for words in told) == 1
    assert sum("not valid" in words for words in told) == 5
    assert len(rows(opened, "addresses", subscriber_id=ana.me().id)) == 2
    assert len(rows(opened, "subscribers")) == 6
    assert opened.write_now(soundness.strays) == []


async def test_who_writes_while_being_joined_is_answered_as_the_joined_one(opened: Store) -> None:
    ana = Talk(opened).joins()
    for number in range(5):
        bob = Talk(opened, chat=f"U{number}", account="slack:T1").joins()
        ana.says("/link")
        code = linking.bare(ana.text().split("**")[1])
        hello = Incoming(Address("slack:T1", bob.chat), "command", command="me")
        turns = (pressed("slack:T1", bob.chat, code), hello, hello, pressed("slack:T1", bob.chat, code))
        await asyncio.gather(*(respond(opened, turn, ana.now) for turn in turns))
        assert bob.me().key == ana.me().key

    assert len(rows(opened, "subscribers")) == 1
    assert opened.write_now(soundness.strays) == []


async def test_the_planner_may_run_whilenumbers_are_joined(opened: Store) -> None:
    ana, bob = Talk(opened).joins(), Talk(opened, chat="U1", account="slack:T1").joins()
    ana.now = ana.now.replace(day=3, hour=19)
    ana.says("/link")
    code = linking.bare(ana.text().split("**")[1])
    await asyncio.gather(
        opened.write(plan.plan, ana.now), respond(opened, pressed("slack:T1", bob.chat, code), ana.now),
        opened.write(plan.plan, ana.now),
    )  # fmt: skip
    opened.write_now(plan.plan, ana.now)

    nudges = [row for row in rows(opened, "deliveries", kind="nudge") if row.status != "cancelled"]
    assert len(nudges) <= 1
    assert {row.subscriber_id for row in rows(opened, "deliveries")} == {ana.me().id}
    assert opened.write_now(soundness.strays) == []
