"""Rewriting: all rows, in their order, into a new file that takes the place of the old one.

Rows that were removed stay in DuckDB's file until it needs their room. What was purged is gone from the disk when the
store has been rewritten; that the new file is in order again, and smaller, comes with it.
"""

import duckdb

from insight_kernel.store import sql, sql_rewrite
from insight_kernel.store.counting import check, sizes
from insight_kernel.store.database import Database, Snapshot

_RESORT = 200_000  # rows out of order before all are put in order again, and at least a third of all


def rewrite_if_unclean(database: Database) -> bool:
    """Rewrite the file when purged rows may still lie in it; return whether it was done."""
    return database.replace(_copy, only_if=lambda snapshot: snapshot.state.unclean)


def sort_if_needed(database: Database, *, always: bool = False) -> bool:
    """Rewrite the file when much was added since its rows were put in order; return whether it was done."""
    return database.replace(_copy, only_if=lambda snapshot: always or _disordered(snapshot))


def _disordered(snapshot: Snapshot) -> bool:
    total: int = snapshot.rows(sql.COUNT_STATEMENTS)[0][0]
    return total - snapshot.state.sorted >= max(_RESORT, total // 3)


def _copy(snapshot: Snapshot, fresh: duckdb.DuckDBPyConnection) -> None:
    kept = [int(size) for size in snapshot.rows(sql_rewrite.SIZES)[0]]
    for (rows, insert), size in zip(sql_rewrite.COPIES, kept, strict=True):
        if size:
            fresh.register("rows", snapshot.batches(rows))
            fresh.execute(insert)
            fresh.unregister("rows")
    check(kept, sizes(fresh, sql_rewrite.SIZES))
    state = snapshot.state
    fresh.execute(
        sql_rewrite.SET_STATE, {"change": state.change, "records": state.records, "acts": state.acts}
    )
