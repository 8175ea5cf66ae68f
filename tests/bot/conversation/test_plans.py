"""Plans: made in three taps or written, reminded of an hour before, asked about once; they follow their person."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.message import Message
from content.model import Pack
from storage import subscribers
from storage.store import Store
from tests import make
from tests.storage.joining import ask
from tests.talk import START, Talk, publish

SATURDAY = date(2026, 3, 7)
CLEAN = {"kind": "volunteer", "title": "Clean the river", "url": "https://example.org/clean", "minutes": 60}


def pack(version: int = 1, **about: object) -> Pack:
    actions = {"clean": make.action(**{**CLEAN, **about}), "sign": make.action(title="Sign")}
    return make.pack(actions=actions, version=version)


@pytest.fixture
def ana(store: Store) -> Talk:
    """Someone with a morning at the river before her, on a Monday at nine."""
    publish(store, pack())
    return joined(store, "ana")


def joined(store: Store, chat: str) -> Talk:
    talk = Talk(store, chat=chat).joins()
    store.write_now(subscribers.change, talk.me(), START, next_at=None)
    return talk


def offered(talk: Talk, slug: str = "clean") -> str:
    """The number of an open ask."""
    return str(ask(talk.store, talk.me(), f"water/{slug}", at=talk.now).id)


def plans(talk: Talk, when: str = "202603071000") -> str:
    """Make a plan by taps; returns the ask's number."""
    number = offered(talk)
    talk.presses(f"plan:{number}")
    talk.presses(f"plan:{number}:when:{when}")
    talk.taps("at the place")
    talk.taps("with someone I ask")
    return number


def reminded(talk: Talk, *, until: datetime) -> list[tuple[datetime, Message]]:
    """Let time pass, from each instant at which something may be due to the next; returns each reminder and when."""
    came = []
    while talk.now < until:
        waiting = [row["next_at"] for row in talk.rows("intentions")]
        waiting += [row["due_at"] for row in talk.rows("deliveries") if row["status"] in ("pending", "retry")]
        following = min([until, *(max(when, talk.now) for when in waiting if isinstance(when, datetime))])
        sent = talk.waits_for_all(seconds=(following - talk.now).total_seconds())
        came += [(talk.now, message) for row, message in sent if row.kind == "reminder" and row.chat == talk.chat]
    return came


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_what_takes_its_time_can_be_planned_and_what_is_done_in_passing_cannot(ana: Talk) -> None:
    ana.says("/act")
    for _ in range(2):
        assert ("Clean the river" in ana.text()) == ("Plan it" in ana.buttons())
        if "Something else" in ana.buttons():
            ana.taps("Something else")


def test_a_plan_is_made_in_three_taps_reminded_of_and_asked_about_once(ana: Talk) -> None:
    number = offered(ana)
    ana.presses(f"plan:{number}")
    assert "when does it suit you?" in ana.text()
    assert ana.buttons()[:3] == ["Today, 3:30 PM", "Today, 6:30 PM", "Tomorrow, 10:00 AM"]
    ana.taps("Sat, Mar 7, 10:00 AM")
    assert "Where will you do it?" in ana.text()
    ana.taps("at the place")
    ana.taps("with someone I ask")
    assert "**Sat, Mar 7, 10:00 AM · at the place · with someone I ask**" in ana.text()
    assert "I will remind you an hour before." in ana.text()
    assert ana.buttons() == ["Change", "Forget it"]

    (first, reminder), (second, question) = reminded(ana, until=at(12, 0))
    assert (first, second) == (at(7, 9), at(8, 18))
    assert "A reminder of your plan: *Clean the river*." in reminder.text
    assert reminder.buttons[0][0].url == "https://example.org/clean"
    assert "Did you do it? Either answer is fine" in question.text
    labels = [button.label for row in question.buttons for button in row]
    assert labels == ["I did it ✓", "Not yet: new plan", "Not for me"]
    ana.presses(f"done:{number}")
    assert "Thank you!" in ana.text()


