"""A channel that carries a cause together: what all read there, and what one alone reads beside it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.conversation import router
from bot.message import Address, Incoming, Message, Outcome, Profile, Receipt
from bot.nudging import outbox
from bot.nudging import rooms as telling
from content.model import Bid, Carrot, Goal, Pledge
from storage import history
from storage.store import Store
from tests import make
from tests.talk import HOUSE, START, Talk, publish

ACCOUNT = "slack:T1"
ROOM = "C1"


@dataclass
class Team:
    """A channel and its people. `read` is what stands in it, by the platform's id of the message."""

    store: Store
    now: datetime = START
    read: dict[str, Message] = field(default_factory=dict)
    private: dict[str, list[Message]] = field(default_factory=dict)
    refs: int = 0

    def does(self, who: str, **what: str) -> list[Message]:
        """Let someone do something; returns what only they are told in the room."""
        incoming = Incoming(
            Address(ACCOUNT, who), profile=Profile("en", "Europe/Berlin"), room=ROOM, private=False,
            place="https://hooks.slack.com/x", **what,
        )  # type: ignore[arg-type]  # fmt: skip
        answers = self.store.write_now(router.respond, incoming, self.now, HOUSE, random.Random(1))
        self.delivers()
        return [answer for answer in answers if not answer.room]

    def presses(self, who: str, data: str) -> list[Message]:
        return self.does(who, kind="press", text=data, pressed="C1:1")

    def delivers(self) -> None:
        for row, message in self.store.write_now(outbox.claim, ACCOUNT, self.now, 1000, []):
            self.refs += 1
            ref = message.replaces or f"C1:{self.refs}"
            self.store.write_now(outbox.note, row, Receipt(Outcome.SENT, ref=ref), self.now, 0.0)
            if row.chat == ROOM:
                self.read[ref] = message
            elif not message.place:
                self.private.setdefault(row.chat, []).append(message)

    def waits(self, **span: float) -> None:
        self.now += timedelta(**span)
        while self.store.write_now(telling.plan, self.now):
            pass
        self.delivers()

    @property
    def last(self) -> Message:
        return list(self.read.values())[-1]

    @property
    def posts(self) -> list[Message]:
        return [message for message in self.read.values() if any("room:did" in press for press in presses_of(message))]


def presses_of(*messages: Message) -> list[str]:
    return [button.press for message in messages for row in message.buttons for button in row if button.press]


def press_of(message: Message, verb: str) -> str:
    return next(press for press in presses_of(message) if press.startswith(verb))


@pytest.fixture
def team(store: Store) -> Team:
    """A channel that carries water, and was told its first story."""
    actions = {
        f"sign-{n}": make.action("water", kind="petition", rung="supporter", goal=Goal(count=1000)) for n in range(8)
    }
    publish(store, make.pack("nature", causes=("water", "trees"), chapters=6, actions=actions))
    made = Team(store)
    made.does("U1", kind="invited")
    (shown,) = made.presses("U1", "room:choose")
    label = next(button for row in shown.buttons for button in row if "water" in button.label)
    made.presses("U1", label.press)
    return made


def test_it_says_hello_once_and_what_it_will_do(store: Store) -> None:
    made = Team(store)
    for _ in range(3):
        made.does("U1", kind="invited")
    (hello,) = made.read.values()
    assert "once a week" in hello.text
    assert "name only those who ask" in hello.text


def test_whoever_invites_it_is_not_made_a_subscriber(store: Store) -> None:
    made = Team(store)
    made.does("U1", kind="invited")
    assert Talk(store).rows("subscribers") == []


def test_the_first_story_comes_at_once_and_then_one_a_week_in_order(team: Team) -> None:
    assert any("carries *water*" in message.text for message in team.read.values())
    first = len(team.posts)
    assert first == 1
    for _ in range(3):
        team.waits(days=7)
    assert len(team.posts) == 4
    stories = [row["story_id"] for row in Talk(team.store).rows("room_posts")]
    assert stories == sorted(stories)
    assert len(set(stories)) == 4


def test_after_a_long_outage_nothing_is_poured_out(team: Team) -> None:
    team.waits(days=38)
    assert len(team.posts) == 1
    team.waits(days=4)
    assert len(team.posts) == 2


def test_nobody_is_named_who_did_not_ask_for_it(team: Team) -> None:
    post = team.posts[-1]
    (thanks,) = team.presses("U1", press_of(post, "room:did"))
    assert "sees a number" in thanks.text
    team.presses("U2", "room:in")
    assert team.posts[-1].people == ()
    assert "1 person here has done it." in team.posts[-1].text

    team.presses("U2", "room:name:yes")
    assert team.posts[-1].people == ("U2",)
    team.presses("U2", "room:name:no")
    assert team.posts[-1].people == ()
    agreed = [(row["what"], row["given"]) for row in Talk(team.store).rows("consents")]
    assert agreed == [("named:room:1", True), ("named:room:1", False)]


def test_the_drive_is_shown_with_what_everyone_did(team: Team) -> None:
    for who in ("U1", "U2", "U3"):
        team.presses(who, press_of(team.posts[-1], "room:did"))
    assert "3 people here have done it." in team.posts[-1].text
    assert "3 of 1000" in team.posts[-1].text


