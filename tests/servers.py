"""The one module that starts servers: a gateway as a real process, asked over its real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa

from insight_kernel.client.asking import Asker
from insight_kernel.runtime import ASK, HOLD, OPERATE, runtime_folder
from tests.build import handed

PLAIN = ("-W", "error", "-m", "insight_kernel.gateway")
_PATIENCE = 60
Event = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A running gateway."""

    store: Path
    process: "subprocess.Popen[str]"

    @property
    def address(self) -> str:
        """Return the address for typed requests."""
        return f"unix:{runtime_folder(self.store) / ASK}"

    def session(self, user: str = "ana", purpose: str = "network", **asked: Any) -> str:
        """Return a token of a new session, opened through the operator's socket."""
        return str(self.operate("/session", {"user": user, "purpose": purpose, **asked}).json()["token"])

    def asker(self, user: str = "ana", purpose: str = "network", **asked: Any) -> Asker:
        """Return a client with a session of its own."""
        return Asker(self.address, self.session(user, purpose, **asked))

    def operate(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send one of the operator's commands."""
        with _client(runtime_folder(self.store) / OPERATE) as client:
            return client.post(path, json=dict(body))

    def load(self, paths: Sequence[Path], profile: Path, **asked: Any) -> list[Event]:
        """Load files; return the events without the progress."""
        return [event for event in self.loading(paths, profile, **asked) if event["event"] != "progress"]

    def loading(self, paths: Sequence[Path], profile: Path, **asked: Any) -> Iterator[Event]:
        """Load files; yield the events as they come, until the gateway is done or gone."""
        kept = {"keep_good": asked.pop("keep_good")} if "keep_good" in asked else {}
        body = {"deliveries": [handed(paths, profile, **asked)], **kept}
        with (
            _client(runtime_folder(self.store) / OPERATE) as client,
            client.stream("POST", "/load", json=body) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                answer.read()
                raise AssertionError(answer.text)
            for line in answer.iter_lines():
                yield json.loads(line)

    def post(self, name: str, body: bytes | Mapping[str, Any], token: str | None, *, query: str = "",
             content_type: str | None = "application/json", **headers: str) -> httpx.Response:  # fmt: skip
        """Send a raw request to the socket for typed requests."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {**headers, **({"Content-Type": content_type} if content_type else {})}
        sent |= {"Authorization": f"Bearer {token}"} if token is not None else {}
        with _client(runtime_folder(self.store) / ASK) as client:
            return client.post(f"/v1/{name}{query}", content=content, headers=sent)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def gateway(store: Path, *, command: Sequence[str] = PLAIN, **environment: str) -> Iterator[Server]:
    """Serve a store by a process of its own, held as long as the block lasts; it may die in between."""
    process = subprocess.Popen(
        [sys.executable, *command, str(store), "--create"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip
    with process:
        said = process.stdout.readline().strip() if process.stdout else ""
        if said != "ready":
            raise NotReadyError(said, process.communicate(timeout=_PATIENCE)[1])
        with socket.socket(socket.AF_UNIX) as hold:
            hold.connect(str(runtime_folder(store) / HOLD))
            try:
                yield Server(store, process)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.communicate(timeout=_PATIENCE)


class NotReadyError(AssertionError):
    """The gateway did not start; `said` is its one line, `log` its standard error."""

    def __init__(self, said: str, log: str) -> None:
        super().__init__(said, log)
        self.said, self.log = said, log


def read_table(answer: httpx.Response) -> pa.Table:
    """Return the rows of an answer."""
    return pa.ipc.open_stream(answer.content).read_all()


def _client(path: Path) -> httpx.Client:
    return httpx.Client(
        transport=httpx.HTTPTransport(uds=str(path), verify=False),
        base_url="http://gateway",
        timeout=_PATIENCE,
    )
