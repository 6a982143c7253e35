"""Checking labels before they are used: every problem of every label in a file, with its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.errors import BadInput
from insight_kernel.model.label import Unreadable, read_label
from insight_kernel.model.plain_yaml import read_yaml


@dataclass(frozen=True)
class Checked:
    """One label: where it stands and what is wrong with it (nothing, when readable)."""

    place: str
    problems: tuple[str, ...]


def check_file(path: Path) -> list[Checked]:
    """Check the label of a source profile (YAML), or one label per line (JSON), as written.

    What intake fills in - the expiry - is not missed in a profile.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"check {path}", "it is not a readable UTF-8 file", "Name another file.") from None
    found = _profile(text) if path.suffix in (".yml", ".yaml") else _lines(text)
    return [Checked(place, _problems(raw)) for place, raw in found]


def _profile(text: str) -> Iterator[tuple[str, Any]]:
    try:
        raw = read_yaml(text)
    except yaml.YAMLError:
        raw = None
    label = raw.get("label") if isinstance(raw, dict) else None
    if isinstance(label, dict):
        label.setdefault("expires", "2999-01-01")
    yield "label", label


def _lines(text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                raw = json.loads(line)
            except ValueError:
                raw = None
            yield f"line {number}", raw.get("label", raw) if isinstance(raw, dict) else raw


def _problems(raw: object) -> tuple[str, ...]:
    label = read_label(raw)
    return label.problems if isinstance(label, Unreadable) else ()
