"""The web chat over HTTP: who may say what, and what comes back."""

import json
import re
import threading

import httpx2
import pytest

from bot.message import Button, Image, Incoming, Message, Outcome
from tests.browser.stage import DemoOfTests, Stage, perform


def echo(incoming: Incoming):
    if incoming.kind == "press" and incoming.text == "edit":
        return [Message("edited", replaces=incoming.pressed, buttons=((Button("Again", press="edit"),),))]
    if incoming.kind == "press" and incoming.text == "notice":
        return [Message(notice="Noted.")]
    if incoming.kind == "press":
        return [Message("pressed " + incoming.text)]
    if incoming.text == "buttons":
        row = (Button("Edit it", press="edit"), Button("Anew", press="anew"), Button("Note", press="notice"))
        return [Message("choose", buttons=(row,))]
    if incoming.text == "break":
        raise RuntimeError("the secret is 42")
    return [Message(f"heard {incoming.command or incoming.text}")]


@pytest.fixture
def stage(tmp_path):
    with perform(tmp_path, echo) as stage:
        yield stage


class Visitor:
    """A browser without a window."""

    def __init__(self, stage: Stage, **headers: str) -> None:
        self.http = httpx2.Client(base_url=stage.url, headers=headers)
        self.page = self.http.get("/chat").text
        self.token = re.search('data-token="([^"]+)"', self.page)[1]

    def say(self, payload: object, **headers: str) -> httpx2.Response:
        return self.http.post("/chat/say", json=payload, headers={"X-Kindling-Token": self.token, **headers})

    def lines(self, since: int = 0) -> list[dict]:
        return self.http.get("/chat/messages", params={"since": since}).json()

    def shown(self) -> list[str]:
        rows = sorted(self.lines(), key=lambda line: line["id"])
        return [line.get("text") or line.get("html") for line in rows if "text" in line or "html" in line]

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


@pytest.fixture
def visitor(stage):
    with Visitor(stage) as visitor:
        yield visitor


def test_what_is_said_and_answered_is_kept_in_order(visitor):
    assert visitor.say({"text": "hello", "tag": "t1"}).json() == {}

    assert visitor.shown() == ["hello", "<p>heard hello</p>"]
    assert visitor.lines()[0]["mine"] is False or visitor.lines()[0]["tag"] == "t1"


def test_the_first_greeting_is_no_line_of_the_person(visitor, stage):
    visitor.say({"text": "/start abc", "quiet": True, "zone": "Europe/Berlin", "language": "de-AT"})

    heard = stage.talk.heard[0]
    assert (heard.kind, heard.command, heard.text) == ("command", "start", "abc")
    assert (heard.profile.zone, heard.profile.language) == ("Europe/Berlin", "de-AT")
    assert visitor.shown() == ["<p>heard start</p>"]


def test_a_press_shows_its_label_unless_the_message_was_edited_in_place(visitor):
    visitor.say({"text": "buttons", "quiet": True})
    number = str(visitor.lines()[0]["id"])

    visitor.say({"press": "anew", "pressed": number})
    assert visitor.shown()[1:] == ["Anew", "<p>pressed anew</p>"]

    visitor.say({"press": "edit", "pressed": number})
    assert visitor.shown() == ["<p>edited</p>", "Anew", "<p>pressed anew</p>"]


def test_a_notice_is_the_answer_to_the_press(visitor):
    visitor.say({"text": "buttons", "quiet": True})

    assert visitor.say({"press": "notice", "pressed": "1"}).json() == {"notice": "Noted."}


def test_a_press_on_a_message_that_is_gone_is_still_handled(visitor, stage):
    assert visitor.say({"press": "x:1", "pressed": "999"}).status_code == 200

    assert stage.talk.heard[0].text == "x:1"
    assert visitor.shown() == ["<p>pressed x:1</p>"]


def test_nobody_reads_or_edits_the_chat_of_another(stage, visitor):
    visitor.say({"text": "mine alone"})
    number = str(visitor.lines()[0]["id"])
    with Visitor(stage) as other:
        assert other.lines() == []
        other.say({"press": "edit", "pressed": number})

        assert visitor.shown() == ["mine alone", "<p>heard mine alone</p>"]


def test_a_forged_cookie_opens_nothing(stage, visitor):
    chat = visitor.http.cookies["kindling_chat"]
    number, _, signature = chat.rpartition(".")
    forged = ("A" if signature[0] != "A" else "B") + signature[1:]
    for cookie in ("", "x", f"{number}.{forged}", f"{'0' * 32}.{signature}", number):
        answer = httpx2.get(stage.url + "/chat/messages", headers={"Cookie": f"kindling_chat={cookie}"})
        assert answer.status_code == 401


