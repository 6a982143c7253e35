"""A generated store of any size: persons, companies and who owns what, under several hundred labels.

Kinds of labels are drawn in fixed shares, so that a reader's clearance says how much of the store he sees.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from insight_kernel.benchmarks.names import Pool, pools
from insight_kernel.files import replace_file
from insight_kernel.model.label import LEVELS, Label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.store.commit import RECORDS, STATEMENTS, Delivery
from insight_kernel.store.folder import StoreFolder, open_folder
from insight_kernel.store.opened import Store

DAY = date(2026, 11, 21)
ASK = Ask(purpose="network", necessity=False, day=DAY)
SHARES: Mapping[str, float] = MappingProxyType({"official": 0.38, "restricted": 0.54, "confidential": 0.90})
"""Clearance of each reader -> share of the statements he sees."""

_KINDS = (0.38, 0.16, 0.36, 0.10)  # official, restricted, confidential, for the owner alone
_OWNERS = 196
_AT_HOME = 0.75  # share of an entity's statements that come from its own record
_SEED = 20_261_121
_BATCH = 1_000_000  # rows in one Arrow table
_MIX = (("Person", 0.70, 9.4), ("Company", 0.05, 5.0), ("Ownership", 0.25, 5.0))  # schema, share, statements
_PER_ENTITY = sum(share * size for _, share, size in _MIX)
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Who is in the generated store: the number of each entity and the label of the record delivering it."""

    eids: NDArray[np.uint64]
    labels: NDArray[np.int64]
    of: Mapping[str, range]


def reader(clearance: str) -> Subject:
    """Return a reader whose organisation owns nothing in the store."""
    nothing: frozenset[str] = frozenset()
    return Subject(
        "bench", frozenset({"X-BENCH"}), clearance, frozenset({"network"}), nothing, nothing, nothing
    )


def generated_store(root: Path, statements: int) -> StoreFolder:
    """Return the generated store of about so many statements at `root`, making it unless it is there."""
    marker, wanted = root / "bench.json", {"statements": statements, "seed": _SEED}
    if marker.exists() and json.loads(marker.read_bytes()) == wanted:
        return open_folder(root)
    folder = open_folder(root, create=True)
    store = Store(folder)
    try:
        store.commit(delivery(statements))
        store.sort_if_needed(always=True)
    finally:
        store.close()
    replace_file(marker, json.dumps(wanted).encode())
    return folder


def delivery(statements: int) -> Delivery:
    """Return everything as one delivery, equal for equal sizes.

    Examples
    --------
    >>> made = delivery(1_000)
    >>> made.records.num_rows, len(made.labels)
    (124, 784)
    """
    random = np.random.default_rng(_SEED)
    people = _population(random, round(statements / _PER_ENTITY))
    labels = _labels()
    return Delivery(
        source="bench",
        owner="X-BENCH",
        title="Generated",
        profile=json.dumps({"keys": "bench", "grade": None, "person_status": None}),
        original="0" * 64,
        day=DAY,
        base=labels[0],
        labels=labels,
        records=_records(people),
        statements=_batches(random, people),
    )


def _labels() -> tuple[Label, ...]:
    import pycountry

    owners = sorted(country.alpha_2 for country in pycountry.countries)[:_OWNERS]
    expires, purposes = date(2031, 11, 1), frozenset({"network", "investigate", "oversight"})
    found = []
    for owner in owners:
        found += [Label(owner, purposes, expires, level=level) for level in LEVELS]
        found.append(Label(owner, purposes, expires, only=frozenset({owner})))
    return tuple(found)


def _population(random: np.random.Generator, size: int) -> Population:
    weight = 1 / np.arange(1, _OWNERS + 1) ** 0.8
    owners = random.choice(_OWNERS, size, p=weight / weight.sum())
    kinds = random.choice(len(_KINDS), size, p=_KINDS)
    eids = random.integers(1, 2**64, size=size, dtype=np.uint64)
    ends = np.cumsum([round(share * size) for _, share, _ in _MIX[:-1]]).tolist()
    bounds = zip((name for name, _, _ in _MIX), [0, *ends], [*ends, size], strict=True)
    return Population(eids, owners * len(_KINDS) + kinds, {name: range(a, b) for name, a, b in bounds})


def _records(people: Population) -> pa.Table:
    count = np.arange(len(people.eids))
    texts = pc.cast(pa.array(count), pa.string())
    columns = [pa.array(count, pa.uint32()), pc.binary_join_element_wise("bench", texts, "-"),
               pc.binary_join_element_wise("line", texts, " "), pa.array(people.labels, pa.uint32())]  # fmt: skip
    return pa.table(columns, schema=RECORDS)


def _batches(random: np.random.Generator, people: Population) -> Iterator[pa.Table]:
    for pool in pools(random):
        members = people.of[pool.schema]
        chosen = np.arange(members.start, members.stop)
        if pool.often < 1:
            chosen = chosen[random.random(len(chosen)) < pool.often]
        for start in range(0, len(chosen), _BATCH):
            yield _batch(random, people, pool, chosen[start : start + _BATCH])


def _batch(random: np.random.Generator, people: Population, pool: Pool, chosen: Numbers) -> pa.Table:
    size = len(chosen)
    home = random.random(size) < _AT_HOME
    records = np.where(home, chosen, random.integers(0, len(people.eids), size))
    value, tokens, ref = _said(random, people, pool, size)
    columns = {
        "rec": pa.array(records, pa.uint32()),
        "eid": pa.array(people.eids[chosen]),
        "type": _same(pool.schema, size),
        "prop": _same(pool.prop, size),
        "value": value,
        "ref": ref,
        "role": pa.array([pool.role], pa.int8()).take(pa.array(np.zeros(size, np.int32))),
        "label": pa.array(people.labels[records], pa.uint32()),
        "origin": _same("source", size),
        "node": pa.array(np.full(size, pool.schema != "Ownership")),
        "tokens": tokens,
    }
    return pa.table([columns.get(f.name, pa.nulls(size, f.type)) for f in STATEMENTS], schema=STATEMENTS)


def _said(
    random: np.random.Generator, people: Population, pool: Pool, size: int
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return values, their tokens and the entities referred to; one of values and references is null."""
    if pool.refers:
        among = people.of[pool.refers]
        at = among.start + (random.random(size) ** 3 * len(among)).astype(np.int64)  # some have many links
        tokens = pa.nulls(size, STATEMENTS.field("tokens").type)
        return pa.nulls(size, pa.string()), tokens, pa.array(people.eids[at])
    index = pa.array((random.random(size) ** pool.skew * len(pool.values)).astype(np.int32))
    tokens = pool.tokens.take(index) if len(pool.tokens) else pa.nulls(size, pa.list_(pa.string()))
    return pool.values.take(index), tokens, pa.nulls(size, pa.uint64())


def _same(text: str, size: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(size, np.int32)))
