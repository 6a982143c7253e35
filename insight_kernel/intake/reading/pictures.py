"""Pictures: their size, when they were taken, and the hash by which the same picture is known again."""

from typing import Any

import numpy as np
from PIL import Image

from insight_kernel.intake.reading.document import Content
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.pdq import pdq, turned
from insight_kernel.intake.reading.scans import frames, opened, scans_of

PICTURES = ("png", "jpeg", "gif", "tiff", "webp")
_SMALLEST = 16  # pixels; a side below tells too little to be hashed
_TAKEN = 36_867  # Exif's DateTimeOriginal
_EXIF = 0x8769


def read_picture(data: bytes, inside: Inside) -> Content:
    """Read a picture; of one with several frames, the first is hashed."""
    with opened(data) as picture:
        return Content(metadata=_said(picture, inside), scans=tuple(scans_of(frames(picture), inside)))


def _said(picture: Image.Image, inside: Inside) -> dict[str, Any]:
    width, height = picture.size
    said: dict[str, Any] = {"width": width, "height": height, "frames": getattr(picture, "n_frames", 1)}
    if taken := picture.getexif().get_ifd(_EXIF).get(_TAKEN):
        said["created_at"] = str(taken).replace(":", "-", 2)
    if min(width, height) >= _SMALLEST:
        pixels = np.asarray(picture.convert("RGB"))
        said["pdq"] = pdq(pixels)
        if inside.wanted == "turned":
            said["pdq_turned"] = turned(pixels)
    return said
