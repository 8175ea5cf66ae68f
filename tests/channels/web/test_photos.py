"""Photos on the page: uploaded by our page alone, never too much, forgotten unless they are wanted."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from actions.photos import BYTES_AT_MOST
from bot.channels.files import GoneError
from bot.message import File, Image, Incoming, Message
from storage import schema, uploads, webchat
from tests import photographs
from tests.browser.stage import SECRET, Stage, perform

JPEG = photographs.jpeg()


def echo(incoming: Incoming) -> list[Message]:
    return [Message("seen" if incoming.file else "heard")]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with perform(tmp_path, echo) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage) -> Iterator["Page"]:
    with httpx2.Client(base_url=stage.url) as http:
        yield Page(http)


class Page:
    """Our page in a browser without a window."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.token = re.search('data-token="([^"]+)"', http.get("/chat").text)[1]  # type: ignore[index]

    def uploads(self, *files: tuple[str, bytes, str], **headers: str) -> httpx2.Response:
        parts = [("photo", file) for file in files]
        told = {"zone": "Europe/Berlin", "language": "de", "tag": "t1"}
        return self.http.post(
            "/chat/photo", data=told, files=parts, headers={"X-Kindling-Token": self.token, **headers}
        )

    def lines(self) -> list[str]:
        found = sorted(self.http.get("/chat/messages?since=0").json(), key=lambda line: line["id"])
        return [line.get("text") or line.get("html") for line in found]


def kept(stage: Stage) -> list[bytes]:
    return list(stage.store.write_now(lambda conn: conn.scalars(select(schema.uploads.c.content)).all()))


def test_a_photo_is_heard_as_a_file_without_a_name_and_shown_as_said(page: Page, stage: Stage) -> None:
    assert page.uploads(("../../home/ana at school.jpg", JPEG, "image/jpeg")).status_code == 200

    (heard,) = stage.talk.heard
    assert heard.kind == "media"
    assert heard.file == File(heard.file.id, len(JPEG), "image/jpeg")  # type: ignore[union-attr]
    assert "ana" not in repr(heard)
    assert (heard.profile.zone, heard.profile.language) == ("Europe/Berlin", "de")
    assert page.lines() == ["📷 A photo", "<p>seen</p>"]


def test_what_nobody_wants_is_forgotten_at_once(page: Page, stage: Stage) -> None:
    page.uploads(("a.jpg", JPEG, "image/jpeg"))

    assert kept(stage) == []
    with pytest.raises(GoneError):
        asyncio.run(stage.adapter.fetch(File("nobody")))


def test_what_is_kept_is_sealed_and_goes_with_the_chat(stage: Stage) -> None:
    stage.store.write_now(uploads.put, "k", "chat", b"sealed", stage.clock.now())
    stage.store.write_now(webchat.forget, "chat")

    assert kept(stage) == []


def test_an_upload_lies_sealed_until_it_is_fetched(page: Page, stage: Stage) -> None:
    seen: list[bytes] = []

    def look(incoming: Incoming) -> list[Message]:
        seen.extend(kept(stage))
        return []

    stage.talk.answer = look
    page.uploads(("a.jpg", JPEG, "image/jpeg"))

    (content,) = seen
    assert b"JFIF" not in content
    assert photographs.PLACE not in content


@pytest.mark.parametrize("size", [BYTES_AT_MOST + 1, 20_000_000, 40_000_000])
def test_too_large_a_photo_is_refused_kindly(page: Page, stage: Stage, size: int) -> None:
    body = JPEG + bytes(size - len(JPEG))
    try:
        answer = page.uploads(("a.jpg", body, "image/jpeg"))
    except httpx2.TransportError:
        answer = None  # the server hung up on what it did not want to hear to the end

    assert answer is None or answer.status_code == 413
    assert answer is None or "10 MB" in answer.json()["notice"]
    assert stage.talk.heard == []
    assert page.uploads(("b.jpg", JPEG, "image/jpeg")).status_code == 200


def test_a_body_that_hides_its_length_is_cut_off(page: Page, stage: Stage) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\nContent-Type: image/jpeg\r\n\r\n'
        for _ in range(40):
            yield bytes(1_000_000)

    headers = {"X-Kindling-Token": page.token, "Content-Type": "multipart/form-data; boundary=b"}
    try:
        answer = page.http.post("/chat/photo", content=chunks(), headers=headers)
        assert answer.status_code == 413
    except httpx2.TransportError:
        pass
    assert stage.talk.heard == []


def test_only_our_own_page_may_upload(page: Page, stage: Stage) -> None:
    photo = ("a.jpg", JPEG, "image/jpeg")
    assert page.uploads(photo, **{"X-Kindling-Token": "x"}).status_code == 403
    assert page.uploads(photo, Origin="https://evil.example").status_code == 403
    assert page.uploads(photo, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert httpx2.post(f"{stage.url}/chat/photo", files={"photo": photo}).status_code == 401
    assert stage.talk.heard == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"), ("multipart/form-data", b"x"), ("multipart/form-data; boundary=b", b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"garbage"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="photo"\r\n\r\nx\r\n--b--\r\n'),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n'),
    ],
)  # fmt: skip
def test_what_our_page_does_not_send_is_refused(page: Page, stage: Stage, kind: str, body: bytes) -> None:
    answer = page.http.post("/chat/photo", content=body, headers={"X-Kindling-Token": page.token, "Content-Type": kind})

    assert answer.status_code == 400
    assert stage.talk.heard == []


def test_two_files_at_once_and_odd_words_are_refused(page: Page, stage: Stage) -> None:
    photo = ("a.jpg", JPEG, "image/jpeg")
    assert page.uploads(photo, photo).status_code == 400
    parts = {"zone": "x" * 600}
    answer = page.http.post("/chat/photo", data=parts, files={"photo": photo}, headers={"X-Kindling-Token": page.token})
    assert answer.status_code == 400
    assert stage.talk.heard == []


def test_whoever_uploads_without_end_is_asked_to_wait(page: Page) -> None:
    answers = [page.uploads(("a.jpg", b"x", "image/jpeg")) for _ in range(23)]

    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429


def test_a_photo_to_look_at_has_an_address_for_a_while_and_no_other_picture_has(page: Page, stage: Stage) -> None:
    page.uploads(("a.jpg", JPEG, "image/jpeg"))
    stage.send(Message("Look", image=Image("photo/7", "A photo")))
    stage.send(Message("Look", image=Image("photo/images/7.jpg", "Of a pack")))
    mine, packs = [line["image"]["src"] for line in page.http.get("/chat/messages?since=0").json() if "image" in line]

    assert re.fullmatch(r"/photo/7-[0-9]{10}\.[\w-]{20,}", mine)
    assert SECRET not in mine
    assert packs == "/pictures/photo/images/7.jpg"
