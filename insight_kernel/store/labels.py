"""Interned labels: equal labels of equal scope share one small number, which never leaves the gateway.

The scope says what a consent can be about: a number stands for the values of one source, or of one record, wherever
somebody must be asked before release, so that a consent is a matter of label numbers.
"""

import json
from collections.abc import Iterable, Sequence
from threading import Lock

import duckdb

from insight_kernel.model.label import Label, read_label
from insight_kernel.policy.allowed import Stored
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot


class Labels:
    """The labels of a store by number; read again when a snapshot knows more of them."""

    def __init__(self) -> None:
        self._known = Stored()
        self._lock = Lock()

    def at(self, snapshot: Snapshot) -> Stored:
        """Return the labels that exist in this snapshot."""
        with self._lock:
            if len(self._known.labels) < snapshot.state.labels:
                self._known = read_stored(snapshot.rows(sql.LABELS))
            return self._known.upto(snapshot.state.labels)


def read_stored(rows: Iterable[Sequence[str]]) -> Stored:
    """Return what `sql.LABELS` found."""
    found = list(rows)
    return Stored(tuple(read_label(json.loads(row[0])) for row in found), tuple(row[1] for row in found))


def scoped(label: Label, scope: str) -> tuple[Label, str]:
    """Return the label with its scope: none unless somebody must be asked before a release.

    Examples
    --------
    >>> from datetime import date
    >>> free = Label("FR", frozenset({"warn"}), date(2031, 1, 1))
    >>> asked = Label("FR", frozenset({"warn"}), date(2031, 1, 1), handling=frozenset({"H2"}))
    >>> scoped(free, "FR/lists")[1], scoped(asked, "FR/lists")[1]
    ('', 'FR/lists')
    """
    return label, scope if label.consent or "H2" in label.handling else ""


def intern(cursor: duckdb.DuckDBPyConnection, labels: Iterable[tuple[Label, str]]) -> list[int]:
    """Return the number of each label and scope, giving new ones the next, inside the caller's transaction."""
    known = {(body, scope): n for n, (body, scope) in enumerate(cursor.execute(sql.LABELS).fetchall())}
    numbers = []
    for label, scope in labels:
        key = (label.body(), scope)
        if key not in known:
            known[key] = len(known)
            cursor.execute(sql.ADD_LABEL, {"label_id": known[key], "body": key[0], "scope": scope})
        numbers.append(known[key])
    return numbers
