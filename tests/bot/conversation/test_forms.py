"""Forms: opened where there can be one, read with mistrust when they are handed in."""

from dataclasses import asdict

import pytest

from bot.message import HOME, Form, Message
from storage.store import Store
from tests import make
from tests.talk import Talk, publish

GOOD = {
    "freq": "three",
    "hour": "07:45",
    "zone": "Madrid",
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "min": "20",
    "asks": "1",
    "kinds": "donation,petition",
    "alerts": "on",
    "weeks": "off",
    "lang": "en",
}
HUGE = "9" * 10_000


def opens(talk: Talk, what: str) -> Form:
    """Press the button of a form on a platform that can show one."""
    talk.shown = talk._turn(kind="press", text=f"form:{what}", opener="o1", pressed="1")
    return the_form(talk.shown)


def the_form(shown: list[Message]) -> Form:
    (message,) = [message for message in shown if message.form is not None]
    assert message.opener == "o1"
    assert message.text
    assert message.form is not None
    return message.form


def hands_in(talk: Talk, what: str, fields: dict[str, str]) -> dict[str, str]:
    """Hand in a form; what is wrong with its fields comes back."""
    talk.shown = talk._turn(kind="form", command=what, fields=fields)  # type: ignore[arg-type]
    return {name: words for message in talk.shown for name, words in message.errors}


def values(form: Form) -> dict[str, str]:
    return {field.name: field.value for field in form.fields}


@pytest.mark.parametrize("way", ["press", "command"])
def test_the_settings_open_as_a_form_with_the_overview_to_fall_back_on(ana: Talk, way: str) -> None:
    ana.joins()
    told = {"text": "form:settings"} if way == "press" else {"command": "settings"}
    (message,) = ana._turn(kind=way, opener="o1", **told)

    form = the_form([message])
    assert values(form)["freq"] == "daily"
    assert values(form)["hour"] == "18:00"
    assert values(form)["zone"] == "UTC"
    assert "**Settings**" in message.text
    assert any(button.press == "set:freq" for row in message.buttons for button in row)


def test_without_an_opener_the_settings_are_a_message(ana: Talk) -> None:
    ana.joins()
    (message,) = ana.presses("form:settings")

    assert message.form is None
    assert "**Settings**" in message.text


def test_all_settings_handed_in_are_kept_at_once(ana: Talk) -> None:
    ana.joins()
    assert hands_in(ana, "settings", GOOD) == {}

    rhythm = ana.me().rhythm
    assert (rhythm.frequency, rhythm.zone, rhythm.minutes, rhythm.asks) == ("three", "Europe/Madrid", 20, 1)
    assert [at.strftime("%H:%M") for at in (rhythm.hour, rhythm.quiet_from, rhythm.quiet_until)] == [
        "07:45", "21:00", "08:00",
    ]  # fmt: skip
    assert ana.me().unwanted == {"donation", "petition"}
    assert "Saved" in ana.text()


def test_the_form_shows_what_was_kept(ana: Talk) -> None:
    ana.joins()
    hands_in(ana, "settings", GOOD)

    assert values(opens(ana, "settings")) == {**GOOD, "zone": "Europe/Madrid"}


def test_handing_in_the_form_as_it_came_changes_nothing(ana: Talk) -> None:
    ana.joins()
    before = ana.me()
    assert hands_in(ana, "settings", values(opens(ana, "settings"))) == {}

    assert ana.me() == before


