"""/link, told as two chats of one person."""

import re
from datetime import timedelta

import pytest

from bot.message import Profile
from storage.store import Store
from tests.talk import Talk

SLACK = "slack:T1"


@pytest.fixture
def web(ana: Talk) -> Talk:
    return ana.joins()


@pytest.fixture
def slack(store: Store, ana: Talk) -> Talk:
    return Talk(store, chat="U1", account=SLACK)


def code_in(words: str) -> str:
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", words)
    assert found is not None, words
    return found[0]


def test_a_code_from_one_chat_joins_the_other(web: Talk, slack: Talk) -> None:
    web.says("/act")
    web.taps(web.press_of("done"))
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")
    assert "1 action" in slack.text()
    slack.taps("Join them")

    assert "one path" in slack.text()
    slack.says("/me")
    assert "(Mar 2, 2026)" in slack.text()
    assert slack.me().key == web.me().key


def test_a_code_is_read_however_it_is_typed(web: Talk, slack: Talk) -> None:
    web.says("/link")
    slack.says(f"/link  {code_in(web.text()).lower().replace('-', ' ')}")
    assert "Join them" in slack.buttons()


def test_the_nudge_comes_to_the_chosen_chat_and_never_to_both(web: Talk, slack: Talk) -> None:
    join(web, slack)
    assert slack.buttons() == ["Here (Slack)", "✓ the web page"]
    slack.taps("Here (Slack)")
    assert "**Slack**" in slack.text()

    slack.now = web.now
    assert slack.next_day() != []
    kinds = [(row["kind"], row["status"]) for row in web.rows("deliveries") if row["kind"] == "nudge"]
    assert kinds == [("nudge", "sent")]
    web.now = slack.now
    assert web.next_day() == []


def test_until_a_choice_is_made_nudges_come_where_the_code_was_made(web: Talk, slack: Talk) -> None:
    join(web, slack)
    slack.now = web.now

    assert web.next_day() != []
    assert slack.next_day() == []


def test_the_choice_is_open_in_link_and_in_the_settings(web: Talk, slack: Talk) -> None:
    web.says("/settings")
    assert "Where" not in web.buttons()
    join(web, slack)
    slack.taps("✓ the web page")
    web.says("/link")
    web.taps("Slack: bring my stories here")
    assert "**Slack**" in web.text()

    web.says("/settings")
    assert "- Where: **Slack**" in web.text()
    web.taps("Where")
    assert web.buttons() == ["Here (the web page)", "✓ Slack", "Back"]
    web.taps("Here (the web page)")
    web.says("/settings")
    assert "- Where: **the web page**" in web.text()
    web.taps("set:freq")
    web.taps("set:freq:weekly")
    assert "Where" in web.buttons()


def test_stop_in_one_chat_stops_both(web: Talk, slack: Talk) -> None:
    join(web, slack)
    slack.says("stop")
    web.now = slack.now
    assert web.next_day() == []
    assert web.me().state == "stopped"


def test_both_had_done_the_same_and_it_counts_once(web: Talk, slack: Talk) -> None:
    slack.joins()
    for chat in (web, slack):
        chat.says("/act")
        chat.taps(chat.press_of("done"))
    actions = {row["action_id"] for row in web.rows("taken")}
    join(web, slack)
    assert len(web.rows("taken")) == len(actions)
    assert {row["subscriber_id"] for row in web.rows("taken")} == {web.me().id}


@pytest.mark.parametrize("typed", ["/link AAAA-AAAA", "/link 12", "/link 😀", "/link " + "A" * 4000])
def test_a_wrong_code_is_answered_kindly(slack: Talk, typed: str) -> None:
    slack.says(typed)
    assert "not valid" in slack.text()


def test_a_code_cannot_be_guessed(web: Talk, slack: Talk) -> None:
    web.says("/link")
    code = code_in(web.text())
    for _ in range(5):
        slack.says("/link AAAA-AAAA")
    slack.says(f"/link {code}")
    assert "many wrong codes" in slack.text()
    slack.presses(f"link:yes:{code.replace('-', '')}")
    assert "many wrong codes" in slack.text()
    assert slack.me().key != web.me().key
    slack.now += timedelta(hours=1, seconds=1)
    slack.says("/link AAAA-AAAA")
    assert "not valid" in slack.text()


def test_a_code_is_good_for_a_quarter_of_an_hour_and_once(web: Talk, slack: Talk, store: Store) -> None:
    web.says("/link")
    code = code_in(web.text())
    slack.waits(minutes=16)
    slack.says(f"/link {code}")
    assert "not valid" in slack.text()

    web.now = slack.now
    web.says("/link")
    code = code_in(web.text())
    slack.says(f"/link {code}")
    slack.taps("Join them")
    other = Talk(store, chat="U2", account=SLACK, now=slack.now)
    other.says(f"/link {code}")
    assert "not valid" in other.text()


def test_a_newer_code_replaces_the_older_one(web: Talk, slack: Talk) -> None:
    web.says("/link")
    old = code_in(web.text())
    web.says("/link")
    slack.says(f"/link {old}")
    assert "not valid" in slack.text()


def test_ones_own_code_says_that_it_is_for_the_other_chat(web: Talk) -> None:
    web.says("/link")
    web.says(f"/link {code_in(web.text())}")
    assert "yours already" in web.text()


def test_no_leaves_everything_as_it_was(web: Talk, slack: Talk) -> None:
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")
    slack.taps("Leave it as it is")
    assert slack.me().key != web.me().key


