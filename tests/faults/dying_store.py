"""A store that dies by its own hand: `dying_store.py STORE POINT N` applies acts, dead at the N-th call of a point.

The package is not changed for it: the named functions are wrapped in this process only.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from insight_kernel import files
from insight_kernel.model.label import Label
from insight_kernel.store import database, opened, originals, purge, relabel, rewrite
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Selection
from tests.faults.dying_gateway import Trigger, wrapped

DAY = date(2026, 11, 21)
POINTS: dict[str, tuple[Any, str, str]] = {
    "in a change of label, before rows are moved": (relabel, "_move", "before"),
    "in a change of label, before rows are made anew": (relabel, "_rebuild", "before"),
    "in a change of label, after rows were moved": (relabel, "_move", "after"),
    "after a change of label": (opened, "relabel", "after"),
    "in a purge, before rows are removed": (purge, "_remove", "before"),
    "in a purge, after rows were removed": (purge, "_remove", "after"),
    "after the database was purged": (opened, "purge", "after"),
    "before an original is emptied": (originals, "replace_file", "before"),
    "after an original was emptied": (originals, "replace_file", "after"),
    "before an original is removed": (originals, "remove", "before"),
    "after an original was removed": (originals, "remove", "after"),
    "before rows are copied": (rewrite, "_copy", "before"),
    "after rows were copied": (rewrite, "_copy", "after"),
    "before the new file gets its name": (database, "finish_file", "before"),
    "before the new name is flushed": (files, "flush_folder", "before"),
    "after the new file got its name": (database, "finish_file", "after"),
    "before the old file is removed": (database._File, "forget", "before"),
    "after the old file was removed": (database._File, "forget", "after"),
}  # fmt: skip


def withdraw(label: Label, scope: str) -> tuple[Label, str]:
    """Make a label expire today."""
    return replace(label, expires=DAY), scope


def act(store: Store) -> None:
    """Apply two withdrawals and a purge, those not applied yet, and make the files clean."""
    ids = [row[0] for row in _firsts(store)]
    for number, selection in ((7, Selection("FR", source="whole")), (8, Selection("FR", ids=tuple(ids)))):
        if number > store.acts():
            store.relabel(number, selection, withdraw)
    if store.acts() < 9:
        store.purge(9, DAY)
    store.rewrite_if_unclean()


def _firsts(store: Store) -> list[tuple[Any, ...]]:
    with store._database.snapshot() as snapshot:
        return snapshot.rows("SELECT id FROM record WHERE source = 'part' AND place IN ('line 1', 'line 2')")


def arm(point: str, calls: int) -> None:
    """Put the trigger in its place."""
    owner, name, when = POINTS[point]
    setattr(owner, name, wrapped(getattr(owner, name), Trigger(calls), when))


if __name__ == "__main__":
    opening = Store(open_folder(Path(sys.argv[1])))
    arm(sys.argv[2], int(sys.argv[3]))
    act(opening)
