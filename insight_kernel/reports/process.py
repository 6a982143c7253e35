"""The process of a run, seen from the one that waits for it: started with little, ended whatever happens."""

import json
import os
import signal
import site
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

_INHERITED = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONUSERBASE", "VIRTUAL_ENV",
)  # fmt: skip
_GRACE = 10.0  # seconds a run has for ending when told to
Event = dict[str, Any]


@contextmanager
def worker(folder: Path, access: dict[str, str], job: Event, limit: float) -> Iterator[Iterator[Event]]:
    """Start the process, hand it the job on standard input, and end it whatever happens.

    Its input stays open as long as somebody waits for the report: if this process is killed, the worker sees
    the end of its input and ends too. Parameters and token stay off the command line, which others can read.
    """
    with (folder / "stderr").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "insight_kernel.reports.worker"], cwd=folder, env=_environment(folder, access),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True, text=True,
        )  # fmt: skip
    timer = Timer(limit, process.terminate)
    timer.start()
    try:
        yield _events(process, job)
    finally:
        timer.cancel()
        _end(process)


def _environment(folder: Path, access: dict[str, str]) -> dict[str, str]:
    """Return what the run may know: no token but its own, and an empty home without settings or start-up files."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    base = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    return {**base, **kept, **access, "HOME": str(folder)}


def _events(process: "subprocess.Popen[str]", job: Event) -> Iterator[Event]:
    if process.stdin is None or process.stdout is None:
        return
    try:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return  # it ended at once; what it left on standard error tells why
    for line in process.stdout:
        yield json.loads(line)


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
