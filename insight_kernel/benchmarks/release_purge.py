"""What readers notice of a purge: one asks without pause while values are withdrawn, removed, wiped from the disk."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

from insight_kernel.benchmarks.generate import ASK, DAY, generated_store, reader
from insight_kernel.benchmarks.measure import MET, seconds
from insight_kernel.model.label import Label
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Filter
from insight_kernel.store.relabel import Selection

STATEMENTS, REMOVED, QUIET = 1_000_000, 100_000, 3.0

_FIRST = """
WITH sizes AS (
    SELECT record, count(*) AS n, sum(count(*)) OVER (ORDER BY record) AS upto FROM statement GROUP BY record)
SELECT id, CAST(upto AS BIGINT) FROM record JOIN sizes USING (record) WHERE upto - n < $removed ORDER BY record
"""
_READER = reader("official")
_PEOPLE = Known(Organisation())


@dataclass(frozen=True)
class During:
    """How a reader was answered while something was done to the store: seconds of each answer, and failures."""

    step: str
    values: int
    took: float
    answers: tuple[float, ...]
    errors: int
    quiet: float

    @property
    def longest(self) -> float:
        """Return how many times longer than usual the reader waited at most."""
        return max(self.answers, default=self.took) / self.quiet

    @property
    def met(self) -> bool:
        """Tell whether reads went on: answers came, and none failed."""
        return bool(self.answers) and not self.errors

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        waited = [
            f"{figure * 1_000:.1f}" for figure in (median(self.answers or (0,)), max(self.answers or (0,)))
        ]
        head = (self.step, f"{self.values:,}", f"{self.took:.2f}", str(len(self.answers)))
        return *head, *waited, f"{self.longest:.1f}", str(self.errors), "reads go on", MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs, without the time of every single answer."""
        ms = {"p50": median(self.answers or (0,)) * 1_000, "longest": max(self.answers or (0,)) * 1_000}
        said = {name: value for name, value in asdict(self).items() if name != "answers"}
        return {
            **said,
            "answers": len(self.answers),
            "ms": ms,
            "longest / quiet p50": self.longest,
            "met": self.met,
        }


@dataclass
class _Asker:
    """Asks for persons and their statements, again and again, each time of the store as it is then."""

    store: Store
    answers: list[float] = field(default_factory=list)
    errors: int = 0
    stop: Event = field(default_factory=Event)

    def run(self) -> None:
        while not self.stop.is_set():
            started = time.perf_counter()
            try:
                self._ask()
            except Exception:  # counted, whatever it is
                self.errors += 1
            else:
                self.answers.append(time.perf_counter() - started)

    def _ask(self) -> None:
        with self.store.window(_READER, ASK, _PEOPLE, 1) as window:
            window.statements(window.find(["Person"], [Filter("nationality", ("br",))], 100))


def bench_purge(
    statements: int = STATEMENTS, removed: int = REMOVED, *, quiet: float = QUIET
) -> list[During]:
    """Withdraw, purge and wipe about `removed` values of a generated store of `statements`, a reader asking.

    Before it the reader asks for `quiet` seconds undisturbed.
    """
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        store = Store(generated_store(Path(temporary) / "store", statements))
        try:
            return list(_steps(store, removed, quiet))
        finally:
            store.close()


def _steps(store: Store, removed: int, pause: float) -> Iterator[During]:
    with _asking(store) as asker:
        time.sleep(pause)
    quiet = During("nothing", 0, pause, tuple(asker.answers), asker.errors, median(asker.answers))
    yield quiet
    ids, values = _first_records(store, removed)
    steps: dict[str, Callable[[], object]] = {
        "withdrawal": lambda: store.relabel(1, Selection("X-BENCH", ids=ids), _withdrawn),
        "purge": lambda: store.purge(2, DAY),
        "wiping": store.rewrite_if_unclean,
    }
    for step, work in steps.items():
        with _asking(store) as asker:
            took = seconds(work)
        yield During(step, values, took, tuple(asker.answers), asker.errors, quiet.quiet)


@contextmanager
def _asking(store: Store) -> Iterator[_Asker]:
    asker = _Asker(store)
    thread = Thread(target=asker.run)
    thread.start()
    try:
        yield asker
    finally:
        asker.stop.set()
        thread.join()


def _first_records(store: Store, removed: int) -> tuple[tuple[str, ...], int]:
    """Return the ids of so many records that they hold about as many values as are to be removed."""
    with store.window(_READER, ASK, _PEOPLE, 1) as window:
        found = window.snapshot.rows(_FIRST, removed=removed)
    return tuple(row[0] for row in found), found[-1][1]


def _withdrawn(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, expires=DAY), scope
