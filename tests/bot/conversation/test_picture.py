"""The path as a picture: drawn when it is wished for, of one's own path alone, and gone with its person."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image as Picture

from bot.conversation.turn import House
from bot.drawing import kept, path
from bot.message import Image, Profile, dump, parse
from bot.wording.tongue import LANGUAGES
from storage import drawings
from storage.store import Store
from tests.talk import Talk


def acts(talk: Talk) -> None:
    talk.says("/act")
    talk.presses(talk.press_of("done"))


def drawn(talk: Talk) -> Image:
    """Wish for the picture; it is one of ours, whole and private."""
    talk.says("/me")
    (message,) = talk.presses(talk.press_of("me"))
    assert message.image is not None
    found = talk.store.read_now(drawings.find, message.image.source)
    assert found is not None
    assert (found.media_type, found.private) == ("image/png", True)
    assert Picture.open(BytesIO(found.content)).width == 1080
    return message.image


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_path_comes_as_a_picture_and_says_itself_in_words(ana: Talk, language: str) -> None:
    ana.joins()
    ana.presses(f"set:lang:{language}")
    acts(ana)
    said = ana.says("/me")[0]
    label = {"en": "As a picture", "es": "Como imagen", "de": "Als Bild"}[language]
    assert said.image is None
    (message,) = ana.taps(label)

    assert message.image is not None
    assert message.language == language
    assert parse(dump(message)) == message
    for word in {"en": ("water", "supporter", "1 action", "step 2 of 6"), "es": ("peldaño 2 de 6",), "de": ("Stufe 2 von 6",)}[language]:  # fmt: skip
        assert word in message.image.alt
    assert "**" not in message.image.alt
    assert ana.presses_shown() == ["act"]


def test_the_newest_active_cause_comes_first(ana: Talk) -> None:
    ana.joins()
    causes = {row["id"]: str(row["slug"]) for row in ana.rows("items") if row["type"] == "cause"}
    for number in causes:
        ana.presses(f"follow:{number}")
    orders = set()
    for _ in range(4):
        acts(ana)
        newest = causes[max(ana.rows("taken"), key=lambda row: row["id"])["cause_id"]]  # type: ignore[arg-type, return-value, index]
        other = next(cause for cause in causes.values() if cause != newest)
        alt = drawn(ana).alt
        assert alt.index(newest) < alt.index(other)
        orders.add(newest)
        ana.now += timedelta(hours=1)

    assert orders <= set(causes.values())


def test_the_same_path_is_drawn_once_and_anew_when_it_changed(ana: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def draw(values: path.Path, really=path.draw) -> bytes:
        times.append(1)
        return really(values)

    monkeypatch.setattr(path, "draw", draw)
    ana.joins()
    first = drawn(ana)
    assert drawn(ana) == first
    acts(ana)
    second = drawn(ana)

    assert second.source != first.source
    assert len(times) == len(ana.rows("drawings")) == 2


def test_two_people_on_the_same_path_have_each_their_own_picture(ana: Talk, store: Store) -> None:
    bob = Talk(store, chat="2").joins()
    ana.joins()
    mine, theirs = drawn(ana), drawn(bob)

    assert mine.alt == theirs.alt
    assert mine.source != theirs.source


def test_nobody_computes_an_address_without_the_secret(ana: Talk) -> None:
    ana.joins()
    source = drawn(ana).source
    values = path.Path("", "", "", ())

    def made(secret: str) -> str:
        return ana.store.write_now(lambda conn: kept.kept(conn, path.draw, values, ana.now, secret=secret))

    assert drawings.DRAWN.fullmatch(source)
    assert made("one") != made("two")


def test_a_shared_picture_belongs_to_nobody(ana: Talk) -> None:
    values = path.Path("", "", "", ())
    source = ana.store.write_now(lambda conn: kept.kept(conn, path.draw, values, ana.now, secret=House().secret))
    found = ana.store.read_now(drawings.find, source)

    assert found is not None
    assert not found.private


def test_before_the_first_cause_there_is_nothing_to_draw(ana: Talk) -> None:
    ana.joins()
    ana.presses(next(f"leave:{row['cause_id']}" for row in ana.rows("follows")))
    (message,) = ana.presses("me:picture")

    assert message.image is None
    assert "begins with a cause" in message.text


def test_an_erased_person_leaves_no_picture(ana: Talk) -> None:
    ana.joins()
    source = drawn(ana).source
    ana.says("/privacy")
    ana.presses(next(press for press in ana.presses_shown() if press.startswith("erase")))
    while any(press.startswith("erase") for press in ana.presses_shown()):
        ana.presses(next(press for press in ana.presses_shown() if press.startswith("erase")))

    assert ana.rows("subscribers") == []
    assert ana.rows("drawings") == []
    assert ana.store.read_now(drawings.find, source) is None


def test_after_a_stop_the_path_can_still_be_seen(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")

    assert ana.presses("me:picture")[0].image is not None


def test_typed_it_works_too(ana: Talk) -> None:
    ana.profile = Profile(language="en", zone="Asia/Tokyo")
    ana.joins()

    assert ana.says("/me picture")[0].image is not None
