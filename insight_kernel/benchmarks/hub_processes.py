"""Two hubs as processes of their own: the governed one as `insight up` runs it, and a plain JupyterHub."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from insight_kernel.errors import Unavailable
from insight_kernel.launch.ports import HOST, any_free
from insight_kernel.launch.processes import end_all, last_lines, start
from insight_kernel.launch.proxy import proxy_command

_READY = 180.0  # seconds until a hub must answer
_ENDED = 45.0  # seconds for an orderly end of a hub, its servers and its proxy
_EVERY = 0.25
_LAST_LINE = "Ctrl-C ends"
_TOKEN = "INSIGHT_BENCH_TOKEN"  # noqa: S105 - a variable's name
_CONFIG = f"""\
import os
from insight_kernel.shipped import shipped
c = get_config()
load_subconfig(str(shipped("hub_config") / "jupyterhub_config.py"))
c.JupyterHub.services.append({{"name": "bench", "api_token": os.environ["{_TOKEN}"]}})
c.JupyterHub.load_roles.append({{"name": "bench", "services": ["bench"],
    "scopes": ["tokens", "read:users", "access:servers"]}})
"""
Say = Callable[[str], None]


@dataclass(frozen=True)
class RunningHub:
    """A hub that answers; `token` is that of a service which makes tokens like those of servers."""

    url: str
    process: psutil.Process
    password: str = field(repr=False)
    token: str = field(default="", repr=False)

    def cpu(self) -> float:
        """Return the CPU seconds of the hub and all it started so far, those that have ended among them."""
        every = [self.process, *self.process.children(recursive=True)]
        return sum(map(_cpu, every))


@contextmanager
def governed_hub(store: Path, folder: Path) -> Iterator[RunningHub]:
    """Run `insight up` on a store, with the shipped configuration and one service more."""
    folder.mkdir()
    config, token = folder / "config.py", secrets.token_hex(16)
    config.write_text(_CONFIG, encoding="utf-8")
    (port,) = any_free(1)
    words = ["up", "--store", str(store), "--config", str(config), "--port", str(port)]
    environment = {_TOKEN: token, "PYTHONUNBUFFERED": "1"}
    log = folder / "hub.log"
    with _running([sys.executable, "-m", "insight_kernel.cli", *words], environment, folder) as process:
        _wait(lambda: _LAST_LINE in log.read_text(encoding="utf-8", errors="replace"), process, log)
        said = log.read_text(encoding="utf-8").splitlines()
        url, password = (_said(said, word) for word in ("Address", "Password"))
        yield RunningHub(url, psutil.Process(process.pid), password, token)


@contextmanager
def plain_hub(folder: Path, say: Say) -> Iterator[RunningHub]:
    """Run a JupyterHub with the same proxy, authenticator, spawner and JupyterLab, and nothing of ours."""
    folder.mkdir()
    port, password = any_free(1)[0], secrets.token_hex(16)
    config = folder / "config.json"
    config.write_text(json.dumps(_plain(folder, port, password, proxy_command(say))), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    url = f"http://{HOST}:{port}"
    with _running(command, {}, folder) as process:
        _wait(lambda: _answers(f"{url}/hub/health"), process, folder / "hub.log")
        yield RunningHub(url, psutil.Process(process.pid), password)


def _plain(folder: Path, port: int, password: str, proxy: Sequence[str]) -> dict[str, dict[str, object]]:
    hub_port, api_port = any_free(2)
    return {
        "JupyterHub": {
            "bind_url": f"http://{HOST}:{port}",
            "hub_bind_url": f"http://{HOST}:{hub_port}",
            "db_url": f"sqlite:///{folder / 'jupyterhub.sqlite'}",
            "cookie_secret_file": str(folder / "cookie_secret"),
            "authenticator_class": "shared-password",
            "spawner_class": "simple",
        },
        "ConfigurableHTTPProxy": {
            "command": list(proxy),
            "api_url": f"http://{HOST}:{api_port}",
            "pid_file": str(folder / "proxy.pid"),
        },
        "Authenticator": {"allow_all": True},
        "SharedPasswordAuthenticator": {"user_password": password},
        "SimpleLocalProcessSpawner": {"home_dir_template": str(folder / "homes" / "{username}")},
        "Spawner": {
            "cmd": [sys.executable, "-m", "jupyterhub.singleuser"],
            "args": ["--allow-root"] if os.getuid() == 0 else [],
            "default_url": "/lab",
            "start_timeout": 120,
            "http_timeout": 120,
        },
    }


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    process = start(command, {**os.environ, **environment}, folder)
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a hub to end, then end whatever of it is left; nothing else of ours is touched."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(_ENDED)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _end_all(below)


def end_gateways(store: Path) -> None:
    """End the gateways of a store; the one that loads it is no child of ours, and would outlive Ctrl-C a little."""
    every = psutil.process_iter(["cmdline"])
    _end_all([each for each in every if str(store) in (each.info["cmdline"] or ())])


def _end_all(processes: Sequence[psutil.Process]) -> None:
    end_all(lambda: [each for each in processes if each.is_running()])


def _wait(done: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _READY
    while not done():
        if process.poll() is not None or time.monotonic() > until:
            remedy = f"Its log ends:\n{last_lines(log)}"
            raise Unavailable("measure the hub", "a hub did not come up", remedy)
        time.sleep(_EVERY)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1.0, trust_env=False).is_success
    except httpx.TransportError:
        return False


def _cpu(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and of what it started that has ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # its parent counts it by now
    return float(times.user + times.system + times.children_user + times.children_system)


def _said(lines: Sequence[str], word: str) -> str:
    return next(line.split()[1] for line in lines if line.startswith(word))
