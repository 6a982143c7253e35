"""What a view reads from a frame: named columns, one value per cell."""

from collections.abc import Iterable

import pandas as pd

from insight_kernel.errors import BadInput
from insight_kernel.views import style


def need(frame: pd.DataFrame, names: Iterable[str], asked: str) -> None:
    """Raise BadInput unless the frame has all the columns named."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        remedy = "Rename or add the columns; an empty column is fine."
        raise BadInput(asked, f"the frame has no column {', '.join(map(repr, missing))}", remedy)


def values(frame: pd.DataFrame, name: str) -> list[object]:
    """Return a column, of several values in one cell the first; a column that is absent is all None."""
    if name not in frame.columns:
        return [None] * len(frame)
    return [_first(value) for value in frame[name]]


def words(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column as printable text; what is missing is empty."""
    return [style.plain(value) for value in values(frame, name)]


def _first(value: object) -> object:
    if isinstance(value, tuple | list):
        return value[0] if value else None
    return value
