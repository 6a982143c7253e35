"""`insight up`: bring hub, proxy and gateway of a store up on this machine, and all of them down again."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.launch.folder import hub_folder, shared_password
from insight_kernel.launch.ports import HOST, any_free, next_free
from insight_kernel.launch.processes import adopt_orphans, await_end, last_lines, start, stop_all
from insight_kernel.launch.proxy import proxy_command
from insight_kernel.model.organisation import Organisation, load_organisation
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.runtime import OPERATE, runtime_folder
from insight_kernel.shipped import shipped
from insight_kernel.store.folder import open_folder

PAGE = "/services/insight/"
_PATIENCE = 120.0  # seconds until hub and gateway must answer
_GONE = 5.0  # seconds an embedded gateway may take to end after its last holder
_EVERY = 0.25
Say = Callable[[str], None]


@dataclass(frozen=True)
class Hub:
    """A hub that answers."""

    url: str
    folder: Path
    password: str | None
    people: Organisation


class StoppedError(Exception):
    """A signal asked to end."""


def run_hub(
    store: Path, *, config: Path | None, governed: Path | None, port: int, say: Say, ready: Callable[[Hub], None]
) -> None:  # fmt: skip
    """Run the hub on a store until a signal asks to end; call `ready` once hub and gateway answer.

    `config` takes the place of the JupyterHub configuration that is shipped; `governed` is a file of settings of the
    profile of that name, and without one the profile is `demo`.

    Raises
    ------
    BadInput
        When there is no store, or its organisation file has mistakes: every one is listed.
    Unavailable
        When something cannot be started, or the hub ends by itself; the end of its log is part of the message.
    """
    store = open_folder(store).root
    people = load_organisation(store / "organisation.yml")
    own = None if governed is None else _read(governed)
    with (
        _signals(),
        hub_folder(store if own is None else Path(own["folder"])) as folder,
        contextlib.suppress(StoppedError),
    ):
        proxy = proxy_command(say)
        _wait_for_embedded(store)
        free = next_free(port)
        if free != port:
            say(f"Port {port} is taken; using {free}")
        password = shared_password(folder) if own is None else None
        environment = {**os.environ, "INSIGHT_HUB": _settings(store, folder, proxy, free, own)}
        config = (config or shipped("hub_config") / "jupyterhub_config.py").resolve()
        with _running(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)], environment, folder
        ) as process:
            url = f"http://{HOST}:{free}" if own is None else own["address"]
            near = url if own is None else f"https://{HOST}:{free}"
            _wait(lambda: _answers(near, urlsplit(url).hostname, store), process, folder / "hub.log")
            ready(Hub(url, folder, password, people))
            await_end(process)
            raise _ended(process, folder / "hub.log")


def _read(governed: Path) -> dict[str, Any]:
    """Read the settings of the profile `governed`; what they say is checked by the hub's configuration."""
    try:
        said = read_yaml(governed.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise BadInput(
            f"use {governed}", "it cannot be read as YAML", "Write it as the guide shows."
        ) from None
    if not isinstance(said, dict) or not all(
        isinstance(said.get(name), str) for name in ("address", "folder")
    ):
        raise BadInput(f"use {governed}", "it needs an address and a folder", "Write it as the guide shows.")
    return said


def _settings(store: Path, folder: Path, proxy: list[str], port: int, governed: dict[str, Any] | None) -> str:
    hub_port, proxy_api_port, page_port = any_free(3)
    return json.dumps(
        {
            "governed": governed and {name: value for name, value in governed.items() if name != "folder"},
            "store": str(store),
            "folder": str(folder),
            "runtime": str(runtime_folder(store)),
            "proxy": proxy,
            "port": port,
            "hub_port": hub_port,
            "proxy_api_port": proxy_api_port,
            "page_port": page_port,
        }
    )


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into `StoppedError`; ignore more of them while everything is ended."""

    def stop(*_: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise StoppedError

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], folder: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    adopt_orphans()
    process = start(command, environment, folder)
    try:
        yield process
    finally:
        stop_all(process)


def _wait(done: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not done():
        if process.poll() is not None:
            raise _ended(process, log)
        if time.monotonic() > end:
            raise _unavailable(f"hub and gateway did not answer within {_PATIENCE:.0f} seconds", log)
        time.sleep(_EVERY)


def _ended(process: "subprocess.Popen[bytes]", log: Path) -> Unavailable:
    return _unavailable(f"it ended by itself with code {process.returncode}", log)


def _unavailable(wrong: str, log: Path) -> Unavailable:
    return Unavailable("run the hub", wrong, f"Its log is {log} and ends:\n{last_lines(log)}")


def _answers(near: str, host: str | None, store: Path) -> bool:
    """Tell whether the hub answers, the page answers through the proxy, and the gateway listens.

    Asked for here, and by name: what the names of a governed hub lead to is not this machine's to say.
    """
    page = host if near.startswith("http:") else f"insight--service.{host}"
    return _listens(store) and _fine(f"{near}/hub/health", host) and _fine(f"{near}{PAGE}health", page)


def _fine(url: str, host: str | None) -> bool:
    try:
        answer = httpx.get(url, headers={"Host": host or ""}, timeout=1.0, trust_env=False, verify=False)  # noqa: S501
    except httpx.TransportError:
        return False
    return answer.status_code < httpx.codes.BAD_REQUEST


def _listens(store: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(runtime_folder(store) / OPERATE)) == 0


def _wait_for_embedded(store: Path) -> None:
    """Wait until the gateway of a notebook or a command has ended: a store is served by one gateway only."""
    end = time.monotonic() + _GONE
    while _listens(store):
        if time.monotonic() > end:
            wrong = "a notebook or a command is using it"
            raise Unavailable(f"start a hub on {store}", wrong, "Close that one first.")
        time.sleep(_EVERY)
