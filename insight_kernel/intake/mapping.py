"""Mapping: how the columns of a table become entities, written as FollowTheMoney mappings are.

Each row of the table is one record; all queries of the mapping look at it, and entities that get the same key
are one entity with the most specific of their schemata.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.errors import BadInput
from insight_kernel.intake.items import Bad, Entity, Item, Items
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.model.schema import Vocabulary

_FIELD = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_ENTITY_FIELDS = frozenset({"schema", "key", "keys", "key_literal", "properties"})
_PROPERTY_FIELDS = frozenset(
    {"column", "columns", "template", "entity", "literal", "format", "join", "split"}
)


@dataclass(frozen=True)
class PropertyMapping:
    """Where the values of one property come from; exactly one of the first five is set."""

    columns: tuple[str, ...] = ()
    template: str = ""
    entity: str = ""
    literal: str = ""
    format: str = ""
    join: str | None = None
    split: str = ""


@dataclass(frozen=True)
class EntityMapping:
    """One entity of each row: its schema, the columns of its key, its properties."""

    schema: str
    key: tuple[str, ...]
    key_literal: str
    properties: Mapping[str, PropertyMapping]


@dataclass(frozen=True)
class Query:
    """Which file, which rows (`filters`: column -> value), and the entities made of each row."""

    file: str
    filters: Mapping[str, str]
    entities: Mapping[str, EntityMapping]


@dataclass(frozen=True)
class TableMapping:
    """A mapping file, checked against the vocabulary."""

    path: Path
    queries: tuple[Query, ...]
    vocabulary: Vocabulary

    def read_csv(self, path: Path) -> Items:
        """Yield one item per row; a column the mapping needs and the file lacks is refused before the first row."""
        queries = [query for query in self.queries if query.file == path.name]
        if not queries:
            known = ", ".join(sorted({query.file for query in self.queries}))
            raise BadInput(
                f"load {path}", f"{self.path.name} has no query for it (it has: {known})", "Add a csv_url."
            )
        with path.open(newline="", encoding="utf-8-sig") as lines:
            rows = csv.reader(lines, strict=True)
            header = next(rows, [])
            self._check_columns(path, header, queries)
            yield from self._items(rows, header, queries)

    def _items(self, rows: Iterator[list[str]], header: list[str], queries: Sequence[Query]) -> Items:
        number = 0
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Bad(f"row {number}", "", f"not CSV ({error})", b"")
                continue  # the reader goes on with the next line
            yield self._item(f"row {number}", header, row, queries)

    def _item(self, place: str, header: list[str], row: list[str], queries: Sequence[Query]) -> Item | Bad:
        content = json.dumps([header, row], ensure_ascii=False).encode()
        if len(row) != len(header):
            return Bad(place, "", f"has {len(row)} cells, the header has {len(header)}", content)
        cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
        return Item(place, content, tuple(self._entities(cells, queries)))

    def _entities(self, cells: Mapping[str, str], queries: Sequence[Query]) -> Iterator[Entity]:
        found: dict[str, tuple[str, dict[str, list[str]]]] = {}
        for query in queries:
            if all(cells.get(column) == value for column, value in query.filters.items()):
                keys = {name: _key(mapping, cells) for name, mapping in query.entities.items()}
                for name, mapping in query.entities.items():
                    if key := keys[name]:
                        schema, properties = found.get(key, (mapping.schema, {}))
                        _fill(properties, mapping, cells, keys)
                        found[key] = (self._more_specific(schema, mapping.schema), properties)
        return (Entity(key, schema, properties) for key, (schema, properties) in found.items())

    def _more_specific(self, one: str, other: str) -> str:
        return one if self.vocabulary.get(one).is_a(other) else other

    def _check_columns(self, path: Path, header: list[str], queries: Sequence[Query]) -> None:
        wrong = sorted({f"{place}: {_no_column(column, header)}" for query in queries
                        for place, column in _needed(query) if column not in header})  # fmt: skip
        if wrong:
            raise BadInput(
                f"load {path}", f"{self.path.name} and its header differ: {'; '.join(wrong)}", "Mend one."
            )


def read_mapping(path: Path, vocabulary: Vocabulary) -> TableMapping:
    """Read and check a mapping file; every mistake is reported at once, with its place."""
    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(
            f"use the mapping {path}", f"not readable as YAML: {error}", "Mend the file."
        ) from None
    mistakes: list[str] = []
    queries = tuple(_queries(raw, vocabulary, mistakes))
    if mistakes or not queries:
        wrong = "; ".join(mistakes) or "it has no queries"
        raise BadInput(f"use the mapping {path}", wrong, "Mend these places; nothing was loaded.")
    return TableMapping(path, queries, vocabulary)


def _queries(raw: Any, vocabulary: Vocabulary, mistakes: list[str]) -> Iterator[Query]:
    for dataset, body in raw.items() if isinstance(raw, dict) else ():
        for n, query in enumerate((body.get("queries") or ()) if isinstance(body, dict) else ()):
            place = f"{dataset}.queries[{n}]"
            file, entities = (
                (query.get("csv_url"), query.get("entities")) if isinstance(query, dict) else (0, 0)
            )
            if not isinstance(file, str) or not isinstance(entities, dict):
                mistakes.append(f"{place}: needs csv_url and entities")
                continue
            if not isinstance(query.get("filters") or {}, dict):
                mistakes.append(f"{place}.filters: must be columns with their values")
                continue
            read = {
                e: _entity(f"{place}.{e}", m, entities, vocabulary, mistakes) for e, m in entities.items()
            }
            filters = {str(k): str(v) for k, v in (query.get("filters") or {}).items()}
            yield Query(Path(file).name, filters, {e: m for e, m in read.items() if m})


def _entity(
    place: str, raw: Any, siblings: Mapping[str, Any], vocabulary: Vocabulary, mistakes: list[str]
) -> EntityMapping | None:
    if not isinstance(raw, dict) or str(raw.get("schema")) not in vocabulary.schemata:
        mistakes.append(f"{place}.schema: unknown schema")
        return None
    mistakes += [f"{place}.{field}: unknown field" for field in raw if field not in _ENTITY_FIELDS]
    schema = vocabulary.get(raw["schema"])
    properties = {}
    given = raw.get("properties") or {}
    if not isinstance(given, dict):
        mistakes.append(f"{place}.properties: must be names with their sources")
        return None
    for name, body in given.items():
        if name not in schema.properties:
            near = get_close_matches(name, schema.properties, 1)
            mistakes.append(
                f"{place}.{name}: {schema.name} has no such property{f' (near: {near[0]})' if near else ''}"
            )
        if read := _property(f"{place}.{name}", body, siblings, mistakes):
            properties[name] = read
    key = _names(raw.get("keys", raw.get("key")))
    if not key:
        mistakes.append(f"{place}.key: names no column")
    return EntityMapping(schema.name, key, str(raw.get("key_literal", "")), properties)


def _property(
    place: str, raw: Any, siblings: Mapping[str, Any], mistakes: list[str]
) -> PropertyMapping | None:
    if not isinstance(raw, dict) or not set(raw) <= _PROPERTY_FIELDS:
        mistakes.append(f"{place}: has fields other than {', '.join(sorted(_PROPERTY_FIELDS))}")
        return None
    if "entity" in raw and raw["entity"] not in siblings:
        mistakes.append(f"{place}.entity: no entity of this name in the query")
    columns = _names(raw.get("columns", raw.get("column")))
    texts = {
        name: str(raw[name])
        for name in ("template", "entity", "literal", "format", "join", "split")
        if name in raw
    }
    if sum(map(bool, (columns, "template" in raw, "entity" in raw, "literal" in raw))) != 1:
        mistakes.append(f"{place}: needs exactly one of column, columns, template, entity, literal")
        return None
    return PropertyMapping(columns, **texts)


def _names(raw: object) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list) else (str(raw),) if raw else ()


def _needed(query: Query) -> Iterator[tuple[str, str]]:
    for column in query.filters:
        yield "filters", column
    for name, entity in query.entities.items():
        yield from ((f"{name}.key", column) for column in entity.key)
        for prop, mapping in entity.properties.items():
            yield from ((f"{name}.{prop}", c) for c in (*mapping.columns, *_FIELD.findall(mapping.template)))


def _no_column(column: str, header: list[str]) -> str:
    near = get_close_matches(column, header, 1)
    return f"no column {column!r}" + (f" (near: {near[0]!r})" if near else "")


def _key(mapping: EntityMapping, cells: Mapping[str, str]) -> str | None:
    """Return the entity's key, or None when no column of it is filled in this row."""
    values = [cells[column] for column in mapping.key]
    if not any(values):
        return None
    return hashlib.sha256(json.dumps([mapping.key_literal, *values]).encode()).hexdigest()[:40]


def _fill(
    properties: dict[str, list[str]],
    mapping: EntityMapping,
    cells: Mapping[str, str],
    keys: Mapping[str, str | None],
) -> None:
    for name, source in mapping.properties.items():
        known = properties.setdefault(name, [])
        known += [value for value in _values(source, cells, keys) if value and value not in known]


def _values(source: PropertyMapping, cells: Mapping[str, str], keys: Mapping[str, str | None]) -> list[str]:
    if source.entity:
        return [keys.get(source.entity) or ""]
    if source.literal:
        return [source.literal]
    if source.template:
        return [_FIELD.sub(lambda match: cells.get(match[1], ""), source.template).strip(" ,")]
    values = [cells[column] for column in source.columns]
    if source.join is not None:
        values = [source.join.join(filter(None, values))]
    if source.split:
        values = [part.strip() for value in values for part in value.split(source.split)]
    return [_date(value, source.format) for value in values] if source.format else values


def _date(value: str, form: str) -> str:
    try:
        return datetime.strptime(value, form).date().isoformat()
    except ValueError:
        return value  # kept as delivered; cleaning decides
