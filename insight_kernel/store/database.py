"""The DuckDB file: opened by one process only, read in snapshots, with nothing of the outside reachable."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.files import UNFINISHED, finish_file, remove
from insight_kernel.store import sql
from insight_kernel.store.file import connect, forget_uncommitted
from insight_kernel.store.folder import StoreFolder

_BATCH = 100_000  # rows

Fill = Callable[["Snapshot", duckdb.DuckDBPyConnection], None]
"""Writes what a snapshot holds through a cursor of a new, empty file."""


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


class _File:
    """One database file and how many snapshots read it; one that was replaced goes with its last reader.

    `state` is what a snapshot begun now would read; None while something is being committed.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.readers, self.replaced = path, 0, False
        self.connection = connect(path)
        self.state: State | None = None

    def begin(self, cursor: duckdb.DuckDBPyConnection) -> State:
        """Begin to read; ask for the state only where a commit may have come in between."""
        known = self.state
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        return known if known is not None and known is self.state else read_state(cursor)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write all or nothing."""
        cursor = self.connection.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION")
            yield cursor
            self.state = None
            cursor.execute("COMMIT")
        except duckdb.Error as error:  # its text may hold values
            raise Unavailable("write to the store", _failed(error), "Free space, then try again.") from error
        finally:
            cursor.close()  # an open transaction is rolled back
        self.look()

    def look(self) -> None:
        """Remember the state; for whoever alone may commit."""
        with closing(self.connection.cursor()) as cursor:
            self.state = read_state(cursor)

    def forget(self) -> None:
        """Close and remove it."""
        self.connection.close()
        for path in self.path.parent.glob(f"{self.path.name}*"):
            remove(path)


class Database:
    """The open file; `snapshot` for reading, `transaction` for the one writer."""

    def __init__(self, folder: StoreFolder) -> None:
        self._folder = folder
        self._writing, self._switching = Lock(), Lock()
        try:
            forget_uncommitted(folder.database)
            self._file = _File(folder.database)
        except duckdb.IOException as error:
            raise _served(folder, error) from None
        connection = self._file.connection
        if not connection.execute(sql.TABLES).fetchall()[0][0]:
            with self.transaction() as cursor:
                cursor.execute(sql.CREATE)
        self._file.look()
        connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Give the file back."""
        self._file.connection.close()

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """Read at one moment: what commits meanwhile is not seen, and a file replaced meanwhile is read to the end."""
        with self._reading() as file:
            cursor = file.connection.cursor()
            try:
                yield Snapshot(cursor, file.begin(cursor))
            finally:
                cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write all or nothing; one writer at a time, others wait."""
        with self._writing, self._file.writing() as cursor:
            yield cursor

    def replace(self, fill: Fill, *, only_if: Callable[["Snapshot"], bool]) -> bool:
        """Put a new file in the place of this one, made by `fill` from what this one holds; tell whether it was done.

        Writers wait, readers do not. Until it is complete the new file has an unfinished name; from then on it
        is the store's, and whoever still reads the old one reads it to the end.
        """
        with self._writing:
            with self.snapshot() as snapshot:
                if not only_if(snapshot):
                    return False
                path = self._folder.next_database
                try:
                    new = self._made(snapshot, fill, path)
                except BaseException:
                    remove(path)  # what is written from now on is not in it
                    raise
            self._switch(new)
        return True

    def _made(self, snapshot: "Snapshot", fill: Fill, path: Path) -> _File:
        unfinished = _File(path.with_name(f"{UNFINISHED}{path.name}"))
        try:
            with unfinished.writing() as cursor:
                cursor.execute(sql.CREATE)
                fill(snapshot, cursor)
            unfinished.connection.close()
            finish_file(unfinished.path, path)
        except OSError as error:
            wrong = f"a file failed ({error.strerror or error})"
            raise Unavailable("write to the store", wrong, "Free space, then try again.") from error
        finally:
            unfinished.forget()
        new = _File(path)
        new.look()
        new.connection.execute("SET lock_configuration = true")
        return new

    def _switch(self, new: _File) -> None:
        with self._switching:
            old, self._file = self._file, new
            old.replaced = True
            idle = not old.readers
        if idle:
            old.forget()

    @contextmanager
    def _reading(self) -> Iterator[_File]:
        with self._switching:
            file = self._file
            file.readers += 1
        try:
            yield file
        finally:
            with self._switching:
                file.readers -= 1
                last = file.replaced and not file.readers
            if last:
                file.forget()


class Snapshot:
    """A cursor at one moment, with the state of that moment."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, state: State) -> None:
        self._cursor, self._ended, self.state = cursor, False, state

    def interrupt(self) -> None:
        """End what is being read, and read nothing more; from any thread, and nobody else is disturbed."""
        self._ended = True
        self._cursor.interrupt()

    def table(self, query: str, **values: Any) -> pa.Table:
        """Run one of the statements of `store.sql` and return its rows."""
        with self._failing():
            return self._cursor.execute(query, values).to_arrow_table()

    def batches(self, query: str, rows: int = _BATCH, **values: Any) -> pa.RecordBatchReader:
        """Run a statement and return its rows as they come, not in memory at once."""
        return self._cursor.execute(query, values).to_arrow_reader(rows)

    def table_among(self, eids: NDArray[np.uint64], query: str, **values: Any) -> pa.Table:
        """Run a statement that reads `among`: entity numbers too many to be bound one by one."""
        with self._among(pa.table({"eid": eids})):
            return self.table(query, **values)

    def rows_among(self, among: pa.Table, query: str) -> list[tuple[Any, ...]]:
        """Run a statement with a small answer that reads a table `among`: the records of many joins."""
        with self._among(among):
            return self.rows(query)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement with a small answer."""
        with self._failing():
            return self._cursor.execute(query, values).fetchall()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Say in one line what made a statement fail: memory, the disk, or that it was ended."""
        try:
            if self._ended:
                raise duckdb.InterruptException("ended before")
            yield
        except duckdb.Error as error:  # its text may hold values
            wrong = "it was ended" if self._ended else f"the database failed ({type(error).__name__})"
            raise Unavailable("answer", wrong, "Ask for less, or try again.") from error

    @contextmanager
    def _among(self, table: pa.Table) -> Iterator[None]:
        self._cursor.register("among", table)
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
