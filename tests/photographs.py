"""Photos as telephones take them, and files that only claim to be some."""

import struct
import zlib
from functools import lru_cache
from io import BytesIO

from PIL import Image, PngImagePlugin

PLACE = b"GPSLatitudeOfAnasHome"
COMMENT = b"comment-canary"


@lru_cache
def jpeg(width: int = 640, height: int = 480, orientation: int = 1) -> bytes:
    """A photo with all that a telephone writes into it: where it was taken, when, by which camera, a comment."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 30, 30), (0, 0, width // 2, height // 2))  # red in the corner that the camera saw first
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "camera-canary", "model-canary"
    exif[0x9286] = PLACE
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (51.0, 30.0, 26.46), "W", (0.0, 7.0, 39.9)
    gps[27] = PLACE
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>51.5 xmp-canary</exif:GPSLatitude></x:xmpmeta>'
    made = BytesIO()
    picture.save(made, "JPEG", exif=exif, xmp=xmp, comment=COMMENT, icc_profile=b"icc-canary" * 20)
    return made.getvalue()


@lru_cache
def png(*, clear: bool = False) -> bytes:
    """A picture with words in it that nobody sees."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Location", "png-canary")
    told.add_itxt("XML:com.adobe.xmp", "xmp-canary")
    made = BytesIO()
    colour = (0, 0, 0, 0) if clear else (10, 20, 30, 255)
    Image.new("RGBA", (40, 30), colour).save(made, "PNG", pnginfo=told)
    return made.getvalue()


def webp() -> bytes:
    """A small WebP."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "WEBP")
    return made.getvalue()


def gif() -> bytes:
    """A small GIF."""
    made = BytesIO()
    Image.new("P", (40, 30)).save(made, "GIF")
    return made.getvalue()


@lru_cache
def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that would become gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


TRACES = (
    b"canary", PLACE, COMMENT, b"Exif", b"GPS", b"xmp", b"xap", b"adobe", b"ICC_PROFILE", b"Photoshop", b"http",
)  # fmt: skip
"""What no photo that was made over has in it."""
