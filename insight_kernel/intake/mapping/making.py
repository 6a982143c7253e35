"""Items of one file's records: their entities, the label and grade they state themselves, their zones checked."""

from collections.abc import Sequence
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.intake.items import Bad, Item
from insight_kernel.intake.mapping.compiled import Compiled
from insight_kernel.intake.mapping.declared import Declared, Query
from insight_kernel.intake.mapping.zone import PARTS, ZoneError, read_zone
from insight_kernel.model.grade import read_grade
from insight_kernel.model.label import SETS
from insight_kernel.model.schema import Vocabulary

Rows = Sequence[tuple[int, list[str]]]
"""The rows of one record, each with the number of the query it is for."""


def derived(declared: Declared) -> list[str]:
    """Return the columns that a mapping has beside those of the file."""
    return [f"zone.{part}" for part in PARTS] if declared.zone else []


class _WrongError(Exception):
    """A record that cannot be taken; `field` and `rule` say why, never the value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field, self.rule = field, rule


class Maker:
    """Makes items of rows whose cells stand in the order of `columns`; `year` tells centuries of zones."""

    def __init__(
        self,
        declared: Declared,
        queries: Sequence[Query],
        columns: Sequence[str],
        vocabulary: Vocabulary,
        year: int,
    ) -> None:
        self._compiled = Compiled(declared, queries, [*columns, *derived(declared)], vocabulary)
        self._zone, self._columns, self._year = declared.zone, list(columns), year

    def made(self, place: str, content: bytes, rows: Rows) -> Item | Bad:
        """Return a record as an item; what it says of itself stands in its first row."""
        try:
            if self._zone is not None:
                rows = [(query, [*cells, *self._parts(cells)]) for query, cells in rows]
            if column := self._compiled.missing(rows):
                raise _WrongError(column, "is missing")
            entities = self._compiled.entities(rows)
            if not rows:
                return Item(place, content, entities)
            said, grade = self._compiled.label(rows[0][1]), self._compiled.grade(rows[0][1])
            return Item(place, content, entities, said and _label(said), _grade(grade) if grade else None)
        except _WrongError as error:
            return Bad(place, error.field, error.rule, content)

    def _parts(self, cells: list[str]) -> list[str]:
        """Return the parts of the row's machine-readable zone, in the order of `PARTS`; none where none stands."""
        column, number = (self._zone.column, self._zone.number) if self._zone else ("", "")
        text = cells[self._columns.index(column)]
        if not text:
            return [""] * len(PARTS)
        try:
            found = read_zone(text, self._year)
        except ZoneError as error:
            raise _WrongError(column, str(error)) from None
        typed = _plain(cells[self._columns.index(number)]) if number else ""
        if typed and typed != _plain(found["number"]):
            raise _WrongError(number, "is not the number of the machine-readable zone")
        return [found[part] for part in PARTS]


def _label(said: dict[str, list[str]]) -> dict[str, Any]:
    """Return the label's fields as a label has them: words in lists, everything else once."""
    for name, values in said.items():
        if name not in SETS and len(values) != 1:
            raise _WrongError(f"label.{name}", "more than one is said")
    return {name: values if name in SETS else values[0] for name, values in said.items()}


def _grade(said: dict[str, str]) -> str:
    try:
        return str(read_grade(said))
    except BadInput as error:
        raise _WrongError("grade", error.wrong) from None


def _plain(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
