"""Walking links: from entities to what they are linked with, step by step, over what exists for the reader."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from insight_kernel.gateway.frames import Named
from insight_kernel.gateway.provenance import Marks
from insight_kernel.model.ids import to_text
from insight_kernel.policy.join import Join
from insight_kernel.store.existence import Eids
from insight_kernel.store.read import Window, join_of

_MOST = 5_000  # edges in one answer, counted after the decision
Edge = tuple[int, int, int | None, str]


@dataclass(frozen=True)
class Edges:
    """Distinct edges (source, target, link entity or None, schema or property), and the join they rest on."""

    rows: tuple[Edge, ...]
    join: Join
    truncated: bool

    @property
    def source(self) -> Eids:
        """Return the source of each edge."""
        return np.array([row[0] for row in self.rows], dtype=np.uint64)

    @property
    def target(self) -> Eids:
        """Return the target of each edge."""
        return np.array([row[1] for row in self.rows], dtype=np.uint64)

    @property
    def links(self) -> Eids:
        """Return the link entities, sorted."""
        return np.unique(np.array([row[2] for row in self.rows if row[2] is not None], dtype=np.uint64))

    def table(self, names: Named, marks: Marks) -> pa.Table:
        """Return the edges with ids, schemata, captions, owners and highest level of both ends and of the link.

        A reference from node to node has no link entity: it is marked as the node that makes it.
        """
        columns: dict[str, list[str | None]] = defaultdict(list)
        for source, target, link, kind in self.rows:
            for end, eid in (("source", source), ("target", target)):
                columns[end].append(to_text(eid))
                columns[f"{end}_schema"].append(names[eid][0])
                columns[f"{end}_caption"].append(names[eid][1])
                columns[f"{end}_owners"].append(marks[eid][0])
                columns[f"{end}_level"].append(marks[eid][1])
            columns["link"].append(None if link is None else to_text(link))
            columns["schema"].append(kind)
            columns["caption"].append(kind if link is None else names[link][1])
            columns["owners"].append(marks[source if link is None else link][0])
            columns["level"].append(marks[source if link is None else link][1])
        what = ("schema", "caption", "owners", "level")
        order = [
            "source",
            "target",
            "link",
            *what,
            *(f"{end}_{name}" for end in ("source", "target") for name in what),
        ]
        return pa.table({name: pa.array(columns[name], pa.string()) for name in order})


def edges_around(window: Window, start: Eids, depth: int) -> Edges:
    """Return the edges within `depth` steps of `start`, nearest steps first, then by id."""
    found: dict[Edge, None] = {}
    join, seen, frontier = Join(), start, start
    for _ in range(depth):
        table = window.links(frontier)
        join |= join_of(table)
        near = set(frontier.tolist())
        found.update(
            {edge: None for edge in sorted(_edges(table, window), key=_order) if near & {edge[0], edge[1]}}
        )
        reached = np.array([end for edge in found for end in edge[:2]], dtype=np.uint64)
        frontier = np.setdiff1d(reached, seen)
        seen = np.union1d(seen, frontier)
        if len(found) > _MOST or not len(frontier):
            break
    return Edges(tuple(found)[:_MOST], join, len(found) > _MOST)


def _order(edge: Edge) -> tuple[int, int, int, str]:
    return edge[0], edge[1], -1 if edge[2] is None else edge[2], edge[3]


def _edges(table: pa.Table, window: Window) -> Iterator[Edge]:
    """Yield an edge for each pair of ends of a link, and for each reference from node to node."""
    ends: defaultdict[tuple[int, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    is_link = window.visible.is_link(table["eid"].to_numpy()).tolist()
    columns = (table[name].to_pylist() for name in ("eid", "prop", "role", "ref", "type"))
    for eid, prop, role, ref, kind, inside in zip(*columns, is_link, strict=True):
        if role is not None:
            ends[eid, kind][role - 1].append(ref)
        elif not inside:
            yield eid, ref, None, prop
    for (eid, kind), (sources, targets) in ends.items():
        yield from (
            (source, target, eid, kind)
            for source in dict.fromkeys(sources)
            for target in dict.fromkeys(targets)
        )
