"""The process of a run, seen from the one that waits for it: started with little, ended whatever happens."""

import json
import os
import signal
import site
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from threading import Timer
from typing import Any, TextIO

from insight_kernel.runtime import ASK
from insight_kernel.sandbox.asking import Asked
from insight_kernel.sandbox.recipe import DOOR

_INHERITED = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONUSERBASE", "VIRTUAL_ENV",
)  # fmt: skip
_GATEWAY = "INSIGHT_GATEWAY"
_GRACE = 10.0  # seconds a run has for ending when told to
Event = dict[str, Any]


@contextmanager
def worker(
    folder: Path, access: dict[str, str], job: Event, limit: float, warden: Path | None = None
) -> Iterator[Iterator[Event]]:  # fmt: skip
    """Start the process, hand it the job on standard input, and end it whatever happens.

    Its input stays open as long as somebody waits for the report: if this process is killed, the worker sees
    the end of its input and ends too. Parameters and token stay off the command line, which others can read.
    A warden starts it in a sandbox; without one it runs here, with the folder as its home.
    """
    theirs_in, to = os.pipe()
    of, theirs_out = os.pipe()
    with (folder / "stderr").open("wb") as log, os.fdopen(to, "wb", 0) as writing, os.fdopen(of) as reading:
        streams = (theirs_in, theirs_out, log.fileno())
        try:
            started = (
                _Here(folder, access, streams) if warden is None else _Sandboxed(warden, access, streams)
            )
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        timer = Timer(limit, started.end)
        timer.start()
        try:
            yield _events(writing, reading, job)
        finally:
            timer.cancel()
            started.end()


class _Here:
    """The process as a child of this one."""

    def __init__(self, folder: Path, access: dict[str, str], streams: tuple[int, int, int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "insight_kernel.reports.worker"], cwd=folder, env=_environment(folder, access),
            stdin=streams[0], stdout=streams[1], stderr=streams[2], start_new_session=True,
        )  # fmt: skip

    def end(self) -> None:
        """Ask it to end, then end it."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Sandboxed:
    """The process in a sandbox; it ends at once when nobody holds the request any more."""

    def __init__(self, warden: Path, access: dict[str, str], streams: tuple[int, int, int]) -> None:
        inside = {**access, _GATEWAY: f"unix:{DOOR}/{Path(ASK).name}"}
        self._asked = Asked(warden, {"do": "report", "environment": inside}, streams)

    def end(self) -> None:
        """Let it go."""
        self._asked.close()


def _environment(folder: Path, access: dict[str, str]) -> dict[str, str]:
    """Return what the run may know: no token but its own, and an empty home without settings or start-up files."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    base = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    return {**base, **kept, **access, "HOME": str(folder)}


def _events(writing: FileIO, reading: TextIO, job: Event) -> Iterator[Event]:
    left = memoryview(f"{json.dumps(job)}\n".encode())
    try:
        while left:
            left = left[writing.write(left) :]
    except BrokenPipeError:
        return  # it ended at once; what it left on standard error tells why
    for line in reading:
        yield json.loads(line)
