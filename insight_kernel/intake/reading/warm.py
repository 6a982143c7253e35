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
from dataclasses import dataclass
from typing import Any, NoReturn

from insight_kernel.intake.reading.beforehand import prepare
from insight_kernel.intake.reading.carried import packed
from insight_kernel.intake.reading.confined import Unconfined, confinement
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.file import read_bytes

MESSAGE = 65_536  # bytes of a task
Task = Mapping[str, Any]
Read = Callable[[Task, bytes], Document]


def main() -> None:
    """Serve whoever holds the other end of the socket, until it is closed."""
    prepare()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked, lambda task, data: read_bytes(task["name"], data, task["wanted"]))


def serve(asked: socket.socket, read: Read) -> None:
    """Fork a process for each task; none of them sees what another was handed."""
    at_work = _Work(read, confinement(), confinement(program=True))
    gc.collect()
    gc.freeze()  # else the first collection of each process would copy what all share
    while True:
        said, handed, _, _ = socket.recv_fds(asked, MESSAGE, 2)
        if not said:
            return
        while _reaped():
            pass
        try:
            number = os.fork()
        except OSError:
            asked.send(b"none is left")
        else:
            if number == 0:
                at_work.on(json.loads(said), *handed)
            _tell(asked, number)
        for descriptor in handed:
            os.close(descriptor)


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] > 0
    except ChildProcessError:
        return False


def _tell(asked: socket.socket, number: int) -> None:
    """Hand out a descriptor of the new process, through which it is ended: numbers are given anew."""
    process = os.pidfd_open(number)
    socket.send_fds(asked, [b"one"], [process])
    os.close(process)


@dataclass(frozen=True)
class _Work:
    """What a new process does: take the bytes, give up all rights, then read and answer, or become a program."""

    read: Read
    confine_reader: Callable[[], None]
    confine_program: Callable[[], None]

    def on(self, task: Task, given: int, answer: int) -> NoReturn:
        """Do the task, and end; what is not answered whole counts as nothing."""
        try:
            _limit(task["limits"])
            if "program" in task:
                self._become(task["program"], given, answer)
            else:
                self._answer(task, given, answer)
        finally:
            os._exit(1)

    def _answer(self, task: Task, given: int, answer: int) -> None:
        with open(given, "rb") as opened:
            data = opened.read(task["limits"]["size"])
        _hold_only(answer)
        try:
            self.confine_reader()
        except Unconfined:
            found = Document(task["name"], "unread", "", error="cannot be confined here, and so is not read")
        else:
            found = self.read(task, data)
        said = memoryview(packed(found))
        while said:
            said = said[os.write(answer, said) :]

    def _become(self, program: Sequence[str], given: int, answer: int) -> None:
        for descriptor, stands_for in ((given, 0), (answer, 1), (os.open(os.devnull, os.O_WRONLY), 2)):
            os.dup2(descriptor, stands_for)
        os.closerange(3, _most_open())
        self.confine_program()
        os.execve(program[0], list(program), {"OMP_THREAD_LIMIT": "1"})  # noqa: S606


def _hold_only(answer: int) -> None:
    """Close all that is open but the answer; what libraries print holds values, and goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for said in (0, 1, 2):
        os.dup2(nowhere, said)
    os.closerange(3, answer)
    os.closerange(answer + 1, _most_open())


def _most_open() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _limit(limits: Task) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits["seconds"]) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["result"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
