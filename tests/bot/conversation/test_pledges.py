"""Pledge drives in the chat: one binds everybody or nobody, and everybody hears of it once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.message import Message, Profile
from content.model import Pledge
from storage import erasure, schema, subscribers
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

FRIDAY = date(2026, 3, 13)
OVER = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
"""Friday is over everywhere."""
chats = count(1)


def town(
    store: Store, *, version: int = 1, regions: tuple[str, ...] = (), share: str | None = None, **about: Any
) -> None:
    """A cause with one pledge drive that needs three, and one smaller thing beside it."""
    terms = Pledge(**{"needs": 3, "by": FRIDAY, **about})
    plant = make.action(kind="pledge", title="Plant a tree", rung="curious", pledge=terms, regions=regions, share=share)
    water = make.action(title="Water one", kind="learn", rung="leader")
    publish(store, make.pack(actions={"plant": plant, "water": water}, version=version))


def neighbour(store: Store, *, now: datetime = START, country: str = "", language: str = "en") -> Talk:
    """Somebody who finished the first talk, and has the ask of the drive in front of them."""
    profile = Profile(language=language, zone="UTC", country=country)
    return Talk(store, chat=f"n{next(chats)}", now=now, profile=profile).joins()


def pledger(store: Store, **about: Any) -> Talk:
    """Somebody who pressed the button."""
    talk = neighbour(store, **about)
    talk.taps(talk.press_of("pledge"))
    return talk


def travel(people: Sequence[Talk], to: datetime) -> list[Message]:
    """Let time pass for everybody; returns all that reached anybody."""
    first = people[0]
    told = first.waits_for_all(seconds=(to - first.now).total_seconds())
    for one in people:
        one.now = to
        one.shown = [message for row, message in told if row.chat == one.chat]
    return [message for _, message in told]


def states(talk: Talk) -> list[object]:
    return sorted(str(row["state"]) for row in talk.rows("pledgers"))


def told(talk: Talk, words: str) -> list[str]:
    """The chats that got a message with these words after a turn of this one."""
    return sorted(row.chat for row, message in talk.sent if words in message.text)


def test_the_ask_says_what_is_needed_while_nobody_is_there_yet(store: Store) -> None:
    town(store)
    ana = neighbour(store)

    assert "Be the first of 3, by Fri, Mar 13" in ana.text()
    assert "Count me in" in ana.buttons()
    assert "I did it ✓" not in ana.buttons()


def test_whoever_is_in_is_bound_by_nothing_and_the_next_one_sees_what_is_missing(store: Store) -> None:
    town(store)
    ana = pledger(store)

    assert "Nothing binds until 3 are" in ana.text()
    assert "1 is in; 2 to go by Fri, Mar 13" in ana.text()
    assert ana.rows("taken") == []
    assert "1 is in; 2 to go" in neighbour(store).text()
    assert "1 is in; 2 to go" in ana.says("/me")[0].text


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Hay 1 persona; faltan 2"), ("de", "1 ist dabei; bis Fr., 13. März fehlen noch 2")]
)
def test_the_need_is_told_in_each_language(store: Store, language: str, words: str) -> None:
    town(store)
    pledger(store)

    assert words in neighbour(store, language=language).text()


def test_pressing_twice_counts_once(store: Store) -> None:
    town(store)
    ana = neighbour(store)
    press = ana.press_of("pledge")
    ana.presses(press)
    ana.presses(press)

    assert "in already, and you count once" in ana.text()
    assert "1 is in; 2 to go" in ana.text()
    assert len(ana.rows("pledgers")) == 1


def test_the_last_one_missing_binds_everybody_and_each_is_told_once(store: Store) -> None:
    town(store)
    first = [pledger(store), pledger(store)]
    assert states(first[0]) == ["in", "in"]
    last = pledger(store)

    assert "It is on" in last.text()
    assert states(last) == ["bound"] * 3
    assert told(last, "It is on") == sorted([last.chat, *(one.chat for one in first)])
    assert [(row["kind"], row["status"], row["source"]) for row in last.rows("taken")] == [
        ("pledge", "claimed", "pledge")
    ] * 3
    everyone = [*first, last]
    assert not [one for one in travel(everyone, OVER) if "It is on" in one.text]


def test_who_is_bound_climbs_and_hears_of_it(store: Store) -> None:
    town(store)
    first = pledger(store)
    pledger(store)
    last = pledger(store)

    assert "you are now: **supporter**" in last.text()
    assert "you are now: **supporter**" in next(message.text for row, message in last.sent if row.chat == first.chat)


def test_who_comes_later_is_bound_at_once_and_is_told_so_before(store: Store) -> None:
    town(store, needs=2)
    pledger(store)
    pledger(store)
    late = neighbour(store)
    assert "It is on: 2 are in. Whoever joins now is in for certain" in late.text()
    late.taps("Count me in")

    assert "3 are in, so your promise counts now" in late.text()
    assert states(late) == ["bound"] * 3
    assert len(late.rows("taken")) == 3


def test_stepping_back_is_free_until_it_binds(store: Store) -> None:
    town(store)
    ana, bob = pledger(store), pledger(store)
    ana.taps("Step back")
    assert "stepped back" in ana.text()
    eve = pledger(store)

    assert states(eve) == ["in", "in", "withdrawn"]
    assert eve.rows("taken") == []
    ana.taps("Count me in after all")
    assert states(bob) == ["bound"] * 3


def test_nobody_steps_back_from_what_binds(store: Store) -> None:
    town(store, needs=2)
    ana = pledger(store)
    back = ana.press_of("undo")
    pledger(store)
    ana.presses(back)

    assert "others count on it" in ana.text()
    assert states(ana) == ["bound", "bound"]
    assert [row["status"] for row in ana.rows("taken")] == ["claimed", "claimed"]
    ana.presses(back.replace("undo", "pledge"))
    assert "others count on it" in ana.text()
    assert len(ana.rows("taken")) == 2


def test_stepping_back_twice_is_answered(store: Store) -> None:
    town(store)
    ana = pledger(store)
    back = ana.press_of("undo")
    ana.presses(back)
    ana.presses(back)

    assert "nothing to take back" in ana.text()


def test_a_no_after_a_yes_changes_nothing_until_it_is_taken_back(store: Store) -> None:
    town(store)
    ana = pledger(store)
    ana.presses(ana.press_of("undo").replace("undo", "no"))

    assert "in already" in ana.text()
    assert states(ana) == ["in"]


def test_whoever_is_in_is_not_asked_again(store: Store) -> None:
    town(store)
    ana = pledger(store)
    ana.says("/act")
    assert "Plant a tree" not in ana.text()
    asked = [ana.next_day() for _ in range(9)]

    assert not [
        press
        for press in (button.press for shown in asked for one in shown for row in one.buttons for button in row)
        if press.startswith("pledge")
    ]


def test_a_drive_that_fails_releases_everyone_once_with_thanks_and_something_smaller(store: Store) -> None:
    town(store, smaller="water")
    people = [pledger(store), pledger(store)]
    travel(people, OVER.replace(hour=11))
    assert states(people[0]) == ["in", "in"]
    travel(people, OVER)

    for one in people:
        assert "did not come together: 2 are in" in one.text()
        assert "You owe nothing. Thank you" in one.text()
    assert states(people[0]) == ["released", "released"]
    assert people[0].rows("taken") == []
    travel(people, OVER.replace(day=15))
    assert "did not come together" not in people[0].text()
    ana = people[0]
    ana.presses(f"smaller:{ana.rows('pledge_drives')[0]['id']}")
    assert "Water one" in ana.text()


def test_the_smaller_one_is_for_those_of_a_drive_that_failed(store: Store) -> None:
    town(store, smaller="water")
    ana = pledger(store)

    for number in (ana.rows("pledge_drives")[0]["id"], "", "x", 999, -1):
        assert "another conversation" in ana.presses(f"smaller:{number}")[0].text


def test_a_press_after_the_day_changes_nothing(store: Store) -> None:
    town(store)
    ana, bob = neighbour(store), pledger(store)
    press = ana.press_of("pledge")
    ana.now = OVER
    ana.presses(press)
    assert "is over" in ana.text()
    travel([bob], OVER)
    ana.presses(press)
    bob.presses(press)

    assert states(ana) == ["released"]


def test_the_last_evening_counts_wherever_it_is(store: Store) -> None:
    town(store, needs=2)
    pledger(store)
    samoa = neighbour(store)
    store.write_now(subscribers.change, samoa.me(), samoa.now, zone="Pacific/Pago_Pago")
    samoa.now = OVER.replace(hour=10)  # 23:00 on Friday there
    samoa.taps("Count me in")

    assert states(samoa) == ["bound", "bound"]


def test_somebody_of_another_region_is_answered_and_not_counted(store: Store) -> None:
    town(store, regions=("GB",))
    ana = pledger(store, country="GB")
    press = ana.press_of("undo").replace("undo", "pledge")
    bob = neighbour(store, country="DE")
    assert "Plant a tree" not in bob.text()
    bob.presses(press)
    assert "another conversation" in bob.text()
    store.write_now(subscribers.change, ana.me(), ana.now, region="DE")

    assert states(ana) == ["in"]


def test_each_region_counts_its_own(store: Store) -> None:
    town(store, needs=2, within="region")
    ana = pledger(store, country="GB")
    assert "United Kingdom: 1 is in; 1 to go" in ana.text()
    german = neighbour(store, country="DE", language="de")
    assert "Deutschland: Mach den Anfang" in german.text()
    german.taps(german.press_of("pledge"))
    assert states(ana) == ["in", "in"]
    pledger(store, country="GB")

    assert states(ana) == ["bound", "bound", "in"]


def test_where_people_count_by_country_an_unknown_one_is_asked_for(store: Store) -> None:
    town(store, needs=2, within="region")
    pledger(store, country="GB")
    ana = neighbour(store)
    assert "It binds only once 2 are in" in ana.text()
    ana.taps("Count me in")
    assert "In which one do you live?" in ana.text()
    assert states(ana) == ["in"]
    ana.says("Zedland")
    assert "no country by these letters" in ana.text()
    ana.says("gb")

    assert states(ana) == ["bound", "bound"]


def test_whoever_stopped_does_not_count_and_is_not_bound(store: Store) -> None:
    town(store)
    ana, bob = pledger(store), pledger(store)
    ana.says("/stop")
    eve = pledger(store)
    assert "2 are in; 1 to go" in eve.text()
    ana.taps(ana.press_of("oops"))
    travel([eve, ana, bob], eve.now.replace(hour=17))

    assert states(eve) == ["bound"] * 3
    assert "It is on" in eve.text()


def test_an_erased_person_counts_no_more_before_it_binds_and_unbinds_nothing_after(store: Store) -> None:
    town(store)
    ana, bob = pledger(store), pledger(store)
    store.write_now(erasure.erase, ana.me(), account="web", chat=ana.chat, key="k", now=ana.now)
    eve = pledger(store)
    assert states(eve) == ["in", "in"]
    pledger(store)
    assert states(eve) == ["bound"] * 3
    store.write_now(erasure.erase, bob.me(), account="web", chat=bob.chat, key="k", now=bob.now)

    assert [(row["state"], row["counted"]) for row in eve.rows("pledge_drives")] == [("bound", 3)]
    assert "It is on: 3 are in" in neighbour(store).text()


def give_role(conn: Connection, subscriber_id: int) -> None:
    conn.execute(schema.roles.insert().values(subscriber_id=subscriber_id, role="owner", at=START))


def bound(store: Store, **about: Any) -> tuple[Talk, Talk]:
    """Two people whose drive binds, to be done by the 24th."""
    town(store, **{"needs": 2, "do_by": date(2026, 3, 24), **about})
    return pledger(store), pledger(store)


def test_one_reminder_comes_two_days_before_at_the_hour_chosen(store: Store) -> None:
    ana, bob = bound(store)
    travel([ana, bob], datetime(2026, 3, 22, 17, 59, tzinfo=UTC))
    assert "The one reminder" not in ana.text()
    travel([ana, bob], datetime(2026, 3, 22, 18, 0, tzinfo=UTC))
    assert "The one reminder: *Plant a tree*, by Tue, Mar 24. 2 of you are in this together." in ana.text()
    travel([ana, bob], datetime(2026, 3, 23, 18, 0, tzinfo=UTC))
    assert "The one reminder" not in ana.text() + bob.text()


def test_afterwards_each_is_asked_once_and_organizers_see_what_was_kept(store: Store) -> None:
    ana, bob = bound(store)
    travel([ana, bob], datetime(2026, 3, 22, 18, 0, tzinfo=UTC))
    travel([ana, bob], datetime(2026, 3, 25, 18, 0, tzinfo=UTC))
    assert "did you do it?" in ana.text()
    ana.taps("Yes, done")
    assert "You kept your word" in ana.text()
    bob.taps("Not this time")
    assert "Thank you for saying so" in bob.text()

    assert sorted(str(row["source"]) for row in ana.rows("taken")) == ["pledge kept", "pledge not kept"]
    assert {row["status"] for row in ana.rows("taken")} == {"claimed"}
    assert [(row["counted"], row["kept"], row["missed"]) for row in ana.rows("pledge_drives")] == [(2, 1, 1)]
    travel([ana, bob], datetime(2026, 3, 27, 18, 0, tzinfo=UTC))
    assert "did you do it?" not in ana.text() + bob.text()
    store.write_now(give_role, ana.me().id)
    assert "of 2 who promised, 1 kept it and 1 did not" in ana.says("/organize")[0].text


def test_an_answer_may_be_corrected_and_counts_once(store: Store) -> None:
    ana, _ = bound(store)
    number = ana.rows("pledge_drives")[0]["id"]
    for said in ("yes", "yes", "no", "yes"):
        ana.presses(f"kept:{said}:{number}")

    assert [(row["kept"], row["missed"]) for row in ana.rows("pledge_drives")] == [(1, 0)]


def test_whoever_did_it_early_is_neither_reminded_nor_asked(store: Store) -> None:
    ana, bob = bound(store)
    ana.presses(f"kept:yes:{ana.rows('pledge_drives')[0]['id']}")
    said = [travel([ana, bob], datetime(2026, 3, day, 18, 0, tzinfo=UTC)) for day in (22, 25)]

    assert [len([one for one in day if "Plant a tree" in one.text]) for day in said] == [1, 1]


@pytest.mark.parametrize(
    "data", ["kept:yes:999", "kept:maybe:1", "kept:yes:", "kept:", "kept:no:x", "pledge:", "pledge:99"]
)
def test_a_forged_press_changes_nothing_and_is_answered(store: Store, data: str) -> None:
    town(store)
    ana = pledger(store)
    ana.presses(data)

    assert ana.shown
    assert states(ana) == ["in"]


def test_who_is_not_bound_has_nothing_to_answer_for(store: Store) -> None:
    ana, _ = bound(store)
    other = neighbour(store)
    other.presses(f"kept:yes:{ana.rows('pledge_drives')[0]['id']}")

    assert "another conversation" in other.text()
    assert ana.rows("pledge_drives")[0]["kept"] == 0


def test_the_first_one_is_told_once_halfway_with_words_to_pass_on(store: Store) -> None:
    town(store, needs=9, share="Come and plant!")
    ana, bob = pledger(store), pledger(store)
    half = START + (OVER - START) / 2
    travel([ana, bob], half.replace(hour=20))
    assert "halfway to its day" in ana.text()
    assert "2 are in; 7 to go" in ana.text()
    assert "it will not be enough" in ana.text()
    assert "> Come and plant!" in ana.text()
    assert "halfway" not in bob.text()
    travel([ana, bob], half.replace(hour=21))
    assert "halfway" not in ana.text()


def test_a_drive_that_goes_well_needs_no_nudge(store: Store) -> None:
    town(store, needs=8)
    people = [pledger(store) for _ in range(7)]
    travel(people, (START + (OVER - START) / 2).replace(hour=20))

    assert not [one for one in people if "halfway" in one.text()]


def test_nobody_hears_of_it_in_their_quiet_hours_nor_while_paused(store: Store) -> None:
    town(store)
    ana, bob = pledger(store), pledger(store)
    bob.says("/pause 2026-03-10")
    night = neighbour(store)
    night.now = START.replace(hour=23)
    night.taps("Count me in")
    assert told(night, "It is on") == [night.chat]
    people = [night, ana, bob]
    travel(people, START.replace(day=3, hour=7))
    assert "It is on" in ana.text()
    assert "It is on" not in bob.text()
    for day in range(4, 11):
        travel(people, START.replace(day=day, hour=12))
        if "It is on" in bob.text():
            break

    assert day == 10


def test_a_change_of_the_pack_moves_no_goal_ahead_of_those_who_are_in(store: Store) -> None:
    town(store)
    ana = pledger(store)
    town(store, version=2, needs=9)
    assert "1 is in; 2 to go" in neighbour(store).text()
    ana.taps("Step back")

    assert "Be the first of 9" in neighbour(store).text()


def test_a_later_day_gives_a_failed_drive_a_second_try(store: Store) -> None:
    town(store, needs=2)
    ana = pledger(store)
    travel([ana], OVER)
    town(store, version=2, needs=2, by=date(2026, 3, 27))
    bob = pledger(store, now=OVER)
    assert "1 is in; 1 to go by Fri, Mar 27" in bob.text()
    pledger(store, now=OVER)

    assert sorted(states(bob)) == ["bound", "bound", "released"]


def test_an_old_i_did_it_of_an_action_that_became_a_drive_counts_somebody_in(store: Store) -> None:
    publish(store, make.pack(actions={"plant": make.action(kind="pledge", rung="curious")}))
    ana = neighbour(store)
    press = ana.press_of("done")
    town(store, version=2)
    ana.presses(press)

    assert "Nothing binds until 3 are" in ana.text()
    assert ana.rows("taken") == []
