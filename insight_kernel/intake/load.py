"""The intake worker: a process of its own that reads delivered files and stages them for the gateway.

It gets its job as one JSON object on a line of standard input and writes one JSON line per event, file after file in
the order of the job: `progress` when it begins a file and while it reads, then `staged` when the file is ready to be
committed, or `failed` when it cannot be read at all.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.intake.clean import Cleaner
from insight_kernel.intake.delivered import digest_of
from insight_kernel.intake.documents import read_documents
from insight_kernel.intake.formats import format_of
from insight_kernel.intake.items import Bad, Entity, Item, Items
from insight_kernel.intake.mapping.records import TableMapping, read_mapping
from insight_kernel.intake.mapping.tables import TEXTS
from insight_kernel.intake.profile import read_profile
from insight_kernel.intake.stage import stage
from insight_kernel.model.ids import entity_hasher
from insight_kernel.model.schema import vocabulary
from insight_kernel.store.commit import RECORDS, STATEMENTS

Event = dict[str, Any]
_PAUSE = 0.2  # seconds between two progress lines


def main() -> None:
    """Do the job on the first line of standard input, as long as that stays open: it is the gateway that holds it."""
    job = json.loads(sys.stdin.readline())
    Thread(target=_end_with_gateway, daemon=True).start()
    for event in work(job):
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def _end_with_gateway() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing comes
    os._exit(1)


def work(job: Event) -> Iterator[Event]:
    """Stage every file of every delivery of the job; yield events, each with the number of its delivery."""
    today, key = date.fromisoformat(job["day"]), bytes.fromhex(job["key"])
    number = entity_hasher(key)
    for position, delivery in enumerate(job["deliveries"]):
        for event in _deliver(delivery, today, key, number, Path(job["staging"]) / str(position)):
            yield {**event, "delivery": position}


def _deliver(
    delivery: Event, today: date, key: bytes, number: Callable[[str, str], int], staging: Path
) -> Iterator[Event]:
    try:
        mapping, cleaner = _means(delivery, today, number)
    except BadInput as error:  # then none of its files can be read
        for path in delivery["paths"]:
            yield _failed(Path(path), digest_of(Path(path)), error)
        return
    for position, path in enumerate(map(Path, delivery["paths"])):
        folder = staging / str(position)
        folder.mkdir(parents=True)
        yield {"event": "progress", "path": str(path), "read": 0, "bytes": 0}
        digest = digest_of(path)
        try:
            yield from _stage(path, mapping, cleaner, key, folder, digest)
        except (BadInput, OSError, UnicodeDecodeError) as error:
            yield _failed(path, digest, error)


def _means(
    delivery: Event, today: date, number: Callable[[str, str], int]
) -> tuple[TableMapping | None, Cleaner]:
    words = vocabulary()
    profile = read_profile(
        Path(delivery["profile"]), source=delivery["source"], today=today, vocabulary=words
    )
    mapping = read_mapping(Path(delivery["mapping"]), words, today.year) if delivery["mapping"] else None
    return mapping, Cleaner(words, profile, number, today)


def _stage(
    path: Path, mapping: TableMapping | None, cleaner: Cleaner, key: bytes, folder: Path, digest: str
) -> Iterator[Event]:
    counted, said = _Counted(items_of(path, mapping)), monotonic()
    for staged in stage(counted, cleaner, key, folder, RECORDS, STATEMENTS):
        if monotonic() - said > _PAUSE:
            said = monotonic()
            yield {"event": "progress", "path": str(path), "read": staged.read, "bytes": counted.bytes}
    yield {
        "event": "staged",
        "path": str(path),
        "folder": str(folder),
        "original": digest,
        "documents": counted.documents,
        **staged.summary(),
    }


class _Counted:
    """Items on their way: how many bytes they had, a few less than their file, and whether documents are among them."""

    def __init__(self, items: Items) -> None:
        self._items, self.bytes, self.documents = items, 0, False

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> Item | Bad:
        item = next(self._items)
        self.bytes += len(item.content)
        self.documents = self.documents or (isinstance(item, Item) and any(map(_is_document, item.entities)))
        return item


def _is_document(entity: Entity) -> bool:
    return "contentHash" in entity.properties or "bodyText" in entity.properties


def items_of(path: Path, mapping: TableMapping | None) -> Items:
    """Yield the records of a file, by the mapping if it speaks of it."""
    if mapping is not None and mapping.speaks_of(path):
        return mapping.items(path)
    if (found := format_of(path)) is not None:
        return found.read(path)
    if path.suffix in TEXTS:
        if mapping is None:
            raise BadInput(f"load {path}", "a table needs a mapping", "Name one with --mapping FILE.")
        return mapping.items(path)
    return read_documents(path)


def _failed(path: Path, digest: str, error: Exception) -> Event:
    return {"event": "failed", "path": str(path), "original": digest, "error": _reason(path, error)}


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, BadInput):
        return str(error)
    cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return f"Cannot load {path}: {cause}. Check the file."


if __name__ == "__main__":
    main()
