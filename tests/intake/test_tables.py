"""Tables: a mapping is checked whole before the first row, a row that does not fit is a bad item."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.intake.items import Bad, Item
from insight_kernel.intake.mapping.records import read_mapping
from insight_kernel.model.schema import vocabulary
from tests.build import write_yaml

HEADER = "Number,Company,Country,Since\n"
USUAL: dict[str, Any] = {
    "schema": "Company", "key": "Number",
    "properties": {"name": {"column": "Company"}, "jurisdiction": {"column": "Country"},
                   "incorporationDate": {"column": "Since", "format": "%d.%m.%Y"}},
}  # fmt: skip


def mapping(company: Any = None, **query: Any) -> dict[str, Any]:
    entities = {"company": USUAL if company is None else company}
    return {"companies": {"queries": [{"csv_url": "table.csv", "entities": entities, **query}]}}


def with_property(name: str, body: Any) -> dict[str, Any]:
    return mapping({**USUAL, "properties": {name: body}})


MISTAKES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "nothing": ({}, ("it has no queries",)),
    "a list": ([1], ("it has no queries",)),
    "no queries": ({"x": {"queries": None}}, ("it has no queries",)),
    "a word for a query": ({"x": {"queries": ["table.csv"]}}, ("x.queries[0]: needs csv_url or file, and entities",)),
    "no file": (mapping(csv_url=None), ("companies.queries[0]: needs csv_url or file, and entities",)),
    "entities in a list": (mapping(entities=[1]), ("companies.queries[0]: needs csv_url or file, and entities",)),
    "filters in a list": (mapping(filters=["a"]), ("companies.queries[0].filters: ",)),
    "an unknown schema": (mapping({**USUAL, "schema": "Compny"}), ("company.schema: unknown schema",)),
    "a schema that is a list": (mapping({**USUAL, "schema": ["Company"]}), ("company.schema: unknown schema",)),
    "an unknown property": (with_property("juristiction", {"column": "Country"}),
                            ("company.juristiction: Company has no such property (near: jurisdiction)",)),
    "no key": (mapping({k: v for k, v in USUAL.items() if k != "key"}), ("company.key: names no column",)),
    "an unknown field": (mapping({**USUAL, "colour": 1}), ("company.colour: unknown field",)),
    "an unknown field of a property": (with_property("name", {"col": "Company"}), ("company.name: has fields other",)),
    "a property that is a word": (with_property("name", "Company"), ("company.name: has fields other",)),
    "two sources of a value": (
        with_property("name", {"column": "Company", "literal": "x"}), ("company.name: needs exactly one of",)),
    "no source of a value": (with_property("name", {"join": " "}), ("company.name: needs exactly one of",)),
    "an entity that is not there": (with_property("parent", {"entity": "x"}), ("company.parent.entity: no entity",)),
    "an order of dates": ({"companies": {"dates": "YDM", "queries": []}}, ("companies.dates: one of DMY",)),
    "a table that is not there": (with_property("name", {"column": "Company", "table": "kinds"}),
                                  ("company.name.table: there is no table 'kinds'",)),
    "tables in a list": ({"companies": {"tables": ["a"], "queries": []}}, ("companies.tables: must be names",)),
    "a key and an id": (mapping({**USUAL, "id_column": "Number"}), ("company: has a key and an id_column",)),
    "a label field that is none": ({**mapping(), "more": {"label": {"levl": "official"}}},
                                   ("more.label.levl: unknown field (near: level)",)),
    "a grade that is a word": ({**mapping(), "more": {"grade": "A1"}}, ("more.grade: must be fields",)),
    "a zone without a column": ({**mapping(), "more": {"zone": {"number": "A"}}}, ("more.zone: needs column",)),
    "a field of a query": (mapping(filter={"Kind": "x"}), ("queries[0].filter: unknown field (near: filters)",)),
    "properties in a list": (mapping({**USUAL, "properties": ["name"]}), ("company.properties: ",)),
    "all at once": (
        mapping({"schema": "Company", "properties": {"nme": {"column": "A"}, "name": {}}, "colour": 1}),
        ("company.colour: unknown field", "company.nme: Company has no such property (near: name)",
         "company.name: needs exactly one of", "company.key: names no column"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_of_a_mapping_is_said_at_once(tmp_path: Path, name: str) -> None:
    """With the file, the place in it, and the nearest name where one is misspelt."""
    content, expected = MISTAKES[name]
    path = write_yaml(tmp_path / "mapping.yml", content)
    with pytest.raises(ValueError, match=r"Cannot use the mapping .*mapping\.yml: ") as refused:
        read_mapping(path, vocabulary(), 2026)
    assert all(part in str(refused.value) for part in expected), str(refused.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"a: [1"])
def test_a_mapping_that_is_no_yaml(tmp_path: Path, content: bytes) -> None:
    """One line, with the file."""
    (tmp_path / "mapping.yml").write_bytes(content)
    with pytest.raises(ValueError, match="not readable as YAML"):
        read_mapping(tmp_path / "mapping.yml", vocabulary(), 2026)


def test_columns_the_table_lacks_are_named_with_the_nearest(tmp_path: Path) -> None:
    """All of them, before the first row, those of keys, filters and templates too."""
    company = {"schema": "Company", "key": "Nmber", "properties": {
        "name": {"column": "Compny"}, "summary": {"template": "{{Company}} of {{Cuntry}}"}}}  # fmt: skip
    with pytest.raises(ValueError, match="its header differ") as refused:
        read(tmp_path, mapping(company, filters={"Kind": "x"}), HEADER)
    for part in (
        "filters: no column 'Kind'",
        "company.key: no column 'Nmber' (near: 'Number')",
        "company.name: no column 'Compny' (near: 'Company')",
        "company.summary: no column 'Cuntry' (near: 'Country')",
    ):
        assert part in str(refused.value)


def test_a_table_the_mapping_does_not_speak_of(tmp_path: Path) -> None:
    """It says which tables it does speak of."""
    with pytest.raises(ValueError, match=r"has no query for it \(it has: other\.csv\)"):
        read(tmp_path, mapping(csv_url="folder/other.csv"), HEADER)


ROWS: dict[str, tuple[str, list[str]]] = {
    "a good row": ("1,Acme,fr,01.02.2020\n", ["company"]),
    "blank cells": ("1,,,\n", ["company"]),
    "no key": (",Acme,fr,\n", [""]),
    "too few cells": ("1,Acme\n2,Beta,fr,\n", ["row 1: has 2 cells, the header has 4", "company"]),
    "too many cells": ("1,Acme,fr,,x\n2,Beta,fr,\n", ["row 1: has 5 cells, the header has 4", "company"]),
    "a broken quote": ('1,"Ac"me,fr,\n2,Beta,fr,\n', ["row 1: not CSV", "company"]),
    "a field of 200,000 characters": (f"1,{'x' * 200_000},fr,\n2,Beta,fr,\n", ["row 1: not CSV", "company"]),
    "a quoted line end": ('1,"Acme\nSons",fr,\n2,Beta,fr,\n', ["company", "company"]),
    "no rows": ("", []),
}


@pytest.mark.case("F15")
@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_does_not_fit_is_one_bad_item(tmp_path: Path, name: str) -> None:
    """Its number and the rule; the rows after it are read."""
    body, expected = ROWS[name]
    found = [described(item) for item in read(tmp_path, mapping(), HEADER + body)]
    assert len(found) == len(expected)
    assert all(said.startswith(start) for said, start in zip(found, expected, strict=True)), found


def test_a_row_becomes_entities(tmp_path: Path) -> None:
    """Values trimmed, dates read by their format, a blank cell no value."""
    [item] = read(tmp_path, mapping(), HEADER + " 1 , Acme ,,01.02.2020\n")
    [company] = item.entities
    assert (company.schema, dict(company.properties)) == (
        "Company", {"name": ["Acme"], "jurisdiction": [], "incorporationDate": ["2020-02-01"]})  # fmt: skip


def read(tmp_path: Path, content: Any, table: str) -> Iterator[Item | Bad]:
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    found = read_mapping(write_yaml(tmp_path / "mapping.yml", content), vocabulary(), 2026)
    return iter(list(found.items(tmp_path / "table.csv")))


def described(item: Item | Bad) -> str:
    return str(item) if isinstance(item, Bad) else ",".join(entity.schema.lower() for entity in item.entities)
