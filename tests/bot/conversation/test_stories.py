"""Stories that people tell, and organizers who read them."""

from pathlib import Path

import pytest

from bot.message import HOME, Form, Message
from content import load
from content.text import choose
from storage import drafts, roles
from storage.store import Store
from tests import make
from tests.talk import HOUSE, START, Talk, publish

STORY = "The clinic has light now, and the nurse reads the labels without a torch."
CRISIS = "I carried water for years and now I want to die, nobody is there for me."
HIDDEN = "\u202e\u200b\u00ad\u2028\u2066\x00\x07"


def cause_number(talk: Talk, slug: str = "water") -> str:
    return next(str(row["id"]) for row in talk.rows("items") if (row["type"], row["slug"]) == ("cause", slug))


def hands_in(talk: Talk, what: str = "story", **fields: str) -> dict[str, str]:
    """Hand in a form; what is wrong with its fields comes back."""
    filled = {"cause": cause_number(talk), "text": STORY, "name": "", "lang": "en", **fields}
    talk.shown = talk._turn(kind="form", command=what, fields=filled)  # type: ignore[arg-type]
    return {name: words for message in talk.shown for name, words in message.errors}


def the_form(shown: list[Message]) -> Form:
    (message,) = [message for message in shown if message.form is not None]
    assert message.opener == "o1"
    assert message.form is not None
    return message.form


def stored(talk: Talk) -> list[drafts.Draft]:
    return [
        found
        for row in talk.rows("drafts")
        if (found := talk.store.write_now(drafts.get, int(str(row["id"])), HOUSE.secret)) is not None
    ]


@pytest.fixture
def olga(ana: Talk) -> Talk:
    """An organizer, beside Ana who has joined."""
    ana.joins()
    olga = Talk(ana.store, chat="olga").joins()
    olga.store.write_now(roles.grant, olga.me(), "organizer", START)
    return olga


def follows_both(talk: Talk) -> None:
    for slug in ("water", "trees"):
        talk.presses(f"follow:{cause_number(talk, slug)}")


def test_a_story_is_told_in_two_steps_and_kept(ana: Talk) -> None:
    ana.joins()
    follows_both(ana)
    ana.says("/story")
    assert "a person has read it" in ana.text()
    ana.taps("trees")
    ana.says(STORY)

    assert "Thank you" in ana.text()
    assert "organizer" in ana.text()
    (kept,) = stored(ana)
    assert (kept.text, kept.cause, kept.origin, kept.name) == (STORY, "nature/trees", "told", "")
    ana.says("another word")
    assert len(stored(ana)) == 1


