"""A person's own page: what stands on it, and what a press on it does."""

import pytest

from bot.conversation.router import PRESSES
from bot.message import HOME, Incoming, Message, dump, parse
from bot.wording import menu
from storage import roles
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

AT_MOST = 9_000
"""What a page can hold on the strictest platform, in letters."""


def opens(talk: Talk) -> Message:
    """Open the page."""
    return the_page(talk._turn(kind="home", place=HOME))


def presses(talk: Talk, data: str, **more: str) -> Message:
    """Press a button of the page."""
    talk.shown = talk._turn(kind="press", text=data, place=HOME, pressed="1", **more)
    return the_page(talk.shown)


def the_page(shown: list[Message]) -> Message:
    (page,) = [message for message in shown if message.place == HOME]
    assert not page.text
    assert page.parts
    assert not any(part.replaces or part.place or part.parts for part in page.parts)
    return page


def text(page: Message) -> str:
    return "\n\n".join(part.text for part in page.parts)


def pressable(page: Message) -> list[str]:
    return [button.press for part in page.parts for row in part.buttons for button in row if button.press]


def verbs(page: Message) -> set[str]:
    return {press.partition(":")[0] for press in pressable(page)}


def test_the_page_has_today_the_path_the_settings_and_every_command(ana: Talk) -> None:
    ana.joins()
    page = opens(ana)

    assert "Water." in text(page)
    assert {"done", "later", "no", "why"} <= verbs(page)
    assert "you are here" in text(page)
    assert "Quiet hours" in text(page)
    assert "form:settings" in pressable(page)
    named = verbs(page) | {press.removeprefix("form:") for press in pressable(page)}
    assert {name for name, _ in menu.entries("en")} - {"start"} <= named
    assert len(page.parts) <= 12


def test_every_button_of_the_page_is_answered_on_it(ana: Talk) -> None:
    ana.joins()
    for nth, press in enumerate(pressable(opens(ana))):
        other = Talk(ana.store, chat=f"other {nth}").joins()
        page = presses(other, press)
        assert press.partition(":")[0] in PRESSES
        assert len(page.parts) > 1 or press == "stop"
        assert all(part.text for part in page.parts), press


def test_only_organizers_find_their_button(ana: Talk) -> None:
    ana.joins()
    assert "organize" not in pressable(opens(ana))
    ana.store.write_now(roles.grant, ana.me(), "moderator", START)

    assert "organize" in pressable(opens(ana))


def test_a_page_survives_the_outbox(ana: Talk) -> None:
    ana.joins()
    page = opens(ana)

    assert parse(dump(page)) == page


