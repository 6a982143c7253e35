"""Staging: items of one file become Arrow files in the staging folder, ready to be committed together."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from insight_kernel.intake.clean import Cleaner, RejectedError, Row
from insight_kernel.intake.items import Bad, Item, Items
from insight_kernel.model.ids import record_id
from insight_kernel.model.label import Label

_CHUNK = 200_000  # rows in memory at once


@dataclass
class Staged:
    """What was staged of one file: counts, labels by position, and what could not be taken."""

    folder: Path
    read: int = 0
    values: int = 0
    chunks: int = 0
    labels: dict[Label, int] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)
    _known: dict[int, int] = field(default_factory=dict)

    def label(self, label: Label) -> int:
        """Return the position of a label, giving a new one the next; the same object is not compared again."""
        number = self._known.get(id(label))
        if number is None:  # the cleaner keeps each label it makes: no other comes to lie where one lay
            number = self._known[id(label)] = self.labels.setdefault(label, len(self.labels))
        return number

    def summary(self) -> dict[str, object]:
        """Return what the gateway needs beside the Arrow files."""
        return {
            "read": self.read,
            "values": self.values,
            "chunks": self.chunks,
            "labels": [label.as_dict() for label in self.labels],
            "bad": [{"place": b.place, "field": b.field, "rule": b.rule} for b in self.bad],
        }


def stage(
    items: Items, cleaner: Cleaner, key: bytes, folder: Path, records: pa.Schema, rows: pa.Schema
) -> Iterator[Staged]:
    """Write `records.arrow` and `statements-N.arrow` into `folder`; yield the state after each item.

    `records` and `rows` are the store's Arrow schemata; `key` is the secret from which record ids are made.
    """
    staged, buffer, index = Staged(folder), _Buffer(rows), _Buffer(records)
    for item in items:
        staged.read += 1
        _take(item, cleaner, key, staged, buffer, index)
        if buffer.size >= _CHUNK:
            buffer.write(folder / f"statements-{staged.chunks}.arrow")
            staged.chunks += 1
        yield staged
    buffer.write(folder / f"statements-{staged.chunks}.arrow")
    staged.chunks += 1
    index.write(folder / "records.arrow")
    (folder / "quarantine.jsonl").write_text(
        "".join(_quarantined(bad) for bad in staged.bad), encoding="utf-8"
    )
    yield staged


def _take(
    item: Item | Bad, cleaner: Cleaner, key: bytes, staged: Staged, buffer: "_Buffer", index: "_Buffer"
) -> None:
    if isinstance(item, Bad):
        staged.bad.append(item)
        return
    try:
        rows = cleaner.record_rows(item.entities, item.label)
    except RejectedError as error:
        staged.bad.append(Bad(item.place, error.field, error.rule, item.content))
        return
    profile, number = cleaner.profile, index.size
    name = record_id(key, profile.label.owner, profile.source, item.content)
    index.add((number, name, item.place, staged.label(cleaner.record_label(rows, item.label))))
    grade = item.grade or (None if profile.grade is None else str(profile.grade))
    for row in rows:
        buffer.add(_columns(row, number, staged.label(row.label), grade))
    staged.values += len(rows)


def _columns(row: Row, rec: int, label: int, grade: str | None) -> tuple[object, ...]:
    return (rec, row.eid, row.type, row.prop, row.value, row.ref, row.role, None, row.original, label, grade, "source",
            row.node, row.tokens)  # fmt: skip


def _quarantined(bad: Bad) -> str:
    content = bad.content.decode("utf-8", "backslashreplace")
    return json.dumps({"place": bad.place, "field": bad.field, "rule": bad.rule, "content": content}) + "\n"


class _Buffer:
    """Rows waiting to become one Arrow file."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[tuple[object, ...]] = []
        self.size = 0

    def add(self, row: tuple[object, ...]) -> None:
        self._rows.append(row)
        self.size += 1

    def write(self, path: Path) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self._schema)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, self._schema.types, strict=True)]
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, self._schema) as writer:
            writer.write_table(pa.table(arrays, schema=self._schema))
        self._rows, self.size = [], 0