def test_it_counts_once_and_can_be_taken_back(team: Team) -> None:
    did = press_of(team.posts[-1], "room:did")
    (thanks,) = team.presses("U1", did)
    (again,) = team.presses("U1", did)
    assert "counts" in again.text
    assert "1 person here" in team.posts[-1].text
    team.presses("U1", press_of(thanks, "undo"))
    assert "here has done it" not in team.posts[-1].text


def test_whoever_only_acts_is_never_written_to(team: Team) -> None:
    team.presses("U1", press_of(team.posts[-1], "room:did"))
    talk = Talk(team.store, chat="U1", account=ACCOUNT, now=team.now)
    assert talk.next_day() == []
    assert team.private == {}


def test_a_pledge_in_a_room_is_joined_in_private_and_nobody_there_is_said_to_have_done_it(store: Store) -> None:
    plant = make.action(kind="pledge", rung="curious", pledge=Pledge(needs=2, by=date(2026, 3, 13)))
    publish(store, make.pack("nature", causes=("water", "trees"), chapters=6, actions={"plant": plant}))
    team = Team(store)
    team.does("U1", kind="invited")
    (shown,) = team.presses("U1", "room:choose")
    team.presses("U1", next(one.press for row in shown.buttons for one in row if "water" in one.label))
    post = team.posts[-1]
    assert "It binds only once 2 are in" in post.text
    assert "Count me in" in [button.label for row in post.buttons for button in row]
    did = press_of(post, "room:did")
    told = team.presses("U1", did)
    again = team.presses("U1", did)
    assert "Nothing binds until 2 are" in told[-1].text
    assert "in already" in again[-1].text
    assert press_of(team.posts[-1], "room:did") == did
    assert "It is on" in team.presses("U2", did)[-1].text

    assert "done it" not in team.posts[-1].text
    assert "It is on" in team.private["U1"][-1].text


def test_a_carrot_day_in_a_room_counts_on_its_day_alone(store: Store) -> None:
    bids = {"oak": Bid(shop="Oak Bakery", place="here", promise="lamps", share=20)}
    days = {"vote_until": date(2026, 3, 7), "day": date(2026, 3, 14), "from_": "10:00", "until": "18:00"}
    day = make.action(kind="purchase", title="Carrot day", rung="curious", carrot=Carrot(bids=bids, zone="UTC", **days))
    publish(store, make.pack(actions={"day": day}))
    team = Team(store)
    team.does("U1", kind="invited")
    (shown,) = team.presses("U1", "room:choose")
    team.presses("U1", next(one.press for row in shown.buttons for one in row if "water" in one.label))
    did = press_of(next(one for one in team.posts if "Carrot day" in one.text), "room:did")

    assert "Whose bid shall win?" in team.presses("U1", did)[-1].text
    assert store.write_now(history.takers, "water/day") == 0
    team.now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert "I noted it" in team.presses("U1", did)[-1].text
    assert store.write_now(history.takers, "water/day") == 1
    talk = Talk(store, chat="U1", account=ACCOUNT, now=team.now)
    assert talk.next_day() == []  # whoever only acts is never written to


def test_one_press_follows_the_cause_in_private(team: Team) -> None:
    (told,) = team.presses("U9", press_of(team.posts[-1], "room:follow"))
    assert "in private" in told.text
    welcome, story = team.private["U9"]
    assert "Monday to Friday" in welcome.text
    assert story.text
    talk = Talk(team.store, chat="U9", account=ACCOUNT, now=team.now)
    me = talk.me()
    assert (me.follows, me.rhythm.zone, me.rhythm.frequency) == ({"nature/water"}, "Europe/Berlin", "weekdays")


def test_leaving_ends_it_and_coming_back_goes_on(team: Team) -> None:
    team.does("", kind="removed")
    team.waits(days=7)
    assert len(team.posts) == 1
    team.does("U1", kind="invited")
    assert "carries *water*" in team.last.text
    team.waits(days=7)
    assert len(team.posts) == 2


def test_a_room_that_is_gone_is_left(team: Team) -> None:
    team.now += timedelta(days=7)
    team.store.write_now(telling.plan, team.now)
    ((row, _),) = team.store.write_now(outbox.claim, ACCOUNT, team.now, 10, [])
    gone = Receipt(Outcome.UNREACHABLE, reason="is_archived")
    team.store.write_now(outbox.note, row, gone, team.now, 0.0)
    team.waits(days=7)
    assert len(team.posts) == 1


def test_it_rests_and_goes_on(team: Team) -> None:
    (menu,) = team.does("U1", kind="text", text="hm?")
    team.presses("U1", press_of(menu, "room:pause"))
    team.waits(days=7)
    assert len(team.posts) == 1
    team.presses("U1", "room:resume")
    team.waits(days=7)
    assert len(team.posts) == 2


@pytest.mark.parametrize(
    "data", ["room", "room:", "room:did:99", "room:did:x", "room:cause:99", "room:nothing", "room:follow:١"]
)
def test_an_old_or_forged_button_changes_nothing(team: Team, data: str) -> None:
    before = Talk(team.store).rows("taken")
    team.presses("U1", data)
    assert Talk(team.store).rows("taken") == before


def test_somebody_erased_vanishes_from_it(team: Team) -> None:
    team.presses("U2", "room:name:yes")
    assert team.posts[-1].people == ("U2",)
    Talk(team.store, chat="U2", account=ACCOUNT, now=team.now).presses("erase:yes")
    team.presses("U3", "room:in")
    assert team.posts[-1].people == ()
    assert "1 person is in." in team.posts[-1].text