def test_an_ask_answered_elsewhere_is_open_no_more(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    page = opens(ana)

    assert "done" not in verbs(page)
    assert "✓" in text(page) or "1 action" in text(page)


def test_a_day_later_the_page_says_when_the_next_story_comes(ana: Talk) -> None:
    ana.joins(frequency="weekly")
    ana.waits(hours=25)
    page = opens(ana)

    assert "Water." not in text(page)
    assert "done" not in verbs(page)
    assert "Your next story comes on" in text(page)
    assert "6:00 PM" in text(page)
    assert "act" in verbs(page)


def test_the_story_of_the_day_takes_the_place_of_the_one_before(ana: Talk) -> None:
    ana.joins()
    ana.next_day()
    page = opens(ana)

    assert text(page).count("Water.") == 1


def test_what_was_asked_for_in_the_chat_does_not_push_out_the_ask_of_the_story(ana: Talk) -> None:
    ana.joins()
    asked = ana.press_of("done")
    ana.says("/act")
    while ana.press_of("done") == asked:
        ana.taps(ana.press_of("else"))

    assert [press for press in pressable(opens(ana)) if press.startswith("done:")] == [asked]


def test_the_first_story_told_on_the_page_stands_on_it_once(ana: Talk) -> None:
    opens(ana)
    for press in ("join:cause:1", "join:go", "join:freq:daily", "join:hour:1080"):
        page = presses(ana, press)

    assert text(page).count("Water.") == 1
    assert sum(press.startswith("done:") for press in pressable(page)) == 1


def test_what_was_done_on_the_page_is_thanked_there_and_open_no_more(ana: Talk) -> None:
    ana.joins()
    done = next(press for press in pressable(opens(ana)) if press.startswith("done:"))
    page = presses(ana, done)

    assert "Thank you!" in page.parts[0].text
    assert "done" not in verbs(page)
    assert len(ana.rows("taken")) == 1
    assert [message for message in ana.shown if message.place != HOME] == []


def test_what_was_done_on_the_page_can_be_taken_back_there(ana: Talk) -> None:
    ana.joins()
    done = next(press for press in pressable(opens(ana)) if press.startswith("done:"))
    page = presses(ana, done)
    undo = next(press for press in pressable(page) if press.startswith("undo:"))
    page = presses(ana, undo)

    assert "no longer counts" in text(page)
    assert [row["status"] for row in ana.rows("taken")] == ["undone"]
    assert done in pressable(page)


def test_the_page_after_a_press_shows_things_as_they_are_now(ana: Talk) -> None:
    ana.joins()
    page = presses(ana, "set:freq:weekly")
    assert "Once a week" in text(page)
    page = presses(ana, "set:lang:es")

    assert page.language == "es"
    assert "Una vez por semana" in text(page) or "semana" in text(page)


def test_an_offer_on_the_page_stands_on_it_once(ana: Talk) -> None:
    ana.joins()
    page = presses(ana, "act")

    dones = [press for press in pressable(page) if press.startswith("done:")]
    assert len(dones) == len(set(dones))


def test_a_newcomer_finds_the_greeting_on_the_page_and_can_go_all_the_way_there(ana: Talk) -> None:
    page = opens(ana)
    assert "I am **Kindling**" in text(page)
    cause = next(press for press in pressable(page) if press.startswith("join:cause"))
    page = presses(ana, cause)
    assert "✓" in "".join(button.label for part in page.parts for row in part.buttons for button in row)
    assert "✓" in "".join(button.label for part in opens(ana).parts for row in part.buttons for button in row)
    for press in ("join:go", "join:freq:daily", "join:hour:1080"):
        page = presses(ana, press)

    assert "you are here" in text(page)
    assert ana.me().follows


@pytest.mark.parametrize("press", ["join:go", "help", "privacy", "nonsense", "story", "form:settings", "claim"])
def test_a_newcomer_is_never_left_on_a_page_without_a_way_on(ana: Talk, press: str) -> None:
    opens(ana)
    page = presses(ana, press)

    assert any(data.startswith("join:cause") for data in pressable(page))
    assert text(page).count("I am **Kindling**") == 1


def test_who_has_stopped_finds_the_way_back_and_nothing_else(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")
    page = opens(ana)
    assert "You have stopped" in text(page)
    assert pressable(page) == ["start"]
    page = presses(ana, "start")

    assert "Welcome back" in text(page)
    assert "form:settings" in pressable(page)


def test_a_stop_on_the_page_shows_the_ways_back(ana: Talk) -> None:
    ana.joins()
    page = presses(ana, "stop")
    assert "oops" in pressable(page)
    assert ana.me().state == "stopped"
    page = presses(ana, "oops")

    assert ana.me().state == "active"
    assert "form:settings" in pressable(page)


def test_help_on_the_page_after_a_stop_keeps_the_way_back(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")

    assert "start" in pressable(presses(ana, "help"))


def test_a_file_goes_to_the_chat_and_the_page_says_so(ana: Talk) -> None:
    ana.joins()
    page = presses(ana, "export")

    (sent,) = [message for message in ana.shown if message.place != HOME]
    assert sent.document is not None
    assert not any(part.document for part in page.parts)
    assert page.parts[0].text


def test_erasing_on_the_page_leaves_no_one_to_show_it_to(ana: Talk) -> None:
    ana.joins()
    presses(ana, "erase")
    shown = ana._turn(kind="press", text="erase:yes", place=HOME, pressed="1")

    assert [message.direct for message in shown] == [True]
    assert not ana.rows("subscribers")


def test_a_newcomer_who_opens_the_chat_is_greeted_once(ana: Talk) -> None:
    (greeting,) = ana._turn(kind="home", text="chat")
    assert "I am **Kindling**" in greeting.text
    assert greeting.place == ""
    assert ana._turn(kind="home", text="chat") == []
    ana.waits(days=2)
    assert ana._turn(kind="home", text="chat") == []


def test_a_newcomer_who_saw_the_page_first_is_greeted_in_the_chat_too(ana: Talk) -> None:
    opens(ana)

    assert "I am **Kindling**" in ana._turn(kind="home", text="chat")[0].text


def test_who_is_known_or_has_stopped_is_not_greeted_on_opening_the_chat(ana: Talk) -> None:
    ana.joins()
    assert ana._turn(kind="home", text="chat") == []
    ana.says("/stop")
    assert ana._turn(kind="home", text="chat") == []
    ben = Talk(ana.store, chat="2")
    ben.says("/stop")
    assert ben._turn(kind="home", text="chat") == []


def test_opening_the_page_leaves_a_question_open(ana: Talk) -> None:
    ana.joins()
    ana.presses("set:hour")
    opens(ana)
    ana.says("7:45")

    assert ana.me().rhythm.hour.hour == 7


def test_opening_the_page_often_is_no_flood(ana: Talk) -> None:
    ana.joins()
    for _ in range(60):
        opens(ana)

    assert "**Settings**" in ana.says("/settings")[0].text


def test_a_page_of_someone_with_many_causes_stays_within_bounds(store: Store) -> None:
    causes = tuple(f"cause-{number}" for number in range(30))
    actions = {f"{cause}-{nth}": make.action(cause, title="A title " * 14) for cause in causes for nth in range(5)}
    stories = {
        "long": make.story("cause-0", text="Long. " * 480, chapter=1),
    }
    publish(store, make.pack("many", causes=causes, chapters=0, actions=actions, stories=stories))
    ben = Talk(store).joins()
    for row in ben.rows("items"):
        if row["type"] == "cause":
            ben.presses(f"follow:{row['id']}")
    for row in ben.rows("items"):
        if row["type"] == "action":
            ben.presses(f"record:{row['id']}")
    assert len(ben.rows("taken")) > 100
    page = opens(ben)

    assert len(text(page)) < AT_MOST
    assert {"help", "privacy", "stop"} <= set(pressable(page))
    assert "and 2" in text(page)


def test_someone_without_any_cause_is_shown_the_way_to_one(ana: Talk) -> None:
    ana.joins()
    (follow,) = ana.me().follows
    number = next(row["id"] for row in ana.rows("items") if follow == f"{row['pack']}/{row['slug']}")
    ana.presses(f"leave:{number}")

    assert "causes" in pressable(opens(ana))


def test_a_press_beside_the_page_is_answered_where_it_was_made(ana: Talk) -> None:
    ana.joins()
    shown = ana._turn(kind="press", text="help", place="C1:1.2", pressed="1")

    assert [message.place for message in shown] == ["C1:1.2"]


def test_a_page_of_a_pack_that_is_gone_is_still_a_page(ana: Talk, store: Store) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    publish(store, make.pack("nature", causes=("birds",), version=2))

    assert "form:settings" in pressable(opens(ana))


def test_home_without_a_place_says_nothing(ana: Talk) -> None:
    ana.joins()
    assert Incoming.__dataclass_fields__["place"].default == ""
    assert ana._turn(kind="home") == []
