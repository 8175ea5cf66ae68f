"""Several processes on one PostgreSQL: one sender for each account, and nobody misses the one that was killed."""

import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.acceptance.fleet import Fleet
from tests.acceptance.instance import PACKS
from tests.acceptance.test_telegram_journey import button, joins, with_button
from tests.platforms.telegram import Person, TelegramStandIn

LIMIT = 60
RATE = 54
"""A little less than the limit: a busy machine wakes a process late. Two senders would still be far beyond it."""


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    store = databases.postgres()
    with TelegramStandIn.in_thread(rate=LIMIT) as telegram:
        made = Fleet(tmp_path, telegram, store, {"TELEGRAM_RATE": str(RATE)})
        made.instance().must("pack", "load", str(PACKS / "energy-access"))
        yield made
        made.ends()
    databases.give_back(store)


def heard(fleet: Fleet, people: list[Person]) -> Counter[int]:
    """How often each of them was told a story."""
    return Counter({person.id: len(fleet.telegram.calls.accepted("sendMessage", person)) for person in people})


def test_three_processes_send_one_broadcast_within_the_rate(fleet: Fleet) -> None:
    fleet.runs_one()
    fleet.runs_one()
    fleet.works_one()
    readers = fleet.readers(400)
    fleet.broadcasts(readers)
    fleet.wait(lambda: fleet.statuses()["sent"] == 400)

    assert heard(fleet, readers) == dict.fromkeys((reader.id for reader in readers), 1)
    assert fleet.telegram.calls.busiest(1.0) <= LIMIT
    assert not fleet.telegram.pace.refusals


def test_whoever_presses_in_the_middle_of_a_broadcast_is_answered_at_once(fleet: Fleet) -> None:
    fleet.runs_one()
    fleet.works_one()
    fleet.works_one()
    readers = fleet.readers(600)
    fleet.broadcasts(readers)
    fleet.wait(lambda: fleet.statuses()["sent"] > 30)

    ana = fleet.telegram.person(language="en", name="Ana")
    done = joins(ana)

    assert fleet.statuses()["pending"] > 100
    ana.presses(done, button(ana, "done:")[1])
    fleet.wait(lambda: fleet.statuses()["sent"] == 600)
    assert not fleet.telegram.pace.refusals


def test_another_process_goes_on_where_a_killed_one_stopped(fleet: Fleet) -> None:
    workers = [fleet.works_one(), fleet.works_one()]
    readers = fleet.readers(500)
    fleet.broadcasts(readers)
    fleet.wait(lambda: fleet.statuses()["sent"] > 50)
    for number in range(2):
        workers.append(fleet.works_one())
        sending = fleet.statuses()["sent"]
        workers[number].kill()
        fleet.wait(lambda sending=sending: fleet.statuses()["sent"] > sending + 60, 90)

    fleet.wait(lambda: not fleet.statuses().keys() & {"pending", "sending", "retry"})
    told, states = heard(fleet, readers), fleet.statuses()

    assert max(told.values()) == 1
    assert states["sent"] + states["unsure"] == 500
    assert states["unsure"] <= 2 * 8
    assert sum(told.values()) >= states["sent"]
    assert not fleet.telegram.pace.refusals


def test_a_process_that_stood_still_sends_nothing_it_had_in_hand(fleet: Fleet) -> None:
    sleeper = fleet.works_one()
    readers = fleet.readers(700)
    fleet.broadcasts(readers)
    fleet.wait(lambda: fleet.statuses()["sent"] > 50)
    sleeper.send_signal(signal.SIGSTOP)
    fleet.works_one()
    before = fleet.statuses()["sent"]
    fleet.wait(lambda: fleet.statuses()["sent"] > before + 60, 120)
    sleeper.send_signal(signal.SIGCONT)
    fleet.wait(lambda: not fleet.statuses().keys() & {"pending", "sending", "retry"})
    told, states = heard(fleet, readers), fleet.statuses()

    assert max(told.values()) == 1
    assert states["sent"] + states["unsure"] == 700
    assert states["unsure"] <= 8
    assert sleeper.poll() is None


def test_one_process_polls_and_another_takes_over(fleet: Fleet) -> None:
    first = fleet.runs_one()
    second = fleet.runs_one()
    ana = fleet.telegram.person(language="en", name="Ana")
    joins(ana)
    first.stops(signal.SIGKILL)
    ben = fleet.telegram.person(language="en", name="Ben")
    joins(ben)

    assert second.health() is not None
    assert not [call for call in fleet.telegram.calls.of("getUpdates") if call.status == 409]


def test_webhooks_are_served_by_any_process(fleet: Fleet) -> None:
    runs = [fleet.instance(), fleet.instance()]
    for run in runs:
        run.settings |= {"TELEGRAM_MODE": "webhook", "KINDLING_PUBLIC_URL": f"http://127.0.0.1:{runs[0].port}"}
        run.starts()
    webhook = fleet.telegram.webhook
    ana = fleet.telegram.person(language="en", name="Ana")
    steps = ["join:cause:", "join:go", "join:freq:daily", "join:hour:1080", "done:", "undo:", "done:"]
    ana.says("/start")
    for number, wanted in enumerate(steps):
        # As a load balancer would: each update to another process.
        webhook.url = webhook.url.replace(str(runs[number % 2].port), str(runs[(number + 1) % 2].port))
        ana.presses(*button(ana, wanted))

    with_button(ana, "undo:")
    assert [row["status"] for row in runs[1].rows("actions")] == ["undone", "claimed"]
    assert "updates not handled" not in runs[0].log() + runs[1].log()


def test_what_a_killed_process_had_written_down_is_answered_by_another(fleet: Fleet) -> None:
    second = fleet.runs_one()
    store, telegram = fleet.store, fleet.telegram
    from storage import inbox
    from tests.make import NOW

    ana = telegram.person(language="en", name="Ana", started=True)
    raw = (
        '{"update_id": 7, "message": {"message_id": 1, "date": 1, "text": "/help", '
        f'"chat": {{"id": {ana.id}, "type": "private"}}, "from": {{"id": {ana.id}, "is_bot": false, "first_name": "Ana"}}}}}}'
    )
    store.write_now(inbox.keep, fleet.account, [("7", raw)], NOW, "a process that is no more")

    assert ana.hears("/act", timeout=20)
    assert second.health()


def test_a_tick_leaves_to_others_what_others_are_sending(fleet: Fleet) -> None:
    fleet.works_one()
    readers = fleet.readers(300)
    fleet.broadcasts(readers)
    fleet.wait(lambda: fleet.statuses()["sent"] > 20)
    fleet.instance().must("tick")
    fleet.wait(lambda: fleet.statuses()["sent"] == 300)

    assert set(heard(fleet, readers).values()) == {1}
    assert not fleet.telegram.pace.refusals