@pytest.mark.parametrize("language", ["es", "de"])
def test_the_confirmation_is_in_the_language_just_chosen(ana: Talk, language: str) -> None:
    ana.joins()
    hands_in(ana, "settings", {**GOOD, "lang": language})

    assert ana.me().language == language
    assert "Saved" not in ana.text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, bad) for field in GOOD if field != "kinds" for bad in ("", "nonsense", HUGE, "-1", "\x00", "٣")),
        ("kinds", "donation,nonsense"),
        ("kinds", HUGE),
        ("freq", "hourly"),
        ("hour", "24:00"),
        ("hour", "7:60"),
        ("zone", "../../etc/passwd"),
        ("zone", "San"),
        ("min", "0"),
        ("min", "61"),
        ("min", "1000000000"),
        ("min", "1e1"),
        ("asks", "8"),
        ("asks", "1.5"),
        ("lang", "xx"),
    ],
)
def test_one_wrong_field_is_told_beside_it_and_nothing_is_kept(ana: Talk, field: str, value: str) -> None:
    ana.joins()
    before = ana.me()
    errors = hands_in(ana, "settings", {**GOOD, field: value})

    assert set(errors) == {field}
    assert 0 < len(errors[field]) < 200
    assert ana.me() == before
    assert not [row for row in ana.rows("deliveries") if row["status"] == "pending"]


def test_every_wrong_field_is_told_at_once(ana: Talk) -> None:
    ana.joins()
    before = ana.me()

    assert set(hands_in(ana, "settings", {})) == set(GOOD) - {"kinds", "alerts", "weeks"}
    assert ana.me() == before


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("madrid", "Europe/Madrid"),
        ("MADRID ", "Europe/Madrid"),
        ("München", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("bogotá", "America/Bogota"),
        ("UTC", "UTC"),
    ],
)
def test_a_place_is_understood_as_people_write_it(ana: Talk, written: str, zone: str) -> None:
    ana.joins()
    assert hands_in(ana, "settings", {**GOOD, "zone": written}) == {}

    assert ana.me().rhythm.zone == zone


def test_no_kinds_left_out_is_an_answer_too(ana: Talk) -> None:
    ana.joins()
    hands_in(ana, "settings", GOOD)
    hands_in(ana, "settings", {name: value for name, value in GOOD.items() if name != "kinds"})

    assert ana.me().unwanted == set()


def test_an_action_is_recorded_as_if_its_button_had_been_pressed(ana: Talk) -> None:
    ana.joins()
    form = the_form(ana._turn(kind="shortcut", command="record", opener="o1"))
    (field,) = form.fields
    assert 0 < len(field.options) <= 100
    assert hands_in(ana, "record", {"action": field.options[0][0]}) == {}

    assert "Thank you" in ana.text()
    assert "new step" in ana.text()
    assert [row["status"] for row in ana.rows("taken")] == ["claimed"]
    ana.taps("Undo")
    assert [row["status"] for row in ana.rows("taken")] == ["undone"]


def test_what_was_asked_last_comes_first_in_the_form(ana: Talk) -> None:
    ana.joins()
    (ask,) = ana.rows("asks")

    assert opens(ana, "record").fields[0].options[0][0] == str(ask["action_id"])


def test_a_recorded_ask_is_the_open_one_not_a_second(ana: Talk) -> None:
    ana.joins()
    (ask,) = ana.rows("asks")
    hands_in(ana, "record", {"action": str(ask["action_id"])})

    assert [(row["id"], row["answer"]) for row in ana.rows("asks")] == [(ask["id"], "taken")]


def test_an_action_that_counts_already_is_told_beside_the_field(ana: Talk) -> None:
    ana.joins()
    number = opens(ana, "record").fields[0].options[0][0]
    hands_in(ana, "record", {"action": number})

    assert "already" in hands_in(ana, "record", {"action": number})["action"]
    assert len(ana.rows("taken")) == 1
    assert number not in [value for value, _ in opens(ana, "record").fields[0].options]


@pytest.mark.parametrize("forged", ["", "0", "-1", "999999", "1", HUGE, "٣", "nature/water", "1,2", "\x00"])
def test_a_forged_number_records_nothing(ana: Talk, forged: str) -> None:
    ana.joins()
    asked = len(ana.rows("asks"))

    assert set(hands_in(ana, "record", {"action": forged})) == {"action"}
    assert not ana.rows("taken")
    assert len(ana.rows("asks")) == asked


@pytest.mark.parametrize("forged", ["", ":", ":0", ":1", f":{HUGE[:50]}", ":x"])
def test_a_forged_button_records_nothing(ana: Talk, forged: str) -> None:
    ana.joins()
    assert ana.presses(f"record{forged}")
    assert not ana.rows("taken")


