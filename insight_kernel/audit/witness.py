"""A witness: keeps what it was shown of a log elsewhere, and countersigns only what can follow it.

It is a program of its own, for another Unix user or another machine: `insight audit witness`. It learns nothing
of what the log says: a checkpoint is a number, a hash and a time.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insight_kernel.audit.checkpoint import Checkpoint, append_line, read_checkpoint
from insight_kernel.audit.keys import PublicKey, is_signed, public_of, read_keys, signed, trusted
from insight_kernel.errors import BadInput
from insight_kernel.files import replace_file

FILE = "witness.jsonl"
_KEY = "key"


@dataclass(frozen=True)
class Seen:
    """One line of a witness.

    Attributes
    ----------
    checkpoint, root
        What it was shown, and the first public key of that log, by which it knows all later ones.
    refused
        Why it did not countersign it; empty when it did.
    time, public, signature
        When, its own public key, and its signature of all the rest.
    """

    checkpoint: Checkpoint
    root: str
    refused: str
    time: str
    public: str
    signature: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in a line."""
        return asdict(self)

    def is_good(self) -> bool:
        """Tell whether the witness wrote it, and as it stands here."""
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return is_signed(self.public, said, self.signature)


def read_seen(raw: object) -> Seen:
    """Read a line of a witness; raise `ValueError` when it is none."""
    if not isinstance(raw, dict) or set(raw) != set(Seen.__annotations__):
        raise ValueError("is no line of a witness")
    texts = {name: value for name, value in raw.items() if name != "checkpoint"}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError("is no line of a witness")
    return Seen(read_checkpoint(raw["checkpoint"]), **texts)


def read_witness_file(path: Path) -> Iterator[tuple[int, Seen | None]]:
    """Yield each whole line's number and what it says, or None where it says nothing."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.endswith(b"\n"):
                try:
                    yield number, read_seen(json.loads(line))
                except ValueError:
                    yield number, None


class Witness:
    """A witness with its own key and its own file, in a folder that only it writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._lock = folder / FILE, Lock()
        if not (folder / _KEY).exists():
            replace_file(folder / _KEY, Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            self._key = Ed25519PrivateKey.from_private_bytes((folder / _KEY).read_bytes())
        except (OSError, ValueError):
            raise BadInput(f"open {folder / _KEY}", "it is not its key, whole", "Restore it.") from None
        self._last: dict[str, Seen] = {}
        for number, seen in read_witness_file(self._path) if self._path.exists() else ():
            self._take(number, seen)

    @property
    def public(self) -> str:
        """Return its public key, which the store's `witnesses.yml` names."""
        return public_of(self._key)

    def last(self, log: str) -> Seen | None:
        """Return the last line it countersigned for a log."""
        return self._last.get(log)

    def show(self, raw: Mapping[str, Any]) -> Seen:
        """Look at a checkpoint and the keys of its log; return the line, countersigned or refused.

        What contradicts an earlier one, though its signature is good, is kept as evidence.

        Raises
        ------
        BadInput
            When it is none, or not signed by a key of that log; nothing of it is kept.
        """
        checkpoint, root = _shown(raw)
        with self._lock:
            last = self._last.get(checkpoint.log)
            if last is not None and last.root != root:
                raise _unknown("its log was known here by another first key")
            if last is not None and last.checkpoint == checkpoint:
                return last
            refused = _contradiction(last.checkpoint, checkpoint) if last else ""
            return self._keep(checkpoint, root, refused)

    def _keep(self, checkpoint: Checkpoint, root: str, refused: str) -> Seen:
        time = datetime.now(UTC).isoformat("T", "seconds")
        said = {"checkpoint": checkpoint.as_dict(), "root": root, "refused": refused, "time": time}
        seen = read_seen(signed(self._key, {**said, "public": self.public}))
        append_line(self._path, seen.as_dict())
        if not refused:
            self._last[checkpoint.log] = seen
        return seen

    def _take(self, number: int, seen: Seen | None) -> None:
        if seen is None or seen.public != self.public or not seen.is_good():
            raise BadInput(f"open {self._path}", f"line {number} is not its own", "Restore it.")
        if not seen.refused:
            self._last[seen.checkpoint.log] = seen


def _shown(raw: Mapping[str, Any]) -> tuple[Checkpoint, str]:
    try:
        checkpoint, keys = read_checkpoint(raw.get("checkpoint")), read_keys(raw.get("keys"))
        fault = checkpoint.fault(trusted(keys))
    except ValueError as error:
        raise _unknown(str(error)) from None
    if fault:
        raise _unknown(f"it {fault}")
    return checkpoint, keys[0].public


def _contradiction(last: Checkpoint, new: Checkpoint) -> str:
    if new.count == last.count:
        return "" if new.head == last.head else "another log of the same length was shown before"
    return "" if new.count > last.count else "a longer log was shown before"


def _unknown(wrong: str) -> BadInput:
    return BadInput("countersign the checkpoint", wrong, "Show one that its log signed.")


def keys_as_shown(keys: list[PublicKey]) -> list[dict[str, str]]:
    """Return public keys as they are shown to a witness."""
    return [asdict(key) for key in keys]
