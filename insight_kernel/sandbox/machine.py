"""What a sandbox needs of the machine: what is not there, which protection goes with it, and what mends it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from insight_kernel.sandbox.cgroup import limited
from insight_kernel.sandbox.recipe import Sandbox, account_files

PROBE = 59_999
"""A number that is probably no account of the machine: nothing is kept under it."""

_TOOLS = {"bwrap": "bubblewrap", "setpriv": "util-linux", "prlimit": "util-linux"}
_OLDEST = (0, 8)  # of bubblewrap, which then learnt to forbid further user namespaces
_NAMESPACES = {"user/max_user_namespaces": "0", "kernel/unprivileged_userns_clone": "0",
               "kernel/apparmor_restrict_unprivileged_userns": "1"}  # fmt: skip
_LONGEST = 20.0  # seconds


class Lack(NamedTuple):
    """One thing that is missing; without a `needed` one no sandbox is made at all."""

    what: str
    lost: str
    remedy: str
    needed: bool = True

    def __str__(self) -> str:
        return f"{self.what}: {self.lost}. {self.remedy}"


def lacks() -> list[Lack]:
    """Return what is missing on this machine, as far as can be seen by trying."""
    found = [*_of_the_system(), *_tools()]
    if not found:
        found = _tried()
    return [*found, *_limits()]


def _of_the_system() -> Iterator[Lack]:
    if sys.platform != "linux":
        yield Lack(f"{sys.platform} is not Linux", "there are no sandboxes at all", "Use a Linux host.")
    if os.getuid() != 0:
        yield Lack(
            "not started as root", "workspaces share one Unix account, and one reads the files and tokens of another",
            "Start it as root; servers and kernels never run as root.",
        )  # fmt: skip


def _tools() -> Iterator[Lack]:
    for tool, package in _TOOLS.items():
        if shutil.which(tool) is None:
            lost = "nothing separates users' code from this machine and its network"
            yield Lack(f"the program {tool} is not there", lost, f"Install {package}.")
        elif tool == "bwrap" and _version(tool) < _OLDEST:
            lost = "code in a sandbox can make further user namespaces, where most flaws of the kernel are"
            yield Lack("bubblewrap is older than 0.8", lost, "Install a newer one.")


def _version(tool: str) -> tuple[int, ...]:
    said = subprocess.run(
        [tool, "--version"], capture_output=True, text=True, timeout=_LONGEST, check=False
    ).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _tried() -> list[Lack]:
    """Start the smallest program in a sandbox; when that fails, say what the machine forbids."""
    with tempfile.TemporaryDirectory(prefix="insight-probe-") as name, account_files(PROBE) as files:
        folder = Path(name)
        folder.chmod(0o755)
        sandbox = Sandbox(PROBE, folder, folder)
        done = subprocess.run(
            sandbox.outer(sandbox.inner(["true"], *files)), pass_fds=files, capture_output=True, text=True,
            timeout=_LONGEST, check=False,
        )  # fmt: skip
    if done.returncode == 0:
        return []
    lost = "nothing separates users' code from this machine and its network"
    said = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
    return [Lack(f"a sandbox cannot be made ({said})", lost, _mended())]


def _mended() -> str:
    off = [name.replace("/", ".") for name, value in _NAMESPACES.items() if _setting(name) == value]
    return (
        f"Change the setting {' and '.join(off)}."
        if off
        else "Allow user namespaces and mounts on this machine."
    )


def _setting(name: str) -> str | None:
    try:
        return Path("/proc/sys", name).read_text("ascii").strip()
    except OSError:
        return None


def _limits() -> Iterator[Lack]:
    absent = {"memory", "pids"} - limited()
    if absent:
        names = " and ".join(sorted(absent))
        yield Lack(
            f"no control group limits {names}", "limits hold for each process, not for all of a workspace together",
            "Make /sys/fs/cgroup/insight with these controllers; deploy/ has a unit that does.", needed=False,
        )  # fmt: skip
