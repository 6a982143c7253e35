"""What release costs: deciding over a large join, letting a floating label rise, and what readers notice of a purge."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from insight_kernel.benchmarks.generate import ASK, DAY, generated_store, reader
from insight_kernel.benchmarks.measure import MET, ROUNDS, Compared, compare
from insight_kernel.benchmarks.release_purge import bench_purge
from insight_kernel.benchmarks.report import Report
from insight_kernel.gateway.floating import FloatingLabels, pack
from insight_kernel.model.label import Label
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.join import Join, Standing
from insight_kernel.policy.numbers import Numbers
from insight_kernel.policy.release import may_release
from insight_kernel.policy.standing import decide_standing
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Selection

RECORDS = 100_000
_ANSWER = 1_000  # records of one answer
_DECISION, _UPDATE = 100.0, 2.0  # milliseconds
_KNOWN = Known(Organisation())


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one step over a join, beside its peer done in turns with it."""

    what: str
    records: int
    labels: int
    compared: Compared
    peer: str
    bar: float

    @property
    def met(self) -> bool:
        """Tell whether the bar is met, by the median."""
        return self.compared.first.median <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        c = self.compared
        return (self.what, f"{self.records:,}", f"{self.labels:,}", f"{c.first.median:.2f}", f"{c.second.median:.2f}",
                self.peer, str(c.cpu), f"<= {self.bar:g}", MET[self.met])  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "met": self.met}


def bench_release(
    statements: int, removed: int, note: Callable[[str], None], rounds: int = ROUNDS, *, quiet: float = 3.0
) -> Report:
    """Measure all on stores generated for this run only."""
    note(f"decisions, on a store of {statements:,} statements")
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        store = Store(generated_store(Path(temporary) / "store", statements))
        try:
            costs = list(_costs(store, rounds))
        finally:
            store.close()
    note(f"purge of {removed:,} values, somebody reading")
    facts: dict[str, object] = {"statements": statements}
    return Report("release", facts, [], costs=costs, purges=bench_purge(statements, removed, quiet=quiet))


def _costs(store: Store, rounds: int) -> Iterator[Cost]:
    join = _large_join(store)
    standing, stored = store.standing(join), store.labels()
    profile, asker = reader("confidential"), reader("restricted")
    sent = replace(ASK, recipient="X-BENCH")
    yield Cost(
        "decision for a release", len(join.records), len(standing.labels),
        compare(
            lambda: may_release(store.standing(join), stored, _KNOWN, profile, sent, asker=asker, asked=ASK),
            lambda: decide_standing(profile, Standing(join.labels, join.labels), stored, _KNOWN, ASK),
            rounds,
        ),
        "labels as they were read", _DECISION,
    )  # fmt: skip
    yield Cost(
        "rise of a floating label",
        len(join.records),
        len(join.labels),
        _rise(join, rounds),
        "Python sets",
        _UPDATE,
    )


def _large_join(store: Store) -> Join:
    """Return what a run read of the first records, some of which have been given other labels since."""
    numbers = range(1, RECORDS + 1)
    before = store.join_of_records([f"bench-{n}" for n in range(len(numbers))])
    for act, every in ((1, 3), (2, 5)):  # enough changes that more than 2,000 labels are in it
        ids = tuple(f"bench-{n}" for n in range(0, len(numbers), every))
        store.relabel(act, Selection("X-BENCH", ids=ids), _extended(act))
    return Join(before.labels, Numbers(before.records))


def _extended(act: int) -> Callable[[Label, str], tuple[Label, str]]:
    later = date(DAY.year + 6, act, 1)
    return lambda label, scope: (replace(label, expires=later), scope)


def _rise(join: Join, rounds: int) -> Compared:
    """Let a workspace that was sent all of it be sent an answer that is half new, each time another one."""
    floating, known = FloatingLabels(), set(join.records)
    floating.add("w", join)
    random, highest = np.random.default_rng(1), max(join.records)

    def answer() -> Join:
        new = random.integers(0, 2 * highest, _ANSWER, dtype=np.uint32)
        return Join(frozenset(list(join.labels)[:50]), Numbers.of_array(new))

    def risen() -> None:
        added = floating.new("w", answer())
        pack(added.records)
        floating.add("w", added)

    return compare(risen, lambda: known.update(set(answer().records) - known), rounds)
