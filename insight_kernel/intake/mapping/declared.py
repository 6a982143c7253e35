"""What a mapping file says, once it was read and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from insight_kernel.intake.mapping.template import fields_of

JSON, XML = (".json", ".jsonl", ".ndjson"), (".xml",)
TREES = (*JSON, *XML)
"""Endings of files that hold trees."""
ORDERS = ("DMY", "MDY", "YMD")
"""Orders in which day, month and year may stand."""


@dataclass(frozen=True)
class Cells:
    """Where values come from: exactly one of the first four; the others say what is done with them, in their order.

    Attributes
    ----------
    columns, template, entity, literals
        Columns; a text with `{{columns}}` in it; another entity of the query; fixed texts.
    join, split
        One value of all columns, with this between them; several values of each cell, parted by this.
    table
        Words of the source and what they mean; a word that is not among them stays as it is.
    formats, order
        How dates are written: forms as of `strptime`, or one of `ORDERS`.
    """

    columns: tuple[str, ...] = ()
    template: str = ""
    entity: str = ""
    literals: tuple[str, ...] = ()
    join: str | None = None
    split: str = ""
    table: Mapping[str, str] | None = None
    formats: tuple[str, ...] = ()
    order: str = ""

    def needed(self) -> tuple[str, ...]:
        """Return the columns looked at."""
        return (*self.columns, *fields_of(self.template))


@dataclass(frozen=True)
class EntityMapping:
    """One entity of each row: its schema, what its key or its id is made of, its properties."""

    schema: str
    key: tuple[str, ...]
    key_literal: str
    id_column: str
    properties: Mapping[str, Cells]

    def needed(self) -> Iterator[tuple[str, str]]:
        """Yield the columns looked at, each after the part of the entity that does."""
        yield from (("key", column) for column in (*self.key, self.id_column) if column)
        for name, cells in self.properties.items():
            yield from ((name, column) for column in cells.needed())


@dataclass(frozen=True)
class Query:
    """Which rows of which files, and the entities made of each.

    Attributes
    ----------
    file, sheet
        The files' names as a pattern; the sheet of a workbook, where it has several.
    records, each
        In a tree: the path to what is one record, and the path within it to what is one row of it.
    filters, filters_not
        Column -> values that a row must have, or must not have.
    required
        Columns without which a row that is taken is a bad record.
    """

    file: str
    sheet: str
    records: str
    each: str
    filters: Mapping[str, frozenset[str]]
    filters_not: Mapping[str, frozenset[str]]
    entities: Mapping[str, EntityMapping]
    required: tuple[str, ...] = ()

    @property
    def in_tree(self) -> bool:
        """Tell whether its files are trees, where one place can hold several values."""
        return self.file.lower().endswith(TREES)

    def needed(self) -> Iterator[tuple[str, str]]:
        """Yield the columns looked at, each after its place in the mapping."""
        yield from (("filters", column) for column in (*self.filters, *self.filters_not))
        yield from (("required", column) for column in self.required)
        for name, entity in self.entities.items():
            yield from ((f"{name}.{part}", column) for part, column in entity.needed())


@dataclass(frozen=True)
class Zone:
    """The column of a machine-readable zone, and the column that must hold the same document number."""

    column: str
    number: str = ""


@dataclass(frozen=True)
class Declared:
    """A mapping file.

    Attributes
    ----------
    queries
        What is made of each row; all that fit a row make one record of it.
    label, grade
        Where fields of a record's own label, and its own grade, come from.
    zone
        Where a machine-readable zone stands, which is checked, and whose parts are columns too.
    """

    path: Path
    queries: tuple[Query, ...]
    label: Mapping[str, Cells] = field(default_factory=dict)
    grade: Mapping[str, Cells] = field(default_factory=dict)
    zone: Zone | None = None

    def needed(self, queries: tuple[Query, ...]) -> Iterator[tuple[str, str]]:
        """Yield the columns that these of its queries, the label, the grade and the zone look at, with their places."""
        for query in queries:
            yield from query.needed()
        for part, said in (("label", self.label), ("grade", self.grade)):
            yield from (
                (f"{part}.{name}", column) for name, cells in said.items() for column in cells.needed()
            )
        if self.zone is not None:
            yield from (("zone", column) for column in (self.zone.column, self.zone.number) if column)
