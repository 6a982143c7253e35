"""What is measured: each question as the gateway answers it, as the store serves it, and as bare queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from insight_kernel.gateway import questions, requests
from insight_kernel.gateway.found import Found
from insight_kernel.gateway.neighbours import edges_around
from insight_kernel.model.ids import to_text
from insight_kernel.model.schema import Vocabulary, vocabulary
from insight_kernel.policy.join import Join
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot
from insight_kernel.store.existence import Eids
from insight_kernel.store.read import Filter, Window, join_of, sieve

_PERSON, _PROP, _COUNTRY, _LIMIT, _MOST = ["Person"], "nationality", "br", 100, 1_000
_FILTERS = {_PROP: [_COUNTRY]}
_TOP = 10
Answer = tuple[pa.Table, Join]


@dataclass(frozen=True)
class Case:
    """One question in three forms, and how many times the bare queries' time it may take.

    `answer` is the whole answer of the gateway; `served` the rows with existence checked and the join they need;
    `bare` the rows alone.
    """

    name: str
    bar: float | None
    answer: Callable[[Window], Found]
    served: Callable[[Window], Answer]
    bare: Callable[[Snapshot], pa.Table]


def cases(node: int) -> Iterator[Case]:
    """Yield what is measured; `node` is an entity that every reader sees and that has links."""
    yield Case("group by nationality", 1.3, *_grouped(_PROP, _MOST))
    yield Case("top 10 names", 1.1, *_grouped("name", _TOP))
    yield Case("find", 1.2, *_found(None))
    yield Case(f"find, limit {_LIMIT}", 2.0, *_found(_LIMIT))
    yield Case("get", None, *_got(np.array([node], dtype=np.uint64)))
    yield Case("neighbours, depth 2", None, *_linked(np.array([node], dtype=np.uint64)))
    yield Case("count by value", None, *_counted({_PROP: [_COUNTRY]}))
    yield Case("count of a schema", None, *_counted({}))


def _asked(
    answer: Callable[[Window, Any, Vocabulary], Found], question: type[requests.Question], **fields: Any
) -> Callable[[Window], Found]:
    request, words = question.model_validate(fields), vocabulary()
    return lambda window: answer(window, request, words)


Forms = tuple[Callable[[Window], Found], Callable[[Window], Answer], Callable[[Snapshot], pa.Table]]


def _grouped(prop: str, limit: int) -> Forms:
    def served(window: Window) -> Answer:
        return window.group(_PERSON, prop, None, limit), window.join_of_group(_PERSON, prop)

    def bare(snapshot: Snapshot) -> pa.Table:
        return snapshot.table(sql.GROUP_BY_VALUE, prop=prop, types=_PERSON, limit=limit)

    return (
        _asked(questions.aggregate, requests.Aggregate, schema="Person", by=prop, limit=limit),
        served,
        bare,
    )


def _found(limit: int | None) -> Forms:
    def served(window: Window) -> Answer:
        eids = window.find(_PERSON, [Filter(_PROP, (_COUNTRY,))], limit and limit + 1)[:limit]
        return _stated(window, eids)

    def bare(snapshot: Snapshot) -> pa.Table:
        bound = {"prop": _PROP, "values": [_COUNTRY], "types": _PERSON}
        if limit is None:
            eids = snapshot.table(sql.BY_VALUE, **bound)["eid"].to_numpy()
        else:
            rows = snapshot.table(sql.BY_VALUE_PAGE, first=0, rows=2 * limit, **bound)["eid"]
            eids = np.unique(rows.to_numpy())[:limit]
        return snapshot.table(sql.STATEMENTS, eids=eids.tolist(), **sieve(eids))

    return _asked(questions.find, requests.Find, schema="Person", filters=_FILTERS, limit=limit), served, bare


def _got(eids: Eids) -> Forms:
    def served(window: Window) -> Answer:
        return _stated(window, window.existing(eids.tolist()))

    def bare(snapshot: Snapshot) -> pa.Table:
        return snapshot.table(sql.STATEMENTS, eids=eids.tolist(), **sieve(eids))

    return _asked(questions.get, requests.Get, ids=[to_text(eid) for eid in eids.tolist()]), served, bare


def _linked(eids: Eids) -> Forms:
    ids = [to_text(eid) for eid in eids.tolist()]

    def served(window: Window) -> Answer:
        edges = edges_around(window, eids, 2)
        return pa.table({"link": edges.links}), edges.join

    def bare(snapshot: Snapshot) -> pa.Table:
        near = eids
        for _ in range(2):
            pointing = snapshot.table(sql.LINKS_AT, eids=near.tolist())["eid"].to_numpy()
            table = snapshot.table(sql.LINKS_OF, eids=np.union1d(pointing, near).tolist())
            near = np.setdiff1d(table["ref"].to_numpy(), near)
        return table

    return _asked(questions.neighbours, requests.Neighbours, ids=ids, depth=2), served, bare


def _counted(filters: dict[str, list[str]]) -> Forms:
    asked = [Filter(prop, tuple(values)) for prop, values in filters.items()]

    def served(window: Window) -> Answer:
        eids = window.find(_PERSON, asked)
        return pa.table({"count": [len(eids)]}), window.join_of_entities(_PERSON, eids)

    def bare(snapshot: Snapshot) -> pa.Table:
        if filters:
            return snapshot.table(sql.BY_VALUE, prop=_PROP, values=[_COUNTRY], types=_PERSON)
        return snapshot.table(sql.OF_TYPE, types=_PERSON)

    return _asked(questions.count, requests.Count, schema="Person", filters=filters), served, bare


def _stated(window: Window, eids: Eids) -> Answer:
    """Return the statements of these entities and the join of all that they rest on."""
    table = window.statements(eids)
    join = join_of(table)
    referred = np.setdiff1d(table["ref"].drop_null().to_numpy(), table["eid"].to_numpy())
    return table, join | window.witnesses(referred, join.labels)
