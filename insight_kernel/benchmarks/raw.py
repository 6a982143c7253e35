"""The store as it would answer without labels: the same statements without the label condition."""

from typing import Any

import pyarrow as pa

from insight_kernel.policy.allowed import allowed_set
from insight_kernel.store import sql
from insight_kernel.store.database import Snapshot
from insight_kernel.store.read import Window


class Unlabelled(Snapshot):
    """A snapshot whose every query has lost its label condition; it exists to be measured against."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot._cursor, snapshot.state)

    def table(self, query: str, **values: Any) -> pa.Table:
        """Run a statement without its label condition."""
        return super().table(_bare(query), **_unlabelled(values))

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement without its label condition."""
        return super().rows(_bare(query), **_unlabelled(values))


def everything(window: Window) -> Window:
    """Return the window of somebody to whom every label is allowed, over the same snapshot without labels."""
    size = len(window.labels)
    allowed = allowed_set(frozenset(range(size)), frozenset(), size)
    return Window(Unlabelled(window.snapshot), allowed, window.labels, window.titles, window.cache)


def _bare(query: str) -> str:
    return query.replace(sql.ALLOWED, "true")


def _unlabelled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "bits"}