def test_with_one_cause_only_the_story_itself_is_asked_for(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says(STORY)

    assert [kept.cause for kept in stored(ana)] == sorted(ana.me().follows)


def test_a_story_under_way_survives_a_restart(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    again = Talk(Store(str(ana.store.engine.url)), now=ana.now)
    again.says(STORY)

    assert len(stored(ana)) == 1
    again.store.engine.dispose()


@pytest.mark.parametrize("way", ["story:cancel", "Never mind"])
def test_a_story_can_be_left(ana: Talk, way: str) -> None:
    ana.joins()
    ana.says("/story")
    ana.taps(way)
    ana.says(STORY)

    assert not stored(ana)


def test_turning_to_something_else_leaves_the_story(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says("/help")
    ana.says(STORY)

    assert not stored(ana)


def test_a_word_is_not_yet_a_story_and_one_may_go_on(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says("Light.")
    assert "a little more" in ana.text()
    ana.says(STORY)

    assert len(stored(ana)) == 1


def test_too_long_a_story_is_told_so_not_cut(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says("word " * 700)
    assert not stored(ana)
    assert "3" in ana.text()
    ana.says(STORY)

    assert [kept.text for kept in stored(ana)] == [STORY]


def test_stop_is_exact_also_in_the_middle_of_a_story(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says("stop")

    assert ana.me().state == "stopped"
    assert not stored(ana)


def test_words_of_crisis_get_help_and_are_not_kept_nor_what_follows(ana: Talk) -> None:
    ana.joins()
    ana.says("/story")
    ana.says(CRISIS)
    assert "findahelpline" in ana.text()
    ana.says("There is nobody here and I do not know how to go on with any of it.")

    assert not stored(ana)


@pytest.mark.parametrize("text", [CRISIS, CRISIS.replace("want to die", "want\u200b to d\u00adie")])
def test_words_of_crisis_in_a_form_get_help_too(ana: Talk, text: str) -> None:
    ana.joins()

    assert hands_in(ana, text=text) == {}
    assert "findahelpline" in ana.text()
    assert not stored(ana)


@pytest.mark.parametrize("way", ["command", "press", "shortcut"])
def test_where_forms_are_shown_the_story_is_one(ana: Talk, way: str) -> None:
    ana.joins()
    shown = ana._turn(kind=way, text="form:story" if way == "press" else "", command="story", opener="o1")
    form = the_form(shown)

    assert form.name == "story"
    assert [field.name for field in form.fields] == ["cause", "text", "name"]
    assert "a person has read it" in form.fields[1].hint
    assert shown[0].text


def test_a_story_handed_in_is_kept_with_its_name(ana: Talk) -> None:
    ana.joins()
    assert hands_in(ana, name="Amina") == {}

    assert [(kept.text, kept.name, kept.cause) for kept in stored(ana)] == [(STORY, "Amina", "nature/water")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, "text"),
        ({"text": "short"}, "text"),
        ({"text": " " * 5000}, "text"),
        ({"text": "x" * 3001}, "text"),
        ({"text": "🎈" * 1600}, "text"),
        ({"text": "\u200b" * 100}, "text"),
        ({"name": "n" * 65}, "name"),
        ({"cause": ""}, "cause"),
        ({"cause": "0"}, "cause"),
        ({"cause": "nature/water"}, "cause"),
        ({"cause": "9" * 10_000}, "cause"),
        ({"cause": "٣"}, "cause"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_field(ana: Talk, fields: dict[str, str], wrong: str) -> None:
    ana.joins()

    assert set(hands_in(ana, **fields)) == {wrong}
    assert not stored(ana)


def test_what_hides_or_misleads_is_not_kept(ana: Talk) -> None:
    ana.joins()
    hands_in(ana, text=f"{HIDDEN}{STORY}\r\nAnd more.{HIDDEN}", name=f"Amina{HIDDEN}of\nGarissa")

    (kept,) = stored(ana)
    assert kept.text == f"{STORY}\nAnd more."
    assert kept.name == "Amina of Garissa"


@pytest.mark.parametrize("way", ["form", "chat"])
def test_five_stories_of_one_person_wait_at_most(ana: Talk, way: str) -> None:
    ana.joins()
    for _ in range(7):
        if way == "form":
            hands_in(ana)
        else:
            ana.says("/story")
            ana.says(STORY)
            ana.waits(minutes=5)

    assert len(stored(ana)) == 5


def test_a_sixth_story_begun_before_the_fifth_was_kept_is_not_kept(ana: Talk) -> None:
    ana.joins()
    for _ in range(4):
        hands_in(ana)
    ana.says("/story")
    ana.store.write_now(drafts.add, ana.me(), "told", drafts.Words(STORY, None, "en"), HOUSE.secret, ana.now)
    ana.says(STORY)

    assert len(stored(ana)) == 5
    assert "waiting to be read" in ana.text()


def test_with_nothing_followed_any_more_all_causes_are_there_to_choose(ana: Talk, store: Store) -> None:
    ana.joins()
    publish(store, make.pack("nature", causes=("birds",), version=2))
    form = the_form(ana._turn(kind="command", command="story", opener="o1"))

    assert [label for _, label in form.fields[0].options] == ["birds"]


def test_a_message_becomes_a_draft_of_an_organizer(ana: Talk, olga: Talk) -> None:
    form = the_form(olga._turn(kind="shortcut", command="draft", text=f"{STORY}{HIDDEN}", opener="o1"))
    assert {field.name: field.value for field in form.fields}["text"] == STORY
    assert hands_in(olga, "draft", lang="es") == {}

    (kept,) = stored(olga)
    assert (kept.text, kept.origin, kept.language) == (STORY, "message", "es")
    assert "1 draft" in olga.text()


@pytest.mark.parametrize("text", ["", "x" * 10_000, "short"])
def test_any_message_opens_the_form(ana: Talk, olga: Talk, text: str) -> None:
    form = the_form(olga._turn(kind="shortcut", command="draft", text=text, opener="o1"))

    assert all(len(field.value) <= 3000 for field in form.fields)


def test_others_cannot_make_drafts_nor_read_them(ana: Talk, olga: Talk) -> None:
    hands_in(olga, "draft")
    number = stored(olga)[0].id
    assert "for organizers" in ana._turn(kind="shortcut", command="draft", text=STORY, opener="o1")[0].text
    assert hands_in(ana, "draft") == {}
    assert "for organizers" in ana.text()
    for data in ("drafts", f"drafts:yaml:{number}", f"drafts:no:{number}", f"drafts:used:{number}", "drafts:next:9"):
        (told,) = ana.presses(data)
        assert STORY not in told.text
        assert told.document is None

    assert [kept.state for kept in stored(olga)] == ["waiting"]


def test_organizers_find_the_drafts_and_go_through_them(ana: Talk, olga: Talk) -> None:
    for letter in "abc":
        hands_in(ana, text=f"{letter} {STORY}", name="Amina")
    olga.says("/organize")
    label = next(label for label in olga.buttons() if "3" in label)
    olga.taps(label)
    assert "c The clinic" in olga.text()
    assert "Amina" in olga.text()
    assert "water" in olga.text()
    olga.taps("Next")
    assert "b The clinic" in olga.text()
    olga.taps("Next")
    assert "a The clinic" in olga.text()
    olga.taps("Next")

    assert "c The clinic" in olga.text()


def test_with_no_draft_there_is_no_button_and_an_answer(ana: Talk, olga: Talk) -> None:
    olga.says("/organize")
    assert "drafts" not in olga.presses_shown()
    olga.presses("drafts")

    assert "No more drafts" in olga.text()


@pytest.mark.parametrize(
    ("button", "state", "told"), [("Taken over ✓", "used", "told to others"), ("Decline", "declined", "with care")]
)
def test_who_told_a_story_hears_what_became_of_it(ana: Talk, olga: Talk, button: str, state: str, told: str) -> None:
    hands_in(ana)
    olga.presses("drafts")
    before = len(ana.rows("deliveries"))
    olga.taps(button)

    assert [kept.state for kept in stored(ana)] == [state]
    heard = [row for row in ana.rows("deliveries") if row["subscriber_id"] == ana.me().id]
    assert len(ana.rows("deliveries")) - before == 2
    assert heard[-1]["kind"] == "reply"
    assert "No more drafts" in olga.text()


def test_a_draft_is_settled_once_and_its_author_told_once(ana: Talk, olga: Talk) -> None:
    hands_in(ana)
    number = stored(ana)[0].id
    before = len([row for row in ana.rows("deliveries") if row["subscriber_id"] == ana.me().id])
    for step in ("used", "no", "used", "no"):
        olga.presses(f"drafts:{step}:{number}")

    assert [kept.state for kept in stored(ana)] == ["used"]
    assert len([row for row in ana.rows("deliveries") if row["subscriber_id"] == ana.me().id]) == before + 1


def test_who_has_stopped_hears_nothing_of_their_story(ana: Talk, olga: Talk) -> None:
    hands_in(ana)
    number = stored(ana)[0].id
    ana.says("/stop")
    before = len([row for row in ana.rows("deliveries") if row["subscriber_id"] == ana.me().id])
    olga.presses(f"drafts:used:{number}")

    assert len([row for row in ana.rows("deliveries") if row["subscriber_id"] == ana.me().id]) == before


def test_a_draft_made_of_a_message_tells_nobody(ana: Talk, olga: Talk) -> None:
    hands_in(olga, "draft")
    olga.presses("drafts")
    olga.taps("Decline")

    assert len(olga.shown) == 1


@pytest.mark.parametrize(
    "data", ["drafts:yaml:999", "drafts:no:x", "drafts:used:", "drafts:yaml:" + "9" * 40, "drafts:next:-1"]
)
def test_a_forged_draft_is_answered(ana: Talk, olga: Talk, data: str) -> None:
    hands_in(ana)

    assert olga.presses(data)
    assert [kept.state for kept in stored(ana)] == ["waiting"]


def yaml_of(olga: Talk, number: int) -> tuple[str, str]:
    (told,) = [message for message in olga.presses(f"drafts:yaml:{number}") if message.document]
    assert told.document is not None
    return told.document.name, told.document.content


HOSTILE = [
    STORY,
    "Quotes \"double\" and 'single', a backslash \\ and a colon: here. # no comment, - no list, & no anchor",
    "Two paragraphs of it.\n\nThe second one, indented:\n    like code\n\tand a tab, so that it is long enough.",
    "---\nkind: win\n...\n- {a: b}\n%TAG ! tag:x,2000:\nand so on, until it is long enough to be one.",
    "🎈 Família, Zürich, العيادة فيها ضوء الآن, 光, and a flag 🏳️‍🌈 to end with, long enough.",
    "It looked <b>bold</b> and **strong** and _slanted_ with [brackets] and `code` to it, and it was long enough.",
    f"Letters{HIDDEN} that hide, \ufffe\uffff\u0085\u3164 between those that do not, until it is long enough.",
    "See https://example.org/path?x=1&y=2 for the rest of it, which is long enough to be a story.",
    "word " * 599 + "last",
]


@pytest.mark.parametrize("languages", [("en",), ("en", "es", "de"), ("de",)])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_draft_as_yaml_is_a_good_part_of_its_pack(
    ana: Talk, olga: Talk, tmp_path: Path, text: str, languages: tuple[str, ...]
) -> None:
    words = dict.fromkeys(languages, "Words.")
    publish(
        ana.store,
        make.pack("talks", causes=("radio",), chapters=0, languages=languages, title=words,
                  stories={"first": make.story("radio", text=words)}),
    )  # fmt: skip
    assert hands_in(ana, text=text, cause=cause_number(ana, "radio"), name='A: "mina" #1') == {}
    name, content = yaml_of(olga, stored(ana)[0].id)
    assert name == f"draft-{stored(ana)[0].id}.yaml"
    listed = ", ".join(languages)
    each = "{" + ", ".join(f"{code}: Words" for code in languages) + "}"
    (tmp_path / "pack.yaml").write_text(
        f"pack: talks\nversion: 2\ntitle: {each}\npublisher: {{name: Wells}}\nlanguages: [{listed}]\n"
        f"causes:\n  radio: {{title: {each}, why: {each}}}\n"
        f"stories:\n  first: {{cause: radio, kind: fact, text: {each}}}\n"
    )
    (tmp_path / name).write_text(content, encoding="utf-8")
    loaded = load.load([tmp_path])

    assert [str(problem) for problem in loaded.errors] == []
    (pack,) = loaded.packs
    (told,) = [one for slug, one in pack.pack.stories.items() if slug != "first"]
    assert (told.kind, told.cause) == ("testimony", "radio")
    assert choose(told.text, "en", languages[0]).split()[:3] == stored(ana)[0].text.split()[:3]


def test_the_page_hands_the_yaml_to_the_chat(ana: Talk, olga: Talk) -> None:
    hands_in(ana)
    shown = olga._turn(kind="press", text=f"drafts:yaml:{stored(ana)[0].id}", place=HOME, pressed="1")

    assert [message.place for message in shown if message.document] == [""]


def test_a_draft_under_another_secret_is_told_to_be_unreadable(ana: Talk, olga: Talk) -> None:
    ana.store.write_now(drafts.add, ana.me(), "told", drafts.Words(STORY, None, "en"), "another secret", ana.now)
    olga.presses("drafts")

    assert "cannot be read" in olga.text()
    assert "Decline" in olga.buttons()
    assert "As YAML" not in olga.buttons()


def test_a_draft_shown_cannot_pretend_to_be_ours(ana: Talk, olga: Talk) -> None:
    hands_in(ana, text="**Bold** [click](https://evil.example) and `code`\n\n# A heading, which is long enough.")
    olga.presses("drafts")

    assert "\\*\\*Bold" in olga.text()
    assert "[click](" not in olga.text()


def test_ones_own_data_has_the_story_in_clear(ana: Talk) -> None:
    ana.joins()
    hands_in(ana, name="Amina")
    (told,) = [message for message in ana.presses("export") if message.document]
    assert told.document is not None

    assert STORY in told.document.content
    assert "Amina" in told.document.content


def test_erasing_takes_the_stories_along(ana: Talk) -> None:
    ana.joins()
    hands_in(ana)
    ana.presses("erase:yes")

    assert not ana.rows("drafts")
