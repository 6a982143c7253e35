"""Counting rows around a write: what a table does not hold after it was given it, was lost."""

from collections.abc import Sequence

import duckdb

from insight_kernel.errors import Unavailable


def sizes(cursor: duckdb.DuckDBPyConnection, query: str) -> list[int]:
    """Return the numbers of a query's only row."""
    return [int(size) for size in cursor.execute(query).fetchall()[0]]


def check(expected: Sequence[int], found: Sequence[int]) -> None:
    """Refuse to commit when a table does not hold what it was given."""
    if list(found) != list(expected):
        raise Unavailable(
            "write to the store", "the database lost rows while writing", "Nothing was written; report this."
        )


def changed(cursor: duckdb.DuckDBPyConnection, statement: str, **values: object) -> int:
    """Execute a statement and return how many rows it wrote, changed or removed."""
    found: int = cursor.execute(statement, values or None).fetchall()[0][0]
    return found
