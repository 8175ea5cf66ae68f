"""The sender of an account, in time that jumps, over a platform that refuses what comes too fast."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy.exc import OperationalError

from bot.message import Message, Outcome, Receipt
from storage import holds
from tests.bot.nudging.stage import ACCOUNT, START, Desk, LoopClock, Stage


@pytest.mark.parametrize(("rate", "lanes", "people"), [(30, 8, 600), (1000, 128, 5000)])
def test_a_broadcast_fills_the_rate_and_is_never_refused(stage: Stage, rate: int, lanes: int, people: int) -> None:
    stage.desk.rate, stage.desk.limits.rate, stage.lanes = float(rate), rate, lanes
    stage.sender = stage.new_sender()
    stage.puts("nudge", range(1, people + 1))
    stage.drain()

    times = [at for at, _, _ in stage.desk.sent]
    assert stage.desk.refused == []
    assert len(times) == len({chat for _, chat, _ in stage.desk.sent}) == people
    assert (people - 1) / (times[-1] - times[0]) / rate >= (0.97 if rate == 30 else 0.95)
    assert stage.statuses() == {"sent": people}


def test_results_and_claims_share_their_transactions(stage: Stage) -> None:
    stage.puts("nudge", range(1, 301))
    stage.drain()
    assert stage.outbox.writes <= 300 / 2


@pytest.mark.parametrize("people", [100, 2000])
def test_a_reply_waits_for_one_slot_whatever_the_size_of_the_broadcast(stage: Stage, people: int) -> None:
    stage.puts("nudge", range(1, people + 1))
    asked: list[float] = []

    async def scene() -> None:
        task = asyncio.create_task(stage.sender.serve())
        for number in range(20):
            await asyncio.sleep(0.1003)
            asked.append(stage.loop.time())
            stage.puts("reply", [9000 + number])
            stage.sender.wake()
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stage.play(scene())
    waits = [at - ask for at, ask in zip(stage.desk.shares("reply"), asked, strict=True)]
    assert max(waits) < 0.06
    assert len(stage.desk.shares("nudge")) >= 44


def test_lanes_go_in_their_order(stage: Stage) -> None:
    for number, kind in enumerate(("nudge", "reminder", "alert", "reply")):
        stage.puts(kind, range(number * 10 + 1, number * 10 + 6))
    stage.drain()
    assert [said for _, _, said in stage.desk.sent] == ["reply"] * 5 + ["alert"] * 5 + ["reminder"] * 5 + ["nudge"] * 5


def test_a_chat_reads_its_messages_in_their_order_one_a_second_after_a_burst(stage: Stage) -> None:
    stage.desk.limits.rate = 30
    for number in range(6):
        stage.puts("reply", [5], text=str(number))
    stage.drain()

    assert [said for _, _, said in stage.desk.sent] == list("012345")
    assert stage.desk.refused == []
    times = [at for at, _, _ in stage.desk.sent]
    assert times[2] < 0.5
    assert times[5] - times[0] >= 3


def test_a_group_gets_twenty_a_minute_and_nobody_waits_for_it(stage: Stage) -> None:
    stage.desk.limits.rate = 30
    for _ in range(25):
        stage.puts("alert", [-7])
    stage.puts("nudge", range(1, 31))
    stage.run_for(100)

    group = [at for at, chat, _ in stage.desk.sent if chat == "-7"]
    assert stage.desk.refused == []
    assert len(group) == 25
    assert group[20] - group[0] >= 60
    assert max(stage.desk.shares("nudge")) < 5


def refusing(wait: float, *chats: str, everyone: bool = False, times: int = 1):  # type: ignore[no-untyped-def]
    left = dict.fromkeys(chats, times)

    def answer(chat: str, _message: Message) -> Receipt | None:
        if left.get(chat, 0):
            left[chat] -= 1
            return Receipt(Outcome.RETRY, reason="rate", wait=wait, everyone=everyone)
        return None

    return answer


def test_a_hold_of_one_chat_is_obeyed_and_disturbs_nobody(stage: Stage) -> None:
    stage.desk.answer = refusing(7.0, "3")
    for number in range(3):
        stage.puts("reply", [3], text=f"answer {number}")
    stage.puts("nudge", range(10, 100))
    stage.run_for(12)

    told = stage.desk.refused[0][0] + stage.desk.takes
    held = [(at, said) for at, chat, said in stage.desk.sent if chat == "3"]
    assert len(stage.desk.refused) == 1
    assert [said for _, said in held] == ["answer 0", "answer 1", "answer 2"]
    assert told + 7.0 <= held[0][0] <= told + 7.3
    assert max(stage.desk.shares("nudge")) < 4


def test_a_hold_of_the_account_is_obeyed_by_all(stage: Stage) -> None:
    stage.desk.answer = refusing(5.0, "3", everyone=True)
    stage.puts("nudge", range(1, 60))
    stage.run_for(12)

    told = stage.desk.refused[0][0] + stage.desk.takes
    flying = 3 / 30
    assert not [at for at, _, _ in stage.desk.sent if told + flying < at < told + 5.0]
    assert min(at for at, _, _ in stage.desk.sent if at > told + flying) <= told + 5.3
    assert stage.statuses() == {"sent": 59}
    assert stage.sender.pace.rate == 30.0
    assert stage.sender.pace.learned < 30.0


def test_a_long_hold_outlives_the_process_and_nothing_sleeps_through_it(stage: Stage) -> None:
    stage.desk.answer = refusing(10_072.0, "1", everyone=True)
    stage.puts("nudge", range(1, 4))
    stage.drain()  # returns at once: what must wait stays in the outbox
    assert stage.loop.time() < 5
    assert set(stage.statuses()) <= {"sent", "retry", "pending"}

    sent = len(stage.desk.sent)
    stage.sender = stage.new_sender()
    stage.run_for(10_000)
    assert len(stage.desk.sent) == sent
    stage.run_for(200)
    assert stage.statuses() == {"sent": 3}
    left, _ = stage.store.write_now(holds.load, ACCOUNT, START + timedelta(seconds=20_000))
    assert left == {}


def test_a_limit_that_several_chats_meet_slows_the_whole_account(stage: Stage) -> None:
    stage.desk.limits.rate = 20
    stage.puts("nudge", range(1, 1201))
    stage.run_for(90)
    late = [at for at, _ in stage.desk.refused if at > 20]
    assert len(late) <= 6
    assert len([at for at, _, _ in stage.desk.sent if 20 < at < 60]) / 40 > 20 * 0.8


def test_some_lanes_are_kept_for_replies(stage: Stage) -> None:
    stage.desk.takes = 30.0
    stage.puts("nudge", range(1, 100))

    async def scene() -> None:
        task = asyncio.create_task(stage.sender.serve())
        await asyncio.sleep(10)
        assert stage.desk.flying == 6
        stage.puts("reply", [500])
        stage.sender.wake()
        await asyncio.sleep(0.1)
        assert stage.desk.flying == 7
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stage.play(scene())
    assert stage.desk.most <= 8


@pytest.mark.parametrize("lanes", [1, 2, 3, 8])
def test_never_more_than_the_lanes_are_in_doubt(stage: Stage, lanes: int) -> None:
    stage.lanes = lanes
    stage.sender = stage.new_sender()
    stage.puts("nudge", range(1, 101))
    most = 0

    async def scene() -> None:
        nonlocal most
        task = asyncio.create_task(stage.sender.serve())
        for _ in range(300):
            await asyncio.sleep(0.01)
            most = max(most, stage.statuses().get("sending", 0))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stage.play(scene())
    assert 0 < most <= lanes
    assert len(stage.desk.sent) >= 20


def test_whoever_stops_the_sender_has_every_result_noted(stage: Stage) -> None:
    stage.puts("nudge", range(1, 200))
    stage.run_for(2.345)
    assert stage.statuses()["sent"] == len(stage.desk.sent) > 50
    assert set(stage.statuses()) == {"sent", "pending"}


def test_a_database_that_is_away_for_a_while_loses_nothing(stage: Stage) -> None:
    stage.puts("nudge", range(1, 100))

    async def scene() -> None:
        task = asyncio.create_task(stage.sender.serve())
        await asyncio.sleep(0.5)
        stage.outbox.broken = OperationalError("x", {}, Exception("locked"))
        await asyncio.sleep(5)
        assert stage.sender.trouble == "OperationalError"
        assert len(stage.desk.sent) <= 15 + 8
        stage.outbox.broken = None
        await asyncio.sleep(8)
        assert stage.sender.trouble == ""
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stage.play(scene())
    assert stage.statuses() == {"sent": 99}
    assert len(stage.desk.sent) == 99


def test_an_outage_is_answered_with_patience_and_is_no_reason_to_go_slower(stage: Stage) -> None:
    def answer(_chat: str, _message: Message) -> Receipt | None:
        if stage.loop.time() < 60:
            return Receipt(Outcome.RETRY, reason="no connection", wait=2.0, everyone=True)
        return None

    stage.desk.answer = answer
    stage.puts("nudge", range(1, 40))
    stage.run_for(100)
    assert stage.statuses() == {"sent": 39}
    assert len(stage.desk.refused) <= 30
    assert stage.sender.pace.learned == 30.0


def test_answers_in_doubt_one_after_the_other_stop_the_stream(stage: Stage) -> None:
    stage.desk.answer = lambda _chat, _message: (
        Receipt(Outcome.UNSURE, reason="outage") if stage.loop.time() < 60 else None
    )
    stage.puts("nudge", range(1, 200))
    stage.run_for(100)
    assert stage.statuses()["unsure"] <= 25
    assert stage.statuses()["sent"] >= 174


def test_a_refused_token_is_no_storm(stage: Stage) -> None:
    stage.desk.answer = lambda _chat, _message: Receipt(Outcome.ACCOUNT_STOPPED, reason="the token is refused")
    stage.puts("nudge", range(1, 200))
    stage.run_for(3600)
    assert len(stage.desk.refused) <= 30
    assert not {"sent", "failed", "sending", "unsure"} & set(stage.statuses())


def test_what_may_pass_is_tried_again_ever_more_seldom_and_given_up(stage: Stage) -> None:
    stage.desk.answer = lambda _chat, _message: Receipt(Outcome.RETRY, reason="odd")
    stage.puts("nudge", [1])
    stage.run_for(300)
    (row,) = stage.rows()
    assert (row.status, row.reason, row.attempts) == ("failed", "odd", 5)
    times = [at for at, _ in stage.desk.refused]
    gaps = [later - at for at, later in pairwise(times)]
    assert len(gaps) == 4
    assert all(later > at for at, later in pairwise(gaps))


def test_nudges_that_the_rate_leaves_behind_are_skipped_and_say_so(stage: Stage) -> None:
    stage.puts("nudge", range(1, 1201), expires_at=START + timedelta(seconds=20))
    stage.puts("reply", [5000], expires_at=START - timedelta(seconds=1))
    stage.run_for(25)
    rows = stage.rows()
    assert {(row.kind, row.status, row.reason) for row in rows} == {
        ("nudge", "sent", ""), ("nudge", "skipped", "rate"), ("reply", "cancelled", "expired"),
    }  # fmt: skip
    sent = [int(chat) for _, chat, _ in stage.desk.sent]
    assert sent == list(range(1, len(sent) + 1)), "the oldest first"
    assert len(sent) >= 580


def test_what_was_due_while_no_sender_worked_is_not_put_down_to_the_rate(stage: Stage) -> None:
    stage.puts("nudge", [1], expires_at=START + timedelta(seconds=5))
    stage.play(asyncio.sleep(10))
    stage.drain()
    assert [(row.status, row.reason) for row in stage.rows()] == [("cancelled", "expired")]


def test_one_message_without_words_does_not_stop_the_others(stage: Stage) -> None:
    stage.puts("nudge", [1], body=None)
    stage.puts("nudge", [2], body="{broken")
    stage.puts("nudge", [3])
    stage.drain()
    assert [(row.status, row.reason) for row in stage.rows()] == [
        ("failed", "no words"), ("failed", "no words"), ("sent", ""),
    ]  # fmt: skip


def test_an_adapter_that_raises_leaves_a_doubt_and_nothing_else(stage: Stage) -> None:
    def answer(chat: str, _message: Message) -> Receipt | None:
        if chat == "2":
            raise KeyError("odd")
        return None

    stage.desk.answer = answer
    stage.puts("nudge", range(1, 4))
    stage.drain()
    assert [row.status for row in stage.rows()] == ["sent", "unsure", "sent"]


def test_a_held_sender_keeps_everything(stage: Stage) -> None:
    stage.sender.held = True
    stage.puts("nudge", range(1, 4))
    stage.run_for(30)
    assert stage.statuses() == {"pending": 3}


def test_an_idle_sender_looks_seldom(stage: Stage) -> None:
    stage.run_for(3600)
    assert stage.outbox.writes <= 480


def test_a_message_due_in_a_while_is_sent_when_it_is_due(stage: Stage) -> None:
    stage.puts("reminder", [1], due_at=START + timedelta(seconds=100.5))
    stage.run_for(120)
    assert stage.desk.sent[0][0] == pytest.approx(100.5, abs=0.2)


__all__ = ["Desk", "LoopClock"]
