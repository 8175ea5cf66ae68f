"""A file that somebody sent: from Telegram's own server, so many bytes, and the token in no error."""

import asyncio
import traceback

import pytest

from bot.channels.files import FetchError, GoneError, TooBigError
from bot.channels.telegram.inbound import incoming
from bot.channels.telegram.serve import TelegramAdapter
from bot.message import File
from tests import photographs
from tests.platforms import downloads
from tests.platforms.telegram import TelegramStandIn
from tests.platforms.telegram.world import File as Kept

JPEG = photographs.jpeg()


def kept(telegram: TelegramStandIn, data: bytes = JPEG, manner: str = "", **about: object) -> Kept:
    with telegram.world.lock:
        return telegram.world.keep("photos", data, manner=manner, **about)


def fetched_paths(telegram: TelegramStandIn) -> list[str]:
    return [call.params["path"] for call in telegram.calls.of("download")]


async def failure(adapter: TelegramAdapter, file: Kept) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await adapter.fetch(File(file.id))
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert adapter.token not in told
    return caught.value


async def test_a_photo_is_fetched(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    file = kept(telegram)

    assert await adapter.fetch(File(file.id)) == JPEG
    assert fetched_paths(telegram) == [file.path]


@pytest.mark.parametrize("told", [40_000_000, 20_000_001, 15_000_000])
async def test_what_is_too_big_is_not_fetched(telegram: TelegramStandIn, adapter: TelegramAdapter, told: int) -> None:
    assert isinstance(await failure(adapter, kept(telegram, told=told)), TooBigError)
    assert fetched_paths(telegram) == []


async def test_what_has_no_end_is_cut_off_at_ten_megabytes(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    assert isinstance(await failure(adapter, kept(telegram, manner=downloads.ENDLESS)), TooBigError)


async def test_what_drips_is_given_up_in_time(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    file = kept(telegram, manner=downloads.DRIP)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await adapter.fetch(File(file.id))


@pytest.mark.parametrize("manner", [downloads.CUT, downloads.BROKEN])
async def test_trouble_on_the_way_may_pass(telegram: TelegramStandIn, adapter: TelegramAdapter, manner: str) -> None:
    assert type(await failure(adapter, kept(telegram, manner=manner))) is FetchError


async def test_a_redirect_is_not_followed(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    async with TelegramStandIn() as elsewhere:
        file = kept(telegram, manner=f"{downloads.REDIRECT}{elsewhere.url}/file/bot{elsewhere.token}/photos/a.jpg")

        assert isinstance(await failure(adapter, file), GoneError)
        assert not list(elsewhere.calls)


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "photos/../../x", "/var/lib/telegram-bot-api/photos/1.jpg", "http://elsewhere/x", "a?b", ""],
)
async def test_a_path_that_leads_elsewhere_is_not_taken(
    telegram: TelegramStandIn, adapter: TelegramAdapter, path: str
) -> None:
    file = kept(telegram)
    file.path = path

    assert isinstance(await failure(adapter, file), GoneError)
    assert fetched_paths(telegram) == []


async def test_a_file_that_is_gone_is_gone(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    assert isinstance(await failure(adapter, Kept("AgACnobody", "", b"")), GoneError)


def media(**what: object) -> File | None:
    about = {
        "message_id": 1,
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "A"},
    }
    found = incoming({"update_id": 1, "message": {**about, **what}}, "telegram:1")
    assert found is not None
    assert found.kind == "media"
    return found.file


def test_of_a_photo_the_largest_size_is_meant() -> None:
    sizes = [{"file_id": f"f{size}", "file_size": size, "width": 1, "height": 1} for size in (900, 90_000, 9000)]

    assert media(photo=sizes) == File("f90000", 90_000, "image/jpeg")


def test_a_document_is_told_by_its_size_and_type_and_never_by_its_name() -> None:
    document = {"file_id": "d1", "file_size": 5, "mime_type": "image/PNG", "file_name": "../../home/ana at school.png"}

    assert media(document=document) == File("d1", 5, "image/png")


@pytest.mark.parametrize(
    "what",
    [
        {"photo": []}, {"photo": "x"}, {"photo": [None, {"file_id": 7}]}, {"photo": [{"file_id": "../x"}]},
        {"document": {"file_id": "x" * 500}}, {"document": []}, {"voice": {"file_id": "v"}}, {"sticker": {}},
    ],
)  # fmt: skip
def test_what_is_odd_or_no_picture_is_media_without_a_file(what: dict[str, object]) -> None:
    assert media(**what) is None


def test_an_odd_size_is_as_none() -> None:
    assert media(document={"file_id": "d", "file_size": "9e99", "mime_type": 5}) == File("d")
