"""Reading where the values of a property come from."""

from collections.abc import Mapping
from typing import Any

from insight_kernel.intake.mapping.declared import ORDERS, Cells

_FIELDS = frozenset(
    {
        "column",
        "columns",
        "template",
        "entity",
        "literal",
        "literals",
        "format",
        "dates",
        "join",
        "split",
        "table",
    }
)
_SOURCES = ("column", "columns", "template", "entity", "literal", "literals")


class CellsReader:
    """Reads the sources of values of one data set, whose tables and order of dates they use."""

    def __init__(self, tables: Any, order: Any, mistakes: list[str], place: str) -> None:
        self._mistakes = mistakes
        self._tables = self._read_tables(f"{place}.tables", tables)
        self._order = self._read_order(f"{place}.dates", order)

    def read(self, place: str, raw: Any, siblings: Mapping[str, Any], *, date: bool = False) -> Cells | None:
        """Read one; `siblings` are the entities it may name."""
        if not isinstance(raw, dict) or not set(raw) <= _FIELDS:
            self._mistakes.append(f"{place}: has fields other than {', '.join(sorted(_FIELDS))}")
            return None
        if sum(name in raw for name in _SOURCES) != 1 or not all(
            raw[name] for name in _SOURCES if name in raw
        ):
            self._mistakes.append(f"{place}: needs exactly one of {', '.join(_SOURCES)}")
            return None
        if "entity" in raw and raw["entity"] not in siblings:
            self._mistakes.append(f"{place}.entity: no entity of this name in the query")
        formats = _texts(raw.get("format"))
        order = self._read_order(f"{place}.dates", raw.get("dates")) or (
            self._order if date and not formats else ""
        )
        return Cells(
            columns=_texts(raw.get("columns", raw.get("column"))), template=str(raw.get("template", "")),
            entity=str(raw.get("entity", "")), literals=_texts(raw.get("literals", raw.get("literal"))),
            join=None if raw.get("join") is None else str(raw["join"]), split=str(raw.get("split", "")),
            table=self._table(place, raw.get("table")), formats=formats, order=order,
        )  # fmt: skip

    def _table(self, place: str, name: Any) -> Mapping[str, str] | None:
        if name is None:
            return None
        if name not in self._tables:
            self._mistakes.append(f"{place}.table: there is no table {name!r}")
        return self._tables.get(name)

    def _read_tables(self, place: str, raw: Any) -> dict[str, dict[str, str]]:
        if not isinstance(raw or {}, dict) or not all(
            isinstance(table, dict) for table in (raw or {}).values()
        ):
            self._mistakes.append(f"{place}: must be names, each with words and what they mean")
            return {}
        return {name: {str(word): str(meaning) for word, meaning in table.items()}
                for name, table in (raw or {}).items()}  # fmt: skip

    def _read_order(self, place: str, raw: Any) -> str:
        if raw is not None and raw not in ORDERS:
            self._mistakes.append(f"{place}: one of {', '.join(ORDERS)}")
        return raw if raw in ORDERS else ""


def _texts(raw: Any) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list) else () if raw is None else (str(raw),)
