"""Where values come from: source, owner, grade and day of each statement shown, and what its label says."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.gateway.frames import names_of
from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.model.ids import to_text
from insight_kernel.model.label import LEVELS, Label, Unreadable
from insight_kernel.model.schema import Vocabulary
from insight_kernel.store import sql
from insight_kernel.store.read import Window

Marks = Mapping[int, tuple[str, str]]
Origin = tuple[str, str, str, str, str]  # record id, source name, source title, owner, day


def described(window: Window, statements: pa.Table, vocabulary: Vocabulary) -> pa.Table:
    """Return one row per statement with its source, grade, and the parts of its label a reader is shown."""
    names = names_of(statements, vocabulary)
    origins = _origins(window, statements)
    labels = window.labels
    rows = [_row(row, names, origins, labels[row["label_id"]]) for row in statements.to_pylist()]
    rows.sort(
        key=lambda row: (row["id"], row["property"], row["value"], row["original"] or "", row["record"])
    )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def source_titles(window: Window, statements: pa.Table) -> dict[int, list[str]]:
    """Return the titles of the sources that speak of each entity, sorted."""
    origins = _origins(window, statements)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for eid, record in zip(statements["eid"].to_pylist(), statements["record"].to_pylist(), strict=True):
        found[eid].add(origins[record][2])
    return {eid: sorted(titles) for eid, titles in found.items()}


def marks_of(statements: pa.Table, labels: Sequence[Label | Unreadable]) -> Marks:
    """Return the owners (joined by commas) and the highest level of each entity's visible statements."""
    pairs = statements.group_by(["eid", "label_id"]).aggregate([])
    found: defaultdict[int, list[Label]] = defaultdict(list)
    for eid, number in zip(pairs["eid"].to_pylist(), pairs["label_id"].to_pylist(), strict=True):
        if isinstance(label := labels[number], Label):
            found[eid].append(label)
    return {
        eid: (
            ", ".join(sorted({one.owner for one in ones})),
            max((one.level for one in ones), key=LEVELS.index),
        )
        for eid, ones in found.items()
    }


_TEXTS = ("id", "schema", "caption", "property", "value", "reference", "original", "source", "source_title",
          "record", "owner", "delivered", "grade", "level", "conditions", "expires")  # fmt: skip
_LISTS = ("purposes", "handling", "special")
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXTS] + [(name, pa.list_(pa.string())) for name in _LISTS]
)


def _origins(window: Window, statements: pa.Table) -> dict[int, Origin]:
    records = pc.unique(statements["record"]).to_pylist()
    rows = (
        window.snapshot.rows(sql.PROVENANCE_OF_ONE, record=records[0]) if len(records) == 1
        else window.snapshot.rows(sql.PROVENANCE, records=records)
    )  # fmt: skip
    return {
        record: (id_, source, window.titles[owner, source], owner, delivered.isoformat())
        for record, id_, source, owner, delivered in rows
    }


def _row(row: dict[str, Any], names: Any, origins: dict[int, Origin], label: Any) -> dict[str, Any]:
    record, source, title, owner, delivered = origins[row["record"]]
    schema, caption = names[row["eid"]]
    ref = None if row["ref"] is None else to_text(row["ref"])
    shown = {"level": label.level, "conditions": label.conditions, "expires": label.expires.isoformat(),
             "purposes": sorted(label.purposes), "handling": sorted(label.handling),
             "special": sorted(label.special)} if isinstance(label, Label) else {}  # fmt: skip
    return {
        "id": to_text(row["eid"]), "schema": schema, "caption": caption, "property": row["prop"],
        "value": ref if row["value"] is None else row["value"], "reference": ref, "original": row["original"],
        "source": source, "source_title": title, "record": record, "owner": owner, "delivered": delivered,
        "grade": row["grade"] or NOT_GRADED, **shown,
    }  # fmt: skip
