"""What is committed is there, whatever the shape of the batches."""

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from insight_kernel.benchmarks.generate import delivery
from insight_kernel.errors import Unavailable
from insight_kernel.store import commit as module
from insight_kernel.store import sql
from insight_kernel.store.commit import STATEMENTS, Delivery
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

_MANY = 130_000  # more than a row group of DuckDB


def _batch(reference: bool) -> pa.Table:
    given = {
        "rec": np.zeros(_MANY),
        "eid": np.arange(1, _MANY + 1),
        "type": ["Payment" if reference else "Person"] * _MANY,
        "prop": ["payer" if reference else "gender"] * _MANY,
        "origin": ["source"] * _MANY,
        "node": [not reference] * _MANY,
        "label": np.zeros(_MANY),
        **({"ref": np.arange(1, _MANY + 1)} if reference else {"value": ["male"] * _MANY}),
    }
    columns = [
        pa.array(given[f.name]).cast(f.type) if f.name in given else pa.nulls(_MANY, f.type)
        for f in STATEMENTS
    ]
    return pa.table(columns, schema=STATEMENTS)


def _delivered() -> Delivery:
    return replace(delivery(100), statements=[_batch(reference=False), _batch(reference=True)])


def test_a_table_that_gets_nothing_of_the_first_batch_keeps_all_of_the_second(tmp_path: Path) -> None:
    """References that come after a batch without any are all kept."""
    store = Store(open_folder(tmp_path / "store", create=True))
    store.commit(_delivered())
    with store._database.snapshot() as snapshot:
        found = snapshot.rows(sql.TABLE_SIZES)[0]
    store.close()
    assert found == (2 * _MANY, _MANY, _MANY, _MANY, _MANY, 0, 1)


def test_a_loss_is_noticed_and_nothing_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a table holds fewer rows than it was given, the whole file is refused."""

    def losing(cursor: duckdb.DuckDBPyConnection) -> list[int]:
        return [size + 1 for size in module.sizes(cursor, sql.BATCH_SIZES)]

    monkeypatch.setattr(module, "_fill", losing)
    store = Store(open_folder(tmp_path / "store", create=True))
    with pytest.raises(Unavailable, match="lost rows"):
        store.commit(_delivered())
    assert store.change() == 0
    store.close()
