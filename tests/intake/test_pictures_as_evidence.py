"""Pictures in the store: kept as they are, with the hashes by which they are known again; or the hashes alone."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from insight_kernel.intake.delivered import delivered_files
from insight_kernel.intake.hashes import read_hashes
from insight_kernel.intake.items import Bad, Item
from tests.intake.conftest import Intake
from tests.intake.test_documents import statements


def picture(path: Path) -> Path:
    patches = np.random.default_rng(0).integers(0, 255, (12, 16), np.uint8)
    Image.fromarray(patches).resize((160, 120), Image.Resampling.BICUBIC).save(path)
    return path


def test_a_picture_is_kept_with_its_hashes(intake: Intake) -> None:
    """Each an entity that names the picture; the original is kept unchanged."""
    path = picture(intake.folder / "photo.png")
    [event] = intake.load(path)
    assert (event["event"], event["new"]) == ("loaded", 1)
    [image] = [each for each in statements(intake).values() if each["schema"] == ["Image"]]
    hashes = statements(intake, by="algorithm")
    assert {name: (each["schema"], each["image"]) for name, each in hashes.items()} == {
        "PDQ": (["ImageHash"], image["eid"]), "SHA-256": (["ImageHash"], image["eid"]),
    }  # fmt: skip
    assert hashes["SHA-256"]["hash"] == image["contentHash"]
    kept = intake.gate.store.folder / "originals" / hashes["SHA-256"]["hash"][0]
    assert kept.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg", "gif", "tif", "tiff", "webp"])
def test_pictures_of_a_folder_are_taken(ending: str, tmp_path: Path) -> None:
    """As documents are."""
    path = picture(tmp_path / f"a.{ending}")
    assert delivered_files(iter([tmp_path])) == [path]


def test_hashes_alone_hold_nothing_else_of_a_picture(tmp_path: Path) -> None:
    """Neither its name nor its size, in the item as in its entities."""
    [item] = read_hashes(picture(tmp_path / "name.png"))
    assert isinstance(item, Item)
    assert [entity.schema for entity in item.entities] == ["ImageHash"] * 2
    assert {key for entity in item.entities for key in entity.properties} == {"hash", "algorithm"}
    assert b"name" not in item.content


def test_what_is_no_picture_has_no_hashes(tmp_path: Path) -> None:
    """It says so."""
    for name, data, rule in (
        ("a.txt", b"text", "is no picture"),
        ("a.png", b"\x89PNG\r\n", "is no whole picture"),
    ):
        (tmp_path / name).write_bytes(data)
        assert list(read_hashes(tmp_path / name)) == [Bad("file", "", rule, b"")]
