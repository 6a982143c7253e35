"""A mapping made ready for the columns of one file: each source of values becomes a function of a row's cells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insight_kernel.intake.items import Entity
from insight_kernel.intake.mapping.dates import by_form, in_order
from insight_kernel.intake.mapping.declared import Cells, Declared, EntityMapping, Query
from insight_kernel.intake.mapping.template import fields_of, filled
from insight_kernel.model.schema import Vocabulary

SEVERAL = "\x1f"
"""Parts the values of one cell, where what is delivered can hold several in one place."""
Row = Sequence[str]
_Values = Callable[[Row], Sequence[str]]
_NONE: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Entity:
    """One entity of a query: what tells its id, and its properties, those first that are not other entities."""

    name: str
    schema: str
    key: Callable[[Row], str]
    values: tuple[tuple[str, _Values], ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Query:
    wanted: tuple[tuple[int, frozenset[str]], ...]
    unwanted: tuple[tuple[int, frozenset[str]], ...]
    required: tuple[tuple[str, int], ...]
    entities: tuple[_Entity, ...]

    def takes(self, row: Row) -> bool:
        """Tell whether a row is one of this query's."""
        return all(row[n] in values for n, values in self.wanted) and not any(
            row[n] in values for n, values in self.unwanted
        )


class Compiled:
    """Makes the entities of rows whose cells stand in the order of `columns`."""

    def __init__(
        self, declared: Declared, queries: Sequence[Query], columns: Sequence[str], vocabulary: Vocabulary
    ) -> None:
        self._at = {column: n for n, column in enumerate(columns)}
        self._vocabulary = vocabulary
        self._queries = [self._query(query) for query in queries]
        self._label = {name: self._values(cells) for name, cells in declared.label.items()}
        self._grade = {name: self._values(cells) for name, cells in declared.grade.items()}

    def entities(self, rows: Sequence[tuple[int, Row]]) -> tuple[Entity, ...]:
        """Return what rows speak of, each given with the number of its query; equal keys are one entity."""
        found: dict[str, tuple[str, dict[str, list[str]]]] = {}
        for number, row in rows:
            query = self._queries[number]
            if query.takes(row):
                self._add(found, query, row)
        return tuple(Entity(key, schema, properties) for key, (schema, properties) in found.items())

    def missing(self, rows: Sequence[tuple[int, Row]]) -> str:
        """Return the first column that is required of a row and says nothing in it; nothing where none is missing."""
        asked = ((self._queries[number], row) for number, row in rows if self._queries[number].required)
        return next((column for query, row in asked if query.takes(row)
                     for column, at in query.required if not row[at]), "")  # fmt: skip

    def label(self, row: Row) -> dict[str, Any] | None:
        """Return the fields of the label that a row states itself."""
        said = ((name, [value for value in values(row) if value]) for name, values in self._label.items())
        return {name: found for name, found in said if found} or None

    def grade(self, row: Row) -> dict[str, str] | None:
        """Return the grade that a row states itself: none where it names no grade of source or information."""
        said = {name: "".join(values(row)) for name, values in self._grade.items()}
        return said if any(said[name] for name in said if name != "scale") else None

    def _add(self, found: dict[str, tuple[str, dict[str, list[str]]]], query: _Query, row: Row) -> None:
        keys = {entity.name: entity.key(row) for entity in query.entities}
        for entity in query.entities:
            if not (key := keys[entity.name]):
                continue
            schema, properties = found.get(key, (entity.schema, None))
            if properties is None:
                properties = {}
            elif schema != entity.schema:
                schema = self._more_specific(schema, entity.schema)
            found[key] = (schema, properties)
            for name, values in entity.values:
                _put(properties, name, values(row))
            for name, other in entity.links:
                _put(properties, name, (keys[other],))

    def _more_specific(self, one: str, other: str) -> str:
        return one if self._vocabulary.get(one).is_a(other) else other

    def _query(self, query: Query) -> _Query:
        def at(filters: Mapping[str, frozenset[str]]) -> tuple[tuple[int, frozenset[str]], ...]:
            return tuple((self._at[column], values) for column, values in filters.items())

        entities = tuple(self._entity(name, entity) for name, entity in query.entities.items())
        required = tuple((column, self._at[column]) for column in query.required)
        return _Query(at(query.filters), at(query.filters_not), required, entities)

    def _entity(self, name: str, entity: EntityMapping) -> _Entity:
        values = tuple((p, self._values(cells)) for p, cells in entity.properties.items() if not cells.entity)
        links = tuple((p, cells.entity) for p, cells in entity.properties.items() if cells.entity)
        return _Entity(name, entity.schema, self._key(entity), values, links)

    def _key(self, entity: EntityMapping) -> Callable[[Row], str]:
        """Return what makes the key of a row: nothing where no column of it is filled."""
        if entity.id_column:
            at = self._at[entity.id_column]
            return lambda row: row[at]
        places, literal = [self._at[column] for column in entity.key], entity.key_literal

        def key(row: Row) -> str:
            cells = [row[n] for n in places]
            return SEVERAL.join((literal, *cells)) if any(cells) else ""

        return key

    def _values(self, cells: Cells) -> _Values:
        """Return the function of one source of values: its texts, and then what is done with them."""
        found = self._texts(cells)
        for step in _steps(cells):
            found = _then(found, step)
        return found

    def _texts(self, cells: Cells) -> _Values:
        if cells.literals:
            return lambda _: cells.literals
        if cells.template:
            named = [self._at[column] for column in fields_of(cells.template)]
            return lambda row: (
                (filled(cells.template, lambda column: row[self._at[column]]),)
                if any(row[n] for n in named)
                else _NONE
            )
        places = [self._at[column] for column in cells.columns]
        if cells.join is not None:
            between = cells.join
            return lambda row: (between.join([row[n] for n in places if row[n]]),)
        if len(places) == 1:
            return _single(places[0])
        return lambda row: [part for n in places for part in row[n].split(SEVERAL)]


def _single(at: int) -> _Values:
    def values(row: Row) -> Sequence[str]:
        cell = row[at]
        if not cell:
            return _NONE
        return cell.split(SEVERAL) if SEVERAL in cell else (cell,)

    return values


def _steps(cells: Cells) -> list[Callable[[str], Sequence[str]]]:
    """Return what is done with each text, one after the other."""
    steps: list[Callable[[str], Sequence[str]]] = []
    if cells.split:
        steps.append(lambda text: [part.strip() for part in text.split(cells.split)])
    if (table := cells.table) is not None:
        steps.append(lambda text: (table.get(text, text),))
    if cells.formats:
        steps.append(lambda text: (by_form(text, cells.formats),))
    elif cells.order:
        steps.append(lambda text: (in_order(text, cells.order),))
    return steps


def _then(values: _Values, step: Callable[[str], Sequence[str]]) -> _Values:
    return lambda row: [found for text in values(row) for found in step(text)]


def _put(properties: dict[str, list[str]], name: str, values: Sequence[str]) -> None:
    known = properties.setdefault(name, [])
    for value in values:
        if value and value not in known:
            known.append(value)
