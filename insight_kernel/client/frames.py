"""Frames: ordinary pandas frames that remember the label of the answer they came from.

The label is for the reader's eye: what may leave is decided by the gateway, whatever a frame says.
"""

import html
import json
from typing import Any

import pandas as pd
import pyarrow as pa

_KEY = "insight"


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return an answer as a frame: a cell is a text, a tuple of texts where there are several, or None."""
    meta = json.loads((table.schema.metadata or {}).get(b"insight", b"{}"))
    columns = {name: _column(table[name]) for name in table.column_names}
    frame = pd.DataFrame(columns, columns=table.column_names)
    frame.attrs[_KEY] = {**meta.get("label", {}), "truncated": meta.get("truncated", False)}
    return frame


def _column(column: pa.ChunkedArray) -> pd.Series:
    values = column.to_pylist()
    if pa.types.is_list(column.type):
        values = [tuple(v) if v and len(v) > 1 else v[0] if v else None for v in values]
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype=object if pa.types.is_string(column.type) else None)


@pd.api.extensions.register_dataframe_accessor(_KEY)
class InsightAccessor:
    """What a frame knows of its origin: `frame.insight.label`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1]})
    >>> frame.insight.label, frame.insight.banner
    ({}, 'No label known: treat as the strictest data you hold')
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    @property
    def label(self) -> dict[str, Any]:
        """Return the label summary of the answer: owners, level, purposes, handling, conditions, expiry."""
        return dict(self._frame.attrs.get(_KEY, {}))

    @property
    def banner(self) -> str:
        """Return the one-line handling banner."""
        line = self.label.get("line", "No label known: treat as the strictest data you hold")
        return f"{line} · cut off at the limit asked for" if self.label.get("truncated") else line


def frame_html(frame: pd.DataFrame) -> str | None:
    """Return a frame as a notebook shows it: the handling banner above the table; None for other frames."""
    if _KEY not in frame.attrs:
        return None
    style = "border-left:4px solid #8a4b08;background:#fff6e5;padding:4px 8px;font-size:90%"
    banner = html.escape(InsightAccessor(frame).banner)
    table = readable(frame)._repr_html_()  # type: ignore[operator]  # what pandas itself shows
    return f'<div style="{style}">{banner}</div>{table}'


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame for the eye: several values in one line, and nothing where there is none.

    Examples
    --------
    >>> readable(pd.DataFrame({"name": [("Ana", "Anna"), None]}))["name"].tolist()
    ['Ana; Anna', '']
    """
    return frame.map(
        lambda cell: "; ".join(cell) if isinstance(cell, tuple) else "" if cell is None else cell
    )
