"""Interned labels: equal labels share one small number, which never leaves the gateway."""

import json
from collections.abc import Iterable
from threading import Lock

import duckdb

from insight_kernel.model.label import Label, Unreadable, read_label
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot


class Labels:
    """The labels of a store by number; read again when a snapshot knows more of them."""

    def __init__(self) -> None:
        self._known: tuple[Label | Unreadable, ...] = ()
        self._lock = Lock()

    def at(self, snapshot: Snapshot) -> tuple[Label | Unreadable, ...]:
        """Return the labels that exist in this snapshot, position = number."""
        with self._lock:
            if len(self._known) < snapshot.state.labels:
                self._known = tuple(read_label(json.loads(body)) for (body,) in snapshot.rows(sql.LABELS))
            return self._known[: snapshot.state.labels]


def intern(cursor: duckdb.DuckDBPyConnection, labels: Iterable[Label]) -> list[int]:
    """Return the number of each label, giving new labels the next ones, inside the caller's transaction."""
    known = {body: n for n, (body,) in enumerate(cursor.execute(sql.LABELS).fetchall())}
    numbers = []
    for label in labels:
        body = label.body()
        if body not in known:
            known[body] = len(known)
            cursor.execute(sql.ADD_LABEL, {"label_id": known[body], "body": body})
        numbers.append(known[body])
    return numbers
