"""Letters to those who decide: the right one for one's region, in one's own words, counted when they were sent."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation import letter_links
from content.model import Decision, Maker
from storage import letters, person_export, roles, subscribers
from storage.schema import letters as letters_table
from storage.store import Store
from tests import make
from tests.talk import HOUSE, START, Talk, publish

ON = date(2026, 3, 14)  # a Saturday; the talk begins on Monday, 2 March
LETTER = "My grandmother read to me by a paraffin lamp. Please vote so that no child has to."
CRISIS = "I wrote three letters already and now I want to die, nobody listens."


def maker(name: str = "Alex Sample", *regions: str, **about: object) -> Maker:
    about = {"office": "Minister for energy", "email": "office@example.org", **about}
    return Maker(name=name, regions=regions, **about)


def decision(*makers: Maker, **about: object) -> Decision:
    points = ("Lamps burn children.", "A panel costs less than a year of paraffin.")
    told = {"day": ON, "what": "How the aid budget is spent", "points": points, "makers": makers or (maker(),)}
    return Decision(**{**told, **about})


def world(store: Store, *makers: Maker, now: datetime = START, **about: object) -> Talk:
    """A pack whose only action is a letter, and Ana who was just offered it."""
    write = make.action(kind="outreach", title="Write", ask="Would you write?", decision=decision(*makers), **about)
    publish(store, make.pack("water", chapters=30, actions={"write": write}))
    return Talk(store, now=now).joins()


def offered(talk: Talk) -> Talk:
    talk.says("/act")
    return talk


def lives_in(talk: Talk, region: str) -> Talk:
    person = talk.me()
    talk.store.write_now(lambda conn: subscribers.change(conn, person, talk.now, region=region))
    return talk


def states(talk: Talk) -> list[object]:
    return [row["state"] for row in talk.rows("letters")]


def test_an_ask_says_what_is_decided_when_and_by_whom(store: Store) -> None:
    ana = offered(world(store))

    assert "How the aid budget is spent" in ana.text()
    assert "Sat, Mar 14 (in 12 days)" in ana.text()
    assert "Alex Sample (Minister for energy)" in ana.text()
    assert ana.buttons()[0] == "Write my letter"


@pytest.mark.parametrize(("days", "told"), [(0, "in 12 days"), (10, "in 2 days"), (11, "tomorrow")])
def test_the_days_left_are_told_as_one_says_them(store: Store, days: int, told: str) -> None:
    ana = world(store)
    ana.now += timedelta(days=days)
    offered(ana)

    assert f"({told})" in ana.text()


def test_a_letter_goes_from_the_button_to_the_count(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    assert "Lamps burn children." in ana.text()
    assert "in your own words" in ana.text()
    ana.says(LETTER)

    quoted = ana.text().replace("\\", "").replace("> ", "")
    assert f"Dear Alex Sample,\n>\n{LETTER}\n>\nYours sincerely," in quoted
    assert ana.buttons() == ["Open in my mail", "I sent it ✓", "Change the words", "Throw away"]
    assert (states(ana), ana.rows("taken")) == (["draft"], [])
    ana.taps("I sent it ✓")
    assert "Thank you! I noted it: *Write*" in ana.text()
    assert states(ana) == ["sent"]
    assert [row["status"] for row in ana.rows("taken")] == ["claimed"]


def test_a_letter_that_was_not_told_to_be_sent_counts_for_nothing(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.next_day()

    assert states(ana) == ["draft"]
    assert ana.rows("taken") == []


def test_the_ask_said_to_be_done_sends_the_letter_and_undo_takes_it_back(store: Store) -> None:
    ana = offered(world(store))
    done = ana.press_of("done")
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.presses(done)
    assert states(ana) == ["sent"]
    ana.presses(done.replace("done", "undo"))

    assert states(ana) == ["draft"]


def test_the_question_survives_a_restart(store: Store, tmp_path: Path) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    again = Talk(Store(f"sqlite:///{tmp_path / 'talk.db'}"), now=ana.now)
    again.says(LETTER)

    assert "Dear Alex Sample," in again.text()
    again.store.close_now()


def test_a_step_can_be_left(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.taps("Never mind")
    assert "no letter now" in ana.text()
    ana.says(LETTER)

    assert ana.rows("letters") == []


@pytest.mark.parametrize(("words", "told"), [("Please vote yes.", "A little more"), ("x" * 4001, "4001 characters")])
def test_too_few_and_too_many_words_get_another_try(store: Store, words: str, told: str) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(words)
    assert told in ana.text()
    assert ana.rows("letters") == []
    ana.says(LETTER)

    assert states(ana) == ["draft"]


@pytest.mark.parametrize("words", ["y" * 20, "x" * 4000, "See https://example.org/a or call me: +44 20 7946 0000."])
def test_links_numbers_and_both_limits_are_taken(store: Store, words: str) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(words)

    assert states(ana) == ["draft"]


def test_words_of_crisis_get_the_helpline_and_are_not_kept(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(CRISIS)

    assert "findahelpline" in ana.text()
    assert ana.rows("letters") == []


def test_hostile_words_stay_words(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says("# Not a heading\n<script>alert(1)</script> **loud** [x](https://evil.example) \u202e\x00 > quote")

    text = ana.text()
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "\\<script\\>" in text
    assert "\\[x\\]\\(https" in text


def test_new_words_take_the_place_of_the_old_ones(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.taps("Change the words")
    ana.says("Light is what lets my sister learn after work. Please vote for it.")

    assert "my sister learn" in ana.text()
    assert states(ana) == ["draft"]
    kept = ana.store.write_now(letters.of_person, ana.me(), HOUSE.secret)
    assert [one.text for one in kept] == ["Light is what lets my sister learn after work. Please vote for it."]


def test_the_old_words_can_be_kept(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.taps("Change the words")
    ana.taps("Keep the old ones")
    ana.says("This is not the letter any more, only a remark.")

    assert [one.text for one in ana.store.write_now(letters.of_person, ana.me(), HOUSE.secret)] == [LETTER]


def test_what_is_thrown_away_is_gone(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.taps("Throw away")

    (row,) = ana.rows("letters")
    assert (row["state"], row["text"]) == ("dropped", None)


def test_a_draft_is_shown_again_instead_of_begun_anew(store: Store) -> None:
    ana = offered(world(store))
    write = ana.press_of("letter")
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.presses(write)

    assert "by a paraffin lamp" in ana.text()
    assert "I sent it ✓" in ana.buttons()


def test_the_one_who_decides_for_ones_own_region_is_written_to(store: Store) -> None:
    makers = (maker("For all"), maker("For Britain", "GB"), maker("For California", "US-CA"), maker("For the US", "US"))
    ana = world(store, *makers)
    for region, name in (
        ("GB", "For Britain"),
        ("US-CA", "For California"),
        ("US-NY", "For the US"),
        ("FR", "For all"),
    ):
        offered(lives_in(ana, region)).taps("Write my letter")
        assert f"Your letter to {name}" in ana.text()
        ana.taps("Never mind")


def test_an_unknown_region_is_asked_for_step_by_step_and_kept(store: Store) -> None:
    ana = offered(
        world(store, maker("For Britain", "GB"), maker("For California", "US-CA"), maker("For Ohio", "US-OH"))
    )
    assert "it depends on where you live" in ana.text()
    ana.taps("Write my letter")
    assert ana.buttons() == ["United Kingdom", "United States", "Elsewhere", "Never mind"]
    ana.taps("United States")
    assert ana.buttons() == ["United States: CA", "United States: OH", "Elsewhere", "Never mind"]
    ana.taps("United States: OH")

    assert "Your letter to For Ohio" in ana.text()
    assert ana.me().region == "US-OH"


def test_who_lives_elsewhere_hears_so_kindly(store: Store) -> None:
    ana = offered(world(store, maker("For Britain", "GB")))
    ana.taps("Write my letter")
    ana.taps("Elsewhere")

    assert "nobody who decides this for where you live" in ana.text()
    assert ana.me().region == ""


def test_another_region_may_be_written_for_without_moving_there(store: Store) -> None:
    ana = offered(lives_in(world(store, maker("For Britain", "GB"), maker("For Ireland", "IE")), "GB"))
    ana.taps("Write my letter")
    ana.taps("Another region")
    ana.taps("Ireland")

    assert "Your letter to For Ireland" in ana.text()
    assert ana.me().region == "GB"


def test_of_two_who_decide_one_is_chosen_and_both_may_be_written_to(store: Store) -> None:
    ana = offered(world(store, maker("First"), maker("Second")))
    write = ana.press_of("letter")
    ana.taps("Write my letter")
    ana.taps("Second · Minister for energy")
    ana.says(LETTER)
    ana.taps("I sent it ✓")
    ana.presses(write)
    ana.taps("First · Minister for energy")
    ana.says(LETTER)
    ana.taps("I sent it ✓")

    assert "your letter to First is on its way too" in ana.text()
    assert states(ana) == ["sent", "sent"]
    assert len(ana.rows("taken")) == 1


def test_the_frame_is_in_a_language_that_is_read_there_and_the_words_are_left_alone(store: Store) -> None:
    ana = offered(world(store, maker("Alex Muster", languages=("de", "fr"))))
    ana.taps("Write my letter")
    assert "Letters are read there in: Deutsch and Français." in ana.text()
    ana.says(LETTER)

    assert "Guten Tag Alex Muster," in ana.text()
    assert "Mit freundlichen Grüßen" in ana.text()
    assert "My grandmother read to me" in ana.text()


def test_without_a_public_address_the_ways_are_told_in_the_chat(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.talk.HOUSE", type(HOUSE)(secret=HOUSE.secret))
    everything = {"url": "https://example.org/form", "phone": "+44 20 7946 0000"}
    ana = offered(world(store, maker("Alex Sample", **everything)))
    ana.taps("Write my letter")
    ana.says(LETTER)

    assert "Open in my mail" not in ana.buttons()
    text = ana.text().replace("\\", "")
    assert "E-mail: office@example.org" in text
    assert "[Contact form](<https://example.org/form>)" in text
    assert "Telephone: +44 20 7946 0000" in text


def test_the_button_leads_to_a_page_that_names_writer_and_letter(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    (link,) = [button.url for message in ana.shown for row in message.buttons for button in row if button.url]
    token = link.removeprefix("https://kindling.example/letter/")

    assert letter_links.read(token, HOUSE.secret) == (ana.me().id, ana.rows("letters")[0]["id"])
    assert letter_links.read(token, "another secret") is None


def test_on_the_day_itself_an_old_button_is_honest_and_nothing_new_is_offered(store: Store) -> None:
    ana = offered(world(store))
    write = ana.press_of("letter")
    ana.now += timedelta(days=12)
    ana.says("/act")
    assert "Write my letter" not in ana.buttons()
    ana.presses(write)

    assert "A letter may come too late today" in ana.text()


def test_after_the_day_an_old_button_tells_so_and_leads_on(store: Store) -> None:
    sign = make.action(title="Sign")
    write = make.action(kind="outreach", title="Write", ask="Would you write?", decision=decision(), minutes=1)
    publish(store, make.pack("water", chapters=30, actions={"write": write, "sign": sign}))
    ana = Talk(store).joins()
    ana.presses("act")
    while "Write my letter" not in ana.buttons():
        ana.taps("Something else")
    presses = [press for press in ana.presses_shown() if press.partition(":")[0] in ("letter", "done")]
    ana.now += timedelta(days=13)
    for press in presses:
        ana.presses(press)

        assert "*Write*: this was decided on Mar 14, 2026" in ana.text()
        assert "This one is open:" in ana.text()
        assert "**Sign**" in ana.text()


def test_a_letter_begun_in_time_and_typed_too_late_is_not_kept(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.now += timedelta(days=13)
    ana.says(LETTER)

    assert "this was decided on" in ana.text()
    assert ana.rows("letters") == []


def test_who_was_dropped_from_the_pack_is_not_written_to(store: Store) -> None:
    ana = offered(world(store, maker("First"), maker("Second")))
    ana.taps("Write my letter")
    ana.taps("Second · Minister for energy")
    write = make.action(kind="outreach", title="Write", ask="Would you write?", decision=decision(maker("First")))
    publish(store, make.pack("water", chapters=30, version=2, actions={"write": write}))
    ana.says(LETTER)

    assert "Your letter to First" in ana.text()
    assert ana.rows("letters") == []


def test_nobody_else_opens_or_sends_a_letter(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    presses = ana.presses_shown()
    ben = Talk(store, chat="2").joins()
    for press in [*presses, "letter:", "letter:x:y", "letter:1:sent:999", "letter:99999999999999999999"]:
        ben.presses(press)
        assert "grandmother" not in ben.text()

    assert states(ana) == ["draft"]


def test_a_letter_is_sealed_exported_to_its_writer_and_gone_in_time(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    (row,) = ana.rows("letters")
    assert b"grandmother" not in row["text"]
    assert LETTER in store.write_now(person_export.of, ana.me(), HOUSE.secret)
    for days, left in ((42, 1), (43, 0)):
        store.write_now(letters.sweep, START + timedelta(days=days))
        assert len(ana.rows("letters")) == left

    assert letters_table.c.text.nullable


def test_a_late_tap_counts_also_after_a_stop(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    sent = next(press for press in ana.presses_shown() if ":sent:" in press)
    change = next(press for press in ana.presses_shown() if ":change:" in press)
    ana.says("/stop")
    ana.presses(change)
    assert "new words" not in ana.text()
    ana.presses(sent)

    assert states(ana) == ["sent"]
    assert len(ana.rows("taken")) == 1


@pytest.mark.parametrize(("language", "told"), [("es", "Escribir mi carta"), ("de", "Meinen Brief schreiben")])
def test_the_whole_way_in_other_languages(store: Store, language: str, told: str) -> None:
    ana = world(store, maker("Alex Muster", "DE"), maker("Alex Muestra", "ES"))
    ana.store.write_now(subscribers.speak, ana.me(), language)
    offered(ana).taps(told)
    seen = [ana.text(), *ana.buttons()]
    ana.taps("Deutschland" if language == "de" else "Alemania")
    seen += [ana.text(), *ana.buttons()]
    ana.says("Por favor, pensad en quienes estudian a oscuras cada noche.")
    seen += [ana.text(), *ana.buttons()]

    english = ("Where do you", "Elsewhere", "Never mind", "Your letter", "These points", "Dear", "Open in", "I sent")
    assert not [one for one in english if any(one in words for words in seen)]


def test_why_tells_that_the_decision_is_near(store: Store) -> None:
    ana = offered(world(store, now=START + timedelta(days=8)))
    ana.taps("Why this?")

    assert "it is about something that is decided on Sat, Mar 14" in ana.text()


def test_the_days_are_told_as_of_the_day_a_nudge_arrives(store: Store) -> None:
    ana = world(store)
    told = [(ana.now.date(), ana.text()) for _ in range(11) if "**When:**" in (ana.next_day() and ana.text())]

    assert told
    for day, text in told:
        left = (ON - day).days
        assert ("(tomorrow)" if left == 1 else f"(in {left} days)") in text


def test_organizers_see_how_many_were_written_and_sent_and_no_word_of_them(store: Store) -> None:
    ana = offered(world(store))
    ana.taps("Write my letter")
    ana.says(LETTER)
    ana.taps("I sent it ✓")
    ben = offered(Talk(store, chat="2").joins())
    ben.taps("Write my letter")
    ben.says(LETTER)
    olga = Talk(store, chat="3").joins()
    store.write_now(roles.grant, olga.me(), "organizer", START)
    olga.says("/organize")

    assert "- Alex Sample, *Write*: 2 written, 1 sent" in olga.text()
    assert "grandmother" not in olga.text()
