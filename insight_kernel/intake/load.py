"""The intake worker: a process of its own that reads delivered files and stages them for the gateway.

It gets its job as one JSON object on standard input and writes one JSON line per event: `progress` while it
reads, `staged` when a file is ready to be committed, `failed` when a file cannot be read at all.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.intake.clean import Cleaner
from insight_kernel.intake.documents import DOCUMENTS, read_documents
from insight_kernel.intake.ftm import read_ftm
from insight_kernel.intake.items import Items
from insight_kernel.intake.mapping.records import TableMapping, read_mapping
from insight_kernel.intake.mapping.tables import TEXTS
from insight_kernel.intake.profile import read_profile
from insight_kernel.intake.stage import stage
from insight_kernel.model.ids import entity_hasher
from insight_kernel.model.schema import vocabulary
from insight_kernel.store.commit import RECORDS, STATEMENTS

_EVERY = 2_000  # items between two progress lines
_ENTITIES = (".jsonl", ".json")
_SUFFIXES = (*_ENTITIES, *TEXTS, *DOCUMENTS)


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    for event in work(job):
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def work(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Stage every file of every delivery of the job; yield events, each with the number of its delivery."""
    today, key = date.fromisoformat(job["day"]), bytes.fromhex(job["key"])
    number = entity_hasher(key)
    for position, delivery in enumerate(job["deliveries"]):
        folder = Path(job["staging"]) / str(position)
        try:
            for event in _deliver(delivery, today, key, number, folder):
                yield {**event, "delivery": position}
        except BadInput as error:
            yield {"event": "failed", "path": delivery["profile"], "error": str(error), "delivery": position}


def _deliver(
    delivery: dict[str, Any], today: date, key: bytes, number: Callable[[str, str], int], staging: Path
) -> Iterator[dict[str, Any]]:
    words = vocabulary()
    profile = read_profile(
        Path(delivery["profile"]), source=delivery["source"], today=today, vocabulary=words
    )
    mapping = read_mapping(Path(delivery["mapping"]), words, today.year) if delivery["mapping"] else None
    cleaner = Cleaner(words, profile, number, today)
    for position, path in enumerate(delivered_files(map(Path, delivery["paths"]))):
        folder = staging / str(position)
        folder.mkdir(parents=True)
        try:
            yield from _stage(path, mapping, cleaner, key, folder)
        except (BadInput, OSError, UnicodeDecodeError) as error:
            yield {"event": "failed", "path": str(path), "error": _reason(path, error)}


def delivered_files(paths: Iterator[Path]) -> list[Path]:
    """Return the files named, and those with a known ending in the folders named, in order of name."""
    found: list[Path] = []
    for path in paths:
        inside = (
            sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and p.is_file())
            if path.is_dir()
            else [path]
        )
        found += inside
    return found


def _stage(
    path: Path, mapping: TableMapping | None, cleaner: Cleaner, key: bytes, folder: Path
) -> Iterator[dict[str, Any]]:
    with path.open("rb") as original:
        digest = hashlib.file_digest(original, "sha256").hexdigest()
    for staged in stage(items_of(path, mapping), cleaner, key, folder, RECORDS, STATEMENTS):
        if staged.read % _EVERY == 0:
            yield {"event": "progress", "path": str(path), "read": staged.read}
    yield {
        "event": "staged",
        "path": str(path),
        "folder": str(folder),
        "original": digest,
        **staged.summary(),
    }


def items_of(path: Path, mapping: TableMapping | None) -> Items:
    """Yield the records of a file, by the mapping if it speaks of it."""
    if mapping is not None and mapping.speaks_of(path):
        return mapping.items(path)
    if path.suffix in TEXTS:
        if mapping is None:
            raise BadInput(f"load {path}", "a table needs a mapping", "Name one with --mapping FILE.")
        return mapping.items(path)
    return read_ftm(path) if path.suffix in _ENTITIES else read_documents(path)


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, BadInput):
        return str(error)
    cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return f"Cannot load {path}: {cause}. Check the file."


if __name__ == "__main__":
    main()
