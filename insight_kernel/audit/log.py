"""The audit log: an append-only chain of entries, flushed to disk before anybody is answered.

One thread writes; everybody waiting shares one flush. An entry that cannot be written raises, and so the
request that needed it fails.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from insight_kernel import files
from insight_kernel.audit.chain import Chain, read_chain, sealed
from insight_kernel.errors import Unavailable

Fields = Mapping[str, Any]
_Item = tuple[Fields, "Future[int]"]


class AuditLog:
    """The open log of one store; `append` returns once the entry is on the disk.

    Examples
    --------
    >>> import tempfile
    >>> log = AuditLog(Path(tempfile.mkdtemp()) / "log.jsonl")
    >>> log.append({"operation": "find"}), log.append({"operation": "get"})
    (1, 2)
    >>> log.close()
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        found = read_chain(path)
        self._number, self._previous = found.number, found.last
        self._size = found.size
        if found.fault:
            raise _broken(path, found)
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
        self._queue.put((fields, done))
        return done.result()

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
        number, previous, lines = self._number, self._previous, []
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
        first, self._number, self._previous = self._number + 1, number, previous
        for offset, (_, done) in enumerate(waiting):
            done.set_result(first + offset)

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


def _broken(path: Path, found: Chain) -> Unavailable:
    return Unavailable(
        f"open {path}", f"the chain is broken: {found.fault}", "Restore the log; nothing is served."
    )


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


def request_hash(body: bytes) -> str:
    """Return the hash by which an entry names a request without repeating it."""
    return hashlib.sha256(body).hexdigest()
