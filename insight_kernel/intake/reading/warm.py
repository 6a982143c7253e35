"""The warm process: everything imported, it reads nothing itself, and forks a process for each file it is handed.

Started as a program with the number of a socket. Each message on it is a task in JSON with two descriptors, of what is
to be read and of where the answer goes; what comes back is a descriptor of the process that is at it.
"""

import gc
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from insight_kernel.intake.reading.beforehand import prepare
from insight_kernel.intake.reading.carried import packed
from insight_kernel.intake.reading.confined import Unconfined, confinement
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.file import read_bytes

MESSAGE = 65_536  # bytes of a task
Task = Mapping[str, Any]
Read = Callable[[str, bytes], Document]


def main() -> None:
    """Serve whoever holds the other end of the socket, until it is closed."""
    prepare()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked, read_bytes)


def serve(asked: socket.socket, read: Read) -> None:
    """Fork a process for each task; none of them sees what another was handed."""
    confine = confinement()
    gc.collect()
    gc.freeze()  # else the first collection of each process would copy what all share
    while True:
        said, handed, _, _ = socket.recv_fds(asked, MESSAGE, 2)
        if not said:
            return
        while _reaped():
            pass
        try:
            at_it = _forked(json.loads(said), handed, confine, read)
        except OSError:  # no process is left to be had
            asked.send(b"none")
        else:
            socket.send_fds(asked, [b"one"], [at_it])
            os.close(at_it)
        for descriptor in handed:
            os.close(descriptor)


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] > 0
    except ChildProcessError:
        return False


def _forked(task: Task, handed: Sequence[int], confine: Callable[[], None], read: Read) -> int:
    """Return a descriptor of the new process; it is ended through that, since numbers are given anew."""
    number = os.fork()
    if number == 0:
        _work(task, handed, confine, read)
    return os.pidfd_open(number)


def _work(task: Task, handed: Sequence[int], confine: Callable[[], None], read: Read) -> NoReturn:
    """In the process of one file: take the bytes, give up all rights, read, answer."""
    given, answer = handed
    try:
        _limit(task["limits"])
        with open(given, "rb") as opened:  # noqa: PTH123
            data = opened.read(task["limits"]["size"])
        _hold_only(answer)
        try:
            confine()
        except Unconfined:
            found = Document(task["name"], "unread", "", error="cannot be confined here, and so is not read")
        else:
            found = read(task["name"], data)
        said = memoryview(packed(found))
        while said:
            said = said[os.write(answer, said) :]
    finally:
        os._exit(0)  # whatever happened; what is not answered whole counts as nothing


def _hold_only(answer: int) -> None:
    """Close all that is open but the answer; what libraries print holds values, and goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for said in (0, 1, 2):
        os.dup2(nowhere, said)
    os.closerange(3, answer)
    os.closerange(answer + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _limit(limits: Task) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits["seconds"]) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["result"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
