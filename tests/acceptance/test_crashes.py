"""Kill the process in the middle of people's taps: each tap has its one effect, and nothing thanked for is lost."""

import random
import signal
import sqlite3
import time
from contextlib import closing

from tests.acceptance.instance import Instance
from tests.platforms.telegram import Person, TelegramStandIn

PEOPLE = 30
KINDS = ("petition", "donation", "share", "event", "outreach", "pledge", "purchase", "volunteer", "learn", "story")
KILLS = 10
SEED = 20260302


def unwanted(instance: Instance) -> list[set[str]]:
    with closing(sqlite3.connect(f"file:{instance.folder / 'kindling.db'}?mode=ro", uri=True)) as conn:
        rows = conn.execute("SELECT unwanted FROM subscribers WHERE onboarded ORDER BY id").fetchall()
    return [set(filter(None, row[0].split(","))) for row in rows]


def crowd(instance: Instance, telegram: TelegramStandIn) -> list[Person]:
    """People who have joined, through taps of their own."""
    people = [telegram.person(language="en", started=False) for _ in range(PEOPLE)]
    for person in people:
        person.says("/start")
    for person in people:
        greeting = person.hears("What do you care about?", timeout=60)
        cause = next(data for row in greeting.buttons for _, data in row if data.startswith("join:cause:"))
        for press in (cause, "join:go", "join:freq:daily", "join:hour:1080"):
            person.taps(greeting, press)
    instance.wait(lambda: len(unwanted(instance)) == PEOPLE)
    return people


def test_three_hundred_taps_survive_ten_kills(instance: Instance, telegram: TelegramStandIn) -> None:
    chance = random.Random(SEED)
    instance.settings["TELEGRAM_RATE"] = "1000"
    instance.starts()
    people = crowd(instance, telegram)
    taps = [(person, kind) for kind in KINDS for person in people]
    kills = set(chance.sample(range(len(taps)), KILLS))

    for number, (person, kind) in enumerate(taps):
        # A toggle tells everything: a lost tap leaves it off, a doubled one turns it off again.
        person.taps(person.heard[0], f"set:kinds:{kind}")
        if number in kills:
            time.sleep(chance.random() * 0.05)
            instance.stops(signal.SIGKILL)
            instance.starts()

    instance.wait(lambda: all(kinds == set(KINDS) for kinds in unwanted(instance)))
    assert unwanted(instance) == [set(KINDS)] * PEOPLE


def test_every_thanks_that_was_heard_is_written(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.settings["TELEGRAM_RATE"] = "1000"
    instance.starts()
    people = crowd(instance, telegram)
    for person in people:
        person.taps(person.heard[0], "act")
    time.sleep(0.5)
    asks = [(person, ask_of(person)) for person in people]
    for person, ask in asks:
        if ask:
            person.taps(person.heard[0], ask)
    time.sleep(0.15)
    instance.stops(signal.SIGKILL)
    thanked = sum(any("Thank you! I noted it" in message.text for message in person.heard) for person in people)

    assert len(instance.rows("actions")) >= thanked


def ask_of(person: Person) -> str:
    presses = [data for message in person.heard for row in message.buttons for _, data in row]
    return next((data for data in presses if data.startswith("done:")), "")


def test_a_terminated_process_leaves_nothing_in_flight(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="en", started=False)
    ana.says("/start")
    ana.hears("What do you care about?")

    assert instance.stops() == 0
    assert {row["status"] for row in instance.rows("deliveries")} == {"sent"}


def test_a_second_server_on_the_same_database_steps_back(instance: Instance) -> None:
    instance.starts()
    second = instance.call("run")

    assert second.returncode == 1
    assert "Another process serves this database" in second.stderr
    assert "Traceback" not in second.stderr