def test_a_plan_can_be_written_and_what_is_written_is_sealed_and_can_be_taken_along(ana: Talk) -> None:
    number = offered(ana)
    ana.presses(f"plan:{number}")
    ana.says("soon")
    assert "I could not make that a time" in ana.text()
    ana.says("Friday at 17:30")
    assert "Noted: Fri, Mar 6, 5:30 PM." in ana.text()
    ana.says("under *the* bridge")
    ana.says("with Rosa Quintero")
    assert "under \\*the\\* bridge" in ana.text()
    assert "Rosa Quintero" in ana.text()
    (kept,) = ana.rows("intentions")
    assert b"Rosa" not in bytes(kept["company_words"])  # type: ignore[arg-type]

    ((when, reminder),) = reminded(ana, until=at(7, 0))
    assert when == at(6, 16, 30)
    assert "Rosa" not in reminder.text
    ana.presses(f"plan:{number}:show")
    assert "Rosa Quintero" in ana.text()
    ana.says("/privacy")
    (document,) = [message.document for message in ana.taps("export") if message.document]
    assert "Rosa Quintero" in document.content


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("en", "tomorrow", "2026-03-03 18:00"), ("en", "2026-03-09 9:15", "2026-03-09 09:15"), ("en", "8pm", "2026-03-02 20:00"),
        ("en", "8", "2026-03-03 08:00"), ("de", "Samstag um 10", "2026-03-07 10:00"), ("de", "morgen 18 Uhr", "2026-03-03 18:00"),
        ("es", "mañana a las 8", "2026-03-03 08:00"), ("es", "sábado", "2026-03-07 18:00"), ("de", "24.03.2026, 19:30", "2026-03-24 19:30"),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(ana: Talk, language: str, written: str, expected: str) -> None:
    ana.store.write_now(subscribers.change, ana.me(), ana.now, language=language)
    ana.presses(f"plan:{offered(ana)}")
    ana.says(written)
    (kept,) = ana.rows("intentions")

    assert f"{kept['day']} {kept['minute'] // 60:02}:{kept['minute'] % 60:02}" == expected  # type: ignore[operator]


@pytest.mark.parametrize("written", ["yesterday", "2026-03-01 10:00", "2028-01-01", "25:00", "31.2.", "⛵"])
def test_what_is_no_time_to_come_is_asked_for_again(ana: Talk, written: str) -> None:
    ana.presses(f"plan:{offered(ana)}")
    ana.says(written)

    assert "I could not make that a time" in ana.text()
    assert ana.rows("intentions") == []


@pytest.mark.parametrize("end", ["done", "no", "forget", "stop", "pause", "erase", "closed", "gone"])
def test_a_plan_ends_with_what_it_was_for(ana: Talk, store: Store, end: str) -> None:
    number = plans(ana)
    match end:
        case "done" | "no":
            ana.presses(f"{end}:{number}")
        case "forget":
            ana.taps("Forget it")
            assert "no reminder" in ana.text()
        case "stop":
            ana.says("stop")
        case "pause":
            ana.says("/pause 2026-03-05")
        case "erase":
            ana.presses("erase:yes")
        case "closed":
            publish(store, pack(2, until=date(2026, 3, 6)))
        case "gone":
            publish(store, make.pack(version=2))

    assert reminded(ana, until=at(14, 0)) == []


def test_a_stop_that_was_a_slip_takes_no_plan_along(ana: Talk) -> None:
    plans(ana)
    ana.says("stop")
    ana.says("oops")

    assert [when for when, _ in reminded(ana, until=at(14, 0))] == [at(7, 9), at(8, 18)]


def test_a_plan_moves_with_its_persons_zone(ana: Talk) -> None:
    plans(ana)
    ana.says("/settings")
    ana.presses("set:zone:America/Lima")

    came = reminded(ana, until=at(14, 0))
    assert [when for when, _ in came] == [at(7, 14), at(8, 23)]


