"""An alert's whole way on Telegram's real protocol: tried, cancelled in its minute; sent, seen in two waves, taken back."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance import slack as acting
from tests.acceptance.instance import PACKS, Instance
from tests.acceptance.test_telegram_journey import button, with_button
from tests.platforms.slack import SlackStandIn
from tests.platforms.telegram import Message, Person, TelegramStandIn

PEOPLE = 26
FIRST = 20
TEXT = "The vote is tomorrow."


def crowd(instance: Instance, telegram: TelegramStandIn) -> list[Person]:
    """People who joined, want alerts and have no quiet hours, through taps of their own."""
    people = [telegram.person(language="en", started=False) for _ in range(PEOPLE)]
    for person in people:
        person.says("/start")
    for person in people:
        greeting = person.hears("What do you care about?", timeout=60)
        cause = next(data for row in greeting.buttons for _, data in row if data.startswith("join:cause:"))
        for press in (cause, "join:go", "join:freq:daily", "join:hour:1080", "set:quiet:0-0", "set:alerts:on"):
            person.taps(greeting, press)
    for person in people:
        person.hears("Alerts: on", timeout=60, ever=True)
    return people


def organizer(instance: Instance, telegram: TelegramStandIn) -> Person:
    code = instance.must("organizer", "add", "--role", "organizer").split()[0]
    olga = telegram.person(language="en", name="Olga", started=False)
    olga.says(f"/start {code}")
    olga.hears("you are an organizer")
    return olga


def reading(people: list[Person]) -> int:
    """How many read the alert at this moment; nobody may read it twice."""
    found = [sum(TEXT in message.text for message in person.heard) for person in people]
    assert max(found) <= 1
    return sum(found)


def presses(olga: Person, press: str) -> Message:
    message, data = button(olga, press)
    olga.presses(message, data)
    return message


def mail(instance: Instance) -> list[tuple[str, str]]:
    return [(row["status"], row["reason"]) for row in instance.rows("deliveries") if row["kind"] == "alert"]


def test_an_alert_to_many_people(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.settings["TELEGRAM_RATE"] = "1000"
    instance.starts()
    people = crowd(instance, telegram)
    olga = organizer(instance, telegram)

    # In the chat: three steps, a dry run, sent, and cancelled within the minute.
    olga.says("/organize alert")
    presses(olga, "alert:1:words")
    presses(olga, "alert:1:words:en")
    olga.hears("in one message of at most 1000 characters")
    olga.says(TEXT)
    olga.hears("Who reads none of these")
    presses(olga, "alert:1:try")
    olga.hears(f"{PEOPLE} people would get it (English {PEOPLE}).")
    presses(olga, "alert:1:send:")
    olga.hears("Nothing has gone out yet")
    presses(olga, "alert:1:cancel")
    olga.hears("Alert 1: cancelled")
    instance.stops()
    assert instance.call("tick", "--at", later(seconds=90)).returncode == 0
    assert (reading(people), mail(instance)) == (0, [])

    # At the terminal: a dry run, the number typed, then time passes.
    assert instance.must("alert", "new", "--text", f"en={TEXT}", "--cause", followed(instance)).split() == ["2"]
    tried = instance.must("alert", "send", "2")
    assert f"{PEOPLE} people would get it" in tried
    assert TEXT in tried
    assert instance.call("alert", "send", "2", "--send", stdin=f"{PEOPLE - 1}\n").returncode == 2
    assert instance.call("alert", "send", "2", "--send", stdin=f"{PEOPLE}\n").returncode == 0
    instance.must("tick", "--at", later(seconds=30))
    assert reading(people) == 0
    instance.must("tick", "--at", later(seconds=90))
    assert reading(people) == FIRST
    instance.must("tick", "--at", later(seconds=120))
    assert reading(people) == FIRST
    instance.must("tick", "--at", later(seconds=300))
    assert reading(people) == PEOPLE
    assert mail(instance) == [("sent", "")] * PEOPLE
    assert "done" in instance.must("alert", "list")

    # Taken back while everything is served.
    instance.starts()
    instance.must("alert", "retract", "2")
    telegram.wait(lambda: reading(people) == 0, 60)
    assert all(any("taken back by the organizers" in message.text for message in person.heard) for person in people)
    shown = json.loads(instance.must("alert", "show", "2", "--json"))
    assert (shown["state"], shown["deliveries"]["statuses"]) == ("retracted", {"sent": PEOPLE})
    assert [(line["what"], line["origin"]) for line in shown["audit"]] == [
        ("draft", "terminal"), ("send", "terminal"), ("begin", "schedule"), ("finish", "schedule"),
        ("retract", "terminal"),
    ]  # fmt: skip


def test_an_alert_on_slack_is_read_and_taken_back(tmp_path: Path) -> None:
    house = Instance(tmp_path)
    house.must("pack", "load", str(PACKS / "energy-access"))
    with SlackStandIn.in_thread() as slack:
        ana = slack.person("Ana", locale="en-GB", tz="Europe/London")
        with acting.running(house, slack, "socket"):
            acting.joins(ana)
        wants_alerts(house)
        house.must("alert", "new", "--text", f"en={TEXT}")
        assert "1 person would get it" in house.must("alert", "send", "1")
        assert house.call("alert", "send", "1", "--send", stdin="1\n").returncode == 0
        house.must("tick", "--at", later(seconds=90))
        assert any(TEXT in message.text for message in ana.messages)
        with acting.running(house, slack, "socket"):
            house.must("alert", "retract", "1")
            slack.wait(lambda: not any(TEXT in message.text for message in ana.messages))
        assert any("taken back by the organizers" in message.text for message in ana.messages)
        assert slack.complaints == []


def wants_alerts(house: Instance) -> None:
    """What the settings' form does on Slack, past the form."""
    with closing(sqlite3.connect(house.folder / "kindling.db")) as conn, conn:
        conn.execute("UPDATE subscribers SET alerts = 1, quiet_from = 0, quiet_until = 0")


def later(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


def followed(instance: Instance) -> str:
    """The cause that everybody follows: the first one that was offered."""
    return "energy-access/energy-access"


def test_pause_all_stops_what_is_due_and_answers_still_go(instance: Instance, telegram: TelegramStandIn) -> None:
    instance.starts()
    ana = telegram.person(language="en", started=False)
    ana.says("/start")
    for press in ("join:cause:", "join:go", "join:freq:daily", "join:hour:1080"):
        ana.presses(*button(ana, press))
    with_button(ana, "done:")
    assert instance.must("pause-all") == "Everything is paused.\n"
    assert instance.must("pause-all") == "Everything is paused already.\n"
    ana.says("/help")
    ana.hears("small things you can do")
    instance.stops()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=20).isoformat()
    instance.must("tick", "--at", tomorrow)
    assert [row for row in instance.rows("deliveries") if row["kind"] == "nudge"] == []

    assert instance.must("pause-all", "--resume") == "Everything goes on.\n"
    instance.must("tick", "--at", tomorrow)
    assert [row["status"] for row in instance.rows("deliveries") if row["kind"] == "nudge"] == ["sent"]


def test_a_word_that_is_wrong_is_said_in_one_line(instance: Instance) -> None:
    for words in (
        ["alert", "new", "--text", "no language"],
        ["alert", "new", "--text", "en=" + "x" * 1001],
        ["alert", "new", "--text", "en=Hello", "--cause", "no/no"],
        ["alert", "new", "--text", "en=Hello", "--joined-since", "soon"],
        ["alert", "show", "7"],
        ["alert", "pause", "7"],
    ):
        done = instance.call(*words)
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
    assert "no alerts" in instance.must("alert", "list")
