"""Purge: values whose label has expired leave every table; of a record without any, a tombstone without content stays.

What a purge removes is remembered as numbers only: which record lost values of which label. Readers go on meanwhile;
their snapshots end with the answer they are making.
"""

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from insight_kernel.model.label import Label
from insight_kernel.store import sql, sql_acts
from insight_kernel.store.counting import changed, check, sizes
from insight_kernel.store.database import Database, State, read_state
from insight_kernel.store.labels import read_stored


@dataclass(frozen=True)
class Purged:
    """How many records became tombstones, how many statements left, and which originals held such records."""

    records: int = 0
    statements: int = 0
    originals: tuple[str, ...] = ()


def purge(database: Database, act: int, day: date) -> Purged:
    """Remove what expired on or before `day`; an act applied before does nothing again."""
    with database.transaction() as cursor:
        state = read_state(cursor)
        if act <= state.acts:
            return Purged()
        cursor.register("expired", _expired(cursor, day))
        cursor.execute(sql_acts.GONE)
        [pairs] = sizes(cursor, sql_acts.COUNT_GONE)
        done = _remove(cursor, act, day, state, pairs) if pairs else Purged()
        cursor.execute(sql_acts.SET_ACT, {"act": act})
        cursor.execute(sql_acts.DROP_GONE)
    return done


def _expired(cursor: duckdb.DuckDBPyConnection, day: date) -> pa.Table:
    """Return the numbers of the readable labels that have expired; what cannot be read stays hidden."""
    labels = read_stored(cursor.execute(sql.LABELS).fetchall()).labels
    found = [n for n, label in enumerate(labels) if isinstance(label, Label) and label.expires <= day]
    return pa.table({"label_id": pa.array(found, pa.int32())})


def _remove(cursor: duckdb.DuckDBPyConnection, act: int, day: date, state: State, pairs: int) -> Purged:
    statements = changed(cursor, sql_acts.PURGE_STATEMENTS)
    for statement in sql_acts.PURGE:
        cursor.execute(statement)
    records = changed(cursor, sql_acts.BURY, day=day.isoformat(), act=act)
    for statement in sql_acts.PURGE_DEAD:
        cursor.execute(statement, {"act": act})
    check([pairs], [changed(cursor, sql_acts.REMEMBER_GONE, act=act)])
    cursor.execute(sql_acts.CHANGE_GONE, {"change": state.change + 1})
    [left] = sizes(cursor, sql.COUNT_STATEMENTS)
    done = {"change": state.change + 1, "act": act, "unclean": True}
    cursor.execute(sql_acts.SET_CHANGED, {**done, "sorted": min(state.sorted, left)})
    originals = cursor.execute(sql_acts.ORIGINALS_OF_DEAD, {"act": act}).fetchall()
    return Purged(records, statements, tuple(row[0] for row in originals))
