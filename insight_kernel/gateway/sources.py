"""What is connected, as far as a reader may know of it."""

import json

import pyarrow as pa

from insight_kernel.gateway.found import Found
from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.policy.join import Join
from insight_kernel.store import sql
from insight_kernel.store.read import Window

_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("source", "title", "owner")]
    + [("records", pa.int64()), ("delivered", pa.string()), ("grade", pa.string())]
)


def visible_sources(window: Window) -> Found:
    """Return the sources with at least one visible record: size, owner, grade and the latest delivery seen.

    The answer's label holds every label that occurs among the records counted, each with one record as its
    witness: that there are records under it is all the answer tells.
    """
    known = {row[:2]: row for row in window.snapshot.rows(sql.SOURCES)}  # owners choose names alone
    rows = [
        {
            "source": name,
            "title": known[name, owner][2],
            "owner": owner,
            "records": records,
            "delivered": delivered.isoformat(),
            "grade": json.loads(known[name, owner][3])["grade"] or NOT_GRADED,
        }
        for name, owner, records, delivered in window.snapshot.rows(
            sql.SOURCE_SIZES, bits=window.allowed.bits
        )
    ]
    seen = window.snapshot.rows(sql.SOURCE_LABELS, bits=window.allowed.bits)
    join = Join(frozenset(label for label, _ in seen), frozenset(record for _, record in seen))
    return Found(pa.Table.from_pylist(rows, schema=_SCHEMA), join)
