"""The chain: how an entry is written, and how a log is checked from its bytes alone.

A line is canonical JSON; its field `previous` is the SHA-256 of the line before it (64 zeros for the first),
so an edit, a deletion or a change of order breaks the chain at that line.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Chain:
    """What a log's bytes hold: entries, the last hash, whole bytes, torn bytes after them, the first fault."""

    number: int = 0
    last: str = GENESIS
    size: int = 0
    torn: int = 0
    fault: str | None = None


def sealed(number: int, when: datetime, fields: Mapping[str, Any], previous: str) -> bytes:
    """Write one entry as a line (without its end): ASCII, so that no value can break or colour a terminal."""
    entry = {**fields, "n": number, "time": when.isoformat(timespec="milliseconds"), "previous": previous}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def read_chain(path: Path) -> Chain:
    """Check a log from its first line to its last; a missing file is an empty chain."""
    chain = Chain()
    if not path.exists():
        return chain
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return Chain(chain.number, chain.last, chain.size, len(line), chain.fault)
            fault = chain.fault or _fault(line, chain)
            digest = hashlib.sha256(line[:-1]).hexdigest()
            chain = Chain(chain.number + 1, digest, chain.size + len(line), 0, fault)
    return chain


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries in order; a torn last line is left out."""
    if path.exists():
        with path.open("rb") as lines:
            yield from (json.loads(line) for line in lines if line.endswith(b"\n"))


def _fault(line: bytes, before: Chain) -> str | None:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        return f"line {before.number + 1} is not an entry"
    if entry.get("n") != before.number + 1:
        return f"line {before.number + 1} has number {entry.get('n')!r}"
    if entry.get("previous") != before.last:
        return f"entry {before.number + 1} does not follow entry {before.number}: it or the one before was changed"
    return None
