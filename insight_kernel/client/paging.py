"""Large answers, page by page: nothing has to be made, sent and held as one piece."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from tqdm import tqdm

from insight_kernel.client.asking import Asker

PAGE = 10_000  # entities
_SILENT = 2.0  # seconds after which progress is shown


def pages(asker: Asker, size: int = PAGE, **question: Any) -> Iterator[pa.Table]:
    """Yield the pages of what is found, each decided and logged when it is asked for."""
    cursor: str | None = None
    while True:
        page = {"size": size, **({"cursor": cursor} if cursor else {})}
        table = asker.table("find", **question, page=page)
        yield table
        cursor = json.loads(table.schema.metadata[b"insight"])["cursor"]
        if cursor is None:
            return


def all_pages(asker: Asker, **question: Any) -> list[pa.Table]:
    """Return every page; what takes longer than two seconds shows how far it is, and can be stopped."""
    found = []
    with tqdm(unit=" found", delay=_SILENT, leave=False) as shown:
        for table in pages(asker, **question):
            found.append(table)
            shown.update(table.num_rows)
    return found


def together(tables: list[pa.Table]) -> pa.Table:
    """Return pages as one table, its columns ordered as if it had been answered at once.

    Each page has the same columns first and then its own by name.

    Examples
    --------
    >>> first, second = pa.table({"id": ["1"], "z": ["a"]}), pa.table({"id": ["2"], "b": ["c"], "z": ["d"]})
    >>> together([first, second]).column_names
    ['id', 'b', 'z']
    """
    if len(tables) == 1:
        return tables[0]
    same = 0
    for names in zip(*(table.column_names for table in tables), strict=False):
        if len(set(names)) > 1:
            break
        same += 1
    leading = tables[0].column_names[:same]
    own = sorted({name for table in tables for name in table.column_names} - set(leading))
    joined = pa.concat_tables(
        [table.replace_schema_metadata(None) for table in tables], promote_options="default"
    )
    return joined.select([*leading, *own]).replace_schema_metadata(tables[-1].schema.metadata)