def test_the_cookie_is_for_http_and_this_site_only(stage):
    cookie = httpx2.get(stage.url + "/chat").headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Kindling-Token": ""},
        {"X-Kindling-Token": "wrong"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_only_our_own_page_may_post(visitor, stage, headers):
    assert visitor.say({"text": "x"}, **headers).status_code == 403
    assert stage.talk.heard == []


@pytest.mark.parametrize(
    "payload",
    [
        [], "x", 1, None, {}, {"text": ""}, {"text": 1}, {"text": "a", "press": "b"}, {"press": ["x"]},
        {"press": "x" * 65}, {"text": " \u200b\x00 "}, {"text": "a", "zone": 5},
    ],
)  # fmt: skip
def test_what_the_page_never_sends_is_refused(visitor, stage, payload):
    assert visitor.say(payload).status_code == 400
    assert stage.talk.heard == []


def test_broken_json_deep_json_and_large_bodies_are_refused(visitor):
    headers = {"X-Kindling-Token": visitor.token}
    answers = [
        visitor.http.post("/chat/say", content=body, headers=headers).status_code
        for body in (b"{", b"\xff", b"[" * 10_000, b" " * 16_385)
    ]
    assert answers == [400, 400, 400, 413]


def test_too_long_a_text_is_explained(visitor):
    answer = visitor.say({"text": "x" * 4001})

    assert answer.status_code == 413
    assert "4,000" in answer.json()["notice"]


def test_a_flood_gets_one_notice_then_silence(visitor, stage):
    answers = [visitor.say({"text": str(number)}) for number in range(25)]

    assert [answer.status_code for answer in answers].count(429) == 25 - len(stage.talk.heard)
    assert 20 <= len(stage.talk.heard) <= 22
    notices = [answer.json()["notice"] for answer in answers if answer.status_code == 429]
    assert notices[0]
    assert not any(notices[1:])


def test_a_failure_leaves_no_line_and_no_words_of_ours(visitor):
    answer = visitor.say({"text": "break"})

    assert answer.status_code == 500
    assert "42" not in answer.text
    assert "nosniff" in answer.headers["x-content-type-options"]
    assert visitor.shown() == []


def test_open_pages_hear_new_and_edited_messages_at_once(visitor, stage):
    visitor.say({"text": "/start", "quiet": True})
    first = visitor.lines()[0]
    heard: list[dict] = []
    ready = threading.Event()

    def listen() -> None:
        with visitor.http.stream("GET", "/chat/events", headers={"Last-Event-ID": str(first["revision"])}) as stream:
            ready.set()
            for text in stream.iter_lines():
                if text.startswith("data:"):
                    heard.append(json.loads(text[5:]))
                if len(heard) == 2:
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    ready.wait(5)
    stage.send(Message("a nudge"))
    stage.send(Message("changed", replaces=str(first["id"])))
    thread.join(5)

    assert [(line["html"], line["id"] == first["id"]) for line in heard] == [
        ("<p>a nudge</p>", False),
        ("<p>changed</p>", True),
    ]


def test_send_edits_takes_buttons_off_and_falls_back_to_a_new_message(visitor, stage):
    visitor.say({"text": "buttons", "quiet": True})
    ref = stage.send(Message("with buttons", buttons=((Button("Go", press="go"),),), image=Image("p/a.png", "A"))).ref

    assert stage.send(Message(replaces=ref)).ref == ref
    kept = next(line for line in visitor.lines() if str(line["id"]) == ref)
    assert (kept["html"], kept["buttons"], kept["image"]["alt"]) == ("<p>with buttons</p>", [], "A")

    stage.send(Message("new words", replaces=ref, replaces_photo=True))
    kept = next(line for line in visitor.lines() if str(line["id"]) == ref)
    assert (kept["html"], kept["image"]["src"]) == ("<p>new words</p>", "/pictures/p/a.png")

    fresh = stage.send(Message("late edit", replaces="987654"))
    assert fresh.outcome is Outcome.SENT
    assert fresh.ref not in {"", "987654"}


def test_an_edit_never_reaches_what_the_person_said(visitor, stage):
    visitor.say({"text": "my words"})
    mine = next(str(line["id"]) for line in visitor.lines() if line["mine"])

    assert stage.send(Message("forged", replaces=mine)).ref != mine
    assert "my words" in visitor.shown()


def test_the_page_follows_the_language_of_the_talk_then_of_the_browser(stage):
    with Visitor(stage, **{"Accept-Language": "fr;q=0.9, de-AT;q=0.8, en;q=0.1"}) as visitor:
        assert '<html lang="de" dir="ltr">' in visitor.page
        visitor.say({"text": "/start", "quiet": True})
        stage.send(Message("hola", language="es"))
        assert '<html lang="es"' in visitor.http.get("/chat").text
        assert '<html lang="ar" dir="rtl">' in visitor.http.get("/chat?lang=ar").text


def test_without_a_demo_there_is_no_way_to_move_the_clock(visitor):
    assert "next-day" not in visitor.page
    assert visitor.http.post("/demo/next-day").status_code == 404


def test_the_demo_moves_a_day_and_changes_the_language(tmp_path):
    with perform(tmp_path, echo, demo=DemoOfTests) as stage, Visitor(stage) as visitor:
        headers = {"X-Kindling-Token": visitor.token}
        assert "Monday, 1 June 2026" in visitor.page
        assert visitor.http.post("/demo/next-day").status_code == 403
        assert visitor.http.post("/demo/next-day", headers=headers).json() == {"today": "Tuesday, 2 June 2026"}
        assert visitor.http.post("/demo/language", json={"language": "de"}, headers=headers).status_code == 200
        assert visitor.http.post("/demo/language", json={"language": "xx"}, headers=headers).status_code == 400
        assert stage.adapter.demo.spoken == ["de"]
