"""A store with one value per label; labels nobody could load are written into its table directly."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from insight_kernel.model.label import Label, read_label
from insight_kernel.store.commit import RECORDS, STATEMENTS, Delivery
from insight_kernel.store.folder import StoreFolder, open_folder
from insight_kernel.store.opened import Store
from tests.build import DAY, raw_label


@contextmanager
def labelled(root: Path, raws: Sequence[Any]) -> Iterator[Store]:
    """Give an open store in which entity n is a person with the one name `value n`, under label n as written."""
    folder = open_folder(root, create=True)
    store = Store(folder)
    store.commit(_delivery(raws))
    store.close()
    _write_unreadable(folder, raws)
    store = Store(folder)
    try:
        yield store
    finally:
        store.close()


def numbers_in(table: pa.Table) -> set[int]:
    """Return the label numbers of the values, which are their entities' numbers too."""
    values = table["value"].to_pylist()
    assert values == [f"value {number}" for number in table["eid"].to_pylist()]
    return set(table["eid"].to_pylist())


def _write_unreadable(folder: StoreFolder, raws: Sequence[Any]) -> None:
    with duckdb.connect(str(folder.database)) as connection:
        known = {body: n for n, body in connection.execute("SELECT label_id, body FROM label").fetchall()}
        for number, raw in enumerate(raws):
            if not isinstance(read_label(raw), Label):
                body = json.dumps(raw) + " " * number  # no two bodies are alike
                found = known[_stand_in(number).body()]
                connection.execute("UPDATE label SET body = ? WHERE label_id = ?", [body, found])


def _delivery(raws: Sequence[Any]) -> Delivery:
    read = [read_label(raw) for raw in raws]
    labels = tuple(n if isinstance(n, Label) else _stand_in(at) for at, n in enumerate(read))
    rows = [
        {"rec": n, "eid": n, "type": "Person", "prop": "name", "value": f"value {n}", "label": n, "origin": "source",
         "node": True, "tokens": ["value", str(n)]}
        for n in range(len(raws))
    ]  # fmt: skip
    records = [{"rec": n, "id": f"r{n}", "place": f"line {n}", "label": n} for n in range(len(raws))]
    return Delivery(
        source="s", owner="FR", title="S", profile='{"grade": null}', original="0", day=DAY, base=_stand_in(-1),
        labels=labels, records=pa.Table.from_pylist(records, schema=RECORDS),
        statements=[pa.Table.from_pylist(rows, schema=STATEMENTS)],
    )  # fmt: skip


def _stand_in(number: int) -> Label:
    found = read_label(raw_label(conditions=f"number {number}"))
    assert isinstance(found, Label)
    return found
