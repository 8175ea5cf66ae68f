"""Photos on Slack: fetched with our token from Slack alone, shown to a moderator under an address for a while."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from bot.channels.files import FetchError, GoneError, TooBigError
from bot.channels.slack import fetching
from bot.channels.slack.access import SLACK
from bot.channels.slack.inbound import Us, incoming
from bot.channels.slack.manifest import SCOPES
from bot.message import File, Profile
from storage import packs, roles, subscribers
from tests import make, photographs
from tests.acceptance import slack as acting
from tests.channels.slack.conftest import House, do, running, until, until_noon
from tests.platforms import downloads
from tests.platforms.slack import SlackStandIn
from tests.platforms.slack.uploads import share

JPEG = photographs.jpeg()


def shared(house: House, data: bytes = JPEG, manner: str = "", **about: Any) -> File:
    """A file on Slack, as it would be told of."""
    world = house.slack.world
    with world.lock:
        told = share(world, house.slack.team, "U1", data, "IMG.jpg", "image/jpeg")
        world.files[told["id"]] |= {"manner": manner, **about}
    return File(told["id"])


def downloaded(house: House) -> int:
    return len(house.slack.calls.of("download"))


async def failure(house: House, file: File) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await house.workspace.fetch(file)
    assert house.slack.team.bot_token not in f"{caught.value!r} {caught.value.__context__!r}"
    return caught.value


async def test_files_are_fetched_from_slack_alone_and_never_too_much(house: House) -> None:
    assert await house.workspace.fetch(shared(house)) == JPEG
    assert downloaded(house) == 1
    async with SlackStandIn() as elsewhere:
        away = f"{elsewhere.url}/files-pri/T1-F1/x.jpg"
        before = downloaded(house)
        for address in (
            away,
            "https://evil.example/x",
            "file:///etc/passwd",
            "http://[",
            None,
            house.slack.url + "@evil/x",
        ):
            assert isinstance(await failure(house, shared(house, url_private=address)), GoneError)
        assert isinstance(await failure(house, shared(house, size=40_000_000)), TooBigError)
        assert downloaded(house) == before
        assert isinstance(await failure(house, shared(house, manner=downloads.REDIRECT + away)), GoneError)
        assert not list(elsewhere.calls)
    assert isinstance(await failure(house, shared(house, manner=downloads.ENDLESS)), TooBigError)
    for manner in (downloads.CUT, downloads.BROKEN):
        assert type(await failure(house, shared(house, manner=manner))) is FetchError
    assert isinstance(await failure(house, File("F0NOBODY")), GoneError)


async def test_without_the_scope_nothing_is_fetched(house: House) -> None:
    file = shared(house)
    house.slack.team.scopes.remove("files:read")

    refused = await failure(house, file)
    assert isinstance(refused, GoneError)
    assert str(refused) == "missing scope files:read"
    assert "files:read" in SCOPES


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.jpg", True),
        ("https://acme.slack.com/files/U1/F1/a.jpg", True),
        ("http://files.slack.com/files-pri/T1-F1/a.jpg", False),
        ("https://files.slack.com.evil.example/a.jpg", False),
        ("https://evilslack.com/a.jpg", False),
        ("https://files.slack.com:8443/a.jpg", False),
        ("https://files.slack.com@evil.example/a.jpg", False),
        ("https://me@files.slack.com/a.jpg", False),
        ("//files.slack.com/a.jpg", False),
        ("https://[", False),
    ],
)
def test_the_token_is_shown_to_slacks_hosts_alone(address: str, holds: bool) -> None:
    assert fetching.is_kept_by(address, SLACK) == holds


US = Us("slack:T1", "U0BOT", frozenset({"act"}), lambda _person: Profile())


def media(files: object) -> File | None:
    event = {"type": "message", "subtype": "file_share", "channel": "D1", "user": "U1", "text": "", "files": files}
    found = incoming({"type": "event_callback", "event": event}, US)
    assert found is not None
    assert found.kind == "media"
    return found.file


def test_of_several_files_the_first_picture_is_meant_and_its_name_is_not_read() -> None:
    files = [
        {"id": "F1", "mimetype": "application/pdf", "size": 5, "name": "a.pdf"},
        {"id": "F2", "mimetype": "image/PNG", "size": 7, "name": "../../b.png", "url_private": "https://x/b.png"},
        {"id": "F3", "mimetype": "image/jpeg", "size": 9},
    ]

    assert media([files[0]]) == File("F1", 5, "application/pdf")
    assert media([files[0], {"id": "F2", "mimetype": "image/png", "size": 7}, files[2]]) == File("F2", 7, "image/png")
    for odd in ([None], [{"id": "../F"}], {"id": "F1"}, [{"mimetype": "image/png"}]):
        assert media(odd) is None


async def test_a_photo_goes_to_a_moderator_and_comes_back_confirmed(slack: SlackStandIn, tmp_path: Path) -> None:
    async with running(slack, tmp_path, kindling_public_url="https://kindling.example") as house:
        until_noon(house)
        store = house.kindling.store
        pack = make.pack("water", version=2, actions=make.climb(verify="photo"))
        document = pack.model_dump_json(by_alias=True, exclude_none=True)
        await store.write(packs.publish, pack, document, {}, house.clock.now())
        ana, mo = slack.person("Ana"), slack.person("Mo")
        await house.joins(ana, mo)
        await do(acting.taps, ana, "done:")
        await do(ana.hears, "A photo would make it count")
        await do(ana.shares, JPEG, "../../home/ana.jpg")
        await do(ana.hears, "People from the organization")
        await house.kindling.collect()
        await until(lambda: [row["state"] for row in house.rows("photos")] == ["waiting"])

        reached = await store.write(subscribers.reach, house.workspace.name, mo.id)
        assert reached is not None
        await store.write(roles.grant, reached.person, "moderator", house.clock.now())
        await do(mo.types, "/kindling", "organize")
        await do(acting.taps, mo, "photos")
        message, _ = await do(acting.button, mo, "photos:yes:")
        (image,) = [block for block in message.blocks if block["type"] == "image"]
        await shown_for_a_while(house, image["image_url"])
        await do(acting.taps, mo, "photos:yes:")
        await do(ana.hears, "counts as confirmed now")
        assert [(row["status"], row["source"]) for row in house.rows("taken")] == [("verified", "photo")]


async def shown_for_a_while(house: House, address: str) -> None:
    """The address shows the photo to whoever knows it, and only for a quarter of an hour."""
    assert address.startswith("https://kindling.example/photo/")
    path = urlsplit(address).path
    async with httpx2.AsyncClient(base_url=house.address) as http:
        answer = await http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "private, no-store"
        assert not [trace for trace in photographs.TRACES if trace in answer.content]
        guesses = [
            path[:-1] + ("A" if path[-1] != "A" else "B"),
            "/photo/1",
            "/photo/1-9999999999",
            "/pictures/photo/1",
        ]
        assert [(await http.get(guess)).status_code for guess in guesses] == [404] * 4
        house.clock.ahead += timedelta(minutes=16)
        assert (await http.get(path)).status_code == 404
        house.clock.ahead -= timedelta(minutes=16)
