"""The way back: entities as rows of the layout that a mapping reads, for systems that deliver or take it.

What a mapping makes of several columns (`template`, `join`) is not taken apart again: those columns are filled where
other properties come from them. What no column carries is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insight_kernel.intake.items import Entity, Lost
from insight_kernel.intake.mapping.compiled import SEVERAL
from insight_kernel.intake.mapping.declared import Cells, EntityMapping, Query

Row = dict[str, str]
_GAPS = {"DMY": ".", "MDY": "/", "YMD": "-"}


@dataclass(frozen=True)
class _Given:
    """The entities by their ids, what could not be written of them, and what parts the values of one place."""

    entities: Mapping[str, Entity]
    lost: Lost
    several: str


def rows_of_query(query: Query, entities: Iterable[Entity], lost: Lost | None = None) -> Iterator[Row]:
    """Yield the rows by which a query makes these entities again; it takes those of its own schemata.

    An entity that names others stands in one row with them. Of a property with several values, and no mark that
    parts them, each stands in a row of its own: a row is read as a record, and the entity has all of them.

    Examples
    --------
    >>> cells = {"name": Cells(columns=("Nom",)), "birthDate": Cells(columns=("Né le",), order="DMY")}
    >>> query = Query("a.csv", "", "", "", {}, {}, {"person": EntityMapping("Person", (), "", "Id", cells)})
    >>> person = Entity("p-1", "Person", {"name": ["Ana", "Anna"], "birthDate": ["1975-02-01"]})
    >>> for row in rows_of_query(query, [person]):
    ...     print(row)
    {'Id': 'p-1', 'Nom': 'Ana', 'Né le': '01.02.1975'}
    {'Id': 'p-1', 'Nom': 'Anna', 'Né le': '01.02.1975'}
    """
    several = SEVERAL if query.in_tree else ""
    given = _Given(_merged(entities), lost or Lost(), several)
    named = {cells.entity for mapping in query.entities.values() for cells in mapping.properties.values()}
    written: set[tuple[str, str]] = set()
    for name in sorted(query.entities, key=lambda name: name in named):  # those first that no other names
        for entity in given.entities.values():
            if (name, entity.id) not in written and query.entities[name].schema == entity.schema:
                yield from _rows(query, name, entity, given, written)


def _merged(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Return entities by their ids; one that is given twice has the values of both."""
    found: dict[str, Entity] = {}
    for entity in entities:
        known = found.get(entity.id)
        found[entity.id] = entity if known is None else _both(known, entity)
    return found


def _both(one: Entity, other: Entity) -> Entity:
    names = {**one.properties, **other.properties}
    both = {name: (*one.properties.get(name, ()), *other.properties.get(name, ())) for name in names}
    return Entity(one.id, one.schema, {name: list(dict.fromkeys(values)) for name, values in both.items()})


def _rows(
    query: Query, name: str, entity: Entity, given: _Given, written: set[tuple[str, str]]
) -> Iterator[Row]:
    filters = {column: min(values) for column, values in query.filters.items()}
    for row in _joined(query, name, entity, given, written):
        yield filters | row


def _joined(
    query: Query, name: str, entity: Entity, given: _Given, written: set[tuple[str, str]]
) -> Iterator[Row]:
    """Yield the rows of an entity, joined with those of the entities it names."""
    written.add((name, entity.id))
    mapping = query.entities[name]
    own = _own_rows(mapping, entity, given)
    for prop, cells in mapping.properties.items():
        others = [given.entities[key] for key in entity.properties.get(prop, ()) if key in given.entities]
        if cells.entity and others:
            joined = [row for other in others for row in _joined(query, cells.entity, other, given, written)]
            own = [
                {**joined[min(n, len(joined) - 1)], **one} for n, one in enumerate(_as_long(own, len(joined)))
            ]
    yield from own


def _own_rows(mapping: EntityMapping, entity: Entity, given: _Given) -> list[Row]:
    columns = _of_id(mapping, entity.id)
    carried = {name for name, cells in mapping.properties.items() if cells.entity or cells.literals}
    for name, cells in mapping.properties.items():
        values = entity.properties.get(name, ())
        if values and len(cells.columns) == 1 and cells.join is None:
            columns.setdefault(cells.columns[0], _written(cells, values, given.several))
            carried.add(name)
    _fill_made(mapping, entity, columns, carried)
    for name, values in entity.properties.items():
        if values and name not in carried:
            for _ in values:
                given.lost.add(f"{entity.schema}.{name}", "no column is for it")
    rows = max((len(values) for values in columns.values()), default=1)
    return [
        {column: values[min(n, len(values) - 1)] for column, values in columns.items()} for n in range(rows)
    ]


def _of_id(mapping: EntityMapping, id_: str) -> dict[str, list[str]]:
    """Return the columns by which an entity is told from others; none where its id is not made of them."""
    if mapping.id_column:
        return {mapping.id_column: [id_]}
    literal, *cells = id_.split(SEVERAL)
    fits = literal == mapping.key_literal and len(cells) == len(mapping.key)
    return {column: [cell] for column, cell in zip(mapping.key, cells, strict=True)} if fits else {}


def _fill_made(
    mapping: EntityMapping, entity: Entity, columns: dict[str, list[str]], carried: set[str]
) -> None:
    """Count as carried what is made of columns that are filled; of a single value fill the first of them."""
    for name, cells in mapping.properties.items():
        made_of = cells.needed()
        if name in carried or not entity.properties.get(name) or cells.entity:
            continue
        if not any(column in columns for column in made_of):
            columns[made_of[0]] = [entity.properties[name][0]]
        carried.add(name)


def _as_long(rows: list[Row], size: int) -> list[Row]:
    return rows + rows[-1:] * (size - len(rows))


def _written(cells: Cells, values: Iterable[str], several: str) -> list[str]:
    """Return values as they stand in cells: in the words, and the order of dates, of the source."""
    back = {meaning: word for word, meaning in reversed(list((cells.table or {}).items()))}
    found = [_date(back.get(value, value), cells) for value in values]
    between = cells.split or several
    return [between.join(found)] if between else found


def _date(value: str, cells: Cells) -> str:
    """Return an ISO date in the order, or the first form, that a source writes; what is none stays as it is."""
    if cells.formats:
        try:
            return datetime.fromisoformat(value).strftime(cells.formats[0])
        except ValueError:
            return value
    day, _, time = value.partition("T")
    parts = day.split("-")
    if cells.order not in _GAPS or not all(part.isdigit() for part in parts):
        return value
    ordered = {"DMY": parts[::-1], "MDY": [*parts[1:], parts[0]], "YMD": parts}[cells.order]
    return _GAPS[cells.order].join(ordered) + (f" {time}" if time else "")


def tree_of_row(row: Mapping[str, str], each: str) -> dict[str, Any]:
    """Return a row as the tree it is read from: columns are paths, those within `each` a list of one.

    Examples
    --------
    >>> tree_of_row({"name": "SAMPLE", "warrants.charge": "fraud"}, "warrants")
    {'name': 'SAMPLE', 'warrants': [{'charge': 'fraud'}]}
    """
    whole: dict[str, Any] = {}
    for column, cell in row.items():
        if not cell:
            continue
        *above, last = column.split(".")
        at = whole
        for name in above:
            at = at.setdefault(name, {})
        at[last] = cell.split(SEVERAL) if SEVERAL in cell else cell
    if each and "." not in each and each in whole:
        whole[each] = [whole[each]]
    return whole
