"""The DuckDB file: opened by one process only, read in snapshots, with nothing of the outside reachable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.store import sql
from insight_kernel.store.folder import StoreFolder

_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True)
class State:
    """How far a store has come.

    The latest change, records ever numbered, rows kept in order, labels, the last act of the audit log that was
    applied, and whether rows that were purged may still lie in the file.
    """

    change: int
    records: int
    sorted: int
    labels: int
    acts: int
    unclean: bool


class Database:
    """The open file; `snapshot` for reading, `transaction` for the one writer."""

    def __init__(self, folder: StoreFolder) -> None:
        self._writing = Lock()
        try:
            self._connection = duckdb.connect(str(folder.database), config=_CLOSED)  # type: ignore[arg-type]
        except duckdb.IOException as error:
            raise _served(folder, error) from None
        if not self._connection.execute(sql.TABLES).fetchall()[0][0]:
            with self.transaction() as cursor:
                cursor.execute(sql.CREATE)
        self._connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """Read at one moment: what commits meanwhile is not seen."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield Snapshot(cursor)
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write all or nothing; one writer at a time, others wait."""
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN TRANSACTION")
                yield cursor
                cursor.execute("COMMIT")
            except duckdb.Error as error:  # its text may hold values
                raise Unavailable(
                    "write to the store", _failed(error), "Free space, then try again."
                ) from error
            finally:
                cursor.close()  # an open transaction is rolled back


class Snapshot:
    """A cursor at one moment, with its state read once."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.state = read_state(cursor)

    def table(self, query: str, **values: Any) -> pa.Table:
        """Run one of the statements of `store.sql` and return its rows."""
        return self._cursor.execute(query, values).to_arrow_table()

    def table_among(self, eids: NDArray[np.uint64], query: str, **values: Any) -> pa.Table:
        """Run a statement that reads `among`: entity numbers too many to be bound one by one."""
        with self._among("eid", eids):
            return self.table(query, **values)

    def rows_among(self, records: NDArray[np.uint32], query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement with a small answer that reads `among`: the numbers of many records."""
        with self._among("record", records):
            return self.rows(query, **values)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement with a small answer."""
        return self._cursor.execute(query, values).fetchall()

    @contextmanager
    def _among(self, column: str, numbers: NDArray[Any]) -> Iterator[None]:
        self._cursor.register("among", pa.table({column: numbers}))
        try:
            yield
        finally:
            self._cursor.unregister("among")


def read_state(cursor: duckdb.DuckDBPyConnection) -> State:
    """Return the store's state as this cursor sees it."""
    return State(*cursor.execute(sql.STATE).fetchall()[0])


def _failed(error: duckdb.Error) -> str:
    return f"the database failed ({type(error).__name__}); nothing was written"


def _served(folder: StoreFolder, error: Exception) -> BadInput:
    if "lock" in str(error).lower():
        return BadInput(
            f"open store {folder.root}", "another process serves it", "Ask that one, or stop it first."
        )
    return BadInput(f"open store {folder.root}", "its database cannot be read", "Restore it from a backup.")