def test_an_action_that_is_over_is_told_beside_the_field(ana: Talk, store: Store) -> None:
    ana.joins()
    number = opens(ana, "record").fields[0].options[0][0]
    publish(store, make.pack("nature", causes=("water", "trees"), chapters=30, version=2))

    assert set(hands_in(ana, "record", {"action": number})) == {"action"}
    assert not ana.rows("taken")


def test_without_a_form_the_same_is_done_with_buttons(ana: Talk) -> None:
    ana.joins()
    ana.presses("form:record")
    press = ana.press_of("record")
    ana.taps(press)
    assert "Thank you" in ana.text()
    assert "Undo" in ana.buttons()
    ana.presses(press)

    assert "already" in ana.text()
    assert len(ana.rows("taken")) == 1


def test_a_button_of_something_not_open_says_so_and_offers_no_undo(ana: Talk, store: Store) -> None:
    later = {"first": make.action(title="First"), "second": make.action(title="Second", needs=("first",))}
    publish(store, make.pack("steps", actions=later))
    ana.says("/start steps")
    ana.joins()
    number = next(row["id"] for row in ana.rows("items") if row["slug"] == "second")
    ana.presses(f"record:{number}")

    assert "not open" in ana.text()
    assert "Undo" not in ana.buttons()
    assert not ana.rows("taken")


def test_long_titles_are_shortened_at_a_word(ana: Talk, store: Store) -> None:
    publish(store, make.pack("long", actions={"sign": make.action(title="word " * 22)}))
    ben = Talk(store, chat="2")
    ben.says("/start long")
    ben.taps("join:go")
    ben.taps("join:freq:daily")
    ben.presses("join:hour:1080")
    ((_, label),) = opens(ben, "record").fields[0].options

    assert len(label) <= 75
    assert label.endswith("word…")


def test_with_nothing_open_there_is_no_empty_form(store: Store) -> None:
    publish(store, make.pack())
    ben = Talk(store).joins()
    shown = ben._turn(kind="shortcut", command="record", opener="o1")

    assert not [message for message in shown if message.form]
    assert "Nothing is open" in ben.text()


@pytest.mark.parametrize("what", ["settings", "record", "story", "draft", "nonsense", ""])
@pytest.mark.parametrize("kind", ["form", "shortcut"])
def test_before_joining_and_after_a_stop_a_form_is_answered_and_does_nothing(ana: Talk, what: str, kind: str) -> None:
    fields = {**GOOD, "text": "A story that is long enough to be one, if only just so."}
    assert ana._turn(kind=kind, command=what, fields=fields, opener="o1")  # type: ignore[arg-type]
    assert any("join:cause" in press for press in ana.presses_shown())
    ana.joins()
    ana.says("/stop")
    before = asdict(ana.me())
    (told,) = ana._turn(kind=kind, command=what, fields=fields, opener="o1")  # type: ignore[arg-type]

    assert "You have stopped" in told.text
    assert asdict(ana.me()) == before
    assert not ana.rows("drafts")


@pytest.mark.parametrize("what", ["nonsense", "", "__class__"])
@pytest.mark.parametrize("kind", ["form", "shortcut"])
def test_a_form_there_is_not_is_answered(ana: Talk, what: str, kind: str) -> None:
    ana.joins()
    assert ana._turn(kind=kind, command=what, opener="o1")


def test_a_form_opened_on_the_page_is_sent_beside_it(ana: Talk) -> None:
    ana.joins()
    shown = ana._turn(kind="press", text="form:settings", opener="o1", place=HOME)

    assert the_form(shown).name == "settings"
    assert [message.place for message in shown] == [HOME, HOME]
    assert [bool(message.parts) for message in shown] == [False, True]


def test_errors_send_nothing_else_to_the_person(ana: Talk) -> None:
    ana.joins()
    hands_in(ana, "settings", {})

    assert not any(message.says_something for message in ana.shown)
