"""From statements to the table of an answer: one row per entity, one column per property."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.model.caption import best_name, caption, most_specific
from insight_kernel.model.ids import to_text
from insight_kernel.model.schema import Schema, Vocabulary
from insight_kernel.store.existence import Eids

Named = Mapping[int, tuple[str, str]]
_LEADING = ("id", "caption", "schema")


def wide(statements: pa.Table, eids: Eids, asked: Schema, vocabulary: Vocabulary) -> pa.Table:
    """Return `id, caption, schema`, then the properties by name; a cell is a list of values or null.

    Columns are the featured properties of the schema asked for, whether they occur or not, then the others that
    occur; rows are in the order of `eids`, which is sorted.
    """
    named = names_of(statements, vocabulary)
    ids = [to_text(eid) for eid in eids.tolist()]
    columns: dict[str, object] = {
        "id": pa.array(ids, pa.string()),
        "caption": pa.array([named[eid][1] for eid in eids.tolist()], pa.string()),
        "schema": pa.array([named[eid][0] for eid in eids.tolist()], pa.string()),
    }
    present = set(pc.unique(statements["prop"]).to_pylist())
    for prop in _ordered(present, asked):
        columns[prop] = _lists(
            statements.filter(pc.equal(statements["prop"], prop)), eids, first=prop in asked.caption
        )
    return pa.table(columns)


def names_of(statements: pa.Table, vocabulary: Vocabulary) -> Named:
    """Return schema and caption of each entity, from its visible statements alone."""
    types: defaultdict[int, set[str]] = defaultdict(set)
    captions: defaultdict[int, dict[str, list[str]]] = defaultdict(dict)
    columns = (statements[name].to_pylist() for name in ("eid", "type", "prop", "value"))
    for eid, type_, prop, value in zip(*columns, strict=True):
        types[eid].add(type_)
        if value is not None and prop in vocabulary.caption_properties:
            captions[eid].setdefault(prop, []).append(value)
    schemata = {eid: most_specific(map(vocabulary.get, found)) for eid, found in types.items()}
    return {
        eid: (schema.name, caption(schema, to_text(eid), captions[eid])) for eid, schema in schemata.items()
    }


def _ordered(present: set[str], asked: Schema) -> list[str]:
    named = [name for name in dict.fromkeys((*asked.caption, *asked.featured)) if name in asked.properties]
    first = [name for name in named if not asked.properties[name].sensitive and name not in _LEADING]
    return [*first, *sorted(present - set(first) - set(_LEADING))]


def _lists(rows: pa.Table, eids: Eids, *, first: bool) -> pa.Array:
    """Return one list of distinct values per entity, sorted; of a caption property the name to show stands first."""
    texts = _texts(rows)
    at = np.searchsorted(eids, rows["eid"].to_numpy())
    found: list[list[str] | None] = [None] * len(eids)
    for position, text in zip(at.tolist(), texts, strict=True):
        cell = found[position]
        if cell is None:
            found[position] = [text]
        elif text not in cell:
            cell.append(text)
    return pa.array(
        [_first(cell) if first and cell and len(cell) > 1 else cell for cell in found], pa.list_(pa.string())
    )


def _texts(rows: pa.Table) -> Sequence[str]:
    values, refs = rows["value"].to_pylist(), rows["ref"].to_pylist()
    return [to_text(ref) if value is None else value for value, ref in zip(values, refs, strict=True)]


def _first(cell: list[str]) -> list[str]:
    best = best_name(cell)
    return [best, *(value for value in cell if value != best)]
