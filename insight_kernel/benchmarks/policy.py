"""What the rules cost: every governed question beside the same question without labels, on the same tables."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from insight_kernel.benchmarks.cases import Case, cases
from insight_kernel.benchmarks.generate import ASK, SHARES, generated_store, reader
from insight_kernel.benchmarks.measure import ROUNDS, compare, seconds
from insight_kernel.benchmarks.raw import everything
from insight_kernel.benchmarks.report import Report, Row
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import AllowedCache, Known
from insight_kernel.store.existence import ExistenceCache
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Window

_SHARE = "SELECT avg(get_bit(CAST($bits AS BIT), label_id)) FROM statement"
_PEOPLE = Organisation()  # labels and readers of the generated store name countries only
Note = Callable[[str], None]


def bench_policy(statements: int, folder: Path | None, note: Note, rounds: int = ROUNDS) -> Report:
    """Measure all cases for all readers on a generated store, made in `folder` or for this run only."""
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        root = folder or Path(temporary) / "store"
        note(f"store of {statements:,} statements at {root}")
        store = Store(generated_store(root, statements))
        try:
            return Report("policy", _facts(store, statements), list(_rows(store, note, rounds)))
        finally:
            store.close()


def _rows(store: Store, note: Note, rounds: int) -> Iterator[Row]:
    found = list(cases(_a_linked_node(store)))
    for clearance, promised in SHARES.items():
        note(f"reader of {promised:.0%}")
        with store.window(reader(clearance), ASK, Known(_PEOPLE), 1) as window:
            share = window.snapshot.rows(_SHARE, bits=window.allowed.bits)[0][0]
            for case in found:
                yield from _measured(case, window, share, rounds)


def _measured(case: Case, window: Window, share: float, rounds: int) -> Iterator[Row]:
    free = everything(window)
    engine = compare(lambda: case.served(window), lambda: case.bare(free.snapshot), rounds)
    yield Row(case.name, "engine", share, engine, case.bar)
    answer = compare(lambda: case.answer(window), lambda: case.answer(free), rounds)
    yield Row(case.name, "answer", share, answer, case.bar)


def _a_linked_node(store: Store) -> int:
    """Return an owner whom the reader of least, and therefore every reader, sees with a link."""
    with store.window(reader("official"), ASK, Known(_PEOPLE), 1) as window:
        table = window.links(window.visible.links[:1])
        return int(table["ref"][0].as_py())


def _facts(store: Store, statements: int) -> dict[str, object]:
    """Return what is known of the store, and how long its caches take to build for each reader."""
    stored, cold = store.labels(), {}
    for clearance, promised in SHARES.items():
        with store.window(reader(clearance), ASK, Known(_PEOPLE), 1) as window:
            deciding = seconds(
                partial(AllowedCache().get, reader(clearance), ASK, stored, Known(_PEOPLE), {})
            )
            existing = seconds(partial(ExistenceCache().get, window.snapshot, window.allowed.bits))
        cold[f"{promised:.0%}"] = {
            "allowed set, ms": round(deciding * 1_000, 1),
            "visible set, ms": round(existing * 1_000),
        }
    size = store.folder.database.stat().st_size
    return {
        "statements": statements,
        "labels": len(stored.labels),
        "database, MB": round(size / 1e6),
        "caches built once": cold,
    }
