"""What exists for a reader, computed from visible statements alone and remembered per allowed set.

A node exists iff a literal statement of it from a source record is visible. A link exists iff, for both of
its ends, a statement naming the end is visible and every node so named exists. A record that delivers a link
without one of its ends says so in a statement of its own, so that a one-sided payment can be seen where the
hidden end of a two-sided one cannot make it so.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot

Eids = NDArray[np.uint64]
_KEPT = 32  # sets; eight bytes per visible entity each


@dataclass(frozen=True)
class Visible:
    """Entity numbers that exist for a reader, each array sorted."""

    nodes: Eids
    links: Eids

    def mask(self, eids: Eids) -> NDArray[np.bool_]:
        """Tell for each number whether it exists for the reader."""
        return _within(eids, self.nodes) | self.is_link(eids)

    def is_link(self, eids: Eids) -> NDArray[np.bool_]:
        """Tell for each number whether it is a link that exists for the reader."""
        return _within(eids, self.links)


class ExistenceCache:
    """Visible sets by (change number, allowed set)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Visible] = OrderedDict()
        self._oldest = 0
        self._lock = Lock()

    @property
    def changes(self) -> frozenset[int]:
        """Return the changes after each of which something was computed that is remembered."""
        with self._lock:
            return frozenset(change for change, _ in self._kept)

    def forget(self, change: int) -> None:
        """Forget what was computed before a change; who still looks at an older snapshot leaves nothing behind."""
        with self._lock:
            self._oldest = change
            for key in [key for key in self._kept if key[0] < change]:
                del self._kept[key]

    def get(self, snapshot: Snapshot, bits: str) -> Visible:
        """Return what exists in this snapshot for the labels of these bits."""
        key = (snapshot.state.change, bits)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = Visible(
                _eids(snapshot, sql.VISIBLE_NODES, bits), _eids(snapshot, sql.VISIBLE_LINKS, bits)
            )
        with self._lock:
            if key[0] < self._oldest:
                return found
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _eids(snapshot: Snapshot, query: str, bits: str) -> Eids:
    found: Eids = snapshot.table(query, bits=bits)["eid"].to_numpy()
    return found


def _within(eids: Eids, known: Eids) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(eids), dtype=bool)
    at = np.minimum(np.searchsorted(known, eids), len(known) - 1)
    same: NDArray[np.bool_] = known[at] == eids
    return same
