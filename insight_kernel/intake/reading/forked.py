"""Processes forked from a warm one: how they are asked for, waited for, heard and ended."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import IO, Any

_WARM = "insight_kernel.intake.reading.warm"
_THREADS = ("OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS")


class Forked:
    """A process at its task, with so many seconds; its answer lies in memory, so that it need not be listened to."""

    def __init__(self, process: int, answer: IO[bytes], seconds: float) -> None:
        self.process, self._answer, self.until = process, answer, time.monotonic() + seconds

    @property
    def late(self) -> bool:
        """Tell whether its time is over."""
        return time.monotonic() >= self.until

    @property
    def ended(self) -> bool:
        """Tell whether it has ended by itself, or its time is over."""
        return bool(_ended([self], 0)) or self.late

    def answer(self) -> bytes:
        """Return what it wrote."""
        self._answer.seek(0)
        return self._answer.read()

    def close(self) -> None:
        """End it, if it has not ended, and forget its answer."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, signal.SIGKILL)
        os.close(self.process)
        self._answer.close()


def wait(forked: Iterable[Forked]) -> None:
    """Wait until one of them has ended, or its time is over."""
    going = list(forked)
    _ended(going, max(min(each.until for each in going) - time.monotonic(), 0))


def _ended(forked: Iterable[Forked], seconds: float) -> list[tuple[int, int]]:
    poll = select.poll()
    for each in forked:
        poll.register(each.process, select.POLLIN)
    return poll.poll(seconds * 1_000)


class Parent:
    """The warm process; started anew when it has ended."""

    def __init__(self, module: str = _WARM) -> None:
        self._module, self._turn = module, Lock()
        self._start()

    def fork(self, task: Mapping[str, Any], given: IO[bytes], seconds: float) -> Forked:
        """Return a new process that was handed the task and an open file.

        Raises
        ------
        OSError
            When there is none to be had.
        """
        answer = open(os.memfd_create("answer"), "r+b")  # noqa: SIM115, PTH123
        try:
            with self._turn:
                process = self._asked(json.dumps(task).encode(), [given.fileno(), answer.fileno()])
        except OSError:
            answer.close()
            raise
        return Forked(process, answer, seconds)

    def _asked(self, said: bytes, handed: list[int]) -> int:
        if self._process.poll() is not None:
            self.close()
            self._start()
        socket.send_fds(self._socket, [said], handed)
        _, found, _, _ = socket.recv_fds(self._socket, 16, 1)
        if not found:
            raise OSError
        return found[0]

    def _start(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno())], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=_environment(), start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        """End it, and with it whatever it forked."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    """Return where modules are, and that one file takes one processor; nothing of ours, which may hold secrets."""
    places = os.pathsep.join(place or os.getcwd() for place in sys.path)  # noqa: PTH109
    return {"PYTHONPATH": places, **dict.fromkeys(_THREADS, "1")}


def own_parent() -> Parent:
    """Return this process's own warm one, started when it is first needed and ended with this one."""
    return _parent(os.getpid())


@cache
def _parent(_: int) -> Parent:
    started = Parent()
    atexit.register(started.close)
    return started
