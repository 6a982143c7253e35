"""A process and everything it starts: begun together, and ended to the last one."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil

_SIGNAL_WHEN_PARENT_ENDS, _SET_SUBREAPER = 1, 36  # of Linux's prctl
_PATIENCE = 20.0  # seconds for an orderly end of the hub, its servers and its proxy
_GRACE = 3.0  # seconds for what the hub left behind


def adopt_orphans() -> None:
    """Become the parent of whatever this process's children leave behind, so that it can be found and ended."""
    _control(_SET_SUBREAPER, 1)


def _control(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    """Start a command that logs to a file; when this process is killed, it is asked to end.

    It has a session of its own: a key pressed in our terminal is ours to answer. One pressed while it begins is
    answered right after, and it then ends with this process.
    """
    private = os.open(folder / "hub.log", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(private, "wb") as log, _undisturbed() as before:
        return subprocess.Popen(  # noqa: S603
            list(command), env=dict(environment), cwd=folder, umask=0o077, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            preexec_fn=partial(_begin, before),
        )  # fmt: skip


@contextmanager
def _undisturbed() -> Iterator[set[int]]:
    """Hold signals that ask to end back: what Python raises in the midst of a fork is printed and forgotten."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield {int(number) for number in before}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(signals: set[int]) -> None:
    """In the new process: be asked to end when the parent is killed, and hold back no signal."""
    _control(_SIGNAL_WHEN_PARENT_ENDS, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_SETMASK, signals)


def await_end(first: "subprocess.Popen[bytes]") -> None:
    """Wait until a process ends, and bury meanwhile the orphans that end: each would count as one of its account's."""
    while first.returncode is None:
        pid, status = os.waitpid(-1, 0)
        if pid == first.pid:
            first.returncode = os.waitstatus_to_exitcode(status)


def stop_all(first: "subprocess.Popen[bytes]") -> None:
    """Ask the first process to end what it started, then end everything that is left below this process."""
    if first.poll() is None:
        first.send_signal(signal.SIGTERM)
    try:
        first.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        first.kill()
        first.wait()
    end_all(lambda: psutil.Process().children(recursive=True))


def end_all(left: Callable[[], Sequence[psutil.Process]]) -> None:
    """Ask processes to end, then end those that are still there; `left` says each time which."""
    for end in (psutil.Process.terminate, psutil.Process.kill):
        processes = left()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                end(process)
        psutil.wait_procs(processes, timeout=_GRACE)


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
