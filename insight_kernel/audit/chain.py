"""The chain: how an entry is written, and how a log is checked from its bytes alone.

A line is canonical JSON; its field `previous` is the SHA-256 of the line before it (64 zeros for the first),
so an edit, a deletion or a change of order breaks the chain at that line.
"""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Chain:
    """What a log's bytes hold.

    Attributes
    ----------
    number, last, size
        How many entries, the hash of the last line, and how many bytes they are.
    torn
        Bytes after them that never became an entry.
    fault
        The first thing that is wrong.
    heads
        The hash of the line at each count that was asked for, as far as nothing was wrong before it.
    """

    number: int = 0
    last: str = GENESIS
    size: int = 0
    torn: int = 0
    fault: str | None = None
    heads: Mapping[int, str] = field(default_factory=dict)


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Write fields in the one way in which they are hashed and signed: ASCII, so that no value can break a line."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def sealed(number: int, when: datetime, fields: Mapping[str, Any], previous: str) -> bytes:
    """Write one entry as a line, without its end."""
    return canonical(
        {**fields, "n": number, "time": when.isoformat(timespec="milliseconds"), "previous": previous}
    )


def read_chain(path: Path, counts: Container[int] = ()) -> Chain:
    """Check a log from its first line to its last, and keep its hash at some counts; a missing file is empty."""
    chain, heads = Chain(), {}
    if not path.exists():
        return chain
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                chain = replace(chain, torn=len(line), fault=chain.fault or _torn_fault(line, chain))
                break
            fault = chain.fault or _fault(line, chain)
            digest = hashlib.sha256(line[:-1]).hexdigest()
            chain = Chain(chain.number + 1, digest, chain.size + len(line), 0, fault)
            if fault is None and chain.number in counts:
                heads[chain.number] = digest
    return replace(chain, heads=heads)


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries in order; a torn last line is left out."""
    if path.exists():
        with path.open("rb") as lines:
            yield from (json.loads(line) for line in lines if line.endswith(b"\n"))


def _torn_fault(line: bytes, before: Chain) -> str | None:
    """Tell a part of an entry, which was never acknowledged, from entries that were written over."""
    return f"zeros stand after entry {before.number}" if b"\0" in line else None


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
