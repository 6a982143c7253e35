"""What a sandbox costs: starting a program and a kernel in one, beside the same without."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

from insight_kernel.benchmarks.measure import MET
from insight_kernel.benchmarks.report import Report
from insight_kernel.errors import Unavailable
from insight_kernel.sandbox.machine import PROBE, lacks
from insight_kernel.sandbox.recipe import HOME, Sandbox, account_files

_PATIENCE = 60.0  # seconds
_PROGRAM, _KERNEL = "a program: what the sandbox adds", "a kernel in a sandbox, until it answers"
_BARS = {_PROGRAM: 0.1, _KERNEL: 1.0}  # seconds
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
_PASSED = ("PATH", "PYTHONPATH", "LANG")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Started:
    """Seconds of starts, in a sandbox and without."""

    what: str
    inside: tuple[float, ...]
    outside: tuple[float, ...]

    @property
    def judged(self) -> float:
        """Return the seconds that the bar is for: of a program what is added, of a kernel all."""
        return median(self.inside) - (median(self.outside) if self.what == _PROGRAM else 0)

    @property
    def met(self) -> bool:
        """Tell whether the bar is met."""
        return self.judged <= _BARS[self.what]

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        times = [1000 * each for each in (median(self.inside), median(self.outside), self.judged)]
        bar = f"<= {1000 * _BARS[self.what]:.0f}"
        return self.what, str(len(self.inside)), *(f"{each:.0f}" for each in times), bar, MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "judged": self.judged, "met": self.met}


def bench_sandbox(rounds: int, say: Say) -> Report:
    """Start a program and a kernel in turns, in a sandbox and without."""
    missing = [str(lack) for lack in lacks() if lack.needed]
    if missing:
        raise Unavailable("measure sandboxes", "; ".join(missing), "See insight doctor.")
    found = []
    for what, started in ((_PROGRAM, _program), (_KERNEL, _kernel)):
        say(f"{what}: {rounds} rounds")
        pairs = [(started(True), started(False)) for _ in range(rounds)]
        found.append(Started(what, *map(tuple, zip(*pairs, strict=True))))
    return Report("sandbox", {}, [], starts=found)


def _program(sandboxed: bool) -> float:
    """Return the seconds until the smallest program has ended."""
    with tempfile.TemporaryDirectory(prefix="in-") as home:
        began = time.perf_counter()
        _begun(["true"], Path(home), sandboxed).wait()
        return time.perf_counter() - began


def _kernel(sandboxed: bool) -> float:
    """Return the seconds until a kernel answers over Unix sockets in its home."""
    with tempfile.TemporaryDirectory(prefix="in-") as name:
        home, within = Path(name), HOME if sandboxed else name
        connection: dict[str, Any] = {"transport": "ipc", "key": secrets.token_hex(16), "ip": f"{within}/k",
                                      "signature_scheme": "hmac-sha256"}  # fmt: skip
        connection |= {port: number for number, port in enumerate(_PORTS, 1)}
        (home / "connection.json").write_text(json.dumps(connection), "utf-8")
        client = BlockingKernelClient()
        client.load_connection_info(connection | {"ip": f"{name}/k"})  # type: ignore[arg-type]
        began = time.perf_counter()
        launcher = [sys.executable, "-m", "ipykernel_launcher", "-f", f"{within}/connection.json"]
        process = _begun(launcher, home, sandboxed)
        try:
            client.start_channels(hb=False)  # a kernel that starts slowly is not a dead one
            client.wait_for_ready(timeout=_PATIENCE)
            return time.perf_counter() - began
        finally:
            client.stop_channels()
            process.kill()
            process.wait()


def _begun(command: Sequence[str], home: Path, sandboxed: bool) -> "subprocess.Popen[bytes]":
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if not sandboxed:
        return subprocess.Popen(command, env={**environment, "HOME": str(home)}, **quiet)  # noqa: S603
    for path in (*home.iterdir(), home):
        os.chown(path, PROBE, PROBE)
    sandbox, environment["HOME"] = Sandbox(PROBE, home, home), HOME
    with account_files(PROBE) as files:
        whole = sandbox.outer(sandbox.inner(command, *files))
        return subprocess.Popen(whole, env=environment, pass_fds=files, **quiet)  # noqa: S603
