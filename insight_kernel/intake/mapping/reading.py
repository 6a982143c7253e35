"""Reading a mapping file: every mistake is reported at once, with its place and the nearest name there is."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.errors import BadInput
from insight_kernel.intake.mapping.cells import CellsReader
from insight_kernel.intake.mapping.declared import Cells, Declared, EntityMapping, Query, Zone
from insight_kernel.model.label import FIELDS
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.model.schema import Schema, Vocabulary

_DATASET = frozenset({"queries", "tables", "dates", "label", "grade", "zone"})
_QUERY = frozenset(
    {"csv_url", "file", "sheet", "records", "each", "filters", "filters_not", "required", "entities"}
)
_ENTITY = frozenset({"schema", "key", "keys", "key_literal", "id_column", "properties"})
_OWN_GRADE = frozenset({"scale", "source", "information"})


def read_declared(path: Path, vocabulary: Vocabulary) -> Declared:
    """Read and check a mapping file.

    Raises
    ------
    BadInput
        When anything is wrong: with every mistake of the file.
    """
    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(
            f"use the mapping {path}", f"not readable as YAML: {error}", "Mend the file."
        ) from None
    reader = _Reader(vocabulary)
    found = reader.declared(path, raw)
    if reader.mistakes or not found.queries:
        wrong = "; ".join(reader.mistakes) or "it has no queries"
        raise BadInput(f"use the mapping {path}", wrong, "Mend these places; nothing was loaded.")
    return found


class _Reader:
    """Reads the parts of a mapping, and collects what is wrong with them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.mistakes: list[str] = []
        self._vocabulary = vocabulary

    def declared(self, path: Path, raw: Any) -> Declared:
        """Return the mapping of a file; its data sets are one, but for their tables and orders of dates."""
        found = Declared(path, ())
        for name, body in raw.items() if isinstance(raw, dict) else ():
            if not isinstance(body, dict):
                self.mistakes.append(f"{name}: needs queries")
                continue
            self._unknown(name, body, _DATASET)
            cells = CellsReader(body.get("tables"), body.get("dates"), self.mistakes, name)
            found = Declared(
                path, (*found.queries, *self._queries(name, body.get("queries"), cells)),
                {**found.label, **self._said(f"{name}.label", body.get("label"), FIELDS, cells)},
                {**found.grade, **self._said(f"{name}.grade", body.get("grade"), _OWN_GRADE, cells)},
                self._zone(name, body.get("zone")) or found.zone,
            )  # fmt: skip
        return found

    def _queries(self, dataset: str, raw: Any, cells: CellsReader) -> Iterator[Query]:
        for n, query in enumerate(raw if isinstance(raw, list) else ()):
            place = f"{dataset}.queries[{n}]"
            file = query.get("file", query.get("csv_url")) if isinstance(query, dict) else None
            if not isinstance(file, str) or not isinstance(query.get("entities"), dict):
                self.mistakes.append(f"{place}: needs csv_url or file, and entities")
                continue
            self._unknown(place, query, _QUERY)
            yield self._query(place, file, query, cells)

    def _query(self, place: str, file: str, raw: Mapping[str, Any], cells: CellsReader) -> Query:
        entities = {name: self._entity(f"{place}.{name}", body, raw["entities"], cells)
                    for name, body in raw["entities"].items()}  # fmt: skip
        wanted, unwanted = (
            self._filters(f"{place}.{name}", raw.get(name)) for name in ("filters", "filters_not")
        )
        sheet, records, each = (str(raw.get(name, "")) for name in ("sheet", "records", "each"))
        known = {name: entity for name, entity in entities.items() if entity}
        required = _names(raw.get("required"))
        return Query(Path(file).name, sheet, records, each, wanted, unwanted, known, required)

    def _filters(self, place: str, raw: Any) -> dict[str, frozenset[str]]:
        if not isinstance(raw or {}, dict):
            self.mistakes.append(f"{place}: must be columns with their values")
            return {}
        return {str(column): frozenset(map(str, values if isinstance(values, list) else [values]))
                for column, values in (raw or {}).items()}  # fmt: skip

    def _entity(
        self, place: str, raw: Any, siblings: Mapping[str, Any], cells: CellsReader
    ) -> EntityMapping | None:
        if not isinstance(raw, dict) or str(raw.get("schema")) not in self._vocabulary.schemata:
            self.mistakes.append(f"{place}.schema: unknown schema")
            return None
        self._unknown(place, raw, _ENTITY)
        key, id_column = _names(raw.get("keys", raw.get("key"))), str(raw.get("id_column", ""))
        if bool(key) == bool(id_column):
            self.mistakes.append(
                f"{place}.key: names no column" if not key else f"{place}: has a key and an id_column"
            )
        given = raw.get("properties") or {}
        if not isinstance(given, dict):
            self.mistakes.append(f"{place}.properties: must be names with their sources")
            return None
        schema = self._vocabulary.get(raw["schema"])
        properties = {name: found for name, body in given.items()
                      if (found := self._property(place, schema, name, body, siblings, cells))}  # fmt: skip
        return EntityMapping(schema.name, key, str(raw.get("key_literal", "")), id_column, properties)

    def _property(
        self, place: str, schema: Schema, name: str, raw: Any, siblings: Mapping[str, Any], cells: CellsReader
    ) -> Cells | None:
        if name not in schema.properties:
            self.mistakes.append(
                f"{place}.{name}: {schema.name} has no such property{_near(name, schema.properties)}"
            )
            return None
        return cells.read(f"{place}.{name}", raw, siblings, date=schema.properties[name].type == "date")

    def _said(self, place: str, raw: Any, known: frozenset[str], cells: CellsReader) -> dict[str, Cells]:
        """Read the fields of a label or a grade: a text or a list of texts is meant as it stands."""
        if not isinstance(raw or {}, dict):
            self.mistakes.append(f"{place}: must be fields with their sources")
            return {}
        self._unknown(place, raw or {}, known)
        bodies = {name: body if isinstance(body, dict) else {"literals": body if isinstance(body, list) else [body]}
                  for name, body in (raw or {}).items() if name in known}  # fmt: skip
        return {
            name: found for name, body in bodies.items() if (found := cells.read(f"{place}.{name}", body, {}))
        }

    def _zone(self, dataset: str, raw: Any) -> Zone | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or "column" not in raw or not set(raw) <= {"column", "number"}:
            self.mistakes.append(f"{dataset}.zone: needs column, and may have number")
            return None
        return Zone(str(raw["column"]), str(raw.get("number", "")))

    def _unknown(self, place: str, raw: Mapping[str, Any], known: frozenset[str]) -> None:
        self.mistakes += [
            f"{place}.{name}: unknown field{_near(name, known)}" for name in raw if name not in known
        ]


def _near(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
    near = get_close_matches(str(name), list(known), 1)
    return f" (near: {near[0]})" if near else ""


def _names(raw: object) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list) else (str(raw),) if raw else ()


def fits(query: Query, name: str) -> bool:
    """Tell whether a query speaks of files of this name."""
    return fnmatchcase(name, query.file)
