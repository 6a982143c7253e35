"""Floating labels: the join of everything a workspace was ever sent; it never goes down.

What an answer adds is written into its audit entry, and the labels are read from the log when the gateway
starts: there is no second place that could be lost or lowered.
"""

import base64
import zlib
from collections import defaultdict
from collections.abc import Mapping, Set
from functools import reduce
from threading import Lock
from typing import Any

import numpy as np

from insight_kernel.policy.join import Join, Parts
from insight_kernel.policy.numbers import Numbers


class FloatingLabels:
    """The floating label of each workspace, in parts: acts on labels reach what was sent before them."""

    def __init__(self) -> None:
        self._parts: defaultdict[str, dict[int, Join]] = defaultdict(dict)
        self._lock = Lock()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if "labels" in entry:
            self.add(entry["workspace"], read_join(entry))

    def add(self, workspace: str, join: Join) -> None:
        """Let a workspace's label rise by what it is sent."""
        with self._lock:
            if join:
                kept = self._parts[workspace]
                before = kept.get(join.acts, Join(acts=join.acts))
                kept[join.acts] = Join(
                    before.labels | join.labels, Numbers(before.records) | join.records, join.acts
                )

    def new(self, workspace: str, join: Join) -> Join:
        """Return the part of a join that the workspace's label does not hold yet."""
        labels, records = join.labels, Numbers(join.records)
        for part in self.of(workspace):
            labels, records = labels - part.labels, records - part.records
        return Join(labels, records, join.acts)

    def of(self, workspace: str) -> Parts:
        """Return a workspace's floating label; nothing when it was sent nothing."""
        with self._lock:
            return tuple(self._parts[workspace].values()) if workspace in self._parts else ()


def joined(parts: Parts) -> Join:
    """Return the parts as one join."""
    return reduce(Join.__or__, parts, Join())


def written(join: Join) -> dict[str, Any]:
    """Return a join as an entry of the log holds it."""
    return {"labels": sorted(join.labels), "records": pack(join.records), "acts": join.acts}


def read_join(raw: Mapping[str, Any]) -> Join:
    """Read what `written` wrote."""
    return Join(frozenset(raw["labels"]), unpack(raw["records"]), raw["acts"])


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
