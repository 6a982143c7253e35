"""Embedded mode: the gateway of a store as a process of one's own, started when none serves it.

It is the same program as under a hub. It guards nothing against its own user, who owns the store's files.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from insight_kernel.errors import InsightError, Unavailable
from insight_kernel.runtime import ASK, HOLD, OPERATE, runtime_folder

_PATIENCE = 60.0  # seconds a gateway may take to start
_LONGEST_SILENCE = 3600.0  # seconds between two events of a load
Event = dict[str, Any]


class EmbeddedGateway:
    """A held gateway: it stays as long as this object does.

    `operate` speaks for the owner of the files of `store`; `ask_address` is where a notebook asks.
    """

    def __init__(self, store: Path, *, create: bool = False, start: bool = True) -> None:
        self.store, self._folder = store, runtime_folder(store)
        held = _connected(self._folder / HOLD)
        if held is None and not start:
            raise Unavailable(f"ask the gateway of {store}", "none serves it", "Start it first.")
        self._hold = held or _started(store, self._folder, create=create)
        self._http = self._client()

    @property
    def ask_address(self) -> str:
        """Return the address of the socket for typed requests."""
        return f"unix:{self._folder / ASK}"

    def _client(self) -> httpx.Client:
        transport = httpx.HTTPTransport(uds=str(self._folder / OPERATE))
        return httpx.Client(transport=transport, base_url="http://operator", timeout=_LONGEST_SILENCE)

    def close(self) -> None:
        """Let the gateway go; it ends when nobody else holds it."""
        self._http.close()
        self._hold.close()

    def __enter__(self) -> "EmbeddedGateway":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def session(self, **asked: Any) -> str:
        """Return a run token for a workspace (user, purpose, case, necessity, recipient, run)."""
        return str(self.operate("session", **asked)["token"])

    def operate(self, command: str, **asked: Any) -> dict[str, Any]:
        """Give one of the operator's commands and return what it answers."""
        answer = self._http.post(f"/{command}", json=asked)
        if answer.status_code != httpx.codes.OK:
            raise _said(answer)
        found: dict[str, Any] = answer.json()
        return found

    def load(self, **asked: Any) -> Iterator[Event]:
        """Hand over files; yield what happens, as it happens."""
        return self._events("/load", asked)

    def retry(self, **asked: Any) -> Iterator[Event]:
        """Hand in again what waits in quarantine; yield what happens."""
        return self._events("/retry", asked)

    def stop_load(self, load: str) -> None:
        """End a load, also while its events are being read."""
        with self._client() as client:
            client.post("/stop", json={"load": load})

    def _events(self, command: str, asked: dict[str, Any]) -> Iterator[Event]:
        try:
            with self._http.stream("POST", command, json=asked) as answer:
                if answer.status_code != httpx.codes.OK:
                    answer.read()
                    raise _said(answer)
                for line in answer.iter_lines():
                    yield json.loads(line)
        except httpx.TransportError:
            wrong, remedy = (
                "the gateway ended before it was done",
                f"See {self._folder / 'gateway.log'}; load again.",
            )
            raise Unavailable("load", wrong, remedy) from None


class _SaidError(InsightError):
    """What the gateway itself said, already whole."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "", "")

    def __str__(self) -> str:
        return self.asked


def _said(answer: httpx.Response) -> InsightError:
    body = answer.json()
    place = f" ({body['place']}: {body['rule']})" if "place" in body else ""
    return _SaidError(f"{body['message']}{place}")


def _connected(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def _started(store: Path, folder: Path, *, create: bool) -> socket.socket:
    """Start a gateway, wait until it says that it is ready, and hold it."""
    command = [sys.executable, "-m", "insight_kernel.gateway", str(store), *(["--create"] if create else [])]
    said = _first_line(command, folder / "gateway.log")
    held = _connected(folder / HOLD)  # also when another process has just started one
    if held is not None:
        return held
    if said:
        raise _SaidError(said)
    raise Unavailable(f"serve {store}", "the gateway did not start", f"See {folder / 'gateway.log'}.")


def _first_line(command: list[str], log: Path) -> str:
    """Start a process that is not our child - it may outlive us, for others who hold it - and read its first line."""
    reading, writing = os.pipe()
    with log.open("ab") as errors, os.fdopen(reading, "rb") as output:
        try:
            subprocess.run(  # noqa: S603
                ["/bin/sh", "-c", '"$@" &', "sh", *command],
                stdin=subprocess.DEVNULL, stdout=writing, stderr=errors, start_new_session=True, check=True,
            )  # fmt: skip
        finally:
            os.close(writing)
        with selectors.DefaultSelector() as waiting:
            waiting.register(output, selectors.EVENT_READ)
            return output.readline().decode().strip() if waiting.select(_PATIENCE) else ""