def test_settings_changed_while_a_reminder_is_due_do_not_lose_it(ana: Talk) -> None:
    plans(ana)
    ana.now = at(7, 9, 1)
    ana.presses("set:hour:1080")

    assert [when for when, _ in reminded(ana, until=at(7, 12))] == [at(7, 9, 1)]


def test_a_plan_can_be_changed_and_only_the_new_one_is_reminded_of(ana: Talk) -> None:
    plans(ana)
    ana.taps("Change")
    ana.taps("Tomorrow, 10:00 AM")
    ana.taps("Skip")
    ana.taps("Skip")

    came = reminded(ana, until=at(14, 0))
    assert [when for when, _ in came] == [at(3, 9), at(4, 18)]


def test_after_not_yet_there_is_a_new_plan_and_a_new_question(ana: Talk) -> None:
    plans(ana)
    _, (_, question) = reminded(ana, until=at(9, 0))
    ana.shown = [question]
    ana.taps("Not yet: new plan")
    ana.taps("Sat, Mar 14, 10:00 AM")

    came = reminded(ana, until=at(20, 0))
    assert [when for when, _ in came] == [at(14, 9), at(15, 18)]


def test_a_reminder_never_comes_at_night(ana: Talk) -> None:
    plans(ana, "202603070730")
    assert "I will remind you: Sat, Mar 7, 7:00 AM." in ana.text()
    plans(ana, "202603070600")
    assert "I will remind you: Fri, Mar 6, 9:30 PM." in ana.text()

    assert [when for when, _ in reminded(ana, until=at(7, 12))] == [at(6, 21, 30)]


def test_what_is_too_near_has_no_reminder_but_the_question(ana: Talk) -> None:
    plans(ana, "202603020930")
    assert "no reminder before it" in ana.text()

    assert [when for when, _ in reminded(ana, until=at(9, 0))] == [at(3, 18)]


def test_after_a_long_stop_of_the_machine_nothing_is_poured_out(ana: Talk) -> None:
    plans(ana)
    ana.waits(days=9)

    assert reminded(ana, until=ana.now + timedelta(days=3)) == []
    assert [row["status"] for row in ana.rows("deliveries") if row["kind"] == "reminder"] == []


def test_who_carried_out_a_plan_may_say_so_when_the_action_is_over(store: Store) -> None:
    publish(store, pack(until=SATURDAY))
    ana = joined(store, "ana")
    number, other = plans(ana), joined(store, "ben")
    never_planned = offered(other)
    reminded(ana, until=at(8, 19))
    ana.presses(f"done:{number}")
    assert "Thank you!" in ana.text()
    other.now = ana.now
    other.presses(f"done:{never_planned}")
    assert "is over" in other.text()


def test_what_is_planned_is_not_asked_for_again_before(ana: Talk) -> None:
    plans(ana, "202603161000")
    ana.store.write_now(subscribers.change, ana.me(), ana.now, asks=7)
    asked = [row for row in ana.rows("asks") if row["kind"] == "volunteer"]
    while ana.now < at(16, 0):
        ana.next_day()

    assert [row for row in ana.rows("asks") if row["kind"] == "volunteer"] == asked


@pytest.mark.parametrize("data", ["plan", "plan:", "plan:999", "plan:x:when:1", "plan:1:when:999999999999"])
def test_a_forged_button_plans_nothing(ana: Talk, data: str) -> None:
    ana.presses(data)

    assert ana.shown
    assert ana.rows("intentions") == []


def test_another_persons_button_plans_nothing(ana: Talk, store: Store) -> None:
    number, ben = offered(ana), joined(store, "ben")
    ben.presses(f"plan:{number}:when:202603071000")

    assert "another conversation" in ben.text()
    assert ana.rows("intentions") == []
