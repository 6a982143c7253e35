"""Writes the world as countries would deliver it: a folder per source with its profile, the truth apart."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import yaml

from insight_kernel.training.world.delivered import layout_of, write_delivery
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.sources import SOURCES
from insight_kernel.training.world.tables import TABLES


def write_sources(draft: Draft, folder: Path) -> tuple[Path, ...]:
    """Write every source below ``folder`` and return their folders in the order of their names.

    Lines stand in the order of their ids, which tells nothing of how the world was thought up; rows of tables
    in the order of their first column, the time.
    """
    folders = []
    for name in sorted(SOURCES):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        _yaml(target / "profile.yml", SOURCES[name].profile(draft.today))
        if name in TABLES:
            _yaml(target / "mapping.yml", TABLES[name].mapping(name))
            _write(target / f"{TABLES[name].file}.csv", [",".join(draft.columns[name]), "\n"])
            _write(target / f"{TABLES[name].file}.csv", draft.spools[name], mode="ab")
        else:
            _write_lines(draft, name, target)
        folders.append(target)
    return tuple(folders)


def _write_lines(draft: Draft, name: str, target: Path) -> None:
    """Write what a source delivers: its documents, its entities in its own layout, or in FollowTheMoney's form."""
    documents, layout = draft.folder / f"{name}.documents", layout_of(name)
    if layout is not None:
        shutil.copyfile(layout, target / "mapping.yml")
    if documents.exists():
        shutil.copytree(documents, target, dirs_exist_ok=True)
    elif layout is not None:
        write_delivery(layout, draft.spools[name], target)
    else:
        _write(target / f"{name}.ftm.jsonl", draft.spools[name])


def write_truth(draft: Draft, file: Path, subject: str) -> None:
    """Write what nobody loads: the entities of the story, and all that was planted for whom to find."""
    truth = {
        "today": draft.today.isoformat(),
        "seed": draft.seed,
        "size": draft.size,
        "subject": subject,
        "entities": {
            key: {"schema": schema, "sources": sorted(sources)}
            for key, (schema, sources) in sorted(draft.entities.items())
        },
        "rows": {name: len(draft.spools[name]) for name in sorted(TABLES)},
        "planted": [asdict(plant) for plant in draft.plants],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, [json.dumps(truth, ensure_ascii=False, indent=1), "\n"])


def _yaml(file: Path, content: dict[str, object]) -> None:
    _write(file, [yaml.safe_dump(content, allow_unicode=True, sort_keys=False)])


def _write(file: Path, parts: Iterable[str], *, mode: str = "wb") -> None:
    with file.open(mode) as out:  # bytes: the same line ends on every system
        out.writelines(part.encode("utf-8") for part in parts)
