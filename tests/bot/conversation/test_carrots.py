"""Carrot days in the chat: shops bid, people vote, come, show a receipt, and hear whether the promise was kept."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from bot.commands import opening
from bot.commands.stats import stats
from bot.message import Message, Profile
from bot.wording.carrots import mark
from content.model import Bid, Carrot
from storage import organizers
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

BAKERY, GROCER = mark("bakery"), mark("grocer")
DECIDED = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)
"""Saturday the 7th, the last day of voting, is over in Berlin."""
MORNING = datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
AT_THE_SHOP = datetime(2026, 3, 14, 11, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 3, 15, 10, 0, tzinfo=UTC)
CODE = organizers.fresh_code()
chats = count(1)


def carrot(**about: Any) -> Carrot:
    bids = {
        "bakery": Bid(shop="Corner Bakery", place="Oak Street 1", promise="LED lights", share=20),
        "grocer": Bid(shop="Green Grocer", place="Elm Street 2", promise="doors on the fridge", share=35),
    }
    days = {"vote_until": date(2026, 3, 7), "day": date(2026, 3, 14)}
    hours = {"from_": "10:00", "until": "18:00", "zone": "Europe/Berlin"}
    return Carrot(**{"bids": bids, **days, **hours, **about})


def town(store: Store, *, version: int = 1, told: dict[str, Any] | None = None, **about: Any) -> None:
    """A cause with one carrot day, and one smaller thing beside it."""
    more = {"verify": "code", "codes": ("SUNFLOWER",), **about}
    terms = carrot(told=told) if told else carrot()
    day = make.action(kind="purchase", title="Carrot day", rung="curious", carrot=terms, **more)
    water = make.action(title="Water one", kind="learn", rung="leader")
    publish(store, make.pack(actions={"day": day, "water": water}, version=version, languages=("en", "es", "de")))


def neighbour(store: Store, *, now: datetime = START, language: str = "en") -> Talk:
    """Somebody who finished the first talk, and has the ask in front of them."""
    profile = Profile(language=language, zone="UTC")
    return Talk(store, chat=f"c{next(chats)}", now=now, profile=profile).joins()


def voter(store: Store, bid: str = BAKERY, **about: Any) -> Talk:
    talk = neighbour(store, **about)
    talk.taps(f"{talk.press_of('carrot').rpartition(':')[0]}:{bid}")
    return talk


def travel(people: Sequence[Talk], to: datetime) -> list[Message]:
    """Let time pass for everybody; returns all that reached anybody."""
    first = people[0]
    told = first.waits_for_all(seconds=(to - first.now).total_seconds())
    for one in people:
        one.now = to
        one.shown = [message for row, message in told if row.chat == one.chat]
    return [message for _, message in told]


def test_the_ask_shows_the_bids_with_a_button_each_and_no_counts(store: Store) -> None:
    town(store)
    ana = neighbour(store)

    assert "**Corner Bakery** (Oak Street 1): 20% of the takings, for LED lights" in ana.text()
    assert "Vote until Sat, Mar 7. The day itself is Sat, Mar 14, from 10:00 AM to 6:00 PM." in ana.text()
    assert {"Corner Bakery · 20%", "Green Grocer · 35%"} <= set(ana.buttons())
    assert "I did it ✓" not in ana.buttons()
    assert "Plan it" not in ana.buttons()
    assert "So far" not in ana.text()


def test_one_vote_a_person_which_may_move_until_the_end(store: Store) -> None:
    town(store)
    ana = voter(store)
    assert "Your vote goes to *Corner Bakery*." in ana.text()
    assert "✓ Corner Bakery · 20%" in ana.buttons()

    ana.taps("Green Grocer · 35%")
    assert "Changed: your vote goes to *Green Grocer* now." in ana.text()
    ana.taps("✓ Green Grocer · 35%")
    assert "it counts once" in ana.text()
    assert [row["bid"] for row in ana.rows("votes")] == ["grocer"]
    assert ana.rows("taken") == []


def test_counts_are_shown_to_voters_and_only_from_ten_votes_on(store: Store) -> None:
    town(store)
    nine = [voter(store, GROCER if number < 3 else BAKERY) for number in range(9)]
    assert "So far" not in nine[-1].text()

    assert "So far" not in neighbour(store).text()
    assert "So far: Corner Bakery 7, Green Grocer 3." in voter(store).text()


def test_from_the_vote_to_the_promise_kept(store: Store) -> None:
    town(store)
    ana, ben, eve = voter(store), voter(store), voter(store, GROCER)

    travel([ana, ben, eve], DECIDED)
    assert "**The vote is over.** *Carrot day*" in ana.text()
    assert "When and where: Sat, Mar 14, from 10:00 AM to 6:00 PM, Oak Street 1." in ana.text()
    assert "You voted for" not in ana.text()
    assert "You voted for *Green Grocer*." in eve.text()
    ana.taps("I will come")
    assert "I will remind you that morning." in ana.text()
    eve.taps("I will come")

    travel([ana, ben, eve], MORNING)
    assert "**Today is the day.**" in ana.text()
    assert "keep the receipt" in eve.text()
    assert "Today is the day" not in ben.text()

    travel([ana, ben, eve], AT_THE_SHOP)
    ana.presses(f"done:{_ask(ana)}")
    assert "There is a code for this" in ana.text()
    ana.says("sunflower")
    assert [(row["kind"], row["status"]) for row in ana.rows("taken")] == [("purchase", "verified")]

    travel([ana, ben, eve], NEXT_DAY)
    assert "Thank you for coming yesterday: *Carrot day*. 1 receipt was counted." in ana.text()
    assert "Thank you for coming" not in eve.text() + ben.text()

    town(store, version=2, told={"kept": True, "text": "The lights are in.", "takings": 184255, "currency": "EUR"})
    heard = travel([ana, ben, eve], datetime(2026, 3, 20, 10, 0, tzinfo=UTC))
    results = [message.text for message in heard if "kept its promise" in message.text]
    assert len(results) == 3
    assert "The takings of the day were €1,842.55; the promised 20% of that is €368.51." in results[0]
    later = travel([ana, ben, eve], datetime(2026, 3, 22, 10, 0, tzinfo=UTC))
    assert not [message for message in later if "kept its promise" in message.text]


def _ask(talk: Talk) -> object:
    """The ask by which somebody voted."""
    number = talk.me().id
    return next(row["ask_id"] for row in talk.rows("votes") if row["subscriber_id"] == number)


EVERY_STAGE = {
    "en": ("Whose bid shall win?", "The vote is over", "Today is the day", "1 receipt was counted", "kept a part of its promise", "€368.51"),
    "es": ("¿Qué oferta debe ganar?", "La votación ha terminado", "Hoy es el día", "Se ha contado 1 recibo", "una parte de su promesa", "368,51"),
    "de": ("Welches Gebot soll gewinnen?", "Die Abstimmung ist vorbei", "Heute ist der Tag", "1 Kassenzettel wurde gezählt", "einen Teil des Versprechens", "368,51"),
}  # fmt: skip


@pytest.mark.parametrize("language", list(EVERY_STAGE))
def test_all_stages_are_told_in_each_language(store: Store, language: str) -> None:
    town(store)
    ana = voter(store, language=language)
    bids, over, today, receipts, kept, share = EVERY_STAGE[language]
    assert bids in "".join(message.text for _, message in ana.sent)

    travel([ana], DECIDED)
    assert over in ana.text()
    ana.presses(next(press for press in ana.presses_shown() if press.endswith(":come")))
    travel([ana], MORNING)
    assert today in ana.text()
    ana.now = AT_THE_SHOP
    ana.taps(ana.press_of("done"))
    ana.says("Sunflower")
    travel([ana], NEXT_DAY)
    assert receipts in ana.text()
    town(store, version=2, told={"kept": "partly", "text": "Half.", "takings": 184255, "currency": "EUR"})
    travel([ana], datetime(2026, 3, 16, 10, 0, tzinfo=UTC))
    assert kept in ana.text()
    assert share in ana.text()


def test_a_button_of_a_bid_answers_after_the_end_with_whose_bid_won(store: Store) -> None:
    town(store)
    ana, late = voter(store), neighbour(store)
    press = next(press for press in late.presses_shown() if press.endswith(GROCER))
    travel([ana, late], DECIDED)
    late.presses(press)

    assert "The winning bid: **Corner Bakery**" in late.text()
    assert "I will come" in late.buttons()
    assert [row["bid"] for row in late.rows("votes")] == ["bakery"]
    travel([ana, late], datetime(2026, 3, 25, 10, 0, tzinfo=UTC))
    late.presses(press)
    assert "was on Sat, Mar 14" in late.text()


def test_a_button_never_votes_for_another_shop_when_a_new_version_orders_them_anew(store: Store) -> None:
    town(store)
    ana = neighbour(store)
    press = next(press for press in ana.presses_shown() if press.endswith(GROCER))
    bids = dict(reversed(carrot().bids.items()))
    day = make.action(kind="purchase", title="Carrot day", rung="curious", carrot=carrot(bids=bids))
    publish(store, make.pack(actions={"day": day}, version=2))
    ana.presses(press)

    assert "Your vote goes to *Green Grocer*." in ana.text()


def test_nobody_was_there_before_the_day(store: Store) -> None:
    town(store)
    ana = voter(store)
    ana.presses(f"done:{_ask(ana)}")
    assert "Whose bid shall win?" in ana.text()
    travel([ana], DECIDED)
    ana.presses(f"done:{_ask(ana)}")

    assert "When and where: Sat, Mar 14" in ana.text()
    assert ana.rows("taken") == []


def test_who_has_voted_is_not_asked_again_while_voting_goes_on(store: Store) -> None:
    town(store)
    ana = voter(store)
    asked = len(ana.rows("asks"))
    for _ in range(3):
        ana.next_day()
        assert "Carrot day" not in ana.text()
    assert "Carrot day" not in "".join(message.text for message in ana.says("/act"))
    assert len(ana.rows("asks")) == asked


def test_who_meets_it_after_the_vote_may_come_all_the_same(store: Store) -> None:
    town(store)
    ana = voter(store)
    travel([ana], DECIDED)
    late = neighbour(store, now=DECIDED)
    assert "The winning bid: **Corner Bakery**" in late.text()
    late.taps("I will come")
    assert "See you there." in late.text()
    travel([late, ana], MORNING)

    assert "Today is the day" in late.text()


def test_not_coming_after_all_ends_the_reminder(store: Store) -> None:
    town(store)
    ana = voter(store)
    travel([ana], DECIDED)
    ana.taps("I will come")
    ana.taps("I will come ✓ · Not after all")
    assert "thank you for saying so" in ana.text()
    travel([ana], MORNING)

    assert "Today is the day" not in ana.text()


def test_who_stopped_hears_nothing_and_who_sleeps_hears_it_in_the_morning(store: Store) -> None:
    town(store)
    ana, ben = voter(store), voter(store)
    ben.says("/stop")
    travel([ana, ben], datetime(2026, 3, 8, 3, 0, tzinfo=UTC))
    assert ana.text() + ben.text() == ""
    travel([ana, ben], DECIDED)

    assert "The vote is over" in ana.text()
    assert "The vote is over" not in ben.text()


def test_a_promise_that_was_broken_is_told_as_plainly(store: Store) -> None:
    town(store)
    ana = voter(store)
    town(store, version=2, told={"kept": False, "text": "The lights did not come."})
    travel([ana], datetime(2026, 3, 13, 10, 0, tzinfo=UTC))
    assert "promise" not in ana.text().replace("promised", "")
    travel([ana], NEXT_DAY)

    assert "**Corner Bakery did not keep its promise.** *Carrot day*\n\nThe lights did not come." in ana.text()
    assert "takings of the day were" not in ana.text()


def test_organizers_see_votes_and_who_came(store: Store) -> None:
    town(store)
    ana, ben = voter(store), voter(store, GROCER)
    travel([ana, ben], DECIDED)
    ana.taps("I will come")
    ana.now = AT_THE_SHOP
    ana.presses(f"done:{_ask(ana)}")
    store.write_now(organizers.add_code, "organizer", CODE, ana.now)
    ana.says(f"/claim {CODE}")
    ana.says("/organize")

    assert (
        "*Carrot day*: votes: Corner Bakery 1, Green Grocer 1; said they come: 1; came, confirmed: 0, by their word: 1"
        in ana.text()
    )


def test_the_command_line_tells_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town(store)
    voter(store)
    monkeypatch.setattr(opening, "store", lambda: nullcontext(store))
    stats()
    assert "carrot day water/day: bakery 1, grocer 0; 0 said they come, 0 came (0 confirmed)" in capsys.readouterr().out
    stats(as_json=True)

    (day,) = json.loads(capsys.readouterr().out)["carrot_days"]
    assert day["votes"] == {"bakery": 1, "grocer": 0}
    assert (day["action"], day["coming"], day["claimed"], day["verified"]) == ("water/day", 0, 0, 0)


def test_a_bid_made_up_for_another_ask_calls_nothing_over(store: Store) -> None:
    publish(store, make.pack("water", actions={"sign": make.action(rung="curious", minutes=1)}))
    ana = Talk(store).joins()
    ask = ana.rows("asks")[0]["id"]
    ana.presses(f"carrot:{ask}:oak")

    assert "is over" not in ana.text()
    ana.presses(f"done:{ask}")
    assert [row["status"] for row in ana.rows("taken")] == ["claimed"]
