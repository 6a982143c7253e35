"""What each source is worth to a reader: how much of it is filled, how old it is, how much of it is there twice."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from insight_kernel.gateway.found import Found
from insight_kernel.model.schema import Vocabulary
from insight_kernel.store import sql_quality
from insight_kernel.store.read import Window, join_of

_TEXTS, _NUMBERS = ("source", "title", "owner", "schema"), ("records", "entities")
_SHARES, _DAYS = ("filled", "copies", "not_graded"), ("median", "newest")
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [(name, pa.int64()) for name in _NUMBERS]
    + [(name, pa.float64()) for name in _SHARES]
    + [(name, pa.string()) for name in _DAYS]
)
Source = tuple[str, str]


def quality_of_sources(window: Window, vocabulary: Vocabulary) -> Found:
    """Return a row for each source of which something exists for the reader, and one for each schema in it.

    Shares are between 0 and 1: of the featured properties of all entities those that are filled, of entities those
    that an earlier one of the source resembles, of statements those without a grade. Days are those of delivery: that
    of the middle record, and the latest. Nothing is counted but what the reader may see; sensitive values never are.
    """
    among, bits = np.union1d(window.visible.nodes, window.visible.links), window.allowed.bulk
    ask = window.snapshot.table_among
    filled = _filled(ask(among, sql_quality.FILLED, bits=bits), vocabulary)
    found = ask(among, sql_quality.QUALITY, bits=bits).to_pylist()
    places: defaultdict[Source, list[int]] = defaultdict(lambda: [0, 0])
    for row in found:
        if row["type"] is not None:
            whole, part = places[row["owner"], row["source"]], _part(row, filled, vocabulary)
            whole[0], whole[1] = whole[0] + part[0], whole[1] + part[1]
    rows = [
        _row(
            window,
            row,
            places[row["owner"], row["source"]] if row["type"] is None else _part(row, filled, vocabulary),
        )
        for row in found
    ]
    return Found(pa.Table.from_pylist(rows, schema=_SCHEMA), join_of(ask(among, sql_quality.READ, bits=bits)))


def _filled(table: pa.Table, vocabulary: Vocabulary) -> Mapping[tuple[str, str, str], int]:
    """Return how many featured properties of entities have a value, by owner, source and schema."""
    counted: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for owner, source, type_, prop, entities in zip(*table.to_pydict().values(), strict=True):
        if prop in _featured(type_, vocabulary):
            counted[owner, source, type_] += entities
    return counted


def _part(
    row: Mapping[str, Any], filled: Mapping[tuple[str, str, str], int], vocabulary: Vocabulary
) -> list[int]:
    """Return how many featured properties of a schema's entities are filled, and how many could be."""
    return [
        filled[row["owner"], row["source"], row["type"]],
        row["entities"] * len(_featured(row["type"], vocabulary)),
    ]


def _featured(type_: str, vocabulary: Vocabulary) -> list[str]:
    schema = vocabulary.get(type_)
    return [name for name in schema.featured if not schema.properties[name].sensitive]


def _row(window: Window, row: Mapping[str, Any], part: list[int]) -> dict[str, Any]:
    return {
        "source": row["source"],
        "title": window.titles[row["owner"], row["source"]],
        "owner": row["owner"],
        "schema": row["type"],
        "records": row["records"],
        "entities": row["entities"],
        "filled": part[0] / part[1] if part[1] else None,
        "copies": row["copies"] / row["entities"],
        "not_graded": row["not_graded"],
        "median": row["median"].isoformat(),
        "newest": row["newest"].isoformat(),
    }
