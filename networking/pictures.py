"""Pictures that people upload, made anew: what is shown later is a PNG that we wrote, of the same pixels and nothing
else. No metadata, no second file behind the first one, no animation. Knows no rows.

https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Bytes of an uploaded file.
LARGEST = 2 * 1024 * 1024
#: Pixels on either side.
WIDEST = 4_000
#: Bytes of the PNG that comes of it: a photo makes a large one.
LARGEST_PNG = 8 * 1024 * 1024
#: What is read; each by its own bytes, whatever the file is called.
FORMATS = ("PNG", "JPEG", "WEBP")
#: What Pillow raises for bytes that are no picture, or half of one.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, MemoryError)


class UnfitPicture(ValueError):
    """What was sent is not taken; the message is for people."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG of ours, and its size in pixels."""

    png: bytes
    width: int
    height: int


def picture(data: bytes) -> Picture:
    """The picture in `data`: PNG, JPEG or WebP. Raises UnfitPicture."""
    if len(data) > LARGEST:
        raise UnfitPicture(
            _("The picture has more than %(limit)d MiB. Cut it to what matters.") % {"limit": LARGEST // 1024 // 1024}
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _written(_pixels(data))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise UnfitPicture(_too_wide()) from None
        except UnfitPicture:
            raise
        except _BROKEN:
            raise UnfitPicture(
                _("This is no PNG, JPEG or WebP picture, or it is damaged. Save the screenshot as PNG and send that.")
            ) from None


def _pixels(data: bytes) -> Image.Image:
    """The pixels alone, upright; the size is looked at before anything is unpacked."""
    with Image.open(BytesIO(data), formats=FORMATS) as found:
        if max(found.size) > WIDEST:
            raise UnfitPicture(_too_wide())
        if getattr(found, "n_frames", 1) > 1:
            raise UnfitPicture(_("The picture moves. Send one that stands still."))
        found.load()
        upright = ImageOps.exif_transpose(found)
        opaque = not upright.has_transparency_data
        pixels = upright.convert("RGB" if opaque else "RGBA")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare


def _written(pixels: Image.Image) -> Picture:
    out = BytesIO()
    pixels.save(out, "PNG")
    if out.tell() > LARGEST_PNG:
        raise UnfitPicture(_("As PNG the picture would be too large. Send a smaller part of the screen."))
    return Picture(png=out.getvalue(), width=pixels.width, height=pixels.height)


def _too_wide() -> str:
    return _("The picture is wider or higher than %(limit)d pixels. Make it smaller.") % {"limit": WIDEST}
