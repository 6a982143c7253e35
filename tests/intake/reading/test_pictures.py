"""Pictures: one photograph changed in eleven ways is known again, and what is no picture is refused."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from insight_kernel.analysis.images import distance
from insight_kernel.intake.reading.file import read_bytes
from tests.real import real_data

SAME, NEAR = 31, 10  # bits of 256: two pictures are the same; two computations of the same hash agree


def picture(kind: str, width: int = 120, height: int = 90, seed: int = 0) -> bytes:
    """Return a picture of soft patches."""
    data, patches = io.BytesIO(), np.random.default_rng(seed).integers(0, 255, (24, 32), np.uint8)
    Image.fromarray(patches).resize((width, height), Image.Resampling.BICUBIC).save(data, kind)
    return data.getvalue()


@pytest.mark.real
def test_hashes_are_those_of_the_reference() -> None:
    """Within ten bits of the published hashes; all changes match the original."""
    folder = real_data("image-hash-pdq")
    with (folder / "reference-hashes.csv").open() as lines:
        reference = dict(list(csv.reader(lines))[1:])
    found = {}
    for name in reference:
        said = read_bytes(name, (folder / "bridge-mods" / name).read_bytes()).content.metadata
        found[name] = str(said["pdq"])
    assert len(found) == 12
    assert {name for name in found if distance(found[name], reference[name]) > NEAR} == set()
    assert {name for name in found if distance(found[name], found["aaa-orig.jpg"]) > SAME} == set()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_every_kind_of_picture_is_read(kind: str) -> None:
    """Its size is told, and its hash is that of the same picture in another kind."""
    said = read_bytes("a", picture(kind)).content.metadata
    assert (said["width"], said["height"]) == (120, 90)
    other = read_bytes("a", picture("PNG")).content.metadata
    assert distance(str(said["pdq"]), str(other["pdq"])) <= SAME


def test_two_pictures_are_two() -> None:
    """What does not look alike is far apart."""
    one, other = (read_bytes("a", picture("PNG", seed=seed)).content.metadata["pdq"] for seed in (1, 2))
    assert distance(str(one), str(other)) > 2 * SAME


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (picture("PNG")[:200], "is no whole picture"),
        (b"\xff\xd8\xff\xe0 and no more", "is no whole picture"),
        (picture("PNG", width=20_000, height=10_000), "has more pixels than may be read"),
    ],
    ids=["half", "no picture", "a bomb"],
)
def test_what_is_no_picture_is_refused(data: bytes, reason: str) -> None:
    """Also one that would fill the memory once it is unfolded."""
    assert read_bytes("a.png", data).error == reason
