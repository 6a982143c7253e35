"""What a view reads from a frame: named columns, one value per cell."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from insight_kernel.errors import BadInput
from insight_kernel.views import style

Facts = tuple[tuple[str, tuple[str, ...]], ...]
"""What is said about one thing: names, each with one or more values."""


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


def facts_of(frame: pd.DataFrame, shown: Iterable[str]) -> list[Facts]:
    """Return for each row what its other columns say, several values in one cell as such; empty ones are left out."""
    columns = [name for name in frame.columns if name not in set(shown)]
    rows = zip(*(frame[name] for name in columns), strict=True) if columns else [()] * len(frame)
    return [facts(dict(zip(columns, row, strict=True))) for row in rows]


def facts(named: Mapping[Any, object]) -> Facts:
    """Return named values as printable texts, without those that are missing."""
    found = ((style.plain(name), _several(value)) for name, value in named.items())
    return tuple((name, texts) for name, texts in found if texts)


def _several(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, tuple | list | set | frozenset) else [value]
    return tuple(
        filter(
            None, map(style.plain, sorted(values, key=str) if isinstance(values, set | frozenset) else values)
        )
    )


def _first(value: object) -> object:
    if isinstance(value, tuple | list):
        return value[0] if value else None
    return value
