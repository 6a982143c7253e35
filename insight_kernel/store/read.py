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
from insight_kernel.policy.numbers import Numbers
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot
from insight_kernel.store.existence import Eids, ExistenceCache, Visible
from insight_kernel.store.titles import Titles

_NOBODY: Eids = np.empty(0, dtype=np.uint64)
_LAST = np.iinfo(np.uint64).max
_REMAINDERS_EACH, _SIEVED = 1_024, 256  # up to so many entities one row in a thousand passes the sieve
_PAGE, _ROWS_EACH = 1_000, 10  # rows of a page: one entity has several rows


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
    titles: Titles
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

    def find(
        self,
        types: Sequence[str],
        filters: Sequence[Filter],
        limit: int | None = None,
        after: int | None = None,
    ) -> Eids:
        """Return the entities of these schemata that pass every filter; sensitive values pass none.

        With a limit, the first so many of those that exist for the reader; `after` leaves out all up to an entity.
        """
        first = 0 if after is None else after + 1
        if limit is not None and (page := self._paged(filters)):
            return self._first(limit, *page, types=types, first=first)
        if not filters:
            found = self._eids(sql.OF_TYPE, types=types)
        else:
            found = reduce(np.intersect1d, (self._matching(types, item) for item in filters))
        found = found[np.searchsorted(found, after, side="right") :] if after is not None else found
        return found[self.visible.mask(found)][:limit]

    def statements(self, eids: Eids, *, sensitive: bool = False) -> pa.Table:
        """Return the visible statements of existing entities; references to what does not exist are left out.

        `sensitive` is for entities that were named by id; ordered by entity, property, value.
        """
        bits = self._bits(sensitive)
        if (
            len(eids) == 1
        ):  # the usual question; a plain comparison, sorted here, is planned in a fifth of the time
            table = _sorted(self.snapshot.table(sql.STATEMENTS_OF_ONE, eid=int(eids[0]), bits=bits))
        else:
            table = self.snapshot.table(sql.STATEMENTS, eids=eids.tolist(), bits=bits, **sieve(eids))
        return self._referring(table, sensitive)

    def links(self, eids: Eids) -> pa.Table:
        """Return the reference statements of every link and node that points at one of `eids` or is one of them."""
        pointing = self._eids(sql.LINKS_AT, eids=eids.tolist())
        around = np.union1d(pointing, eids)
        around = around[self.visible.mask(around)]
        table = self.snapshot.table(sql.LINKS_OF, eids=around.tolist(), bits=self.allowed.bulk)
        return self._referring(table, sensitive=False)

    def group(self, types: Sequence[str], prop: str, among: Eids | None, limit: int) -> pa.Table:
        """Count entities per value of a literal property: columns `value`, `n`, largest first, then by value."""
        values = {"prop": prop, "types": list(types), "bits": self.allowed.bulk, "limit": limit}
        if among is None:
            return self.snapshot.table(sql.GROUP_BY_VALUE, **values)
        return self.snapshot.table_among(among, sql.GROUP_BY_VALUE_AMONG, **values)

    def join_of_group(self, types: Sequence[str], prop: str) -> Join:
        """Return the join of everything a grouping of a whole schema read."""
        bound = {"prop": prop, "types": list(types), "bits": self.allowed.bulk}
        table = self.snapshot.table(sql.GROUP_BY_JOIN, **bound)
        records = table["records"].combine_chunks().flatten()
        return Join(frozenset(table["label_id"].to_pylist()), Numbers.of_array(records.to_numpy()))

    def join_of_entities(self, types: Sequence[str], eids: Eids) -> Join:
        """Return the join of all visible statements of these entities: what a count of them read."""
        bound = {"types": list(types), "bits": self.allowed.bulk, **sieve(eids)}
        return join_of(self.snapshot.table_among(eids, sql.JOIN_OF, **bound))

    def witnesses(self, referred: Eids, labels: frozenset[int]) -> Join:
        """Return, for each node referred to, one statement by which it exists for this reader.

        One is enough for it to exist; one whose label is already in the answer is preferred, so that the
        answer's label does not grow without need. Among others the order is that of what labels say, never of their
        numbers, which tell when they came.
        """
        if not len(referred):
            return Join()
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

    def _paged(self, filters: Sequence[Filter]) -> tuple[str, dict[str, object]] | None:
        """Return the statement that yields matching entities page by page, where there is one."""
        if not filters:
            return sql.OF_TYPE_PAGE, {}
        if len(filters) == 1 and filters[0].refs is None:
            return sql.BY_VALUE_PAGE, {"prop": filters[0].prop, "values": filters[0].values}
        return None

    def _first(
        self, limit: int, query: str, bound: dict[str, object], types: Sequence[str], first: int
    ) -> Eids:
        """Read pages until so many existing entities are found: what does not exist takes nobody's place."""
        rows, found = _PAGE + _ROWS_EACH * limit, _NOBODY
        while len(found) < limit and first <= _LAST:
            page = self._eids(query, types=types, first=first, rows=rows, **bound)
            eids = np.unique(page)
            found = np.concatenate([found, eids[self.visible.mask(eids)]])
            if len(page) < rows or eids[-1] == _LAST:
                break
            first = int(eids[-1]) + 1
        return found[:limit]

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

    def _referring(self, table: pa.Table, sensitive: bool) -> pa.Table:
        """Leave out references to what does not exist for the reader."""
        refs = table["ref"]
        if refs.null_count == len(refs):  # most statements are values
            return table
        known = self._existence(sensitive).mask(pc.fill_null(refs, 0).to_numpy())
        return table.filter(pc.or_(pc.is_null(refs), pa.array(known)).combine_chunks())


def _sorted(table: pa.Table) -> pa.Table:
    """Return statements of one entity in the order in which the database sorts those of many."""
    if table.num_rows < 2:
        return table
    keys = [(name, "ascending") for name in ("prop", "value", "ref", "original", "record")]
    return table.take(pc.sort_indices(table, sort_keys=keys))


def sieve(eids: Eids) -> dict[str, object]:
    """Return the sieve that lets these entities pass: zeros, and a one where an entity has its remainder.

    Examples
    --------
    >>> bound = sieve(np.array([2, 2049], dtype=np.uint64))
    >>> bound["remainders"], bound["sieve"][:4]
    (2048, '0110')
    """
    remainders = _REMAINDERS_EACH * min(max(len(eids), 1), _SIEVED)
    marked = np.full(remainders, ord("0"), dtype=np.uint8)
    marked[eids % np.uint64(remainders)] = ord("1")
    return {"sieve": marked.tobytes().decode(), "remainders": remainders}


def join_of(table: pa.Table) -> Join:
    """Return the join of a table with columns `label_id` and `record`."""
    labels = Numbers.of_array(table["label_id"].to_numpy())
    return Join(frozenset(labels), Numbers.of_array(table["record"].to_numpy()))


def _written(label: Label | Unreadable) -> str:
    return label.body() if isinstance(label, Label) else ""
