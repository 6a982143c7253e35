"""Logs with checkpoints and witnesses, made by the real parts, and the hand that holds the store's own key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from insight_kernel.audit.chain import canonical
from insight_kernel.audit.checkpoint import FILE, append_line, made
from insight_kernel.audit.checkpoints import Checkpoints
from insight_kernel.audit.keys import public_keys, signing_key
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.witness import Witness, keys_as_shown

DAY, HEAD = date(2026, 11, 22), "ab" * 32
NOTHING: Mapping[str, Any] = {}
Lines = list[bytes]


@dataclass(frozen=True)
class Kept:
    """A store's log of nine entries and three checkpoints, closed, and the files of its two witnesses."""

    root: Path

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    @property
    def log(self) -> Path:
        return self.audit / "log.jsonl"

    @property
    def checkpoints(self) -> Path:
        return self.audit / FILE

    @property
    def witnesses(self) -> list[Path]:
        return [self.root / name / "witness.jsonl" for name in ("north", "south")]

    def lines(self, path: Path) -> Lines:
        return path.read_bytes().splitlines(keepends=True)

    def sign_all_again(self) -> None:
        """Make checkpoints anew for whatever the log holds now, with the store's own key."""
        lines = self.lines(self.log)
        self.checkpoints.unlink()
        for count in (3, 6, 9):
            if count <= len(lines):
                self.sign(count, lines[count - 1])

    def sign(self, count: int, line: bytes, secret: str = "keys") -> None:
        from hashlib import sha256

        key = signing_key(self.root / secret, self.audit if secret == "keys" else self.root / secret, DAY)
        append_line(self.checkpoints, made(key, count, sha256(line.rstrip(b"\n")).hexdigest()).as_dict())


def kept(root: Path) -> Kept:
    """Write a log, a checkpoint after every third entry, and show each to two witnesses."""
    found = Kept(root)
    log = AuditLog(found.log)
    shown = [Witness(path.parent) for path in found.witnesses]
    key = signing_key(root / "keys", found.audit, DAY)
    keys = keys_as_shown(public_keys(found.audit))
    checkpoints = Checkpoints(
        log, key, found.audit,
        lambda each: [w.show({"checkpoint": each.as_dict(), "keys": keys}) for w in shown] and None,
    )  # fmt: skip
    for number in range(9):
        log.append({"operation": "search", "user": f"u{number}", "rows": number})
        if number % 3 == 2:
            checkpoints.make()
    log.close()
    checkpoints.close()
    return found


def edited(line: bytes, **change: Any) -> bytes:
    """Return a line with some fields changed."""
    return canonical({**json.loads(line), **change}) + b"\n"


def rechained(lines: Lines) -> Lines:
    """Return lines numbered and chained anew."""
    from hashlib import sha256

    previous, found = "0" * 64, []
    for number, line in enumerate(lines, 1):
        found.append(edited(line, n=number, previous=previous))
        previous = sha256(found[-1][:-1]).hexdigest()
    return found


def shown(folder: Path, count: int, head: str = HEAD, change: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """Return a checkpoint of a log as its gateway shows it; changed after it was signed, if anything is to be."""
    key = signing_key(folder / "keys", folder / "audit", DAY)
    checkpoint = replace(made(key, count, head), **change)
    return {"checkpoint": checkpoint.as_dict(), "keys": keys_as_shown(public_keys(folder / "audit"))}
