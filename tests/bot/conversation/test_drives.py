"""Drives in the chat: one honest line under the ask and after it, and teams for those who want one."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.commands import stats
from bot.message import Profile
from content.drives import Drive, DriveGoal, Match, Team
from storage import drives, organizers
from storage.store import Store
from tests import driving, make
from tests.bot.conversation.test_hooks import GIVE, outside, reference
from tests.talk import START, Talk, publish

FROM, BY = date(2026, 3, 1), date(2026, 6, 1)
BANK = Match(sponsor="Example Bank", each="1.00", up_to=1_000_000, currency="EUR")
TEAMS = {"north": Team(title="North"), "south": Team(title="South")}


def street(
    store: Store, *, version: int = 1, verify: str = "self", more: dict[str, Any] | None = None, **about: Any
) -> None:
    """A cause with one action that counts toward one drive."""
    plant = make.action(title="Plant a tree", kind="volunteer", rung="curious", verify=verify)
    wanted = {
        "title": "A thousand trees",
        "actions": ("plant",),
        "goal": DriveGoal(count=1000),
        "from_": FROM,
        "by": BY,
    }
    drives = {"trees": Drive(**{**wanted, **about})}
    publish(store, make.pack(actions={"plant": plant, **(more or {})}, drives=drives, version=version))


def neighbour(store: Store, language: str = "en", chat: str = "1") -> Talk:
    """Somebody who finished the first talk, and has the ask in front of them."""
    return Talk(store, chat=chat, profile=Profile(language=language, zone="UTC")).joins()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "*A thousand trees*: 412 done (390 confirmed) of 1,000 by Mon, Jun 1."),
        ("es", "*A thousand trees*: 412 hechas (390 confirmadas) de 1.000 hasta el lun, 1 jun."),
        ("de", "*A thousand trees*: 412 getan (390 bestätigt) von 1.000, bis Mo., 1. Juni."),
    ],
)
def test_the_ask_says_how_far_the_drive_is(store: Store, language: str, words: str) -> None:
    street(store)
    driving.crowd(store, 390, "water/plant", START, verified=True)
    driving.crowd(store, 22, "water/plant", START)

    assert words in neighbour(store, language).text()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "€12,340.50 of €50,000.00 by Mon, Jun 1. Example Bank doubles it up to €10,000.00: €10,000.00 of that is",
        ),
        (
            "es",
            "Example Bank lo duplica hasta un máximo de 10.000,00\u00a0€; de eso ya se han alcanzado 10.000,00\u00a0€.",
        ),
        ("de", "Example Bank verdoppelt das bis 10.000,00\u00a0€; davon sind 10.000,00\u00a0€ erreicht."),
    ],
)
def test_a_sum_and_its_match_are_told_to_the_cent(store: Store, language: str, words: str) -> None:
    street(store, goal=DriveGoal(sum=5_000_000, currency="EUR"), match=BANK)
    driving.crowd(store, 11, "water/plant", START, gift=(112_186, "EUR"))
    driving.crowd(store, 1, "water/plant", START, gift=(3, "EUR"))
    driving.crowd(store, 1, "water/plant", START, gift=(1, "EUR"))
    driving.crowd(store, 1, "water/plant", START, gift=(9_900, "USD"))
    text = neighbour(store, language).text()

    assert words in text
    assert "99" in text  # beside it, never added


def test_few_people_are_not_counted_out_loud(store: Store) -> None:
    street(store, goal=DriveGoal(sum=5_000_000, currency="EUR"), match=BANK)
    driving.crowd(store, 9, "water/plant", START, gift=(100_00, "EUR"))
    text = neighbour(store).text()

    assert "the goal is €50,000.00 by Mon, Jun 1. Every one counts. Example Bank doubles it up to €10,000.00." in text
    assert "900" not in text


def test_the_thanks_tell_how_far_it_is_with_what_was_just_done(store: Store) -> None:
    street(store)
    driving.crowd(store, 30, "water/plant", START)
    ana = neighbour(store)
    assert "30 of 1,000 done (as people tell us) by Mon, Jun 1" in ana.text()
    ana.taps("I did it ✓")

    assert "31 of 1,000 done (as people tell us) by Mon, Jun 1" in ana.text()
    ana.presses(ana.press_of("undo"))
    assert "30 of 1,000 done" in ana.says("/impact")[0].text


def test_the_story_of_the_day_has_the_line_too(store: Store) -> None:
    street(store)
    driving.crowd(store, 30, "water/plant", START)
    ana = neighbour(store)
    ana.now = ana.now.replace(hour=8)
    told = [message.text for day in range(8) for message in ana.next_day()]

    assert any("30 of 1,000 done" in text for text in told)


def test_a_goal_that_is_reached_and_passed_is_told_as_it_is(store: Store) -> None:
    street(store, goal=DriveGoal(count=20))
    driving.crowd(store, 25, "water/plant", START)
    ana = neighbour(store)
    assert "25 of 20 done (as people tell us). The goal is reached; it goes on until Mon, Jun 1." in ana.text()
    ana.now += timedelta(days=120)

    assert "The goal was reached by Mon, Jun 1" in ana.says("/impact")[0].text


def test_what_was_done_outside_its_days_does_not_count(store: Store) -> None:
    street(store, from_=START.date(), by=START.date())
    driving.crowd(store, 12, "water/plant", START - timedelta(days=1))
    driving.crowd(store, 13, "water/plant", START)
    driving.crowd(store, 14, "water/plant", START + timedelta(days=1))

    assert "13 of 1,000 done" in neighbour(store).says("/impact")[0].text


def test_an_action_of_another_publisher_counts_toward_a_shared_drive(store: Store) -> None:
    other = make.action("birds", title="Hang a box", kind="volunteer", rung="curious")
    publish(store, make.pack("sky", causes=("birds",), actions={"box": other}))
    street(store, actions=("plant", "sky/box"))
    driving.crowd(store, 7, "water/plant", START)
    driving.crowd(store, 8, "sky/box", START, verified=True)

    assert "15 done (8 confirmed) of 1,000" in neighbour(store).text()


def test_a_team_is_joined_in_two_taps_and_changed_until_the_end(store: Store) -> None:
    street(store, teams=TEAMS)
    ana = neighbour(store)
    ana.taps("I did it ✓")
    ana.says("/impact")
    ana.taps("Join a team")
    assert "You can change it, or leave it, until Mon, Jun 1" in ana.text()
    ana.taps("South")

    assert "You are in *South*" in ana.text()
    assert [(row["team"]) for row in ana.rows("team_members")] == ["south"]
    ana.taps("Change my team")
    ana.taps("North")
    assert [(row["team"]) for row in ana.rows("team_members")] == ["north"]
    ana.taps("Change my team")
    ana.taps("Without a team")
    assert ana.rows("team_members") == []
    number = ana.press_of("team")
    ana.now += timedelta(days=120)
    assert "is over" in ana.presses(f"{number}:north")[-1].text
    assert ana.rows("team_members") == []


@pytest.mark.parametrize("press", ["team:", "team:x", "team:99999", "team:1:north", "team:123456789012345678901:a"])
def test_a_button_of_no_drive_changes_nothing(store: Store, press: str) -> None:
    street(store, teams=TEAMS)
    ana = neighbour(store)
    ana.presses(press)

    assert "from another conversation" in ana.text()
    assert ana.rows("team_members") == []


@pytest.mark.parametrize(
    ("language", "few"), [("en", "fewer than 10"), ("es", "menos de 10"), ("de", "bisher weniger als 10")]
)
def test_impact_shows_teams_and_hides_small_ones_also_from_those_who_subtract(
    store: Store, language: str, few: str
) -> None:
    street(store, teams=TEAMS)
    driving.crowd(store, 12, "water/plant", START, team=("water/trees", "north"))
    driving.crowd(store, 9, "water/plant", START, team=("water/trees", "south"))
    driving.crowd(store, 11, "water/plant", START)
    text = neighbour(store, language).says("/impact")[0].text

    assert f"South: {few}" in text
    assert "North: 12" in text
    assert "11" not in text  # 32 less 12 and less 11 would be the nine


def test_organizers_see_every_drive_exactly(store: Store) -> None:
    street(store, goal=DriveGoal(sum=5_000_000, currency="EUR"), match=BANK, teams=TEAMS)
    driving.crowd(store, 1, "water/plant", START, gift=(2_500_01, "EUR"), team=("water/trees", "north"))
    driving.crowd(store, 1, "water/plant", START)
    ana = neighbour(store)
    code = organizers.fresh_code()
    store.write_now(organizers.add_code, "organizer", code, START)
    ana.says(f"/claim {code}")
    ana.says("/organize")

    assert "*A thousand trees*: 5% of €50,000.00 by Mon, Jun 1; 1 told, 1 confirmed; €2,500.01" in ana.text()
    assert "Example Bank: €2,500.01 of €10,000.00; North: €2,500.01; South: €0.00" in ana.text()


async def test_signed_payments_move_the_drive_and_its_match_to_the_cent_and_a_refund_moves_them_back(
    store: Store,
) -> None:
    third = Match(sponsor="Example Bank", each="0.333", up_to=1_000, currency="EUR")
    lamps = Drive(
        title="Lamps", actions=("it",), goal=DriveGoal(sum=100_000, currency="EUR"), from_=FROM, by=BY, match=third
    )
    shop = await outside(store, GIVE, drives={"lamps": lamps})
    ana, mine = shop.talk, reference(shop.talk)

    def stands() -> tuple[int, int]:
        found = store.write_now(drives.standing, "water/lamps", ana.now)
        assert found is not None
        return found.progress.reached, found.progress.matched

    await shop.pays(shop.stripe.paid(ana.now, mine, amount=2_501))
    assert stands() == (2_501, 832)
    await shop.pays(shop.stripe.paid(ana.now, mine, payment="pi_2", amount=1_001))
    assert stands() == (3_502, 1_000)  # the cap in the middle of the second gift
    await shop.pays(shop.stripe.refunded(ana.now + timedelta(minutes=5), amount=2_501))
    assert stands() == (1_001, 333)
    ana.waits(minutes=10)
    assert "has arrived. Thank you!\n\n*Lamps*: the goal is €1,000.00 by Mon, Jun 1" in ana.text()
    await shop.http.aclose()
    await store.close()


def test_stats_print_each_drive_for_people_and_for_programs(store: Store) -> None:
    street(store, goal=DriveGoal(sum=5_000_000, currency="EUR"), match=BANK, teams=TEAMS)
    driving.crowd(store, 1, "water/plant", START, gift=(2_500_01, "EUR"), team=("water/trees", "north"))
    one = store.write_now(drives.all_standing, START)[0]

    assert stats.told(one) == (
        "drive water/trees: 5% of €50,000.00 by 2026-06-01; 0 claimed, 1 verified, €2,500.01; "
        "Example Bank: €2,500.01 of €10,000.00; north: 0 claimed, 1 verified, €2,500.01; "
        "south: 0 claimed, 0 verified; without a team: 0 claimed, 0 verified"
    )
    found = stats.drive(one)
    assert found["match"] == {"sponsor": "Example Bank", "matched": 250_001, "up_to": 1_000_000, "currency": "EUR"}
    assert found["teams"]["north"]["sums"] == {"EUR": 250_001}
