"""Deliveries in the layouts of those who make them: a mapping file for each says how they are read back."""

import csv
import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from insight_kernel.intake.items import Entity, Lost
from insight_kernel.intake.mapping.declared import Declared, Query
from insight_kernel.intake.mapping.reading import read_declared
from insight_kernel.intake.mapping.writing import rows_of_query, tree_of_row
from insight_kernel.model.schema import vocabulary


def layout_of(source: str) -> Path | None:
    """Return the mapping file of a source's layout, or None for one that delivers in FollowTheMoney's form."""
    found = Path(str(files("insight_kernel"))) / "training" / "world" / "layouts" / f"{source}.yml"
    return found if found.exists() else None


def write_delivery(layout: Path, lines: Iterable[str], folder: Path) -> None:
    """Write entities, given as FollowTheMoney's lines, as the files from which the layout makes them again.

    Raises
    ------
    ValueError
        When the layout has no place for something of them.
    """
    declared, lost = read_declared(layout, vocabulary()), Lost()
    entities = [Entity(raw["id"], raw["schema"], raw["properties"]) for raw in map(json.loads, lines)]
    _check_schemata(declared, entities)
    trees = [query for query in declared.queries if query.in_tree]
    if trees:
        found = {query.records: [tree_of_row(row, query.each) for row in rows_of_query(query, entities, lost)]
                 for query in trees}  # fmt: skip
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{layout.stem}.json").write_bytes(text.encode())
    for query in declared.queries:
        if not query.in_tree:
            _write_table(folder / query.file, query, rows_of_query(query, entities, lost))
    if left_out := lost.all():
        raise ValueError(f"{layout.name}: {'; '.join(map(str, left_out))}")


def _write_table(file: Path, query: Query, rows: Iterator[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(column for _, column in query.needed()))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _check_schemata(declared: Declared, entities: list[Entity]) -> None:
    known = {entity.schema for query in declared.queries for entity in query.entities.values()}
    if missing := {entity.schema for entity in entities} - known:
        raise ValueError(f"{declared.path.name} has no place for: {', '.join(sorted(missing))}")
