"""FollowTheMoney lines: one JSON object a line, with id, schema and properties."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from insight_kernel.intake.formats.terms import Head, item_of
from insight_kernel.intake.items import Bad, Item, Items, Losses, Lost

_NO_HEAD = Head()


def read_ftm(path: Path) -> Items:
    r"""Yield the entities of a file in order; a line that cannot be read is a `Bad`, the next ones are read.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.ftm.jsonl"
    >>> _ = path.write_text('{"id": "a", "schema": "Person", "properties": {"name": ["Ana"]}}\n{"id": 3')
    >>> [str(item) if isinstance(item, Bad) else item.place for item in read_ftm(path)]
    ['line 1', 'line 2: not JSON']
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _read(f"line {number}", line.strip())


def write_ftm(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:  # noqa: ARG001  # no place for it
    """Write one line for each entity; what belongs to no entity has no place here."""
    lost = Lost()
    lost.without_marks(items)
    for item in items:
        for entity in item.entities:
            said = {"id": entity.id, "schema": entity.schema, "properties": {
                name: list(values) for name, values in entity.properties.items()}}  # fmt: skip
            out.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
    return lost.all()


def _read(place: str, line: bytes) -> Item | Bad:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return Bad(place, "", "not JSON", line)
    return item_of(place, raw, line)
