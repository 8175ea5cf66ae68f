"""A photo shows that something was done: invited once, looked at by people, answered kindly."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.channels.collecting import Collector
from bot.channels.files import FetchError, GoneError, TooBigError
from bot.clock import FixedClock
from bot.message import File, Message, Profile
from content.model import Reach, Step
from storage import person_export, photos, roles
from storage.store import Store
from tests import make, photographs
from tests.talk import HOUSE, START, Talk, publish

JPEG = photographs.jpeg()
PHOTO = File("photo-1", 200_000, "image/jpeg")
TITLE = "Plant a tree"
LADDER = (Step(rung="supporter", reach=Reach(actions=1, verified=1)),)


@pytest.fixture
def garden(store: Store) -> Store:
    """A pack whose actions a photo confirms, and with it the first rung."""
    about = {"kind": "volunteer", "verify": "photo", "minutes": 2}
    shown = {
        "plant": make.action("trees", title=TITLE, **about),
        "water": make.action("trees", title="Water a tree", **about),
    }
    publish(store, make.pack("garden", causes=("trees",), chapters=30, actions=shown, ladder=LADDER))
    return store


@pytest.fixture
def ana(garden: Store) -> Talk:
    return Talk(garden).joins()


@pytest.fixture
def mo(garden: Store) -> Talk:
    return moderator(garden, "mo")


def moderator(store: Store, chat: str, role: str = "moderator") -> Talk:
    talk = Talk(store, chat=chat, account="telegram:1").joins()
    store.write_now(roles.grant, talk.me(), role, talk.now)
    return talk


def does(talk: Talk) -> str:
    """Say that the ask which is shown was done; returns its number."""
    number = talk.press_of("done").partition(":")[2]
    talk.presses(f"done:{number}")
    return number


def fetched(talk: Talk, answer: bytes | Exception = JPEG) -> list[Message]:
    """Let what is wanted be fetched; returns what that brought into the chat."""

    class Platform:
        async def fetch(self, file: File) -> bytes:
            if isinstance(answer, Exception):
                raise answer
            return answer

    collector = Collector(talk.store, FixedClock(talk.now), HOUSE.secret, {talk.account: Platform()})

    async def collect() -> None:
        await collector.collect()
        await talk.store.reader.dispose()

    asyncio.run(collect())
    talk.shown = [message for row, message in talk._deliver() if row.chat == talk.chat]
    return talk.shown


def does_two_things(talk: Talk) -> None:
    """Do what was asked, and another thing two days later."""
    does(talk)
    talk.now += timedelta(days=2)
    talk.says("/act")
    does(talk)


def sends(talk: Talk) -> str:
    """Do what was asked, and show it; returns the number of the ask."""
    number = does(talk)
    talk.shows(PHOTO)
    fetched(talk)
    return number


def statuses(talk: Talk) -> list[tuple[object, object]]:
    return [(row["status"], row["source"]) for row in talk.rows("taken")]


def test_whoever_did_something_is_invited_once_and_may_skip(ana: Talk) -> None:
    does(ana)
    assert ana.text().count("A photo would make it count as confirmed") == 1
    assert "the place it was taken is removed" in ana.text()
    ana.taps("Skip")
    assert "counts as you told me" in ana.text()
    ana.shows(PHOTO)

    assert "I can only read words" in ana.text()
    assert statuses(ana) == [("claimed", "self")]


def test_what_needs_no_photo_invites_to_none(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    ben = Talk(store).joins()
    does(ben)

    assert "photo" not in ben.text()
    ben.shows(PHOTO)
    assert "I can only read words" in ben.text()


def test_a_photo_is_accepted_and_told_with_the_rung_it_opened(ana: Talk, mo: Talk) -> None:
    does(ana)
    assert "supporter" not in ana.text()
    ana.shows(PHOTO)
    assert "People from the organization will look at it" in ana.text()
    fetched(ana)
    mo.says("/organize")
    mo.taps("1 photo waiting")
    assert TITLE in mo.text() or "Water a tree" in mo.text()
    assert mo.shown[0].image is not None
    answers = mo.taps("Accept ✓")
    assert answers[0].notice == "Accepted, and told."
    assert "No more photos wait" in mo.text()

    (told,) = ana.waits(minutes=1)
    assert "counts as confirmed now" in told.text
    assert "supporter" in told.text
    assert statuses(ana) == [("verified", "photo")]
    assert [(row["what"], row["origin"]) for row in ana.rows("audit")] == [("photo accepted", "chat")]


def test_who_looks_at_a_photo_learns_nothing_of_who_sent_it(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.says("/organize")
    (shown,) = mo.taps("photos")

    everything = repr(shown)
    assert ana.me().key not in everything
    assert shown.image is not None
    assert shown.image.source == f"photo/{ana.rows('photos')[0]['id']}"
    assert shown.image.alt.startswith("A photo somebody sent for: ")
    assert "Mar 2, 2026" in shown.text


@pytest.mark.parametrize(
    ("reason", "said", "left"),
    [
        ("unclear", "could not make out what it shows", [("claimed", "self")]),
        ("person", "someone who may not want to be seen, so it was deleted", [("claimed", "self")]),
        ("other", "I no longer count this one", [("undone", "self")]),
    ],
)
def test_a_photo_is_declined_with_its_reason(ana: Talk, mo: Talk, reason: str, said: str, left: object) -> None:
    sends(ana)
    mo.says("/organize")
    mo.taps("photos")
    mo.taps("Not this one")
    assert len([press for press in mo.presses_shown() if press.startswith("photos:no:")]) == 3
    mo.taps(f"photos:no:{ana.rows('photos')[0]['id']}:{reason}")

    (told,) = ana.waits(minutes=1)
    assert said in told.text
    assert ("can send another one" in told.text) == (reason != "other")
    assert statuses(ana) == left
    assert [row["what"] for row in ana.rows("audit")] == ["photo declined"]
    decided = next(row for row in ana.rows("photos") if row["state"] == "declined")
    assert (decided["content"] is None) == (reason == "person")


def test_after_a_decline_another_photo_may_be_sent_and_accepted(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.presses(f"photos:no:{ana.rows('photos')[0]['id']}:unclear")
    ana.waits(minutes=1)
    ana.shows(File("photo-2", 1, "image/jpeg"))
    fetched(ana)
    mo.presses("photos")
    mo.taps("Accept ✓")
    ana.waits(minutes=1)

    assert "counts as confirmed" in ana.text()
    assert statuses(ana) == [("verified", "photo")]


def test_what_no_longer_counts_can_be_claimed_again(ana: Talk, mo: Talk) -> None:
    number = sends(ana)
    mo.presses(f"photos:no:{ana.rows('photos')[0]['id']}:other")
    ana.waits(minutes=1)
    ana.presses(f"done:{number}")

    assert "A photo would make it count" in ana.text()
    assert [status for status, _ in statuses(ana)] == ["undone", "claimed"]


def test_two_who_decide_the_same_photo_make_one_decision(ana: Talk, mo: Talk) -> None:
    kim = moderator(ana.store, "kim", "owner")
    sends(ana)
    number = ana.rows("photos")[0]["id"]
    mo.presses(f"photos:yes:{number}")
    kim.presses(f"photos:no:{number}:other")

    assert "settled already" in kim.text()
    assert statuses(ana) == [("verified", "photo")]
    assert len(ana.waits(minutes=1)) == 1
    assert len(ana.rows("audit")) == 1


@pytest.mark.parametrize("press", ["photos", "photos:yes:1", "photos:no:1:other", "photos:next:1"])
def test_nobody_without_a_role_sees_or_decides(ana: Talk, press: str) -> None:
    ben = Talk(ana.store, chat="ben").joins()
    sends(ana)
    shown = ben.presses(press)

    assert [message.image for message in shown] == [None]
    assert "This is for organizers" in ben.text()
    assert statuses(ana) == [("claimed", "self")]


@pytest.mark.parametrize(
    "press", ["photos:yes:x", "photos:yes:99", "photos:no:1:because", "photos:yes:" + "9" * 30, "photos::"]
)
def test_a_forged_decision_changes_nothing(ana: Talk, mo: Talk, press: str) -> None:
    sends(ana)
    mo.presses(press)

    assert mo.shown
    assert statuses(ana) == [("claimed", "self")]
    assert not ana.rows("audit")


def test_nobody_decides_about_a_photo_of_their_own(garden: Store) -> None:
    mo = moderator(garden, "mo")
    mo.says("/act")
    does(mo)
    mo.shows(PHOTO)
    fetched(mo)
    mo.says("/organize")
    assert "photo" not in " ".join(mo.buttons())
    mo.presses(f"photos:yes:{mo.rows('photos')[0]['id']}")

    assert statuses(mo) == [("claimed", "self")]


def test_next_goes_round_and_comes_back(ana: Talk, mo: Talk) -> None:
    ben = Talk(ana.store, chat="ben").joins()
    sends(ana)
    sends(ben)
    mo.says("/organize")
    first = mo.taps("2 photos waiting")[-1]
    second = mo.taps("Next")[-1]
    third = mo.taps("Next")[-1]
    assert first.image is not None
    assert first.image == third.image != second.image
    mo.taps("Not this one")
    mo.taps("Back")

    assert "Accept ✓" in mo.buttons()


def test_several_open_invitations_ask_which(ana: Talk, mo: Talk) -> None:
    does_two_things(ana)
    ana.shows(PHOTO)
    assert "What does the photo show?" in ana.text()
    assert [label.partition(" · ")[2] for label in ana.buttons()[:2]] == ["Wed, Mar 4", "Mon, Mar 2"]
    ana.taps(next(label for label in ana.buttons() if TITLE in label))
    assert "People from the organization" in ana.text()
    fetched(ana)
    mo.presses("photos")

    assert TITLE in mo.text()
    assert sorted(str(row["state"]) for row in ana.rows("photos")) == ["invited", "waiting"]


def test_a_photo_of_none_of_them_is_not_kept(ana: Talk) -> None:
    does_two_things(ana)
    ana.shows(PHOTO)
    press = next(press for press in ana.presses_shown() if press.startswith("photo:for"))
    ana.taps("None of these")
    assert "I do not keep it" in ana.text()
    ana.presses(press)

    assert "settled already" in ana.text()
    assert {row["state"] for row in ana.rows("photos")} == {"invited"}


def test_a_second_photo_while_one_waits_is_enough(ana: Talk) -> None:
    sends(ana)
    ana.shows(File("photo-2"))

    assert "one is enough" in ana.text()
    assert len(ana.rows("photos")) == 1


def test_an_invitation_ends_after_a_week(ana: Talk) -> None:
    does(ana)
    ana.now += timedelta(days=7, seconds=1)
    ana.shows(PHOTO)

    assert "I can only read words" in ana.text()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (File("x", 40_000_000, "image/jpeg"), "larger than 10 MB"),
        (File("x", 20_000_000, "image/png"), "larger than 10 MB"),
        (File("x", 1000, "application/pdf"), "send a JPEG or PNG"),
        (File("x", 1000, "video/mp4"), "send a JPEG or PNG"),
        (None, "send a JPEG or PNG"),
    ],
    ids=["40 MB", "20 MB", "pdf", "film", "sticker"],
)
def test_what_cannot_be_a_photo_is_refused_before_it_is_fetched(ana: Talk, file: File | None, said: str) -> None:
    does(ana)
    ana.shows(file)
    assert said in ana.text()
    assert not fetched(ana, AssertionError("fetched"))  # type: ignore[arg-type]
    ana.shows(PHOTO)

    assert "People from the organization" in ana.text()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"GIF89a no photo", "send a JPEG or PNG"),
        (photographs.jpeg()[:-3000], "send a JPEG or PNG"),
        (photographs.bomb(), "send a JPEG or PNG"),
        (TooBigError(), "larger than 10 MB"),
        (GoneError(), "send it once more"),
    ],
    ids=["no photo", "cut off", "bomb", "too big", "gone"],
)
def test_what_turns_out_to_be_no_photo_is_told_and_another_is_welcome(
    ana: Talk, answer: bytes | Exception, said: str
) -> None:
    does(ana)
    ana.shows(PHOTO)
    (told,) = fetched(ana, answer)
    assert said in told.text
    ana.shows(PHOTO)
    fetched(ana)

    assert [row["state"] for row in ana.rows("photos")] == ["waiting"]


def test_a_platform_in_trouble_is_asked_three_times_and_then_the_person(ana: Talk) -> None:
    does(ana)
    ana.shows(PHOTO)
    said = []
    for _ in range(3):
        said.append([message.text for message in fetched(ana, FetchError("away"))])
        ana.now += timedelta(minutes=2)

    assert said[:2] == [[], []]
    assert "send it once more" in said[2][0]
    assert [row["state"] for row in ana.rows("photos")] == ["invited"]


def test_a_photo_that_kills_whoever_opens_it_is_given_up(ana: Talk) -> None:
    does(ana)
    ana.shows(PHOTO)
    for _ in range(3):  # claimed, and nothing more was heard
        assert ana.store.write_now(photos.claim, ["web"], ana.now) is not None
        assert ana.store.write_now(photos.claim, ["web"], ana.now) is None
        ana.now += timedelta(minutes=4)

    assert "send it once more" in fetched(ana)[0].text


def test_taking_a_claim_back_takes_its_photo_along(ana: Talk, mo: Talk) -> None:
    number = sends(ana)
    ana.presses(f"undo:{number}")
    assert ana.rows("photos") == []
    mo.presses("photos")

    assert "No more photos wait" in mo.text()


def test_what_is_confirmed_cannot_be_taken_back_by_accident(ana: Talk, mo: Talk) -> None:
    number = sends(ana)
    mo.presses(f"photos:yes:{ana.rows('photos')[0]['id']}")
    ana.presses(f"undo:{number}")

    assert "nothing to take back" in ana.text()


def test_the_answer_comes_after_the_quiet_hours_and_not_to_who_stopped(ana: Talk, mo: Talk) -> None:
    ben = Talk(ana.store, chat="ben").joins()
    sends(ana)
    sends(ben)
    ben.says("/stop")
    for talk in (ana, mo):
        talk.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    for row in ana.rows("photos"):
        mo.presses(f"photos:yes:{row['id']}")
    assert not ana.waits(minutes=5)
    answers = ana.waits_for_all(hours=8)

    assert [row.chat for row, _ in answers if row.kind == "reminder"] == ["1"]
    assert {status for status, _ in statuses(ana)} == {"verified"}


def test_a_photo_lies_sealed_and_comes_out_clean(ana: Talk) -> None:
    sends(ana)
    (row,) = ana.rows("photos")
    kept = row["content"]
    assert isinstance(kept, bytes)
    assert b"JFIF" not in kept
    assert row["file"] == ""
    picture = ana.store.write_now(photos.picture, row["id"], HOUSE.secret)
    assert picture is not None
    assert not [trace for trace in photographs.TRACES if trace in picture]
    assert Image.open(BytesIO(picture)).size == (640, 480)
    assert ana.store.write_now(photos.picture, row["id"], "another secret") is None


def test_only_the_decision_stays_after_ninety_days(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.presses(f"photos:yes:{ana.rows('photos')[0]['id']}")
    ana.store.write_now(photos.sweep, START + timedelta(days=89))
    assert ana.rows("photos")[0]["content"] is not None
    ana.store.write_now(photos.sweep, START + timedelta(days=91))

    (row,) = ana.rows("photos")
    assert (row["content"], row["state"]) == (None, "accepted")


def test_an_erased_person_leaves_no_photo(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.presses("photos")
    press = mo.press_of("photos")
    ana.presses("erase:yes")
    assert ana.rows("photos") == []
    mo.presses(press)

    assert "settled already" in mo.text()


def test_an_erased_moderator_leaves_the_decision(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.presses(f"photos:yes:{ana.rows('photos')[0]['id']}")
    mo.presses("erase:yes")

    (row,) = ana.rows("photos")
    assert (row["state"], row["decided_by"]) == ("accepted", None)


def test_a_person_reads_in_their_own_data_what_became_of_it(ana: Talk, mo: Talk) -> None:
    sends(ana)
    mo.presses(f"photos:yes:{ana.rows('photos')[0]['id']}")
    told = json.loads(ana.store.write_now(person_export.of, ana.me(), HOUSE.secret))

    assert [(one["state"], one["kept"]) for one in told["photos"]] == [("accepted", True)]
    assert told["photos"][0]["action"].startswith("garden/")


@pytest.mark.parametrize(("language", "said"), [("es", "Con una foto contaría"), ("de", "Mit einem Foto würde")])
def test_it_is_all_said_in_the_language_of_each(garden: Store, mo: Talk, language: str, said: str) -> None:
    ben = Talk(garden, chat="ben", profile=Profile(language=language, zone="UTC")).joins()
    does(ben)
    assert said in ben.text()
    ben.shows(PHOTO)
    fetched(ben)
    mo.presses(f"photos:no:{ben.rows('photos')[0]['id']}:unclear")
    (told,) = ben.waits(minutes=1)

    assert told.language == language
    assert "People" not in told.text
