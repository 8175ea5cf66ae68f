"""What goes wrong with Telegram, by the number of its row, where no other test shows it (see `rows.py`)."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.message import Message, Outcome, Receipt
from bot.nudging import outbox, tick
from storage import packs, subscribers
from storage.catalog import stock_of
from storage.deliveries import waiting
from storage.store import Store
from tests import databases, make
from tests.bot.nudging.stage import START, Stage
from tests.talk import Talk, publish


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = databases.sqlite(tmp_path)
    yield made
    made.close_now()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(Store(f"sqlite:///{tmp_path / 'stage.db'}"))
    yield made
    made.loop.close()
    made.store.close_now()


def refusing(stage: Stage, receipt: Receipt, until: float) -> None:
    """Let the platform give one answer to everybody until some second."""
    stage.desk.answer = lambda _chat, _message: receipt if stage.loop.time() < until else None


def readers(store: Store, number: int) -> list[Talk]:
    return [Talk(store, chat=str(chat), account="telegram:1").joins() for chat in range(1, number + 1)]


def test_t2_who_is_gone_for_a_year_is_let_go_and_totals_stay(store: Store) -> None:
    publish(store, make.pack("nature", actions={"sign": make.action()}))
    gone, stays = readers(store, 2)
    number = gone.me().id
    store.write_now(subscribers.unreachable, 1)
    a_year = gone.now + timedelta(days=365)

    assert store.write_now(tick.let_go, a_year - timedelta(hours=1)) == 0
    assert store.write_now(tick.let_go, a_year + timedelta(hours=1)) == 1
    assert number not in {row["id"] for row in stays.rows("subscribers")}
    assert stays.me().state == "active"


def test_t7_a_day_of_silence_sleeps_nowhere_and_slots_end_honestly(stage: Stage) -> None:
    refusing(stage, Receipt(Outcome.RETRY, reason="rate", wait=86_400, everyone=True), until=1.0)
    stage.puts("nudge", range(1, 21), expires_at=START + timedelta(hours=5))
    stage.drain()
    assert len(asyncio.all_tasks(stage.loop)) == 0
    assert stage.loop.time() < 60
    assert stage.store.write_now(waiting, "telegram:1", START) == 20

    stage.play(asyncio.sleep(86_500))
    stage.sender = stage.new_sender()
    stage.drain()
    assert stage.statuses().keys() <= {"cancelled", "skipped"}
    assert stage.desk.sent == []


def test_t8_a_429_that_does_not_say_how_long_is_never_hammered(stage: Stage) -> None:
    refusing(stage, Receipt(Outcome.RETRY, reason="rate", wait=5.0), until=30.0)
    stage.puts("nudge", [1])
    stage.run_for(60)

    times = [at for at, _ in stage.desk.refused]
    assert all(later - before >= 5.0 for before, later in itertools.pairwise(times))
    assert stage.statuses() == {"sent": 1}


@pytest.mark.parametrize("reason", ["server error", "restart"])
def test_t9_t33_bursts_of_errors_open_a_breaker_that_probes_and_closes(stage: Stage, reason: str) -> None:
    refusing(stage, Receipt(Outcome.UNSURE, reason=reason), until=120.0)
    stage.puts("nudge", range(1, 501))
    stage.puts("reminder", range(1000, 1010))
    stage.run_for(200)

    doubts = [at for at, _ in stage.desk.refused]
    assert len(doubts) < 40, "an outage takes few messages with it"
    assert max(later - before for before, later in itertools.pairwise(doubts)) <= 31
    assert sum(row.status == "sent" for row in stage.rows()) > 450
    assert all(row.status == "sent" for row in stage.rows() if row.kind == "reminder" and row.attempts < 2)


def test_t10_t11_in_doubt_a_nudge_is_not_repeated_and_an_alert_is_once(stage: Stage) -> None:
    told: list[str] = []

    def answer(_chat: str, message: Message) -> Receipt | None:
        told.append(message.text)
        return Receipt(Outcome.UNSURE, reason="timeout") if told.count(message.text) == 1 else None

    stage.desk.answer = answer
    for number, kind in enumerate(("nudge", "alert", "reminder")):
        stage.puts(kind, [number + 1], text=kind)
    stage.run_for(60)

    assert (told.count("nudge"), told.count("alert"), told.count("reminder")) == (1, 2, 2)
    assert {row.kind: row.status for row in stage.rows()} == {"nudge": "unsure", "alert": "sent", "reminder": "sent"}


def test_t13_a_story_that_is_refused_as_it_is_stops_after_three_and_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, make.pack("nature", chapters=2))
    people, told = readers(store, 5), []
    log = structlog.testing.CapturingLogger()
    monkeypatch.setattr(outbox, "log", structlog.wrap_logger(log, processors=[]))
    first = people[0]
    first.now = first.now.replace(hour=19)
    for planner, size in tick.PLANNERS:
        while store.write_now(tick.piece, planner, first.now + timedelta(days=1), size):
            pass
    refused = Receipt(Outcome.SENT, ref="1", reason="plain form, can't parse entities")
    for _ in people:
        for row, message in store.write_now(outbox.claim, "telegram:1", first.now + timedelta(days=1), 1, []):
            told.append(message.text)
            told_of = outbox.Told([outbox.Result(row, refused, first.now)])
            store.write_now(outbox.exchange, "telegram:1", first.now, told_of, outbox.Wish())

    stopped = [call.kwargs for call in log.calls if "story" in call.kwargs]
    assert len(stopped) == 1
    assert str(stopped[0]["story"]).startswith("nature/")
    assert store.write_now(lambda conn: stock_of(conn).story(str(stopped[0]["story"]))) is None
    pack = make.pack("nature", chapters=2, version=2)
    store.write_now(packs.publish, pack, pack.model_dump_json(by_alias=True, exclude_none=True), {}, first.now)
    assert store.write_now(lambda conn: stock_of(conn).story(str(stopped[0]["story"]))) is not None


@pytest.mark.parametrize("order", list(itertools.permutations(["stop", "done", "zone", "hour"])))
def test_t21_stop_wins_over_taps_that_were_made_before_it_and_come_later(store: Store, order: tuple[str, ...]) -> None:
    publish(store, make.pack("nature", actions={"sign": make.action(rung="curious", minutes=1)}))
    ana = Talk(store).joins()
    ask = next(press for press in ana.presses_shown() if press.startswith("done:"))
    acts: dict[str, Callable[[], object]] = {
        "stop": lambda: ana.says("stop"),
        "done": lambda: ana.presses(ask),
        "zone": lambda: ana.presses("set:zone:Europe/Berlin"),
        "hour": lambda: ana.presses("set:hour:480"),
    }
    for what in order:
        acts[what]()

    me = ana.me()
    assert me.state == "stopped"
    assert (me.rhythm.zone, me.rhythm.hour.hour) == ("Europe/Berlin", 8)
    assert [row["status"] for row in ana.rows("taken")] == ["claimed"]
    assert not [row for row in ana.rows("deliveries") if row["kind"] == "nudge" and row["status"] == "pending"]


def test_t26_t27_a_tap_that_never_came_leaves_its_ask_open(store: Store) -> None:
    publish(store, make.pack("nature", actions={"sign": make.action(rung="curious", minutes=1)}))
    ana = Talk(store).joins()
    ask = next(press for press in ana.presses_shown() if press.startswith("done:"))
    ana.now += timedelta(days=2)

    assert ana.rows("taken") == []
    assert [row["answer"] for row in ana.rows("asks")] == [""]
    ana.says("/act")
    assert any(press.startswith("done:") for press in ana.presses_shown())
    ana.presses(ask)
    assert [row["status"] for row in ana.rows("taken")] == ["claimed"]


def test_t5_a_chat_that_moves_by_both_ways_in_either_order_is_one_chat(store: Store) -> None:
    publish(store, make.pack("nature"))
    for first, account in (("answer", "telegram:1"), ("update", "telegram:2")):
        ana = Talk(store, chat="-40001", account=account).joins()
        moves: dict[str, Callable[[], object]] = {
            "answer": lambda account=account: store.write_now(subscribers.move, account, "-40001", "-1005"),
            "update": lambda account=account: store.write_now(subscribers.move, account, "-40001", "-1005"),
        }
        moves[first]()
        moves["update" if first == "answer" else "answer"]()
        moved = Talk(store, chat="-1005", account=account)
        assert moved.me().id == ana.rows("subscribers")[-1]["id"]
        assert moved.me().rhythm.hour.hour == 18
        chats = [row["chat"] for row in ana.rows("addresses") if row["subscriber_id"] == moved.me().id]
        assert chats == ["-1005"]


def test_t32_a_loud_person_disturbs_nobody(store: Store) -> None:
    publish(store, make.pack("nature"))
    loud, ben = readers(store, 2)
    answers = [len(loud.says("hello")) for _ in range(200)]

    assert sum(answers) <= 21
    assert ben.says("/help")
    loud.now += timedelta(minutes=2)
    assert loud.says("/help")
