"""Floating labels: the join of everything a workspace was ever sent; it never goes down.

What an answer adds is written into its audit entry, and the labels are read from the log when the gateway
starts: there is no second place that could be lost or lowered.
"""

import base64
import zlib
from collections import defaultdict
from collections.abc import Mapping, Set
from threading import Lock
from typing import Any

import numpy as np

from insight_kernel.policy.join import Join
from insight_kernel.policy.numbers import Numbers


class FloatingLabels:
    """The floating label of each workspace."""

    def __init__(self) -> None:
        self._labels: defaultdict[str, set[int]] = defaultdict(set)
        self._records: defaultdict[str, Numbers] = defaultdict(Numbers)
        self._lock = Lock()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if "labels" in entry:
            self.add(entry["workspace"], Join(frozenset(entry["labels"]), unpack(entry["records"])))

    def add(self, workspace: str, join: Join) -> None:
        """Let a workspace's label rise by what it is sent."""
        with self._lock:
            self._labels[workspace] |= join.labels
            self._records[workspace] = self._records[workspace] | join.records

    def new(self, workspace: str, join: Join) -> Join:
        """Return the part of a join that the workspace's label does not hold yet."""
        with self._lock:
            labels, records = self._labels[workspace], self._records[workspace]
            return Join(join.labels - labels, Numbers(join.records) - records)

    def of(self, workspace: str) -> Join:
        """Return a workspace's floating label; empty when it was sent nothing."""
        with self._lock:
            return Join(frozenset(self._labels[workspace]), self._records[workspace])


def pack(records: Set[int]) -> str:
    """Write record numbers compactly: sorted, as differences, compressed, in base 64.

    Examples
    --------
    >>> sorted(unpack(pack(frozenset({7, 3, 1_000_000}))))
    [3, 7, 1000000]
    """
    steps = np.diff(Numbers(records).array, prepend=np.uint32(0))
    return base64.b64encode(zlib.compress(steps.astype("<u4").tobytes(), 1)).decode()


def unpack(text: str) -> Numbers:
    """Read what `pack` wrote."""
    steps = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<u4")
    return Numbers.of_array(np.cumsum(steps, dtype=np.uint32))
