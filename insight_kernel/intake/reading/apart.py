"""Reading apart: each file in a process of its own, with so much time and memory, which the next never sees.

The processes are forked from one that has everything imported. What comes back is text in JSON, whoever writes it.
"""

import json
import multiprocessing
import os
import resource
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from insight_kernel.errors import BadInput
from insight_kernel.intake.reading.document import Document, document_of

_GIB = 2**30


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


def read_all(paths: Iterable[Path], limits: Limits | None = None) -> Iterator[Document]:
    """Read files one after the other, in the order in which they are named."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["insight_kernel.intake.reading.file"])
    for path in paths:
        if not path.is_file():
            raise BadInput(f"read {path}", "there is no such file", "Name a file.")
        yield _apart(context, path, limits or Limits())


def _apart(context: "multiprocessing.context.ForkServerContext", path: Path, limits: Limits) -> Document:
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(str(path), limits, sending), daemon=True)
    process.start()
    sending.close()
    try:
        with _closing(receiving):
            if not receiving.poll(limits.seconds):
                return _failed(path, f"took more than {limits.seconds:g} seconds")
            return document_of(json.loads(receiving.recv_bytes(limits.result)))
    except (EOFError, OSError):  # ended without an answer, or with too long a one
        return _failed(path, "its reader ended: it took too much memory, or holds what no reader can stand")
    finally:
        process.kill()
        process.join()
        process.close()


@contextmanager
def _closing(connection: Connection) -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()


def _failed(path: Path, why: str) -> Document:
    return Document(str(path), "unread", "", error=why)


def _work(path: str, limits: Limits, answers: Connection) -> None:
    """In the process of one file: take limits on, read, answer; what libraries print holds values, and goes nowhere."""
    with Path(os.devnull).open("wb") as nowhere:
        for said in (1, 2):
            os.dup2(nowhere.fileno(), said)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits.seconds) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from insight_kernel.intake.reading.file import read_bytes

    if Path(path).stat().st_size > limits.size:
        found = _failed(Path(path), f"is larger than {limits.size:,} bytes")
    else:
        found = read_bytes(path, Path(path).read_bytes())
    answers.send_bytes(json.dumps(found.as_dict()).encode())
