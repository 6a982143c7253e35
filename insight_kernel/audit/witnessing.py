"""Showing a store's witnesses each new checkpoint, and saying when too many have none.

A checkpoint vouches for all entries before it, so a witness that was away is shown the newest only.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from insight_kernel.audit.checkpoint import FILE, Checkpoint, append_line, read_lines
from insight_kernel.audit.keys import public_keys
from insight_kernel.audit.witness import Seen, keys_as_shown, read_witness_file
from insight_kernel.audit.witnesses import Address, configured
from insight_kernel.errors import Unavailable

RECEIVED = "witnessed.jsonl"
"""The countersignatures that came back, beside the log."""
MOST_ALONE = 10
"""After how many checkpoints without enough witnesses nothing is answered."""
_AGAIN = 3.0  # seconds until the next try
_log = logging.getLogger("insight.audit")
Told = Callable[[str, str], None]


class Witnesses:
    """Shows each checkpoint to every witness, each in a thread of its own, until it answers."""

    def __init__(self, store: Path, told: Told) -> None:
        self._audit, self._told = store / "audit", told
        self._configured, self._lock = configured(store), Lock()
        self._covered = self._received()
        kept = [each for _, each in read_lines(self._audit / FILE) if isinstance(each, Checkpoint)]
        self._made = [each.count for each in kept if each.count > self._up_to()]
        self._senders = [_Sender(each, self._audit, self._took, told) for each in self._configured.witnesses]
        for sender in self._senders if self._made else []:
            sender.send(kept[-1])

    def _up_to(self) -> int:
        """Return up to which entry enough witnesses have countersigned."""
        counts = sorted((self._covered.get(each.key, 0) for each in self._configured.witnesses), reverse=True)
        return counts[self._configured.needed - 1] if counts else 0

    def send(self, checkpoint: Checkpoint) -> None:
        """Show a new checkpoint to all; returns at once."""
        with self._lock:
            self._made.append(checkpoint.count)
        for sender in self._senders:
            sender.send(checkpoint)

    def check(self) -> None:
        """Raise `Unavailable` when too many checkpoints have no witness."""
        if self._configured.witnesses and len(self._made) >= MOST_ALONE:
            wrong = f"{len(self._made)} checkpoints of the log have no two witnesses"
            raise Unavailable("answer", wrong, "Start the witnesses, or name others.")

    def close(self) -> None:
        """Try once more what waits, and end."""
        for sender in self._senders:
            sender.close()

    def _took(self, who: Address, seen: Seen) -> None:
        with self._lock:
            append_line(self._audit / RECEIVED, seen.as_dict())
            if not seen.refused:
                self._covered[who.key] = seen.checkpoint.count
                self._made = [count for count in self._made if count > self._up_to()]

    def _received(self) -> dict[str, int]:
        path = self._audit / RECEIVED
        lines = [seen for _, seen in read_witness_file(path)] if path.exists() else []
        return {
            seen.public: seen.checkpoint.count
            for seen in lines
            if seen and not seen.refused and seen.is_good()
        }


class _Sender:
    """Shows one witness the newest checkpoint, again and again until it answers."""

    def __init__(
        self, who: Address, audit: Path, took: Callable[[Address, Seen], None], told: Told
    ) -> None:  # fmt: skip
        self._who, self._audit, self._took, self._told = who, audit, took, told
        self._waiting: Checkpoint | None = None
        self._due, self._closing, self._fault = Event(), False, ""
        self._thread = Thread(target=self._run, name=f"witness {who.name}", daemon=True)
        self._thread.start()

    def send(self, checkpoint: Checkpoint) -> None:
        """Keep the newest, and wake up."""
        self._waiting = checkpoint
        self._due.set()

    def close(self) -> None:
        """Show it what waits, once, and end."""
        self._closing = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        while self._due.is_set() or not self._closing:
            self._due.wait(_AGAIN if self._waiting else None)
            self._due.clear()
            if self._waiting is not None:
                self._show(self._waiting)

    def _show(self, checkpoint: Checkpoint) -> None:
        seen = self._who.show(checkpoint, keys_as_shown(public_keys(self._audit)))
        if seen is not None:
            self._took(self._who, seen)
            if self._waiting is checkpoint:
                self._waiting = None
        fault = "witness-away" if seen is None else "witness-refuses" if seen.refused else ""
        if fault and fault != self._fault and not self._closing:  # once for each time it is away
            _log.warning("%s: %s", fault, self._who.name)
            self._told(fault, self._who.name)
        self._fault = fault
