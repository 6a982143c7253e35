"""Unique markers in every value of a written world, and finding them again in whatever form bytes left in."""

import base64
import binascii
import csv
import json
import re
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.model.schema import vocabulary

TYPED = "zq999999qz"
"""A marker for what a person types, as the reason of an act: not a value of the world."""
_MARKED = {"name", "text", "string", "address", "identifier"}
_COLUMNS = {
    "payments.csv": ("purpose", "transaction"),
    "reads.csv": ("read", "camera"),
    "calls.csv": ("call",),
}
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
    for path in sorted(sources.rglob("*.csv")):
        _mark_table(path, numbers)
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


def _mark_table(path: Path, numbers: Iterator[int]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    marked = [{**row, **{name: _with(row[name], numbers) for name in _COLUMNS[path.name]}} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(marked)


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
