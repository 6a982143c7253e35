"""Unique markers in every value of a written world, and finding them again in whatever form bytes left in."""

import base64
import binascii
import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.intake.mapping.declared import Declared, Query
from insight_kernel.intake.mapping.reading import read_declared
from insight_kernel.model.schema import vocabulary

TYPED = "zq999999qz"
"""A marker for what a person types, as the reason of an act: not a value of the world."""
_MARKED = {"name", "text", "string", "address", "identifier"}
_MARKER = re.compile(rb"zq\d{6}qz", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/](?:[A-Za-z0-9+/]|\\n|\s(?=\S)){60,}={0,2}")
_PACKED = re.compile(rb"[\x48\x58\x68\x78][\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_DEEPEST = 3


def mark(sources: Path) -> None:
    """Give every value of a name, a text, an address, an identifier or a plain string, and each title, a marker."""
    numbers = count(1)
    for path in sorted(sources.rglob("*.jsonl")):
        lines = [_marked(json.loads(line), numbers) for line in path.read_text("utf-8").splitlines()]
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    for path in sorted(sources.rglob("mapping.yml")):
        _mark_mapped(read_declared(path, vocabulary()), numbers)
    for path in sorted(sources.rglob("*.eml")):
        head, _, body = path.read_text("utf-8").partition("\n\n")
        head = re.sub(r"(?m)^(Subject: .*)$", lambda found: _with(found[1], numbers), head)
        path.write_text(f"{head}\n\n{_with(body.strip(), numbers)}", "utf-8")
    for path in sorted(sources.rglob("profile.yml")):
        said = yaml.safe_load(path.read_text("utf-8"))
        said["title"] = _with(said["title"], numbers)
        path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")


def markers_in(data: bytes | str) -> set[str]:
    """Return the markers in some bytes, also in what lies in them as base64 or compressed."""
    raw = data.encode() if isinstance(data, str) else data
    return {found.decode().lower() for layer in _layers(raw, _DEEPEST) for found in _MARKER.findall(layer)}


def _marked(entity: dict[str, Any], numbers: Iterator[int]) -> dict[str, Any]:
    known = vocabulary().get(entity["schema"]).properties
    said = {
        name: [_with(value, numbers) if known[name].type in _MARKED else value for value in values]
        for name, values in entity["properties"].items()
    }
    return {**entity, "properties": said}


def _mark_mapped(declared: Declared, numbers: Iterator[int]) -> None:
    """Mark what a mapping makes values of, in tables, trees and forms."""
    for query in declared.queries:
        for path in sorted(declared.path.parent.glob(query.file)):
            columns = dict(_columns(query))
            kind = _mark_tree if query.in_tree else _mark_table if path.suffix == ".csv" else _mark_form
            kind(path, query.records, columns, numbers)


def _columns(query: Query) -> Iterator[tuple[str, str]]:
    """Yield the columns that are marked, with what parts their values."""
    for entity in query.entities.values():
        known = vocabulary().get(entity.schema).properties
        for name, cells in entity.properties.items():
            if known[name].type in _MARKED and cells.table is None and len(cells.columns) == 1:
                yield cells.columns[0], cells.split


def _mark_table(path: Path, _: str, columns: dict[str, str], numbers: Iterator[int]) -> None:
    text = path.read_text("utf-8")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [
        _mark_cells(row, columns, numbers)
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, text.partition("\n")[0].split(delimiter), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def _mark_tree(path: Path, records: str, columns: dict[str, str], numbers: Iterator[int]) -> None:
    tree = json.loads(path.read_text("utf-8"))
    for record in tree[records]:
        record |= {name: [_with(v, numbers) for v in value] if isinstance(value, list) else _with(value, numbers)
                   for name, value in record.items() if name in columns}  # fmt: skip
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")


def _mark_form(path: Path, _: str, columns: dict[str, str], numbers: Iterator[int]) -> None:
    head, _, body = path.read_text("utf-8").partition("\n\n")
    marked = [
        _with(line, numbers) if line.partition(":")[0] in columns else line for line in head.splitlines()
    ]
    path.write_text("\n".join(marked) + f"\n\n{_with(body, numbers)}", "utf-8")


def _mark_cells(row: dict[str, str], columns: dict[str, str], numbers: Iterator[int]) -> dict[str, str]:
    def marked(name: str, cell: str) -> str:
        if name not in columns or not cell:
            return cell
        parts = cell.split(columns[name]) if columns[name] else [cell]
        return columns[name].join(_with(part, numbers) for part in parts)

    return {name: marked(name, cell) for name, cell in row.items()}


def _with(value: str, numbers: Iterator[int]) -> str:
    return f"{value} zq{next(numbers):06d}qz"


def _layers(data: bytes, deep: int) -> Iterator[bytes]:
    """Yield the bytes, and what they hold packed: pictures in pages are base64, and their texts compressed."""
    yield data
    if deep:
        for inner in (*_decoded(data), *_unpacked(data)):
            yield from _layers(inner, deep - 1)


def _decoded(data: bytes) -> Iterator[bytes]:
    for found in _BASE64.findall(data):
        packed = re.sub(rb"\\n|\s", b"", found)
        try:
            yield base64.b64decode(packed[: len(packed) // 4 * 4])
        except binascii.Error:
            continue


def _unpacked(data: bytes) -> Iterator[bytes]:
    for found in _PACKED.finditer(data):
        inflating = zlib.decompressobj(wbits=47)  # zlib or gzip, by its first bytes
        try:
            inner = inflating.decompress(data[found.start() :], 10_000_000)
        except zlib.error:
            continue
        if inner:
            yield inner
