"""What people who live in Slack expect: the Home tab, forms with errors beside the fields, shortcuts, a team's channel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import slack as acting
from tests.acceptance.instance import PACKS, Instance
from tests.platforms.slack import Message, Person, Room, SlackStandIn


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn.in_thread() as running:
        yield running


@pytest.fixture(params=acting.MODES)
def house(request: pytest.FixtureRequest, tmp_path: Path, slack: SlackStandIn) -> Iterator[Instance]:
    """A running instance with one sample pack, once for each way in."""
    made = Instance(tmp_path)
    made.must("pack", "load", str(PACKS / "energy-access"))
    with acting.running(made, slack, request.param):
        yield made
    assert slack.late == []
    assert slack.complaints == []


@pytest.fixture
def ana(slack: SlackStandIn) -> Person:
    return slack.person("Ana", locale="en-GB", tz="Europe/London")


def words_of(view: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def test_everything_can_be_done_on_the_home_tab(house: Instance, slack: SlackStandIn, ana: Person) -> None:
    ana.opens_home()
    for press in ("join:cause:", "join:go", "join:freq:daily", "join:hour:1080", "done:"):
        press_at_home(slack, ana, press)
    slack.wait(lambda: "Thank you! I noted it" in words_of(home(ana)))

    assert "you are here: _supporter_" in words_of(home(ana))
    assert [row["status"] for row in house.rows("actions")] == ["claimed"]


def test_a_form_keeps_what_is_right_and_tells_what_is_not(house: Instance, slack: SlackStandIn, ana: Person) -> None:
    acting.joins(ana)
    ana.types("/settings")
    slack.wait(lambda: ana.modal)
    reply = ana.submits({"zone": "Nowhere", "min": "7"})
    assert "zone" in ana.errors
    assert reply.status == 200
    assert house.rows("subscribers")[0]["time_zone"] == "Europe/London"

    ana.submits({"zone": "Madrid", "min": "7"})
    assert ana.modal is None
    ana.hears("Saved.")
    assert house.rows("subscribers")[0]["time_zone"] == "Europe/Madrid"


def test_an_action_done_elsewhere_is_recorded_by_a_shortcut(house: Instance, slack: SlackStandIn, ana: Person) -> None:
    acting.joins(ana)
    ana.uses_shortcut("record")
    slack.wait(lambda: ana.modal)
    (action,) = (block for block in modal(ana)["blocks"] if block["type"] == "input")
    ana.submits({"action": action["element"]["options"][0]["value"]})
    ana.hears("Thank you! I noted it")
    assert [row["status"] for row in house.rows("actions")] == ["claimed"]


def test_an_organizer_turns_a_message_into_a_draft_and_nobody_else_can(
    house: Instance, slack: SlackStandIn, ana: Person
) -> None:
    ben = slack.person("Ben", locale="en-GB", tz="Europe/London")
    room = slack.channel("general", members=[ana, ben])
    said = ben.says("The clinic in our village has light at night since last spring, and it changed everything.", room)
    for who in (ana, ben):
        acting.joins(who)
    code = house.must("organizer", "add", "--role", "organizer").strip()
    ana.types("/kindling", f"claim {code}")
    ana.hears("organizer")

    ana.uses_message_shortcut("draft", said)
    slack.wait(lambda: ana.modal)
    ana.submits({})
    ana.hears("Kept.")
    acting.taps(ana, "drafts")
    assert "light at night" in ana.hears("1 draft").words

    ben.uses_message_shortcut("draft", said)
    ben.hears("for organizers")


def test_a_command_in_a_channel_is_answered_to_its_sender_alone(
    house: Instance, slack: SlackStandIn, ana: Person
) -> None:
    ben = slack.person("Ben")
    room = slack.channel("general", members=[ana, ben])
    acting.joins(ana)
    ana.types("/act", channel=room)
    offer = slack.wait(lambda: next((m for m in ana.messages if m.channel == room.id and m.ephemeral), None))
    assert offer is not None
    ana.presses(offer, acting.action_id(offer, "later:"))
    slack.wait(lambda: [m for m in ana.messages if m.channel == room.id][-1].ts != offer.ts)
    assert all(message.channel != room.id for message in ben.messages)


@pytest.mark.parametrize("typed", ["help", "act", "nonsense", ""])
def test_kindling_carries_every_command_behind_it(
    house: Instance, slack: SlackStandIn, ana: Person, typed: str
) -> None:
    acting.joins(ana)
    ana.listens()
    assert ana.types("/kindling", typed).status == 200
    slack.wait(lambda: ana.news)


def test_a_team_carries_a_cause_and_each_decides_what_is_seen(
    house: Instance, slack: SlackStandIn, ana: Person
) -> None:
    ben = slack.person("Ben", locale="de-DE", tz="Europe/Berlin")
    room = slack.channel("general", members=[ana, ben])
    ana.invites_bot(room)
    ana.presses(ana.hears("carry one cause"), "Choose a cause")
    causes = ana.hears("Which cause")
    assert causes.ephemeral
    ana.presses(causes, causes.buttons[0])

    post = in_room(slack, room, "I did it ✓")
    ben.presses(post, "I did it ✓")
    slack.wait(lambda: "1 person here has done it." in in_room(slack, room, "I did it ✓").words)
    assert "@Ben" not in in_room(slack, room, "I did it ✓").words
    acting.taps(ben, "room:name:yes")
    slack.wait(lambda: "@Ben" in in_room(slack, room, "I did it ✓").words)

    ben.presses(post, "Follow in private")
    ben.hears("Montag bis Freitag")
    people = {row["time_zone"]: row["state"] for row in house.rows("subscribers")}
    assert people["Europe/Berlin"] == "active"


def test_a_new_face_in_the_chat_is_greeted_once(house: Instance, slack: SlackStandIn, ana: Person) -> None:
    for _ in range(3):
        ana.opens_home("messages")
    ana.hears("What do you care about?")
    ana.hears_nothing()


def home(person: Person) -> dict[str, Any]:
    assert person.home is not None
    return person.home


def modal(person: Person) -> dict[str, Any]:
    assert person.modal is not None
    return person.modal


def press_at_home(slack: SlackStandIn, person: Person, press: str) -> None:
    """Wait until the page has a button that sends this, and press it."""
    slack.wait(lambda: person.home and any(value.startswith(press) for value in acting.presses_of(person.home)))
    person.presses(home(person), acting.action_id(home(person), press))


def in_room(slack: SlackStandIn, room: Room, label: str) -> Message:
    """The newest message of a channel with this button."""

    def found() -> Message | None:
        return next((message for message in reversed(room.messages) if label in message.buttons), None)

    message = slack.wait(found)
    assert message is not None
    return message
