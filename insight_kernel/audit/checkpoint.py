"""Checkpoints: how long the log is and the hash of its last line, signed, so that a cut or rewritten log shows."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from insight_kernel.audit.chain import canonical
from insight_kernel.audit.keys import PublicKey, SigningKey, is_signed
from insight_kernel.files import flush, write_all

FILE = "checkpoints.jsonl"


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint.

    Attributes
    ----------
    log, key
        Of which log, and by which of its keys.
    count, head
        How many entries there were, and the SHA-256 of the last line.
    time, signature
        When it was made, and the Ed25519 signature of all the rest.
    """

    log: str
    count: int
    head: str
    time: str
    key: str
    signature: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in a line."""
        return asdict(self)

    def fault(self, keys: Mapping[str, PublicKey]) -> str | None:
        """Return what is wrong with its signature, given the keys that are trusted."""
        key = keys.get(self.key)
        if key is None or key.log != self.log:
            return "is signed with a key that is not the log's"
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return None if is_signed(key.public, said, self.signature) else "was changed: its signature is wrong"

    def shortly(self) -> str:
        """Return it as it is printed: count, time and the beginning of the hash."""
        return f"{self.count} entries on {self.time[:16].replace('T', ' ')} UTC, {self.head[:16]}"


def made(key: SigningKey, count: int, head: str) -> Checkpoint:
    """Make a checkpoint now."""
    time = datetime.now(UTC).isoformat("T", "seconds")
    return read_checkpoint(key.signed({"count": count, "head": head, "time": time}))


def read_checkpoint(raw: object) -> Checkpoint:
    """Read a checkpoint; raise `ValueError` when it is none."""
    if not isinstance(raw, dict) or set(raw) != set(Checkpoint.__annotations__):
        raise ValueError("is no checkpoint")
    if type(raw["count"]) is not int or raw["count"] < 1:
        raise ValueError("counts no entries")
    if not all(isinstance(value, str) for name, value in raw.items() if name != "count"):
        raise ValueError("is no checkpoint")
    return Checkpoint(**raw)


def read_lines(path: Path) -> Iterator[tuple[int, Checkpoint | str]]:
    """Yield each whole line's number, and the checkpoint or what is wrong with the line."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.endswith(b"\n"):  # a torn last line was never sent to anybody
                yield number, _read_line(line)


def last_checkpoint(path: Path) -> Checkpoint | str | None:
    """Return the last checkpoint of a file or what is wrong with it; None where there is none."""
    found: Checkpoint | str | None = None
    for _, found in read_lines(path):  # noqa: B007  # the last one is meant
        pass
    return found


def append_line(path: Path, fields: Mapping[str, Any]) -> None:
    """Add a line to a file of signed lines, on the disk when this returns; a torn one before it is cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.ftruncate(descriptor, _whole(path))
        write_all(descriptor, canonical(fields) + b"\n")
        flush(descriptor)
    finally:
        os.close(descriptor)


def _whole(path: Path) -> int:
    """Return how many bytes of a file are whole lines."""
    with path.open("rb") as data:
        size, step = data.seek(0, os.SEEK_END), 0
        while size - step > 0:
            step = min(size, step + 65_536)
            data.seek(size - step)
            at = data.read(step).rfind(b"\n")
            if at >= 0:
                return size - step + at + 1
    return 0


def _read_line(line: bytes) -> Checkpoint | str:
    try:
        return read_checkpoint(json.loads(line))
    except ValueError as error:
        return str(error) if str(error).startswith(("is no", "counts")) else "is no checkpoint"
