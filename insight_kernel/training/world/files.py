"""Writes the world as countries would deliver it: a folder per source with its profile, the truth apart."""

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import yaml

from insight_kernel.training.world.draft import Draft, Line
from insight_kernel.training.world.sources import SOURCES
from insight_kernel.training.world.tables import TABLES


def write_sources(draft: Draft, folder: Path) -> tuple[Path, ...]:
    """Write every source below ``folder`` and return their folders in the order of their names."""
    folders = []
    for name in sorted(SOURCES):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        _yaml(target / "profile.yml", SOURCES[name].profile(draft.today))
        if name in TABLES:
            _yaml(target / "mapping.yml", TABLES[name].mapping(name))
            _table(target / f"{TABLES[name].file}.csv", draft.rows[name])
        else:
            _lines(target / f"{name}.ftm.jsonl", draft.lines[name])
        folders.append(target)
    return tuple(folders)


def write_truth(draft: Draft, file: Path, subject: str) -> None:
    """Write what nobody loads: which entities there are, and what was planted for whom to find."""
    truth = {
        "today": draft.today.isoformat(),
        "seed": draft.seed,
        "subject": subject,
        "entities": entities(draft),
        "rows": {name: len(rows) for name, rows in sorted(draft.rows.items())},
        "planted": [asdict(plant) for plant in draft.plants],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    _text(file, json.dumps(truth, ensure_ascii=False, indent=1) + "\n")


def entities(draft: Draft) -> dict[str, dict[str, object]]:
    """Return schema and sources of every entity delivered as a line, by id."""
    delivered: dict[str, tuple[str, set[str]]] = {}
    for name, lines in draft.lines.items():
        for line in lines:
            delivered.setdefault(line["id"], (line["schema"], set()))[1].add(name)
    return {key: {"schema": s, "sources": sorted(names)} for key, (s, names) in sorted(delivered.items())}


def counts(draft: Draft) -> dict[str, int]:
    """Return how many entities of each schema the sources deliver, rows of tables included."""
    found = Counter(str(entity["schema"]) for entity in entities(draft).values())
    for name, rows in draft.rows.items():
        found[TABLES[name].schema] += len(rows)
    return dict(sorted(found.items()))


def _lines(file: Path, lines: Iterable[Line]) -> None:
    """Write lines in the order of their ids, which tells nothing of how the world was thought up."""
    written = (json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    _text(file, "".join(sorted(written)))


def _table(file: Path, rows: list[dict[str, str]]) -> None:
    """Write rows in the order of their first column, the time."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: tuple(row.values())))


def _yaml(file: Path, content: dict[str, object]) -> None:
    _text(file, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def _text(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8"))  # bytes: the same line ends on every system
