"""Scans: pages that are pictures, drawn anew, so that nothing of the file reaches the program that reads them."""

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PIL import Image, ImageSequence

from insight_kernel.intake.reading.document import Refused, Scan
from insight_kernel.intake.reading.inside import Inside

FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "WEBP")
_MOST, _LONGEST, _SHORTEST = 100, 4_000, 24  # pages of a file; pixels of a side
_BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture; one that is none, or has more pixels than may be read, is refused."""
    try:
        with (
            warnings.catch_warnings(action="error", category=_BOMBS[0]),
            Image.open(io.BytesIO(data), formats=FORMATS) as picture,
        ):
            yield picture
    except _BOMBS:
        raise Refused("has more pixels than may be read") from None
    except (OSError, ValueError, SyntaxError):
        raise Refused("is no whole picture") from None


def scans_of(pictures: Iterable[tuple[int, Image.Image]], inside: Inside) -> Iterator[Scan]:
    """Yield the pictures of pages as scans, without those too small to be read, and drawn where scans are wanted."""
    for number, (page, picture) in enumerate(pictures, 1):
        if min(picture.size) >= _SHORTEST:
            yield Scan(page, _drawn(picture) if inside.wanted == "scans" and number <= _MOST else b"")


def frames(picture: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Yield the frames of a picture, from 1: a fax has many."""
    yield from enumerate(ImageSequence.Iterator(picture), 1)


def _drawn(picture: Image.Image) -> bytes:
    """Return a picture in grey, no larger than letters need."""
    grey, data = picture.convert("L"), io.BytesIO()
    grey.thumbnail((_LONGEST, _LONGEST))
    grey.save(data, "PNG", compress_level=1)
    return data.getvalue()
