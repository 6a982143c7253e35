"""Writing: one delivered file becomes visible whole, in one transaction, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.model.label import Label
from insight_kernel.store import sql
from insight_kernel.store.counting import changed, check, sizes
from insight_kernel.store.database import Database, read_state
from insight_kernel.store.labels import intern, scoped

RECORDS = pa.schema(
    [("rec", pa.uint32()), ("id", pa.string()), ("place", pa.string()), ("label", pa.uint32())]
)
STATEMENTS = pa.schema(
    [
        ("rec", pa.uint32()),
        ("eid", pa.uint64()),
        ("type", pa.string()),
        ("prop", pa.string()),
        ("value", pa.string()),
        ("ref", pa.uint64()),
        ("role", pa.int8()),
        ("lang", pa.string()),
        ("original", pa.string()),
        ("label", pa.uint32()),
        ("grade", pa.string()),
        ("origin", pa.string()),
        ("node", pa.bool_()),
        ("tokens", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True)
class Delivery:
    """One file, read and cleaned: what is committed together.

    `label` in both tables is a position in `labels`; `statements` may be any number of `STATEMENTS` tables.
    """

    source: str
    owner: str
    title: str
    profile: str
    original: str
    day: date
    base: Label
    labels: tuple[Label, ...]
    records: pa.Table
    statements: Iterable[pa.Table]


@dataclass(frozen=True)
class Committed:
    """How many records were new, how many this source had delivered before, and the change number."""

    new: int
    duplicates: int
    change: int


def commit(database: Database, delivery: Delivery) -> Committed:
    """Write a delivery in one transaction; a file without anything new, of a source as it was, makes no change."""
    with database.transaction() as cursor:
        state = read_state(cursor)
        scope = f"{delivery.owner}/{delivery.source}"
        numbers = intern(cursor, (scoped(label, scope) for label in (*delivery.labels, delivery.base)))
        told = _put_source(cursor, delivery, numbers[-1])
        cursor.register("staged_record", _numbered(delivery.records, numbers))
        cursor.execute(sql.NEW_RECORDS, {"base": state.records})
        new: int = cursor.execute(sql.COUNT_FRESH).fetchall()[0][0]
        change = state.change + (1 if new or told else 0)
        if new:
            _add(cursor, delivery, numbers, change, new)
        cursor.execute(sql.ADD_AGAIN, {"original": delivery.original})
        cursor.execute(sql.SET_STATE, {"change": change, "records": state.records + new})
        cursor.execute(sql.DROP_TEMP)
    return Committed(new, delivery.records.num_rows - new, change)


def _put_source(cursor: duckdb.DuckDBPyConnection, delivery: Delivery, label: int) -> bool:
    """Write down what is said of the source; tell whether that is anything new."""
    key, said = {"name": delivery.source, "owner": delivery.owner}, (delivery.title, delivery.profile, label)
    if cursor.execute(sql.SOURCE, key).fetchall() == [said]:
        return False
    values = dict(zip(("title", "profile", "label_id"), said, strict=True))
    cursor.execute(sql.PUT_SOURCE, {**key, **values})
    return True


def _add(
    cursor: duckdb.DuckDBPyConnection, delivery: Delivery, numbers: list[int], change: int, new: int
) -> None:
    records, changes, pairs = sizes(cursor, sql.RECORD_SIZES)
    origin = {"source": delivery.source, "owner": delivery.owner, "original": delivery.original}
    cursor.execute(sql.ADD_RECORDS, {**origin, "day": delivery.day.isoformat()})
    cursor.execute(sql.ADD_CHANGES, {"change": change})
    expected = np.array(sizes(cursor, sql.TABLE_SIZES))
    for table in delivery.statements:
        cursor.register("staged", _numbered(table, numbers))
        cursor.execute(sql.BATCH)
        expected += _fill(cursor)
    check(expected.tolist(), sizes(cursor, sql.TABLE_SIZES))
    held = changed(cursor, sql.ADD_HELD, base=read_state(cursor).records)
    check([records + new, changes + new, pairs + held], sizes(cursor, sql.RECORD_SIZES))


def _fill(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    """Write the batch into its tables; return how many rows each was given.

    What has no rows is not written: DuckDB 1.5.6 with several threads loses, without an error, what an ordered
    INSERT of many rows adds in the same transaction after an ordered INSERT of none.
    """
    found = sizes(cursor, sql.BATCH_SIZES)
    return [
        changed(cursor, statement) if size else 0 for statement, size in zip(sql.FILL, found, strict=True)
    ]


def _numbered(table: pa.Table, numbers: list[int]) -> pa.Table:
    """Replace positions in the delivery's label list by the store's label numbers."""
    found = pc.take(pa.array(numbers, pa.int32()), table["label"])
    return table.drop_columns("label").append_column("label_id", found)
