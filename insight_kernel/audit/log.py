"""The audit log: an append-only chain of entries, flushed to disk before anybody is answered.

One thread writes; everybody waiting shares one flush. An entry that cannot be written raises, and so the
request that needed it fails.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from insight_kernel import files
from insight_kernel.audit.chain import sealed
from insight_kernel.audit.checkpoint import Checkpoint
from insight_kernel.audit.sealing import Sealing
from insight_kernel.audit.standing import standing
from insight_kernel.errors import Unavailable

Fields = Mapping[str, Any]
_Item = tuple[Fields, "Future[int]"]


class Position(NamedTuple):
    """How many entries a log has, and the hash of the last."""

    number: int
    head: str


class AuditLog:
    """The open log of one store; `append` returns once the entry is on the disk.

    `seen` holds checkpoints by who keeps them: a log that contradicts one is not opened. `sealing` has the keys of
    private texts; without it they are made beside the log.

    Examples
    --------
    >>> import tempfile
    >>> log = AuditLog(Path(tempfile.mkdtemp()) / "log.jsonl")
    >>> log.append({"operation": "find"}), log.append({"operation": "get"})
    (1, 2)
    >>> log.close()
    """

    def __init__(
        self, path: Path, seen: Mapping[str, Checkpoint] | None = None, sealing: Sealing | None = None
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        found = standing(path, seen or {})
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._position, self._size = Position(found.number, found.last), found.size
        self._sealing = sealing or Sealing(path.parent / "keys")
        self._followers: list[Callable[[int], None]] = []
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._failed: str | None = None
        self._thread = Thread(target=self._write_all, name="audit", daemon=True)
        self._thread.start()
        if found.torn:
            os.ftruncate(self._descriptor, self._size)
            self.append({"operation": "cut", "bytes": found.torn, "cause": "torn last line"})

    def append(self, fields: Fields) -> int:
        """Write one entry; return its number. Raises `Unavailable` if it is not on the disk."""
        done: Future[int] = Future()
        self._queue.put((self._sealing.sealed(fields), done))
        return done.result()

    @property
    def position(self) -> Position:
        """Return how many entries are on the disk, and the hash of the last."""
        return self._position

    def follow(self, told: Callable[[int], None]) -> None:
        """Tell somebody, after each flush, how many entries there are; he must not keep the log waiting."""
        self._followers.append(told)

    def close(self) -> None:
        """Write what waits, then give the file back."""
        self._queue.put(None)
        self._thread.join()
        os.close(self._descriptor)

    def _write_all(self) -> None:
        while True:
            waiting, more = self._next_group()
            if waiting:
                self._write_group(waiting)
            if not more:
                return

    def _next_group(self) -> tuple[list[_Item], bool]:
        """Wait for one entry and take everything else that waits by then."""
        waiting: list[_Item] = []
        item = self._queue.get()
        while item is not None:
            waiting.append(item)
            if self._queue.empty():
                return waiting, True
            item = self._queue.get()
        return waiting, False

    def _write_group(self, waiting: list[_Item]) -> None:
        (number, previous), lines = self._position, []
        waiting = [item for item in waiting if _writable(item)]
        for fields, _ in waiting:
            number += 1
            line = sealed(number, datetime.now(UTC), fields, previous)
            previous = hashlib.sha256(line).hexdigest()
            lines.append(line + b"\n")
        try:
            self._put(b"".join(lines))
        except Exception as error:
            for _, done in waiting:
                done.set_exception(_unwritten(error))
            return
        first, self._position = self._position.number + 1, Position(number, previous)
        for offset, (_, done) in enumerate(waiting):
            done.set_result(first + offset)
        for told in self._followers:
            told(number)

    def _put(self, data: bytes) -> None:
        if self._failed:
            raise OSError(self._failed)
        try:
            files.write_all(self._descriptor, data)
        except OSError:
            self._cut_back()
            raise
        try:
            files.flush(self._descriptor)
        except OSError as error:
            self._failed = f"an earlier flush failed: {error.strerror}"  # a second one may lie
            raise
        self._size += len(data)

    def _cut_back(self) -> None:
        """Remove a part of an entry; where even that fails, nothing more is written."""
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError as error:
            self._failed = f"a partial entry could not be removed: {error.strerror}"


def _writable(item: _Item) -> bool:
    """Tell whether an entry can be written as JSON; if not, only the request that brought it fails."""
    fields, done = item
    try:
        json.dumps(dict(fields))
    except (TypeError, ValueError) as error:
        done.set_exception(_unwritten(error))
        return False
    return True


def _unwritten(error: Exception) -> Unavailable:
    return Unavailable(
        "answer", f"the audit entry could not be written ({error})", "Free space, then try again."
    )
