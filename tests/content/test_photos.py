"""A photo is made over: what is to be seen stays, and nothing else does."""

import subprocess
import sys
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from content.photos import NotAPhotoError, cleaned
from tests import photographs


def opened(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(cleaned(raw)))


@pytest.mark.parametrize("raw", [photographs.jpeg(), photographs.png()], ids=["jpeg", "png"])
def test_nothing_but_the_picture_is_left(raw: bytes) -> None:
    assert any(trace in raw for trace in photographs.TRACES)
    made = cleaned(raw)

    assert [trace for trace in photographs.TRACES if trace in made] == []
    with Image.open(BytesIO(made)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(("orientation", "corner"), [(1, (5, 5)), (3, (-5, -5)), (6, (-5, 5)), (8, (5, -5))])
def test_it_stands_as_the_camera_was_held(orientation: int, corner: tuple[int, int]) -> None:
    picture = opened(photographs.jpeg(640, 480, orientation))
    at = tuple(place % side for place, side in zip(corner, picture.size, strict=True))
    red, green, blue = picture.getpixel(at)

    assert picture.size == ((640, 480) if orientation in (1, 3) else (480, 640))
    assert red > 150 > green
    assert blue < 100


def test_a_large_photo_becomes_small_enough_for_a_chat() -> None:
    assert opened(photographs.jpeg(4000, 3000)).size == (1600, 1200)
    assert opened(photographs.jpeg(64, 48)).size == (64, 48)


def test_every_kind_comes_out_as_a_jpeg_and_what_is_clear_is_white() -> None:
    assert opened(photographs.webp()).format == "JPEG"
    assert min(opened(photographs.png(clear=True)).getpixel((3, 3))) > 250


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"no photo", photographs.gif(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7",
        photographs.jpeg()[:-2000], photographs.jpeg()[:700], photographs.png()[:60],
        photographs.bomb(), photographs.bomb(2**31 - 1, 2**31 - 1), b"<html>sign in</html>",
    ],
    ids=["empty", "words", "gif", "svg", "pdf", "cut", "cut early", "cut png", "bomb", "greatest bomb", "page"],
)  # fmt: skip
def test_what_is_no_photo_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPhotoError):
        cleaned(raw)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 2000), noise=st.binary(min_size=1, max_size=30))
def test_a_damaged_photo_is_refused_or_made_over_and_never_anything_else(at: int, noise: bytes) -> None:
    raw = photographs.jpeg(64, 48)
    raw = raw[:at] + noise + raw[at + len(noise) :]
    try:
        made = cleaned(raw)
    except NotAPhotoError:
        return
    assert not [trace for trace in photographs.TRACES if trace in made]


def test_the_library_is_loaded_only_when_a_photo_comes() -> None:
    script = "import sys, bot.compose, bot.instance, content.photos; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == "False"
