"""What one reader sees of one snapshot: every question is answered from allowed statements of existing entities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.policy.allowed import AllowedSet
from insight_kernel.policy.join import Join
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot
from insight_kernel.store.existence import Eids, ExistenceCache, Visible

_NOBODY: Eids = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True)
class Filter:
    """Entities with one of `values` in `prop`, or one of `refs` when the property names entities."""

    prop: str
    values: tuple[str, ...] = ()
    refs: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Window:
    """A reader's view: a snapshot, the labels allowed to him, and what therefore exists.

    All answers are ordered by entity number, which is random per store and says nothing.
    """

    snapshot: Snapshot
    allowed: AllowedSet
    labels: tuple[Label | Unreadable, ...]
    cache: ExistenceCache = field(default_factory=ExistenceCache)

    @cached_property
    def visible(self) -> Visible:
        """Return what exists for this reader by other than sensitive values: what questions in bulk are about."""
        return self.cache.get(self.snapshot, self.allowed.bulk)

    @cached_property
    def visible_by_id(self) -> Visible:
        """Return what exists for this reader when he names it."""
        return self.cache.get(self.snapshot, self.allowed.bits)

    def existing(self, eids: Iterable[int], *, sensitive: bool = False) -> Eids:
        """Return those of the given entities that exist for the reader, sorted; `sensitive` as in `statements`."""
        found = np.unique(np.fromiter(eids, dtype=np.uint64))
        return found[self._existence(sensitive).mask(found)]

    def find(self, types: Sequence[str], filters: Sequence[Filter]) -> Eids:
        """Return the entities of these schemata that pass every filter; sensitive values pass none."""
        if not filters:
            found = self._eids(sql.OF_TYPE, types=types)
        else:
            found = reduce(np.intersect1d, (self._matching(types, item) for item in filters))
        return found[self.visible.mask(found)]

    def statements(self, eids: Eids, *, sensitive: bool = False) -> pa.Table:
        """Return the visible statements of existing entities; references to what does not exist are left out.

        `sensitive` is for entities that were named by id; ordered by entity, property, value.
        """
        table = self.snapshot.table(sql.STATEMENTS, eids=eids.tolist(), bits=self._bits(sensitive))
        return table.filter(self._refs_exist(table, sensitive))

    def links(self, eids: Eids) -> pa.Table:
        """Return the reference statements of every link and node that points at one of `eids` or is one of them."""
        pointing = self._eids(sql.LINKS_AT, eids=eids.tolist())
        around = np.union1d(pointing, eids)
        around = around[self.visible.mask(around)]
        table = self.snapshot.table(sql.LINKS_OF, eids=around.tolist(), bits=self.allowed.bulk)
        return table.filter(self._refs_exist(table, sensitive=False))

    def group(self, types: Sequence[str], prop: str, among: Eids | None, limit: int) -> pa.Table:
        """Count entities per value of a literal property: columns `value`, `n`, largest first, then by value."""
        values = {"prop": prop, "types": list(types), "bits": self.allowed.bulk, "limit": limit}
        if among is None:
            return self.snapshot.table(sql.GROUP_BY_VALUE, **values)
        return self.snapshot.table(sql.GROUP_BY_VALUE_AMONG, eids=among.tolist(), **values)

    def join_of_group(self, types: Sequence[str], prop: str) -> Join:
        """Return the join of everything a grouping of a whole schema read."""
        bound = {"prop": prop, "types": list(types), "bits": self.allowed.bulk}
        return join_of(self.snapshot.table(sql.GROUP_BY_JOIN, **bound))

    def join_of_entities(self, types: Sequence[str], eids: Eids) -> Join:
        """Return the join of all visible statements of these entities: what a count of them read."""
        bound = {"eids": eids.tolist(), "types": list(types), "bits": self.allowed.bulk}
        return join_of(self.snapshot.table(sql.JOIN_OF, **bound))

    def witnesses(self, referred: Eids, labels: frozenset[int]) -> Join:
        """Return, for each node referred to, one statement by which it exists for this reader.

        One is enough for it to exist; one whose label is already in the answer is preferred, so that the
        answer's label does not grow without need. Among others the order is that of what labels say, never of their
        numbers, which tell when they came.
        """
        table = self.snapshot.table(sql.WITNESSES, eids=referred.tolist(), bits=self.allowed.bulk)
        written = {n: _written(self.labels[n]) for n in table["label_id"].unique().to_pylist()}
        best: dict[int, tuple[bool, str, int, int]] = {}
        for eid, label, record in zip(*(table[c].to_pylist() for c in table.column_names), strict=True):
            offered = (label not in labels, written[label], label, record)
            best[eid] = min(best.get(eid, offered), offered)
        return Join(frozenset(b[2] for b in best.values()), frozenset(b[3] for b in best.values()))

    def search_names(self, types: Sequence[str], tokens: Sequence[str], limit: int) -> pa.Table:
        """Rank entities by how well a visible name matches: columns `eid`, `score` (0.5 to 1), `value`."""
        bound = {"asked": list(tokens), "types": list(types), "bits": self.allowed.bulk}
        # cut off last: what does not exist for the reader must not take the place of what does
        return self._existing_rows(self.snapshot.table(sql.SEARCH_NAMES, **bound)).slice(0, limit)

    def search_exact(self, types: Sequence[str], props: Sequence[str], values: Sequence[str]) -> pa.Table:
        """Return entities with one of these exact values: columns `eid`, `prop`, `value`."""
        bound = {
            "values": list(values),
            "props": list(props),
            "types": list(types),
            "bits": self.allowed.bulk,
        }
        return self._existing_rows(self.snapshot.table(sql.SEARCH_EXACT, **bound))

    def _existing_rows(self, table: pa.Table) -> pa.Table:
        return table.filter(pa.array(self.visible.mask(table["eid"].to_numpy())))

    def _matching(self, types: Sequence[str], item: Filter) -> Eids:
        if item.refs is None:
            return self._eids(sql.BY_VALUE, prop=item.prop, values=list(item.values), types=types)
        refs = self.existing(item.refs)
        return (
            self._eids(sql.BY_REF, prop=item.prop, refs=refs.tolist(), types=types) if len(refs) else _NOBODY
        )

    def _eids(self, query: str, **values: object) -> Eids:
        bound = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
        found: Eids = self.snapshot.table(query, bits=self.allowed.bulk, **bound)["eid"].to_numpy()
        return found

    def _bits(self, sensitive: bool) -> str:
        return self.allowed.bits if sensitive else self.allowed.bulk

    def _existence(self, sensitive: bool) -> Visible:
        return self.visible_by_id if sensitive else self.visible

    def _refs_exist(self, table: pa.Table, sensitive: bool) -> pa.Array:
        refs = table["ref"]
        known = self._existence(sensitive).mask(pc.fill_null(refs, 0).to_numpy())
        return pc.or_(pc.is_null(refs), pa.array(known)).combine_chunks()


def join_of(table: pa.Table) -> Join:
    """Return the join of a table with columns `label_id` and `record`."""
    labels = np.unique(table["label_id"].to_numpy())
    records = np.unique(table["record"].to_numpy())
    return Join(frozenset(labels.tolist()), frozenset(records.tolist()))


def _written(label: Label | Unreadable) -> str:
    return label.body() if isinstance(label, Label) else ""
