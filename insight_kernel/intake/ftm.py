"""Reading FollowTheMoney lines: one JSON object a line, with id, schema and properties."""

import json
from pathlib import Path
from typing import Any

from insight_kernel.intake.items import Bad, Entity, Item, Items


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


def _read(place: str, line: bytes) -> Item | Bad:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return Bad(place, "", "not JSON", line)
    wrong = _wrong(raw)
    if wrong:
        return Bad(place, *wrong, line)
    return Item(place, line, (Entity(raw["id"], raw["schema"], raw["properties"]),))


def _wrong(raw: Any) -> tuple[str, str] | None:
    if not isinstance(raw, dict):
        return "", "not an object"
    for field in ("id", "schema"):
        if not _is_text(raw.get(field)) or not raw[field]:
            return field, "must be a text"
    if not isinstance(raw.get("properties"), dict):
        return "properties", "must be an object"
    for name, values in raw["properties"].items():
        if not isinstance(values, list) or not all(map(_is_text, values)):
            return f"properties.{name}", "must be a list of texts"
    return None


def _is_text(value: object) -> bool:
    """Tell whether it is a text that can be written down: JSON can also name halves of characters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
