"""From what Slack delivers to what a person did; whatever is odd about it, nobody else is meant by it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.envelope import from_body, sort
from bot.channels.slack.inbound import Us, incoming, person_in
from bot.message import HOME, Profile

US = Us("slack:T1", "UBOT00001", frozenset({"act", "help", "me"}), lambda _person: Profile("de", "Europe/Berlin"))
ANA = "U0ANA0001"
HOOK = "https://hooks.slack.com/actions/T1/2/3"


def event(**about: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"user": ANA, **about}}


def said(text: str, **about: Any) -> dict[str, Any]:
    return event(type="message", channel_type="im", channel="D1", text=text, ts="1.2", **about)


def command(name: str, text: str = "", channel: str = "D1") -> dict[str, Any]:
    return {"command": name, "text": text, "user_id": ANA, "channel_id": channel, "team_id": "T1",
            "response_url": HOOK, "trigger_id": "9.9"}  # fmt: skip


def press(container: dict[str, Any], value: str = "done:1", action: str = "press.0.0") -> dict[str, Any]:
    return {"type": "block_actions", "user": {"id": ANA}, "team": {"id": "T1"}, "trigger_id": "8.8", "response_url": HOOK,
            "container": container, "channel": {"id": container.get("channel_id", "D1")},
            "actions": [{"type": "button", "action_id": action, "value": value}]}  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (said("hello"), {"kind": "text", "text": "hello", "private": True}),
        (said("Help"), {"kind": "command", "command": "help"}),
        (said("help me please"), {"kind": "text", "text": "help me please"}),
        (said("&lt;!channel&gt; &amp; <@U9> <https://a.org/?x=1|a>"), {"text": "<!channel> &  https://a.org/?x=1"}),
        (said("", files=[{"id": "F1"}], subtype="file_share"), {"kind": "media"}),
        (event(type="app_mention", channel="C0ROOM1", text="<@UBOT00001> hi"), {"kind": "text", "room": "C0ROOM1", "place": "C0ROOM1"}),
        (event(type="app_home_opened", tab="home"), {"kind": "home", "place": HOME, "text": ""}),
        (event(type="app_home_opened", tab="messages"), {"kind": "home", "place": "", "text": "chat"}),
        (command("/act"), {"kind": "command", "command": "act", "place": "", "room": ""}),
        (command("/act", channel="C0ROOM1"), {"place": HOOK, "room": "C0ROOM1", "private": True}),
        (command("/kindling", " Me "), {"command": "me", "text": ""}),
        (command("/kindling", "/act now please"), {"command": "act", "text": "now please"}),
        (command("/kindling"), {"command": "help"}),
        (press({"type": "message", "message_ts": "1.2", "channel_id": "D1"}), {"pressed": "D1:1.2", "place": ""}),
        (press({"type": "message", "message_ts": "1.2", "channel_id": "C0ROOM1"}), {"room": "C0ROOM1", "place": HOOK}),
        (press({"type": "message", "message_ts": "1.2", "channel_id": "C0ROOM1", "is_ephemeral": True}),
         {"pressed": HOOK, "place": HOOK, "room": "C0ROOM1"}),
        (press({"type": "view", "view_id": "V1"}), {"pressed": HOME, "place": HOME}),
        ({"type": "shortcut", "callback_id": "record", "user": {"id": ANA}, "trigger_id": "1"},
         {"kind": "shortcut", "command": "record", "opener": "1"}),
        ({"type": "message_action", "callback_id": "draft", "user": {"id": ANA}, "message": {"text": "a &amp; b"}},
         {"kind": "shortcut", "command": "draft", "text": "a & b"}),
    ],
)  # fmt: skip
def test_what_a_person_did(tree: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = incoming(tree, US)
    assert found is not None
    assert found.address.chat == ANA
    assert {name: getattr(found, name) for name in wanted} == wanted


def test_a_command_typed_between_two_people_is_answered_there_to_its_sender_alone() -> None:
    us = Us("slack:T1", "UBOT00001", frozenset({"act"}), US.profile_of, lambda _person: "D0OURS01")
    elsewhere, ours = (incoming(command("/act", channel=channel), us) for channel in ("D0OTHER1", "D0OURS01"))
    assert elsewhere is not None
    assert ours is not None
    assert (elsewhere.place, ours.place) == (HOOK, "")


def test_being_taken_into_a_channel_and_out_of_it() -> None:
    came = incoming(event(type="member_joined_channel", channel="C0ROOM1", inviter=ANA) | {}, US)
    assert came is None  # somebody else came
    tree = {"type": "event_callback", "event": {"type": "member_joined_channel", "user": "UBOT00001", "channel": "C0ROOM1",
                                                 "inviter": ANA}}  # fmt: skip
    found = incoming(tree, US)
    assert found is not None
    assert (found.kind, found.room, found.address.chat) == ("invited", "C0ROOM1", ANA)
    for kind in ("channel_left", "group_left", "channel_archive", "channel_deleted"):
        left = incoming({"type": "event_callback", "event": {"type": kind, "channel": "C0ROOM1"}}, US)
        assert left is not None
        assert left.kind == "removed"


@pytest.mark.parametrize(
    "tree",
    [
        said("from a bot", bot_id="B1"), said("own", user="UBOT00001"), said("edited", subtype="message_changed"),
        said("in a channel") | {"event": {"type": "message", "user": ANA, "channel_type": "channel", "text": "x"}},
        event(type="reaction_added"), event(type="app_home_opened", tab="about"), event(type="message"),
        event(type="member_left_channel", channel="C0ROOM1"), event(type="app_mention", channel="D1x!", bot_id="B1", text="x"),
        {"type": "block_actions", "user": {"id": ANA}}, {"type": "block_actions", "user": {"id": ANA}, "actions": "x"},
        press({"type": "message"}, action="open.0.0"), press({"type": "view"}, action="value.zone"),
        {"type": "shortcut", "user": {"id": "../../x"}}, {"type": "shortcut", "user": {"id": 7}}, {"type": "shortcut"},
        {"type": "view_submission", "user": {"id": ANA}}, {"type": "dialog_submission", "user": {"id": ANA}},
        {"command": 7, "user_id": ANA}, {"command": "/act", "user_id": "B1"}, {"event": 3, "type": "event_callback"}, {},
    ],
)  # fmt: skip
def test_what_is_nothing_for_us(tree: dict[str, Any]) -> None:
    assert incoming(tree, US) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "event", "user", "id", "text", "channel", "view", "state", "values", "actions", "container",
                         "command", "user_id", "team", "authorizations", "private_metadata", "message", "ts"]),
        inner | st.sampled_from(["event_callback", "block_actions", "view_submission", "message", "im", ANA]), max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_nothing_odd_is_more_than_refused(tree: Any) -> None:
    if isinstance(tree, dict):
        envelope = sort(tree)
        assert len(envelope.key) <= 100
        assert envelope.owner.isascii()
        person_in(tree)
        incoming(tree, US)
    else:
        with pytest.raises(ValueError, match="no object"):
            incoming(tree, US)


@pytest.mark.parametrize("body", [b"\xff", b"payload=%7B", b"[" * 100_000, b"3", b"payload=3", b""])
def test_an_odd_body_is_no_tree(body: bytes) -> None:
    assert not from_body("application/json", body)
    assert not from_body("application/x-www-form-urlencoded", body)


def test_a_delivery_belongs_to_its_workspace_or_to_its_organization() -> None:
    assert sort(said("x")).owner == "T1"
    assert sort(command("/act")).owner == "T1"
    assert sort(command("/act") | {"is_enterprise_install": "true", "enterprise_id": "E1"}).owner == "E1"
    own = {"authorizations": [{"team_id": "T2", "enterprise_id": None, "is_enterprise_install": False}]}
    assert sort(said("x") | own).owner == "T2"


def test_the_same_delivery_has_the_same_key() -> None:
    assert sort(said("x")).key == sort(said("x", more="y")).key == "Ev1"
    assert sort(command("/act")).key == "9.9"
    assert sort({"type": "view_closed", "a": 1}).key != sort({"type": "view_closed", "a": 2}).key
