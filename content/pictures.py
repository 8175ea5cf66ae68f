"""Pictures by their content: which kind, how large, from the header alone."""

import struct

PIXELS_AT_MOST = 25_000_000


def media_type(content: bytes) -> str | None:
    """The media type of a PNG, JPEG, WebP or GIF; `None` for anything else, whatever its name says."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if content.startswith((b"GIF87a", b"GIF89a")) else None


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height as the header says, without decoding; `None` when it does not say."""
    kind = media_type(content)
    try:
        if kind == "image/png":
            width, height = struct.unpack(">II", content[16:24])
        elif kind == "image/gif":
            width, height = struct.unpack("<HH", content[6:10])
        elif kind == "image/webp":
            width, height = _webp(content)
        elif kind == "image/jpeg":
            width, height = _jpeg(content)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return (width, height) if width and height else None


def _webp(content: bytes) -> tuple[int, int]:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:
        if content[at + 1] == 0xFF:  # a filling byte
            at += 1
            continue
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def complaint(name: str, content: bytes) -> str:
    """What is wrong with a picture's bytes; empty when they are fine."""
    if media_type(content) is None:
        return f"the picture {name} is not a PNG, JPEG, WebP or GIF, whatever its name says"
    dimensions = size(content)
    if dimensions is None:
        return f"the picture {name} is damaged: its header says no size"
    if dimensions[0] * dimensions[1] > PIXELS_AT_MOST:
        return f"the picture {name} has more than 25 megapixels; make it smaller"
    return ""