def test_the_one_who_has_begun_is_kept(store: Store, web: Talk) -> None:
    fresh = Talk(store, chat="U1", account=SLACK)
    fresh.says("/link")
    assert "/start begins one" in fresh.text()


def test_a_parted_chat_begins_anew(web: Talk, slack: Talk) -> None:
    join(web, slack)
    web.says("/link")
    assert "Joined so far: the web page and Slack." in web.text()
    web.taps("Part Slack")
    assert "Parted" in web.text()
    slack.says("hello")
    assert slack.me().key != web.me().key


def test_a_button_about_a_strangers_chat_changes_nothing(web: Talk, slack: Talk, store: Store) -> None:
    slack.joins()
    for data in (
        "link:at:2",
        "link:part:2",
        "link:at:x",
        "link:yes:AAAA",
        "link:yes",
        "link:??",
        "link:at:" + "9" * 30,
    ):
        web.presses(data)
        assert "(any more)" in web.text()
    assert slack.me().key != web.me().key


def test_beside_others_no_code_is_shown(web: Talk) -> None:
    web._turn(kind="command", command="link", room="C1")
    assert "our own chat" in web.text()
    assert "Your code" not in web.text()


def test_erasing_one_erases_both(web: Talk, slack: Talk) -> None:
    join(web, slack)
    web.presses("erase:yes")
    assert web.rows("addresses") == []
    assert len(web.rows("suppressed")) == 2


def join(first: Talk, second: Talk) -> None:
    first.says("/link")
    second.says(f"/link {code_in(first.text())}")
    second.taps("Join them")


def test_it_says_what_would_be_joined(web: Talk, slack: Talk) -> None:
    web.says("/act")
    web.taps(web.press_of("done"))
    web.now = slack.now = web.now + timedelta(days=40)
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")

    assert "your path on the web page?" in slack.text()
    assert "There: 1 action, since Mar 2, 2026" in slack.text()
    assert "Here: nothing yet" in slack.text()
    assert slack.buttons() == ["Join them", "Leave it as it is"]


def test_a_deep_link_carries_a_code(web: Talk, slack: Talk) -> None:
    web.says("/link")
    slack.says(f"/start link-{code_in(web.text()).replace('-', '')}")
    slack.taps("Join them")

    assert slack.me().key == web.me().key


def test_a_stop_there_holds_for_both_and_is_told_before(web: Talk, slack: Talk) -> None:
    slack.joins()
    web.says("/stop")
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")
    assert "There you said stop" in slack.text()
    slack.taps("Join them")

    assert "You had said stop" in slack.text()
    assert slack.me().state == "stopped"
    slack.says("/start")
    assert web.me().state == "active"


def test_a_stop_here_ends_and_is_told_before(web: Talk, slack: Talk) -> None:
    slack.joins()
    slack.says("/stop")
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")
    assert "Here you said stop. Joined, you hear from me again" in slack.text()
    slack.taps("Leave it as it is")
    assert slack.me().state == "stopped"
    slack.says(f"/link {code_in(web.text())}")
    slack.taps("Join them")

    assert slack.me().state == "active"


def test_a_rest_is_told_before_on_either_side(web: Talk, slack: Talk) -> None:
    slack.joins()
    slack.presses("pause:30")
    web.says("/link")
    slack.says(f"/link {code_in(web.text())}")
    assert "Here I am resting" in slack.text()
    slack.says("/link")
    web.says(f"/link {code_in(slack.text())}")
    assert "There I am resting until Apr 1, 2026" in web.text()
    web.taps("Join them")

    assert web.me().state == "paused"


def test_answers_come_where_one_writes(web: Talk, slack: Talk) -> None:
    join(web, slack)
    slack.says("/me")

    last = web.rows("deliveries")[-1]
    assert last["kind"] == "reply"
    assert last["account_id"] != web.rows("deliveries")[0]["account_id"]


def test_a_button_under_an_older_message_in_the_joined_chat_still_works(web: Talk, slack: Talk) -> None:
    slack.joins()
    slack.says("/act")
    old = slack.press_of("done")
    join(web, slack)
    slack.presses(old)

    assert [row["subscriber_id"] for row in web.rows("taken")] == [web.me().id]


def test_nobody_hears_twice_on_the_day_of_joining(web: Talk, slack: Talk) -> None:
    slack.joins()
    slack.now = web.now
    web.next_day(at=19)
    slack.now = web.now
    slack.waits(minutes=1)
    join(web, slack)
    slack.now = web.now = slack.now + timedelta(minutes=1)
    told = [row for row in web.rows("deliveries") if row["kind"] == "nudge" and row["status"] != "cancelled"]

    assert not web.waits(hours=5)
    assert not slack.waits(hours=5)
    assert len(told) == len([row for row in web.rows("deliveries") if row["kind"] == "nudge"])


def test_parting_the_chat_one_is_in_is_its_last_word(web: Talk, slack: Talk) -> None:
    join(web, slack)
    slack.says("/link")
    (answer,) = slack.taps("Part Slack")

    assert answer.direct
    assert "Your path goes on in your other chat" in answer.text
    slack.says("/start")
    assert slack.me().key != web.me().key
    assert web.me().rhythm.frequency == "daily"


def test_words_are_in_the_language_of_the_reader(store: Store, ana: Talk) -> None:
    web = Talk(store, chat="9", profile=Profile(language="de", zone="Europe/Berlin")).joins()
    web.says("/link")
    assert "Dein Code" in web.text()
