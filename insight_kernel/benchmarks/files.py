"""Files to be loaded: real ones repeated with fresh ids, and a generated one in which nearly no value recurs."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from insight_kernel.benchmarks.names import full_names

_REAL = ("party-donations.ftm.jsonl", "zala-sanctions-cluster.ftm.jsonl")
_COUNTRIES = ("France", "de", "ITA", "Spain", "MA", "Российская Федерация")
_SEED = 7
Line = dict[str, Any]


@dataclass(frozen=True)
class Delivered:
    """One file and how many values stand in it."""

    name: str
    path: Path
    values: int


def delivered(folder: Path, values: int) -> Iterator[Delivered]:
    """Write the files into `folder`, each with at least so many values; without the real ones only the generated."""
    real = _real_lines()
    if real:
        yield _written(folder / "real.jsonl", "real, repeated with fresh ids", _repeated(real), values)
    yield _written(folder / "generated.jsonl", "generated, values differ", _generated(), values)


def _written(path: Path, name: str, lines: Iterator[Line], least: int) -> Delivered:
    values = 0
    with path.open("w", encoding="utf-8") as file:
        while values < least:
            line = next(lines)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            values += sum(map(len, line["properties"].values()))
    return Delivered(name, path, values)


def _real_lines() -> list[Line]:
    checkout = Path(__file__).parents[2]
    data = Path(os.environ.get("INSIGHT_REAL_DATA", checkout.parent / "shared" / "data")) / "ftm-entities"
    paths = [data / name for name in _REAL]
    if not all(path.exists() for path in paths):
        return []
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _repeated(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines again and again, ids and references to them made new each time."""
    known, time = {line["id"] for line in lines}, 0
    while True:
        for line in lines:
            properties = {
                name: [f"{time}-{value}" if value in known else value for value in values]
                for name, values in line["properties"].items()
            }
            yield {**line, "id": f"{time}-{line['id']}", "properties": properties}
        time += 1


def _generated() -> Iterator[Line]:
    random = np.random.default_rng(_SEED)
    number = 0
    while True:
        for name in full_names(random, 10_000):
            digits = f"{random.integers(10**8, 10**9)}"
            properties = {
                "name": [f"{name} {digits[:3]}"],
                "birthDate": [f"{1940 + number % 60}-{1 + number % 12:02d}-{1 + number % 28:02d}"],
                "nationality": [_COUNTRIES[number % len(_COUNTRIES)]],
                "gender": ["female" if number % 2 else "M"],
                "phone": [f"+33 6 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:8]}"],
                "email": [f"{name.replace(' ', '.')}{digits}@Example.org"],
                "passportNumber": [digits],
                "address": [f"{number} Main St\nSpringfield"],
            }
            yield {"id": f"g-{number}", "schema": "Person", "properties": properties}
            number += 1
