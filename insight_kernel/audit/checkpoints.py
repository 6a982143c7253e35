"""Making checkpoints while the log is written: in a thread of their own, so that nobody waits for a signature."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from insight_kernel.audit.checkpoint import FILE, Checkpoint, append_line, last_checkpoint, made
from insight_kernel.audit.keys import SigningKey
from insight_kernel.audit.log import AuditLog

EVERY, SECONDS = 1_000, 60.0
"""A checkpoint is made after so many entries, or after so many seconds if there are new ones."""
_log = logging.getLogger("insight.audit")


class Checkpoints:
    """The checkpoints of an open log; `sent` is given each once it is on the disk.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from insight_kernel.audit.keys import signing_key
    >>> folder = Path(tempfile.mkdtemp())
    >>> log = AuditLog(folder / "log.jsonl")
    >>> checkpoints = Checkpoints(log, signing_key(folder, folder, date(2026, 1, 1)), folder, lambda _: None)
    >>> _ = log.append({"operation": "find"}), log.append({"operation": "get"})
    >>> log.close(), checkpoints.close(), checkpoints.last.count
    (None, None, 2)
    """

    def __init__(
        self, log: AuditLog, key: SigningKey, folder: Path, sent: Callable[[Checkpoint], None],
        *, every: int = EVERY, seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self._log, self._key, self._path, self._sent = log, key, folder / FILE, sent
        self._every, self._seconds = every, seconds
        before = last_checkpoint(self._path)
        self.last = before if isinstance(before, Checkpoint) else None
        self._due, self._closing, self._lock = Event(), False, Lock()
        log.follow(self._grown)
        self._thread = Thread(target=self._make_all, name="checkpoints", daemon=True)
        self._thread.start()

    def make(self) -> Checkpoint | None:
        """Make a checkpoint of all entries there are, unless there is one; return the last."""
        with self._lock:
            count, head = self._log.position
            if count > self._counted():
                new = made(self._key, count, head)
                append_line(self._path, new.as_dict())
                self.last = new
                self._sent(new)
            return self.last

    def close(self) -> None:
        """Make the last one, of a log that is closed."""
        self._closing = True
        self._due.set()
        self._thread.join()
        self._make_or_warn()

    def _make_all(self) -> None:
        while not self._closing:
            self._due.wait(self._seconds)
            self._due.clear()
            self._make_or_warn()

    def _make_or_warn(self) -> None:
        try:
            self.make()
        except OSError as error:
            _log.warning("a checkpoint could not be written: %s", error.strerror)

    def _grown(self, count: int) -> None:
        if count - self._counted() >= self._every:
            self._due.set()

    def _counted(self) -> int:
        return self.last.count if self.last else 0
