"""What sources are called: few, asked for with every value shown, and read again only when the store has changed."""

from collections.abc import Mapping
from threading import Lock

from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot

Titles = Mapping[tuple[str, str], str]
"""Titles of sources by owner and name."""


class TitleCache:
    """The titles after the latest change that was looked at."""

    def __init__(self) -> None:
        self._change, self._titles = -1, dict[tuple[str, str], str]()
        self._lock = Lock()

    def at(self, snapshot: Snapshot) -> Titles:
        """Return the titles in this snapshot; one that is older than the latest reads them for itself."""
        change = snapshot.state.change
        with self._lock:
            if change == self._change:
                return self._titles
        titles = {(owner, name): title for name, owner, title, *_ in snapshot.rows(sql.SOURCES)}
        with self._lock:
            if change > self._change:
                self._change, self._titles = change, titles
        return titles
