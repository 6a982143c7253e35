"""Layouts of those who deliver: what is written in one is read back whole; what has no place in it is told."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from insight_kernel.intake.items import Entity, Item
from insight_kernel.intake.mapping.records import TableMapping, read_mapping
from insight_kernel.model.schema import vocabulary
from insight_kernel.training.world import World, write_world
from insight_kernel.training.world.delivered import layout_of, write_delivery
from insight_kernel.training.world.sources import SOURCES

NATIONAL = [f"{country}-nominal" for country in ("fr", "ma", "de", "jp", "gr", "ua", "br", "ke")]
LAYOUTS = sorted(name for name in SOURCES if layout_of(name) and not name.endswith("-reports"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world whose background delivers by every layout too."""
    return write_world(tmp_path_factory.mktemp("world"), today=date(2025, 6, 2), size=3)


def read(folder: Path, layout: Path) -> dict[str, tuple[str, dict[str, set[str]]]]:
    """Return the entities that a folder's files give by a mapping: id -> schema and values."""
    mapping, found = read_mapping(layout, vocabulary(), 2025), {}
    for entity in entities(folder, mapping):
        _, values = found.setdefault(entity.id, (entity.schema, {}))
        for name, those in entity.properties.items():
            if those:
                values.setdefault(name, set()).update(those)
    return found


def entities(folder: Path, mapping: TableMapping) -> Iterator[Entity]:
    for file in sorted(file for file in folder.iterdir() if file.suffix != ".yml"):
        for item in mapping.items(file):
            assert isinstance(item, Item), str(item)
            yield from item.entities


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_a_layout_delivers_can_be_delivered_by_it_again(world: World, tmp_path: Path, name: str) -> None:
    """Read, written and read again: every entity with every value."""
    layout = layout_of(name)
    assert layout is not None
    first = read(world.sources[0].parent / name, layout)
    lines = [json.dumps({"id": key, "schema": schema, "properties": {n: sorted(v) for n, v in values.items()}})
             for key, (schema, values) in first.items()]  # fmt: skip
    write_delivery(layout, lines, tmp_path)
    assert first
    assert read(tmp_path, layout) == first


def test_national_systems_write_each_in_its_own_way(world: World) -> None:
    """Eight countries, eight headers; words and dates of their own."""
    heads = {next(f for f in sorted((world.sources[0].parent / name).glob("*.csv"))).read_text("utf-8").split("\n")[0]
             for name in NATIONAL}  # fmt: skip
    assert len(heads) == len(NATIONAL)


@pytest.mark.parametrize(
    ("schema", "said", "wrong"),
    [("Person", {"name": ["Ana"], "height": ["180"]}, "Person.height: 1 not carried, no column is for it"),
     ("Vehicle", {"vin": ["1"]}, "has no place for: Vehicle")],
)  # fmt: skip
def test_what_a_layout_has_no_place_for_is_told(
    tmp_path: Path, schema: str, said: dict[str, list[str]], wrong: str
) -> None:
    """Nothing is left out without a word."""
    layout = layout_of("fr-nominal")
    assert layout is not None
    with pytest.raises(ValueError, match=wrong):
        write_delivery(layout, [json.dumps({"id": "a", "schema": schema, "properties": said})], tmp_path)
