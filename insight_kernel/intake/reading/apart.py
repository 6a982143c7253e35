"""Reading apart: each file in a confined process of its own, with so much time and memory."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from insight_kernel.errors import BadInput
from insight_kernel.intake.reading.carried import unpacked
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.forked import Forked, Parent, own_parent, wait
from insight_kernel.intake.reading.inside import Wanted
from insight_kernel.intake.reading.recognised import recognised, tesseract

_GIB = 2**30
_AHEAD = 8  # documents for each worker that may wait for one that takes long


@dataclass(frozen=True)
class Limits:
    """What one file may take: seconds, bytes of memory, bytes of its own, bytes of what is made of it."""

    seconds: float = 120.0
    memory: int = 2 * _GIB
    size: int = _GIB // 4
    result: int = _GIB


def read(path: Path | str, limits: Limits | None = None) -> Document:
    """Read one file of any format; what is wrong with it stands in `error`, and is not raised.

    Raises
    ------
    BadInput
        When there is no such file.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "page.html"
    >>> _ = path.write_text("<title>Notice</title><p>One person is <b>sought</b>.")
    >>> read(path).content.text
    'One person is sought.'
    """
    return next(read_all([Path(path)], limits))


def read_all(
    paths: Iterable[Path],
    limits: Limits | None = None,
    workers: int = 1,
    parent: Parent | None = None,
    *,
    turned: bool = False,
) -> Iterator[Document]:
    """Read files, so many at once; yield them in the order in which they are named.

    The processes are forked from `parent`, where one is given, else from the one this process keeps. With `turned` the
    hashes of pictures as they would be turned and mirrored are told, and no text is read from them.
    """
    warm, engine = parent or own_parent(), None if turned else tesseract()
    wanted: Wanted = "turned" if turned else "scans" if engine else "nothing"
    readings = (_Reading(path, limits or Limits(), warm, wanted) for path in paths)
    with closing(_in_order(readings, workers)) as found:
        for document in found:
            yield document if turned else recognised(document, warm, engine)


def _in_order(readings: "Iterable[_Reading]", workers: int) -> Generator[Document]:
    going: deque[_Reading] = deque()
    try:
        for reading in readings:
            going.append(reading)
            while len(going) >= workers * _AHEAD or sum(not each.ended for each in going) >= workers:
                yield from _done(going)
        while going:
            yield from _done(going)
    finally:
        for each in going:
            each.close()


def _done(going: "deque[_Reading]") -> Iterator[Document]:
    """Wait for one of them, and yield those at the head of the line that are done."""
    if busy := [each.process for each in going if each.process is not None and not each.ended]:
        wait(busy)
    while going and going[0].ended:
        reading = going.popleft()
        try:
            yield reading.document()
        finally:
            reading.close()


class _Reading:
    """One file on its way: the process that is at it, or why there is none."""

    def __init__(self, path: Path, limits: Limits, warm: Parent, wanted: Wanted) -> None:
        self._path, self._limits, self._failure = path, limits, ""
        self.process = self._started(warm, wanted)

    @property
    def ended(self) -> bool:
        """Tell whether nothing more is to be waited for."""
        return self.process is None or self.process.ended

    def _started(self, warm: Parent, wanted: Wanted) -> Forked | None:
        if not self._path.is_file():
            raise BadInput(f"read {self._path}", "there is no such file", "Name a file.")
        task = {"name": str(self._path), "limits": asdict(self._limits), "wanted": wanted}
        try:
            with self._path.open("rb") as given:
                if os.fstat(given.fileno()).st_size > self._limits.size:
                    self._failure = f"is larger than {self._limits.size:,} bytes"
                    return None
                return warm.fork(task, given, self._limits.seconds)
        except OSError as error:
            self._failure = f"cannot be read here ({error.strerror or 'no process is left for it'})"
            return None

    def document(self) -> Document:
        """Return what came of it."""
        if self.process is None:
            return self._failed(self._failure)
        if self.process.late:
            return self._failed(f"took more than {self._limits.seconds:g} seconds")
        try:
            return replace(unpacked(self.process.answer()), name=str(self._path))
        except ValueError:  # ended without an answer, or with half of one
            return self._failed(
                "its reader ended: it took too much memory, or holds what no reader can stand"
            )

    def _failed(self, why: str) -> Document:
        return Document(str(self._path), "unread", "", error=why)

    def close(self) -> None:
        """End what is still going."""
        if self.process is not None:
            self.process.close()
