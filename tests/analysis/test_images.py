"""Pictures known again: in a list of hashes, turned and mirrored, and when nothing but their hash is given."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageOps

from insight_kernel.analysis.images import Near, distance, near
from insight_kernel.cli import main
from insight_kernel.errors import BadInput

NONE, ALL = "0" * 64, "f" * 64


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["hashes", *map(str, words)])


def found(*words: object) -> dict[str, Any]:
    answer = run(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def picture(seed: int) -> Image.Image:
    """Return a picture of soft patches."""
    patches = np.random.default_rng(seed).integers(0, 255, (12, 16), np.uint8)
    return Image.fromarray(patches).resize((160, 120), Image.Resampling.BICUBIC)


def listed(folder: Path, *rows: tuple[str, ...], columns: tuple[str, ...] = ("hash", "case")) -> Path:
    path = folder / "list.csv"
    with path.open("w", newline="") as lines:
        csv.writer(lines).writerows([columns, *rows])
    return path


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        (NONE, NONE, 0),
        (NONE, ALL, 256),
        ("8" + NONE[1:], NONE, 1),
        (NONE, NONE[1:] + "7", 3),
        ("F" * 64, ALL, 0),
    ],
)
def test_the_distance_is_the_number_of_bits_that_differ(one: str, other: str, bits: int) -> None:
    """From none to all 256."""
    assert distance(one, other) == distance(other, one) == bits


@pytest.mark.parametrize("wrong", ["", "0" * 63, "0" * 65, "g" * 64, " " * 2 + "0" * 62])
def test_what_is_no_hash_has_no_distance(wrong: str) -> None:
    """It is said which."""
    with pytest.raises(BadInput, match="number 1 is no PDQ hash"):
        distance(NONE, wrong)
    with pytest.raises(BadInput, match="number 2 is no PDQ hash"):
        near([NONE], [NONE, wrong])


def test_the_near_ones_are_found_the_nearest_first() -> None:
    """Up to so many bits; where several are sought, the nearest of them counts."""
    at = [NONE, NONE[1:] + "7", NONE[8:] + "f" * 8, ALL]
    assert near([NONE], at) == [Near(0, 0, 0), Near(1, 0, 3)]
    assert near([NONE], at, 32)[-1] == Near(2, 0, 32)
    assert near([NONE, ALL], at, 0) == [Near(0, 0, 0), Near(3, 1, 0)]
    assert near([], at) == near([NONE], []) == []


def test_pictures_are_hashed_and_nothing_is_kept(tmp_path: Path) -> None:
    """PDQ and SHA-256 of each; a file that is no picture says so, and does not stop the others."""
    picture(1).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("none")
    before = sorted(tmp_path.iterdir())
    one, other = found(tmp_path / "a.png", tmp_path / "b.png")["images"]
    assert one["sha256"] == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert len(one["pdq"]) == 64
    assert other == {
        "sought": str(tmp_path / "b.png"),
        "error": "is no picture, or one too small to be hashed",
    }
    assert sorted(tmp_path.iterdir()) == before


TURNED = {
    "as it is": lambda image: image, "smaller": lambda image: image.resize((80, 60)),
    "a quarter": lambda image: image.rotate(90, expand=True), "half": lambda image: image.rotate(180),
    "three quarters": lambda image: image.rotate(270, expand=True), "mirrored": ImageOps.mirror,
    "upside down": ImageOps.flip, "mirrored and turned": lambda image: ImageOps.mirror(image).rotate(90, expand=True),
}  # fmt: skip


@pytest.mark.parametrize("how", TURNED)
def test_a_picture_is_found_in_a_list_however_it_was_turned(how: str, tmp_path: Path) -> None:
    """With the other columns of its row, whether it had to be turned, and no other picture."""
    for seed in range(4):
        picture(seed).save(tmp_path / f"{seed}.png")
    known = found(*(tmp_path / f"{seed}.png" for seed in range(4)))["images"]
    against = listed(tmp_path, *((each["pdq"], f"C-{n}") for n, each in enumerate(known)))
    TURNED[how](picture(2)).save(tmp_path / "sought.png")
    [match] = found(tmp_path / "sought.png", "--against", against)["matches"]
    assert match["case"] == "C-2"
    assert match["distance"] <= 31
    assert match["turned"] is (how not in ("as it is", "smaller"))


def test_a_hash_alone_is_looked_for(tmp_path: Path) -> None:
    """Of PDQ near, of others equal; as near as is asked."""
    against = listed(
        tmp_path,
        (NONE, "PDQ"),
        (NONE[1:] + "3", ""),
        ("ab" * 16, "MD5"),
        (ALL, "SHA-256"),
        columns=("hash", "algorithm"),
    )
    assert [each["distance"] for each in found("--search", NONE, "--against", against)["matches"]] == [0, 2]
    near_by = found("--search", NONE, "--against", against, "--max-distance", 1)["matches"]
    assert [each["distance"] for each in near_by] == [0]
    assert [each["algorithm"] for each in found("--search", ALL, "--against", against)["matches"]] == [
        "SHA-256"
    ]


def test_a_list_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the row, and what to do; no hash is repeated."""
    answer = run("--search", NONE, "--against", listed(tmp_path, (ALL, "1"), ("abc", "2")))
    assert (answer.exit_code, "row 2 is no PDQ hash" in answer.output, "abc" in answer.output) == (
        1,
        True,
        False,
    )
    answer = run("--search", NONE, "--against", listed(tmp_path, (ALL,), columns=("value",)))
    assert "row 1 has no column hash" in answer.output


@pytest.mark.parametrize("words", [[], ["--search", NONE], ["--against", __file__]], ids=str)
def test_wrong_usage(words: list[str]) -> None:
    """Pictures, or a hash with a list to look in."""
    assert run(*words).exit_code == 2
