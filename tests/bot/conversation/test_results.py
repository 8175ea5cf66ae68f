"""What came of actions: told by a pack or in the chat, to just those who acted, once; and who is reminded to tell it."""

from datetime import date, datetime, timedelta

import pytest

from bot.commands import doctor
from content.model import Pack, Result
from storage import audit, packs, roles, standing, subscribers
from storage.store import Store
from tests import make
from tests.storage.joining import ask
from tests.talk import START, Talk, publish

NO_QUIET = {"quiet_from": 0, "quiet_until": 0}
BY = date(2026, 3, 20)
HEARD = Result(actions=("sign", "give"), kind="setback", text="The council said **no**. We ask again in May.")


def pack(version: int = 1, **results: Result) -> Pack:
    actions = {
        "sign": make.action(title="Sign the letter", result_by=BY),
        "give": make.action(title="Give a tree", kind="donation", result_by=BY),
        "read": make.action(title="Read on", kind="learn"),
    }
    return make.pack(actions=actions, results=results, version=version)


@pytest.fixture
def town(store: Store) -> Store:
    publish(store, pack())
    return store


def joined(store: Store, chat: str, *did: str, **about: object) -> Talk:
    """Someone without quiet hours who took these actions."""
    talk = Talk(store, chat=chat).joins()
    store.write_now(subscribers.change, talk.me(), START, next_at=None, **{**NO_QUIET, **about})
    for slug in did:
        does(talk, slug)
    return talk


def does(talk: Talk, slug: str) -> None:
    talk.presses(f"done:{ask(talk.store, talk.me(), f'water/{slug}', at=talk.now).id}")


def heard(*talks: Talk, **span: float) -> list[list[str]]:
    """What one tick brings each of them, but for their nudges."""
    sent = talks[0].waits_for_all(**span)
    for talk in talks:
        talk.now = talks[0].now
        talk.shown = [message for row, message in sent if row.chat == talk.chat and row.kind == "reminder"]
    return [[message.text for message in talk.shown] for talk in talks]


def olga(store: Store) -> Talk:
    talk = joined(store, "olga")
    store.write_now(roles.grant, talk.me(), "organizer", START)
    return talk


def test_a_result_in_a_pack_goes_to_just_those_who_acted_once_and_says_it_as_it_is(town: Store) -> None:
    ana, both, ben = joined(town, "ana", "sign"), joined(town, "both", "sign", "give"), joined(town, "ben", "read")
    assert "You will hear by Mar 20, 2026" in ana.text()
    publish(town, pack(2, heard=HEARD))
    first, second, third = heard(ana, both, ben, minutes=1)

    assert third == []
    (told,) = first
    assert "You did this: *Sign the letter* (Mar 2, 2026). Here is what came of it." in told
    assert "**It did not work.**" in told
    assert "The council said **no**." in told
    assert ana.buttons() == ["Something to do"]
    (told,) = second
    assert "*Sign the letter* (Mar 2, 2026) and *Give a tree* (Mar 2, 2026)" in told
    assert heard(ana, both, ben, days=3) == [[], [], []]
    assert "Sign the letter*: It did not work. The council said no" in ana.says("/me")[0].text


def test_who_acts_later_reads_it_in_the_place_of_the_promise(town: Store) -> None:
    publish(town, pack(2, heard=HEARD))
    ana = joined(town, "ana", "sign")

    assert "You will hear by" not in ana.text()
    assert "What came of it so far:" in ana.text()
    assert "The council said" in ana.text()
    assert heard(ana, days=1) == [[]]


def test_nobody_hears_it_who_took_it_back_stopped_or_was_erased(town: Store) -> None:
    undoes, stops, goes = (joined(town, chat, "sign") for chat in ("undoes", "stops", "goes"))
    undoes.taps(undoes.press_of("undo"))
    stops.says("/stop")
    goes.says("/privacy")
    goes.taps("erase")
    goes.taps("erase:yes")
    publish(town, pack(2, heard=HEARD))

    assert heard(undoes, stops, goes, days=1) == [[], [], []]


def test_an_undo_or_a_stop_while_it_waits_for_the_morning_counts_too(town: Store) -> None:
    night = {"quiet_from": 8 * 60, "quiet_until": 12 * 60}
    undoes, stops, stays = (joined(town, chat, "sign", **night) for chat in ("undoes", "stops", "stays"))
    way_back = undoes.press_of("undo")
    publish(town, pack(2, heard=HEARD))
    assert heard(undoes, stops, stays, minutes=1) == [[], [], []]
    undoes.presses(way_back)
    stops.says("/stop")
    first, second, third = heard(undoes, stops, stays, hours=3)

    assert (first, second, len(third)) == ([], [], 1)
    assert {row["reason"] for row in stays.rows("deliveries") if row["status"] == "cancelled"} == {"undone", "stopped"}


def test_whoever_rests_hears_it_when_the_rest_is_over(town: Store) -> None:
    ana = joined(town, "ana", "sign")
    ana.says("/pause 2026-03-09")
    publish(town, pack(2, heard=HEARD))
    assert heard(ana, days=6) == [[]]
    assert ana.now.date() == date(2026, 3, 8)
    assert len(heard(ana, days=2)[0]) == 1


