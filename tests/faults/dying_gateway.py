"""A gateway that dies by its own hand: `dying_gateway.py POINT N STORE` kills itself at the N-th call of a point.

The package is not changed for it: the named functions are wrapped in this process only.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from insight_kernel import files
from insight_kernel.audit.log import AuditLog
from insight_kernel.gateway.__main__ import main
from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.service import Gateway
from insight_kernel.store import commit as committing
from insight_kernel.store import folder, opened, originals
from insight_kernel.store.database import Database

POINTS: dict[str, tuple[Any, str, str]] = {
    "before an audit entry": (AuditLog, "append", "before"),
    "after an audit entry": (AuditLog, "append", "after"),
    "after the audit's bytes, before their flush": (files, "write_all", "after"),
    "before an answer is made": (Gateway, "answer", "before"),
    "after an answer is made": (Gateway, "answer", "after"),
    "before a commit": (opened, "commit", "before"),
    "after a commit": (opened, "commit", "after"),
    "in a commit, before rows are added": (committing, "_add", "before"),
    "in a commit, after rows were added": (committing, "_add", "after"),
    "before rows are put in order": (opened, "sort_if_needed", "before"),
    "after rows were put in order": (opened, "sort_if_needed", "after"),
    "before a file is replaced": ((folder, originals), "replace_file", "before"),
    "after a file was replaced": ((folder, originals), "replace_file", "after"),
    "before a folder is flushed": (files, "flush_folder", "before"),
    "before an original is kept": (Loader, "_keep_original", "before"),
    "after an original was kept": (Loader, "_keep_original", "after"),
    "after the database is opened": (Database, "__init__", "after"),
}  # fmt: skip


class Trigger:
    """Counts calls; at the last one the process is gone."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def pull(self) -> None:
        """Count one call."""
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def wrapped(function: Callable[..., Any], trigger: Trigger, when: str) -> Callable[..., Any]:
    """Return the function with a trigger before or after it."""

    def call(*args: Any, **named: Any) -> Any:
        if when == "before":
            trigger.pull()
        found = function(*args, **named)
        if when == "after":
            trigger.pull()
        return found

    return call


def arm(point: str, calls: int) -> None:
    """Put the trigger in its place, or wherever modules know the function by name."""
    owners, name, when = POINTS[point]
    trigger = Trigger(calls)
    for owner in owners if isinstance(owners, tuple) else (owners,):
        setattr(owner, name, wrapped(getattr(owner, name), trigger, when))


def sort_always() -> None:
    """Put rows in order after every load, not only after large ones."""
    plain = opened.sort_if_needed
    opened.sort_if_needed = lambda database, *, always=False: plain(database, always=True)


if __name__ == "__main__":
    sort_always()
    arm(sys.argv[1], int(sys.argv[2]))
    sys.argv[1:] = sys.argv[3:]
    main()
