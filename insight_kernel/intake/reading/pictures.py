"""Pictures: their size, when they were taken, and the hash by which the same picture is known again."""

import io
import warnings
from typing import Any

import numpy as np
from PIL import Image

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.pdq import pdq

PICTURES = ("png", "jpeg", "gif", "tiff", "webp")
_SMALLEST = 16  # pixels; a side below tells too little to be hashed
_TAKEN = 36_867  # Exif's DateTimeOriginal
_EXIF = 0x8769


def read_picture(data: bytes, _: Inside) -> Content:
    """Read a picture; of one with several frames, the first."""
    bombs = (Image.DecompressionBombWarning, Image.DecompressionBombError)
    try:
        with (
            warnings.catch_warnings(action="error", category=bombs[0]),
            Image.open(io.BytesIO(data)) as picture,
        ):
            return Content(metadata=_said(picture))
    except bombs:
        raise Refused("has more pixels than may be read") from None
    except (OSError, ValueError, SyntaxError):
        raise Refused("is no whole picture") from None


def _said(picture: Image.Image) -> dict[str, Any]:
    width, height = picture.size
    said: dict[str, Any] = {"width": width, "height": height, "frames": getattr(picture, "n_frames", 1)}
    if taken := picture.getexif().get_ifd(_EXIF).get(_TAKEN):
        said["created_at"] = str(taken).replace(":", "-", 2)
    if min(width, height) >= _SMALLEST:
        said["pdq"] = pdq(np.asarray(picture.convert("RGB")))
    return said
