"""Quarantine: what could not be taken waits here, with the reasons and what it came under, for its owner alone.

One folder for each file that had to wait, below its owner's: `note.json`, written last; `items.jsonl`, the items at
fault with their content; the profile and the mapping it came under; and, where the whole file waits, its bytes by
their SHA-256. Where only some of its items wait, the rest of the file is among the originals.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.files import copy_file, remove, replace_file

_NOTE, _ITEMS = "note.json", "items.jsonl"
PROFILE, MAPPING = "profile.yml", "mapping.yml"


@dataclass(frozen=True)
class Waiting:
    """A file that waits, or some of its items.

    Attributes
    ----------
    id
        What it is asked for by; the same file of the same owner and source has the same.
    owner, source, file, when
        Whose it is, its name as delivered, and when it was refused (UTC).
    original
        SHA-256 of its bytes; empty where they could not be read.
    items, whole
        How many items wait, and whether that is all of the file.
    reasons
        Field, rule, and how many items that rule keeps out; never a value.
    expires
        The day on which it is gone, as its values would be.
    """

    id: str
    owner: str
    source: str
    file: str
    when: str
    original: str
    items: int
    whole: bool
    reasons: tuple[Mapping[str, Any], ...]
    expires: str


def waiting_id(owner: str, source: str, file: str) -> str:
    """Return the id under which a file waits; `file` is its SHA-256, or its path where it could not be read."""
    return hashlib.sha256("\0".join((owner, source, file)).encode()).hexdigest()[:12]


def reasons_of(items: bytes) -> tuple[Mapping[str, Any], ...]:
    r"""Return why items wait, most frequent reason first.

    Examples
    --------
    >>> reasons_of(b'{"place": "line 2", "field": "schema", "rule": "unknown schema", "content": "..."}\n')
    ({'field': 'schema', 'rule': 'unknown schema', 'items': 1},)
    """
    counted = Counter((item["field"], item["rule"]) for item in map(json.loads, items.splitlines()))
    return tuple({"field": field, "rule": rule, "items": n} for (field, rule), n in counted.most_common())


class Quarantine:
    """The folder `quarantine` of a store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self, waiting: Waiting, items: bytes, came_under: Mapping[str, bytes], file: Path | None
    ) -> None:
        """Keep a file, or without one the items alone; what waited under the same id gives way."""
        folder = self._folder / waiting.owner / waiting.id
        kept = folder / waiting.original
        if file is not None and waiting.original and not kept.exists():
            copy_file(file, kept)
        for name in (PROFILE, MAPPING):
            replace_file(folder / name, came_under[name]) if name in came_under else remove(folder / name)
        replace_file(folder / _ITEMS, items)
        replace_file(folder / _NOTE, json.dumps(asdict(waiting), ensure_ascii=False).encode())
        if file is None and waiting.original:
            remove(kept)

    def all(self) -> list[Waiting]:
        """Return everything that waits, in the order in which it came."""
        return sorted(self._read(), key=lambda waiting: (waiting.when, waiting.id))

    def get(self, id_: str) -> Waiting:
        """Return what waits under an id; raise `BadInput` when nothing does."""
        for waiting in self._read():
            if waiting.id == id_:
                return waiting
        raise BadInput(f"find {id_} in quarantine", "nothing waits under this id", "See insight quarantine.")

    def items(self, waiting: Waiting) -> list[dict[str, Any]]:
        """Return the items at fault, each with place, field, rule and content."""
        return [json.loads(line) for line in (self.folder(waiting) / _ITEMS).read_bytes().splitlines()]

    def folder(self, waiting: Waiting) -> Path:
        """Return the folder in which it waits."""
        return self._folder / waiting.owner / waiting.id

    def bytes_of(self, waiting: Waiting) -> Path | None:
        """Return where the bytes of a whole file are, if they could be read when it came."""
        return self.folder(waiting) / waiting.original if waiting.whole and waiting.original else None

    def drop(self, owner: str, id_: str) -> None:
        """Let something go: it is in the store now, or may not be kept any longer."""
        folder = self._folder / owner / id_
        if folder.exists():
            remove(folder / _NOTE)
            remove(folder)

    def set_expiry(self, owner: str, source: str, day: date) -> None:
        """Let everything of a source expire on a day: its owner has said so of the source."""
        for waiting in self._read():
            if (waiting.owner, waiting.source) == (owner, source):
                note = {**asdict(waiting), "expires": day.isoformat()}
                replace_file(self.folder(waiting) / _NOTE, json.dumps(note, ensure_ascii=False).encode())

    def expired(self, day: date) -> list[Waiting]:
        """Return what has expired on a day."""
        return [waiting for waiting in self.all() if waiting.expires <= day.isoformat()]

    def purge(self, day: date) -> None:
        """Remove what has expired on a day."""
        for waiting in self.expired(day):
            self.drop(waiting.owner, waiting.id)

    def clear_unfinished(self) -> None:
        """Remove what a killed gateway had begun to keep, or had not finished to remove."""
        for folder in self._folder.glob("*/*"):
            if folder.is_dir() and not (folder / _NOTE).exists():
                remove(folder)

    def _read(self) -> Iterator[Waiting]:
        for note in self._folder.glob(f"*/*/{_NOTE}"):
            said = json.loads(note.read_bytes())
            yield Waiting(**{**said, "reasons": tuple(said["reasons"])})
