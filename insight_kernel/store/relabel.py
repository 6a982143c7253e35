"""Change of label: statements of an owner's records carry other labels from one act on, and what they carried is kept.

Applying an act a second time does nothing, so that acts can be read from the audit log again after a kill or into a
restored database. New labels get their numbers in a fixed order: the same acts give the same numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from insight_kernel.model.label import Label
from insight_kernel.store import sql, sql_acts
from insight_kernel.store.counting import changed, check, sizes
from insight_kernel.store.database import Database, Snapshot, State, read_state
from insight_kernel.store.labels import intern, read_stored, scoped

Change = Callable[[Label, str], tuple[Label, str]]
"""What becomes of a label and its scope."""

_MAPPING = pa.schema([("part", pa.string()), ("old", pa.int32()), ("new", pa.int32())])


@dataclass(frozen=True)
class Selection:
    """Records of one owner: all of a source of his, and those with these ids; what is not his is not found."""

    owner: str
    source: str | None = None
    ids: tuple[str, ...] = ()

    def bound(self) -> dict[str, Any]:
        """Return the values that statements about it bind."""
        return {"owner": self.owner, "source": self.source, "ids": list(self.ids)}


@dataclass(frozen=True)
class Relabelled:
    """How many records and statements carry another label than before."""

    records: int = 0
    statements: int = 0


@dataclass(frozen=True)
class _Asked:
    """One act: `each` record gets a scope of its own, otherwise each source."""

    act: int
    selection: Selection
    change: Change
    each: bool


def relabel(database: Database, act: int, selection: Selection, change: Change) -> Relabelled:
    """Give every statement of the selected records the label that `change` makes of its own."""
    return _apply(database, _Asked(act, selection, change, each=False))


def narrow(database: Database, act: int, selection: Selection) -> Relabelled:
    """Give labels by which somebody must be asked first a scope of each record's own, for a consent about records."""
    return _apply(database, _Asked(act, selection, lambda label, _: (label, ""), each=True))


def carried(snapshot: Snapshot, selection: Selection) -> list[int]:
    """Return the numbers of the labels that the selected records carry now."""
    return [number for (number,) in snapshot.rows(sql_acts.CARRIED_NOW, **selection.bound())]


def _apply(database: Database, asked: _Asked) -> Relabelled:
    with database.transaction() as cursor:
        state = read_state(cursor)
        if asked.act <= state.acts:
            return Relabelled()
        cursor.execute(sql_acts.CHOSEN, {**asked.selection.bound(), "each": asked.each})
        cursor.register("mapping", _mapping(cursor, asked))
        cursor.execute(sql_acts.MOVED)
        pairs, records = sizes(cursor, sql_acts.COUNT_MOVED)
        statements = _move(cursor, asked.act, state, pairs) if pairs else 0
        cursor.execute(sql_acts.SET_ACT, {"act": asked.act})
        cursor.execute(sql_acts.DROP_MOVED)
    return Relabelled(records, statements)


def _mapping(cursor: duckdb.DuckDBPyConnection, asked: _Asked) -> pa.Table:
    """Return which number becomes which, by source (or record) and number."""
    wanted = list(_wanted(cursor, asked))
    numbers = intern(cursor, (label for _, _, label in wanted))
    rows = [
        {"part": part, "old": old, "new": new}
        for (part, old, _), new in zip(wanted, numbers, strict=True)
        if old != new
    ]
    return pa.Table.from_pylist(rows, schema=_MAPPING)


def _wanted(cursor: duckdb.DuckDBPyConnection, asked: _Asked) -> Iterator[tuple[str, int, tuple[Label, str]]]:
    """Yield every readable label the selected records carry, with what becomes of it."""
    known = read_stored(cursor.execute(sql.LABELS).fetchall())
    for part, old in cursor.execute(sql_acts.CARRIED).fetchall():
        before = known.labels[old]
        if isinstance(before, Label):
            label, scope = asked.change(before, known.scopes[old])
            yield part, old, scoped(label, scope or f"{asked.selection.owner}/{part}")


def _move(cursor: duckdb.DuckDBPyConnection, act: int, state: State, pairs: int) -> int:
    statements = changed(cursor, sql_acts.MOVE_STATEMENTS)
    for statement in sql_acts.MOVE:
        cursor.execute(statement)
    loose = _rebuild(cursor)
    check([pairs], [changed(cursor, sql_acts.REMEMBER_MOVED, act=act)])
    cursor.execute(sql_acts.CHANGE_MOVED, {"change": state.change + 1})
    done = {"change": state.change + 1, "act": act, "unclean": False}
    cursor.execute(sql_acts.SET_CHANGED, {**done, "sorted": max(state.sorted - loose, 0)})
    return statements


def _rebuild(cursor: duckdb.DuckDBPyConnection) -> int:
    """Make anew what is kept once for many statements; return how many rows are out of order since."""
    cursor.execute(sql_acts.TOUCHED)
    cursor.execute(sql_acts.CLEAR_REBUILT)
    before, added = sizes(cursor, sql_acts.REBUILT_SIZES), sizes(cursor, sql_acts.REBUILD_SIZES)
    for statement, size in zip(sql_acts.REBUILD, added, strict=True):
        if size:  # see `commit`: an ordered INSERT of none may lose the rows of the next
            cursor.execute(statement)
    check((np.array(before) + added).tolist(), sizes(cursor, sql_acts.REBUILT_SIZES))
    return added[0]
