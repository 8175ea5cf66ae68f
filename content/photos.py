"""A photo that somebody took, made over: nothing of what came is kept but what there is to see."""

from io import BytesIO
from typing import TYPE_CHECKING

from content import pictures

if TYPE_CHECKING:
    from PIL import Image

PIXELS_AT_MOST = 50_000_000
SIDE_AT_MOST = 1600
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
"""Of these, those that the installed library can read."""


class NotAPhotoError(ValueError):
    """These bytes are no photo that can be opened: of another kind, cut off, damaged, or far too large."""


def cleaned(raw: bytes) -> bytes:
    """A photo as a new JPEG, upright, at most 1600 pixels on its longer side.

    It is painted anew from the pixels: nothing of the file comes along, neither the place and time it was taken at nor
    the camera, a preview or a comment. Takes seconds for a large one. Raises `NotAPhotoError`.
    """
    size = pictures.size(raw)
    if size is not None and size[0] * size[1] > PIXELS_AT_MOST:
        raise NotAPhotoError("too many pixels")
    # Imported here: most commands never see a photo.
    from PIL import Image

    Image.init()
    Image.MAX_IMAGE_PIXELS = PIXELS_AT_MOST
    try:
        with Image.open(BytesIO(raw), formats=[name for name in FORMATS if name in Image.OPEN]) as opened:
            if opened.width * opened.height > PIXELS_AT_MOST:
                raise NotAPhotoError("too many pixels")
            painted = _painted(opened)
    except Exception as error:  # noqa: BLE001 - a damaged file makes the library raise many kinds; all mean the same
        raise NotAPhotoError(type(error).__name__) from None
    made = BytesIO()
    painted.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def _painted(opened: "Image.Image") -> "Image.Image":
    """The pixels on a fresh white sheet, turned as the camera was held."""
    from PIL import Image, ImageOps

    opened.thumbnail((SIDE_AT_MOST, SIDE_AT_MOST))
    upright = ImageOps.exif_transpose(opened)
    sheet = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        clear = upright.convert("RGBA")
        sheet.paste(clear, mask=clear.getchannel("A"))
    else:
        sheet.paste(upright.convert("RGB"))
    return sheet
