"""What people notice of recognition: said once, warmly, to them alone; nothing of it is needed, nothing is lost."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.recognition import Milestone
from bot.wording import recognition as words
from bot.wording.tongue import LANGUAGES
from content.model import Action, Adds, Each, Pack, Unit
from storage import recognition, schema
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

LAMP = Unit(
    one={"en": "hour of light", "es": "hora de luz", "de": "Stunde Licht"},
    other={"en": "hours of light", "es": "horas de luz", "de": "Stunden Licht"},
)
CLINIC = {
    "en": "One clinic has light for one night.",
    "es": "Un centro de salud tiene luz una noche.",
    "de": "Eine Klinik hat eine Nacht lang Licht.",
}
FOUR_WEEKS = Milestone("weeks", "4", START)


def light(**about: object) -> Pack:
    """A pack whose only action gives light, day by day, and tells so."""
    adds = Adds(each=Each(amount=3, unit=LAMP), person=CLINIC)
    give = make.action("light", kind="donation", title="Give light", repeat="daily", adds=adds)
    return make.pack("light", causes=("light",), actions={"give": give}, languages=("en", "es", "de"), **about)


def many(count: int, **about: object) -> dict[str, Action]:
    return {f"act-{number}": make.action(title=f"Act {number}", **about) for number in range(count)}


@pytest.fixture
def eve(store: Store) -> Talk:
    publish(store, light())
    return Talk(store).joins()


@pytest.fixture
def ben(store: Store) -> Talk:
    """Someone with a great many small actions of one kind, each to be done once."""
    publish(store, make.pack(actions=many(60)))
    return Talk(store).joins()


def acts(talk: Talk) -> str:
    """Do the next thing there is to do; what was answered."""
    talk.says("/act")
    talk.presses(talk.press_of("done"))
    return talk.text()


def confirm(store: Store) -> None:
    """Let a source confirm the newest action."""

    def write(conn):
        newest = schema.taken.select().order_by(schema.taken.c.id.desc()).limit(1)
        number = conn.execute(newest).one().id
        conn.execute(schema.taken.update().where(schema.taken.c.id == number).values(status="verified", source="hook"))

    store.write_now(write)


# What it adds up to


@pytest.mark.parametrize(
    ("language", "thanks", "sentence", "path"),
    [
        ("en", "Your part in it: **3 hours of light**.", CLINIC["en"], "Your part so far: 6 hours of light, 3 of them"),
        ("es", "Tu parte: **3 horas de luz**.", CLINIC["es"], "Tu parte hasta ahora: 6 horas de luz, 3 con"),
        ("de", "Dein Anteil daran: **3 Stunden Licht**.", CLINIC["de"], "Dein Anteil bisher: 6 Stunden Licht, 3 davon"),
    ],
)
def test_the_thanks_say_what_it_adds_and_the_path_the_sum(
    eve: Talk, language: str, thanks: str, sentence: str, path: str
) -> None:
    eve.presses(f"set:lang:{language}")
    told = acts(eve)
    assert thanks in told
    assert sentence in told
    confirm(eve.store)
    eve.waits(days=1)
    acts(eve)

    eve.says("/me")
    assert path in eve.text()
    assert sentence in eve.text()
    assert "{" not in eve.text()


def test_what_was_taken_back_is_not_in_the_sum(eve: Talk) -> None:
    acts(eve)
    eve.taps(eve.press_of("undo"))

    assert "hours of light" not in eve.says("/me")[0].text


def test_only_what_the_person_told_is_said_to_be_that(eve: Talk) -> None:
    acts(eve)
    assert "3 hours of light, as you told me" in eve.says("/me")[0].text
    confirm(eve.store)

    assert "3 hours of light, all of it confirmed" in eve.says("/me")[0].text


def test_the_sum_outlives_the_action_in_the_pack(eve: Talk, store: Store) -> None:
    acts(eve)
    publish(store, make.pack("light", causes=("light",), actions={"other": make.action("light")}, version=2))

    assert "3 hours of light" in eve.says("/me")[0].text


def test_everybodys_sum_is_told_from_ten_people_on_and_outlives_an_erasure(store: Store) -> None:
    publish(store, light())
    people = [Talk(store, chat=str(number)).joins() for number in range(11)]
    for one in people[:9]:
        acts(one)
    assert "hours of light" not in people[0].says("/impact")[0].text
    acts(people[9])
    told = people[0].says("/impact")[0].text
    assert "It adds up to 30 hours of light, as people told me." in told
    assert CLINIC["en"] in told

    acts(people[10])
    confirm(store)
    told = people[0].says("/impact")[0].text
    assert "It adds up to 33 hours of light." in told
    assert "confirmed" not in told, "one person alone would be told apart"

    people[10].presses("erase:yes")
    assert "It adds up to 33 hours of light." in people[0].says("/impact")[0].text


@pytest.mark.parametrize(
    ("amount", "language", "expected"),
    [
        (1, "en", "1 hour of light"),
        (1200, "en", "1,200 hours of light"),
        (1, "de", "1 Stunde Licht"),
        (1200, "de", "1.200 Stunden Licht"),
        (0, "es", "0 horas de luz"),
        (1, "pl", "1 hour of light"),
        (2, "pl", "2 hours of light"),
    ],
)
def test_a_unit_takes_the_form_of_its_number(amount: int, language: str, expected: str) -> None:
    assert words.quantity(amount, LAMP, language, "en") == expected


def test_a_language_with_more_forms_falls_back_to_the_other_one() -> None:
    lamp = Unit(one={"pl": "godzina"}, other={"pl": "godzin"})

    assert [words.quantity(count, lamp, "pl", "pl") for count in (1, 3, 5)] == ["1 godzina", "3 godzin", "5 godzin"]
    assert words.quantity(0, Unit(one={"fr": "heure"}, other={"fr": "heures"}), "fr", "fr") == "0 heure"


# Milestones


def test_a_climb_goes_first_and_the_milestone_waits_for_the_next_occasion(ben: Talk) -> None:
    told = acts(ben)
    assert "A new step on your path" in told
    assert "first action" not in told
    ben.waits(hours=20)

    assert "Your first action is done, and it counts." in acts(ben)


def test_a_milestone_that_waited_two_days_is_not_told(ben: Talk) -> None:
    acts(ben)
    ben.waits(days=2)

    assert "first action" not in acts(ben)


def test_each_is_told_once_ever_and_one_a_day(ben: Talk) -> None:
    told = [acts(ben) for _ in range(12)]
    ben.waits(days=1)
    told += [acts(ben) for _ in range(3)]

    assert sum("reached 5 actions" in one for one in told) == 0  # the first one was told that day
    assert sum("first action is done" in one for one in told) == 1
    assert ["reached 10 actions" in one for one in told] == [False] * 12 + [True, False, False]
    names = [row["what"] for row in ben.rows("milestones")]
    assert len(names) == len(set(names))


def test_taking_back_and_doing_again_tells_nothing_twice(ben: Talk) -> None:
    acts(ben)
    ben.waits(hours=20)
    acts(ben)
    undo = ben.press_of("undo")
    ben.presses(undo)
    ben.waits(hours=20)
    ben.presses(undo.replace("undo", "done"))

    assert "Thank you!" in ben.text()
    assert "first action" not in ben.text()


def test_the_first_of_a_new_kind_is_told(store: Store) -> None:
    publish(store, make.pack(actions={**many(3), "give": make.action(kind="learn", title="Learn")}))
    ana = Talk(store).joins()
    acts(ana)
    told = ""
    for _ in range(3):
        ana.waits(days=3)
        told += acts(ana)

    assert "Something new on your path: *" in told


def test_a_year_is_told_where_the_person_acts(ben: Talk) -> None:
    acts(ben)
    ben.now = START + timedelta(days=369)

    assert "You have been with us for 1 year now" in acts(ben)
    assert "1 year" not in acts(ben)


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_weeks_are_told_once_and_only_there(ben: Talk, language: str) -> None:
    ben.presses(f"set:lang:{language}")
    told = []
    for _ in range(6):
        told.append(acts(ben))
        ben.waits(days=7)

    name = words.milestone(FOUR_WEEKS, language)
    assert [name in one for one in told] == [False, False, False, True, False, False]
    assert "weeks-4" in {row["what"] for row in ben.rows("milestones")}


# Weeks


def test_the_path_tells_the_weeks_and_nothing_as_lost(ben: Talk) -> None:
    for _ in range(3):
        acts(ben)
        ben.waits(days=7)
    assert "did something: 3 this time, your longest stretch so far" in ben.says("/me")[0].text
    ben.waits(days=21)
    assert "did something: 3 in your longest stretch" in ben.says("/me")[0].text
    acts(ben)

    text = ben.says("/me")[0].text
    assert "did something: 1 this time, 3 in your longest stretch" in text
    assert "lost" not in text


def test_one_week_alone_is_not_counted_to_anybody(ben: Talk) -> None:
    acts(ben)

    assert "Weeks" not in ben.says("/me")[0].text


def test_a_rest_ends_no_stretch_also_long_after_it_is_over(ben: Talk) -> None:
    for _ in range(2):
        acts(ben)
        ben.waits(days=7)
    ben.says(f"/pause {(ben.now + timedelta(days=60)).date()}")
    ben.waits(days=30)
    ben.presses("resume")
    acts(ben)
    ben.waits(days=7)
    acts(ben)

    assert "did something: 4 this time" in ben.says("/me")[0].text
    assert len(ben.rows("pauses")) == 1


def test_a_rest_that_ends_by_itself_and_one_begun_anew_are_known(ben: Talk) -> None:
    ben.presses("pause:14")
    ben.presses("pause:7")
    ben.waits(days=20)
    ben.presses("pause:30")
    ben.presses("resume")

    (rest,) = ben.rows("pauses")
    assert rest["until"] - rest["since"] == timedelta(days=7)


def test_a_rest_that_a_stop_ended_goes_on_after_oops(ben: Talk) -> None:
    ben.presses("pause:30")
    ben.waits(hours=30)
    ben.says("/stop")
    ben.says("oops")

    assert [(row["until"] - row["since"]).days for row in ben.rows("pauses")] == [1, 29]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weeks_can_be_hidden_and_are_then_told_nowhere(ben: Talk, language: str) -> None:
    ben.presses(f"set:lang:{language}")
    ben.says("/settings")
    ben.taps("set:weeks")
    ben.taps("set:weeks:off")
    told = []
    for _ in range(5):
        told.append(acts(ben))
        ben.waits(days=7)
    line = words.milestone(FOUR_WEEKS, language)
    hidden = ben.says("/me")[0].text
    ben.presses("set:weeks:on")

    assert not any(line in one for one in told)
    assert len(ben.says("/me")[0].text) > len(hidden)


# Why it matters


def reach_question(talk: Talk) -> str:
    """Act until it is asked; which action it came with."""
    for number in range(1, 6):
        if "why does it matter" in acts(talk):
            return str(number)
        talk.waits(days=3)
    return "never"


def test_why_it_matters_is_asked_once_after_the_third_action(ben: Talk) -> None:
    assert reach_question(ben) == "3"
    assert reach_question(ben) == "never"


def test_it_is_never_asked_together_with_a_climb_or_a_milestone(store: Store) -> None:
    publish(store, make.pack(actions=make.climb("water")))
    ana = Talk(store).joins()
    for _ in range(8):
        told = acts(ana)
        assert not ("why does it matter" in told and ("new step" in told or "new on your path" in told))
        ana.waits(hours=30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_they_say_is_kept_for_them_sealed_and_can_go(ben: Talk, language: str) -> None:
    reach_question(ben)
    ben.presses(f"set:lang:{language}")
    ben.presses("matter:tell")
    ben.says("My *sister* is a nurse.")
    assert "sister" in ben.says("/me")[0].text
    (row,) = ben.rows("own_words")
    assert b"sister" not in bytes(row["text"])  # type: ignore[arg-type]
    document = ben.presses("export")[0].document
    assert document is not None
    assert "My *sister* is a nurse." in document.content

    ben.says("/me")
    ben.taps("matter:tell")
    ben.taps("matter:forget")
    assert "sister" not in ben.says("/me")[0].text
    assert ben.rows("own_words") == []


def test_words_of_crisis_get_people_and_are_not_kept(ben: Talk) -> None:
    ben.presses("matter:tell")
    ben.says("I want to kill myself")

    assert "findahelpline" in ben.text()
    assert ben.rows("own_words") == []


def test_too_many_words_are_not_kept_and_the_question_stays_open(ben: Talk) -> None:
    ben.presses("matter:tell")
    ben.says("x" * 301)
    assert "up to 300" in ben.text()
    ben.says("Because.")

    assert len(ben.rows("own_words")) == 1


def test_not_now_is_an_answer(ben: Talk) -> None:
    reach_question(ben)
    ben.taps("Not now")
    ben.says("hello there")

    assert ben.rows("own_words") == []


# Privacy, and the way up


def test_nobody_else_reads_any_of_it(store: Store) -> None:
    publish(store, light(chapters=3))
    ana, bob = (Talk(store, chat=chat).joins() for chat in ("1", "2"))
    acts(ana)
    ana.presses("matter:tell")
    ana.says("My sister is a nurse.")
    for _ in range(3):
        ana.waits(days=7)
        acts(ana)
    seen = [bob.says(command)[0].text for command in ("/me", "/impact", "/act", "/causes", "/settings")]

    assert not any(secret in text for text in seen for secret in ("sister", "Your part", "Weeks in which"))
    assert "as you told me" not in "".join(seen)


CHOICES = ("set:weeks:off", "set:weeks:on", "matter:tell", "matter:no", "matter:forget", "words", "pause:30", "/me", "")


def climbs_of(talk: Talk, choices: Sequence[str]) -> list[tuple[str, int]]:
    """The rungs that someone reached who did the same as everybody, and chose this in between."""
    started = talk.now
    numbers = [row["id"] for row in talk.rows("items") if str(row["slug"]).startswith("water-supporter")]
    for number, choice in zip(sorted(numbers), choices, strict=False):
        talk.presses(f"record:{number}")
        if choice in ("words", "/me"):
            talk.says("Because of my sister." if choice == "words" else choice)
        elif choice:
            talk.presses(choice)
        talk.now += timedelta(days=3)
    me = talk.me().id
    days = [(str(row["rung"]), row["at"] - started) for row in talk.rows("climbs") if row["subscriber_id"] == me]
    return [(rung, after.days) for rung, after in days]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(choices=st.lists(st.sampled_from(CHOICES), min_size=6, max_size=6))
def test_climbing_never_needs_any_of_it(store: Store, choices: list[str]) -> None:
    """Whatever someone says, hides or leaves open, they stand where what they did puts them, on the same day."""
    if not Talk(store).rows("items"):
        publish(store, make.pack(actions=make.climb("water")))
    plain, other = (Talk(store, chat=str(uuid4())).joins() for _ in range(2))

    expected = climbs_of(plain, [""] * 6)
    assert climbs_of(other, choices) == expected
    assert [rung for rung, _ in expected] == ["supporter", "advocate", "contributor"]


def test_erasing_leaves_nothing_of_it(ben: Talk) -> None:
    reach_question(ben)
    ben.presses("matter:tell")
    ben.says("Because.")
    ben.presses("set:weeks:off")
    ben.presses("pause:30")
    ben.presses("erase:yes")

    assert not any(ben.rows(name) for name in ("milestones", "pauses", "hidden_lines", "own_words"))


def test_what_was_told_once_stays_told_however_often_it_is_tried(ben: Talk) -> None:
    person = ben.me()

    assert ben.store.write_now(recognition.tell, person, "actions-5", ben.now)
    assert not ben.store.write_now(recognition.tell, person, "actions-5", ben.now + timedelta(days=400))
