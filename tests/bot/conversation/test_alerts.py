"""Alerts, as organizers make, try, send, watch, stop and take them back, and as people read them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import alerts, audit, roles, subscribers
from storage.audit import By
from storage.store import Store
from tests.talk import START, Talk

TEXT = "The vote is **tomorrow**. Write to your MP today."


@pytest.fixture
def olga(ana: Talk, store: Store) -> Talk:
    """An organizer in front of the same bot."""
    olga = Talk(store, chat="organizer").joins()
    store.write_now(roles.grant, olga.me(), "organizer", START)
    return olga


def reader(store: Store, chat: str, *, alerts: bool = True, **about: object) -> Talk:
    """Someone who joined, and wants alerts if nothing else is said."""
    talk = Talk(store, chat=chat).joins()
    if alerts or about:
        store.write_now(subscribers.change, talk.me(), START, alerts=alerts, **about)
    return talk


def written(olga: Talk, text: str = TEXT) -> int:
    """An alert to everybody who wants alerts, in English, up to the dry run; returns its number."""
    olga.says("/organize alert")
    olga.taps("Next: the words")
    olga.taps("English")
    olga.says(text)
    olga.taps("Next: dry run")
    return int(olga.press_of("alert").split(":")[1])


def sends(olga: Talk) -> None:
    olga.taps(next(press for press in olga.presses_shown() if ":send:" in press))


def together(*talks: Talk, **span: float) -> None:
    """Let time pass for all, and one tick bring what it brings."""
    first = talks[0]
    sent = first.waits_for_all(**span)
    for talk in talks:
        talk.now, talk.shown = first.now, [message for row, message in sent if row.chat == talk.chat]


def test_alerts_are_off_until_someone_asks_for_them(ana: Talk) -> None:
    ana.joins()
    ana.says("/settings")
    assert "Alerts: **off**" in ana.text()
    ana.taps("Alerts")
    assert "outside your rhythm" in ana.text()
    ana.taps("on")
    assert "Alerts: **on**" in ana.text()
    assert ana.me().alerts


def test_an_alert_goes_from_three_steps_to_those_who_want_it(store: Store, olga: Talk) -> None:
    ben, cleo = reader(store, "ben"), reader(store, "cleo", alerts=False)
    written(olga)
    assert "**1 person** would get it (English 1)." in olga.text()
    assert "*A reader of English gets:*" in olga.text()
    assert TEXT in olga.text()
    sends(olga)
    assert "Nothing has gone out yet" in olga.text()

    together(olga, ben, cleo, seconds=59)
    assert ben.shown == cleo.shown == []
    together(olga, ben, cleo, seconds=2)
    assert [message.text for message in ben.shown] == [TEXT]
    assert cleo.shown == []


def test_only_owners_and_organizers_speak_to_many(store: Store, ana: Talk) -> None:
    ana.joins()
    store.write_now(roles.grant, ana.me(), "moderator", START)
    ana.says("/organize alert")
    assert "This is for organizers" in ana.text()
    for press in ("alert", "alert:new", "alert:1:send:0", "panic:on"):
        ana.presses(press)
        assert "This is for organizers" in ana.text()
    ana.says("/organize")
    assert ana.buttons() == []
    assert ana.rows("alerts") == []


def test_the_steps_go_on_after_a_restart(store: Store, olga: Talk) -> None:
    reader(store, "ben", region="DE")
    olga.says("/organize alert")
    olga.taps("Region")
    olga = Talk(store, chat="organizer")
    olga.says("de")
    assert "are in DE" in olga.text()
    olga = Talk(store, chat="organizer")
    olga.says("/organize alert")
    assert "are in DE" in olga.text()
    assert len(olga.rows("alerts")) == 1


def test_every_part_of_an_audience_can_be_tapped(store: Store, olga: Talk) -> None:
    olga.says("/organize alert")
    for step, choice, said in (
        ("Cause", "trees", "follow *trees*"),
        ("Step of the path", "≥ supporter", "stand on *supporter* or higher"),
        ("Step of the path", "= advocate", "stand on *advocate*"),
        ("Language", "Deutsch", "read Deutsch"),
        ("Did", "Sign", "did *Sign*"),
        ("Did not", "Sign", "did not do *Sign*"),
        ("Joined since", "30 days ago", "joined on"),
    ):
        olga.taps(step)
        olga.taps(choice)
        assert said in olga.text()
    olga.taps("Cause")
    olga.taps("It does not matter")
    assert "trees" not in olga.text()


def test_a_word_too_many_is_asked_for_again(store: Store, olga: Talk) -> None:
    olga.says("/organize alert")
    olga.taps("Next: the words")
    olga.taps("English")
    olga.says("x" * 1001)
    assert "1001 characters; at most 1000" in olga.text()
    olga.says("Short.")
    assert "Short." in olga.text()


def test_each_reads_it_in_their_language(store: Store, olga: Talk) -> None:
    ben, eva, luz = (reader(store, name, language=code) for name, code in (("b", "en"), ("e", "de"), ("l", "es")))
    number = written(olga)
    olga.presses(f"alert:{number}:words:de")
    olga.says("Morgen wird abgestimmt.")
    olga.taps("Next: dry run")
    assert "**3 people**" in olga.text()
    assert "*A reader of Deutsch gets:*\n\nMorgen wird abgestimmt." in olga.text()
    sends(olga)
    together(olga, ben, eva, luz, seconds=61)

    assert [talk.shown[0].text for talk in (ben, eva, luz)] == [TEXT, "Morgen wird abgestimmt.", TEXT]
    assert luz.buttons() == ["¿Por qué esto?", "No quiero más alertas"]


def test_cancelled_in_the_first_minute_nothing_goes_out(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    written(olga)
    sends(olga)
    olga.taps("Cancel")
    assert "cancelled" in olga.text()
    together(olga, ben, minutes=10)
    assert ben.shown == []


def test_what_was_changed_since_the_dry_run_is_tried_again(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    number = written(olga)
    old = next(press for press in olga.presses_shown() if ":send:" in press)
    olga.presses(f"alert:{number}:lang:de")
    olga.presses(old)
    assert "**0 people** would get it" in olga.text()
    assert not any(":send:" in press for press in olga.presses_shown())
    together(olga, ben, minutes=10)
    assert ben.shown == []


def crowd(store: Store, size: int) -> list[Talk]:
    return [reader(store, f"r{number}") for number in range(size)]


def reached(talks: list[Talk]) -> int:
    return sum(bool(talk.shown) for talk in talks)


def test_the_first_twenty_get_it_then_two_minutes_to_look(store: Store, olga: Talk) -> None:
    talks = crowd(store, 25)
    number = written(olga)
    assert "about 3 minutes" in olga.text() or "about 4 minutes" in olga.text()
    sends(olga)
    together(olga, *talks, seconds=60)
    assert reached(talks) == 20
    together(olga, *talks, seconds=119)
    assert reached(talks) == 0
    olga.presses(f"alert:{number}:state")
    assert "sent: 20 of about 25" in olga.text()
    together(olga, *talks, seconds=2)
    assert reached(talks) == 5
    together(olga, *talks, seconds=5)
    assert "Alert 1: done" in olga.text()


def test_a_pause_holds_what_is_queued_and_resume_sends_it(store: Store, olga: Talk) -> None:
    talks = crowd(store, 25)
    number = written(olga)
    sends(olga)
    together(olga, *talks, seconds=60)
    olga.presses(f"alert:{number}:pause")
    assert "paused" in olga.text()
    together(olga, *talks, minutes=10)
    assert reached(talks) == 0
    olga.presses(f"alert:{number}:resume")
    together(olga, *talks, seconds=1)
    assert reached(talks) == 5


def test_cancelled_on_its_way_the_rest_stays(store: Store, olga: Talk) -> None:
    talks = crowd(store, 25)
    number = written(olga)
    sends(olga)
    together(olga, *talks, seconds=60)
    olga.presses(f"alert:{number}:cancel")
    together(olga, *talks, minutes=10)
    assert reached(talks) == 0


def test_what_went_out_is_taken_back_in_place(store: Store, olga: Talk) -> None:
    ben, eva = reader(store, "ben"), reader(store, "eva", language="de")
    number = written(olga)
    sends(olga)
    together(olga, ben, eva, seconds=61)
    refs = {row["subscriber_id"]: row["ref"] for row in olga.rows("deliveries") if row["kind"] == "alert"}
    olga.presses(f"alert:{number}:retract")
    assert "Take it back from 2 people?" in olga.text()
    olga.taps("Take it back")
    together(olga, ben, eva, seconds=1)

    assert [message.text for message in ben.shown] == ["*This message was taken back by the organizers.*"]
    assert eva.shown[0].text.startswith("*Diese Nachricht")
    assert ben.shown[0].replaces == refs[ben.me().id]
    assert ben.shown[0].or_nothing
    together(olga, ben, eva, seconds=9)
    assert ben.shown == []
    olga.presses(f"alert:{number}:state")
    assert "taken back: 2 of 2" in olga.text()


def test_everyone_can_ask_why_and_have_no_more(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    number = written(olga)
    olga.presses(f"alert:{number}")
    olga.taps("Cause")
    olga.taps("water")
    olga.presses(f"alert:{number}:try")
    sends(olga)
    together(olga, ben, seconds=61)
    ben.presses("why")
    assert "you asked for alerts" in ben.text()
    assert "you follow *water*" in ben.text()
    ben.presses("alerts:off")
    assert "No more alerts." in ben.text()
    assert not ben.me().alerts


def sent_alert(olga: Talk, *talks: Talk) -> None:
    written(olga)
    sends(olga)
    together(olga, *talks, seconds=61)


def statuses(olga: Talk) -> list[tuple[object, object]]:
    return [(row["status"], row["reason"]) for row in olga.rows("deliveries") if row["kind"] == "alert"]


def test_the_third_alert_of_a_week_is_one_too_many(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    for _ in range(3):
        sent_alert(olga, ben)
    assert ben.shown == []
    assert statuses(olga) == [("sent", ""), ("sent", ""), ("skipped", "budget")]
    together(olga, ben, days=7)
    sent_alert(olga, ben)
    assert TEXT in [message.text for message in ben.shown]


def test_quiet_hours_are_waited_for(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben", quiet_from=9 * 60, quiet_until=12 * 60)
    sent_alert(olga, ben)
    assert ben.shown == []
    together(olga, ben, hours=3)
    assert TEXT in [message.text for message in ben.shown]


def test_what_waited_for_a_day_comes_no_more(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben", quiet_from=9 * 60, quiet_until=12 * 60)
    sent_alert(olga, ben)
    together(olga, ben, hours=26)
    assert TEXT not in [message.text for message in ben.shown]
    assert ("cancelled", "expired") in statuses(olga)


@pytest.mark.parametrize(
    ("doing", "reason"),
    [
        (lambda ben: ben.says("/stop"), "stopped"),
        (lambda ben: ben.says("/pause 2026-03-20"), "paused"),
        (lambda ben: ben.presses("alerts:off"), "alerts off"),
    ],
)
def test_the_last_look_sees_who_changed_their_mind(
    store: Store, olga: Talk, doing: Callable[[Talk], object], reason: str
) -> None:
    ben = reader(store, "ben", quiet_from=9 * 60, quiet_until=12 * 60)
    sent_alert(olga, ben)
    doing(ben)
    together(olga, ben, hours=3)
    assert TEXT not in [message.text for message in ben.shown]
    assert ("cancelled", reason) in statuses(olga)


def test_whoever_did_it_meanwhile_is_not_asked_to(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben", quiet_from=9 * 60, quiet_until=12 * 60)
    number = written(olga)
    olga.presses(f"alert:{number}:region")
    olga.says("de")
    store.write_now(subscribers.change, ben.me(), START, region="DE")
    olga.presses(f"alert:{number}:try")
    sends(olga)
    together(olga, ben, seconds=61)
    store.write_now(subscribers.change, ben.me(), START, region="FR")
    together(olga, ben, hours=3)
    assert statuses(olga) == [("cancelled", "not meant any more")]


def test_the_panic_button_stops_all_but_answers(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    written(olga)
    sends(olga)
    olga.says("/organize")
    olga.taps("Pause everything")
    assert "Everything is paused" in olga.text()
    together(olga, ben, hours=12)
    assert ben.shown == []
    ben.says("/help")
    assert "small things you can do" in ben.text()
    olga.presses("panic:off")
    together(olga, ben, seconds=1)
    assert TEXT in [message.text for message in ben.shown]


def test_a_day_of_outage_leaves_the_alert_to_its_organizer(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    number = written(olga)
    sends(olga)
    together(olga, ben, days=2)
    assert TEXT not in [message.text for message in ben.shown]
    assert any("paused" in message.text for message in olga.shown)
    olga.presses(f"alert:{number}:resume")
    together(olga, ben, seconds=1)
    assert TEXT in [message.text for message in ben.shown]


def test_an_alert_whose_cause_is_gone_waits_instead_of_stopping_everything(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    alert = store.write_now(alerts.draft, By("chat", olga.me().id), START)
    store.write_now(alerts.change, alert.id, audience=replace(alert.audience, cause="gone/gone"), texts={"en": TEXT})
    store.write_now(alerts.move, alert.id, "send", By("terminal"), START)
    together(olga, ben, minutes=2)
    assert store.write_now(alerts.must, alert.id).state == "paused"


def test_the_audit_says_who_did_what_when(store: Store, olga: Talk) -> None:
    number = written(olga) if reader(store, "ben") else 0
    sends(olga)
    olga.taps("Cancel")
    lines = store.write_now(audit.of, number)
    assert [(line.what, line.origin, line.who) for line in lines] == [
        (what, "chat", olga.me().key) for what in ("draft", "send", "cancel")
    ]
    assert all(abs(line.at - START) < timedelta(days=1) for line in lines)


def test_a_double_tap_sends_once(store: Store, olga: Talk) -> None:
    ben = reader(store, "ben")
    written(olga)
    press = next(press for press in olga.presses_shown() if ":send:" in press)
    olga.presses(press)
    olga.presses(press)
    together(olga, ben, seconds=61)
    olga.presses(press)
    together(olga, ben, minutes=5)
    assert len(statuses(olga)) == 1


def test_an_organizer_who_never_joined_can_write_one(store: Store, ana: Talk) -> None:
    reader(store, "ben")
    ana.says("/start")
    store.write_now(roles.grant, ana.me(), "owner", START)
    written(ana)
    assert "**1 person** would get it" in ana.text()