def test_a_result_with_a_day_waits_for_it_and_one_that_is_dropped_before_is_never_told(town: Store) -> None:
    ana = joined(town, "ana", "sign")
    later = HEARD.model_copy(update={"at": date(2026, 3, 6)})
    publish(town, pack(2, heard=later))
    assert heard(ana, days=2) == [[]]
    publish(town, pack(3))
    assert heard(ana, days=4) == [[]]
    publish(town, pack(4, heard=later))
    assert len(heard(ana, minutes=1)[0]) == 1


def test_a_result_loaded_by_mistake_is_taken_out_of_the_outbox_and_may_be_told_rightly_later(town: Store) -> None:
    ana = joined(town, "ana", "sign", quiet_from=8 * 60, quiet_until=12 * 60)
    publish(town, pack(2, heard=HEARD))
    assert heard(ana, minutes=1) == [[]]
    town.write_now(packs.rollback, "water", ana.now)
    assert heard(ana, hours=4) == [[]]
    publish(town, pack(3, heard=HEARD.model_copy(update={"text": "They said **yes**."})))

    ((told,),) = heard(ana, minutes=1)
    assert "They said **yes**." in told


def test_an_organizer_tells_a_result_in_the_chat(town: Store) -> None:
    ana, ben, eva = joined(town, "ana", "sign"), joined(town, "ben", "sign"), joined(town, "eva", "sign")
    town.write_now(subscribers.change, ben.me(), START, language="de")
    town.write_now(subscribers.change, eva.me(), START, state="stopped")
    boss = olga(town)
    boss.says("/organize")
    assert "Results owed: **1**" in boss.text()
    boss.taps("1 result owed")
    assert "*Sign the letter*: 3 people, due by Mar 20, 2026" in boss.text()
    boss.taps("Sign the letter")
    boss.says("x" * 1001)
    assert "at most 1000" in boss.text()
    boss.says("They opened **the path**. Thank you.")
    assert heard(ana, ben, minutes=1) == [[], []]
    boss.taps("It worked.")
    assert "They opened **the path**." in boss.text()
    assert "**2 people** who did this will read it" in boss.text()
    assert "(Deutsch 1 and English 1)" in boss.text()
    assert "readers of Deutsch get it as it is" in boss.text()
    send = boss.press_of("owed")
    boss.presses(send)
    assert "on its way" in boss.text()
    boss.presses(send)
    assert "told or put aside already" in boss.text()

    (english,), (german,), none = heard(ana, ben, eva, minutes=1)
    assert "**It worked.**" in english
    assert "This was written in" not in english
    assert "**Es hat geklappt.**" in german
    assert "*Das wurde auf English geschrieben.*" in german
    assert none == []
    boss.says("/organize")
    assert "result owed" not in " ".join(boss.buttons())
    lines = town.write_now(audit.of, None, 1)
    assert [(line.what, line.origin, line.who) for line in lines] == [
        ("draft", "chat", boss.me().key), ("send", "chat", boss.me().key), ("finish", "schedule", ""),
    ]  # fmt: skip


def test_a_draft_is_written_anew_or_thrown_away(town: Store) -> None:
    ana, boss = joined(town, "ana", "sign"), olga(town)
    boss.presses("owed")
    boss.taps("Sign the letter")
    boss.says("A slip.")
    boss.taps("It worked in part.")
    boss.taps("Write it anew")
    assert "What came of *Sign the letter*?" in boss.text()
    boss.says("Half of it came true.")
    boss.taps("It worked in part.")
    boss.taps("Never mind")
    assert "Nothing was sent" in boss.text()
    boss.presses("owed:send:2")

    assert "told or put aside already" in boss.text()
    assert heard(ana, days=1) == [[]]


def test_only_owners_and_organizers_tell_results(town: Store) -> None:
    ana = joined(town, "ana", "sign")
    town.write_now(roles.grant, ana.me(), "moderator", START)
    for press in ("owed", "owed:tell:1", "owed:send:1"):
        ana.presses(press)
        assert "This is for organizers" in ana.text()


def test_organizers_are_reminded_a_week_before_on_the_day_and_twice_after_then_no_more(town: Store) -> None:
    joined(town, "ana", "sign")
    boss = olga(town)
    days = []
    for _ in range(45):
        (told,) = heard(boss, days=1)
        days += [boss.now.date()] * len(told)

    assert days == [BY + timedelta(days=step) for step in (-7, 0, 7, 14)]
    boss.presses("owed")
    assert "overdue since Mar 20, 2026" in boss.text()


def test_the_terminal_tells_what_is_owed(town: Store) -> None:
    def looked(on: datetime) -> str:
        return str(town.read_now(doctor.results_owed, on)["told"])

    assert town.read_now(standing.figures)["owed"] == 0
    joined(town, "ana", "sign")
    assert town.read_now(standing.figures)["owed"] == 1
    assert looked(START) == "1 owed, none overdue"
    assert looked(START + timedelta(days=30)) == "1 overdue, the longest since 2026-03-20: water/sign"


def test_a_told_result_reminds_nobody(town: Store) -> None:
    joined(town, "ana", "sign", "give")
    boss = olga(town)
    publish(town, pack(2, heard=HEARD))

    assert sum(len(heard(boss, days=1)[0]) for _ in range(20)) == 0


def test_an_action_that_its_pack_dropped_owes_its_result_all_the_same(town: Store) -> None:
    joined(town, "ana", "sign")
    boss = olga(town)
    publish(town, make.pack(version=2))
    boss.presses("owed")

    assert "*Sign the letter*: 1 person, due by Mar 20, 2026" in boss.text()
