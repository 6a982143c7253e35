"""The one module that starts servers: a gateway or a whole hub as real processes, asked over their real sockets."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pyarrow as pa
import websocket

from insight_kernel.benchmarks.hub_browser import execute_request
from insight_kernel.client.asking import Asker
from insight_kernel.launch.ports import any_free
from insight_kernel.runtime import ASK, HOLD, OPERATE, runtime_folder
from tests.build import handed

PLAIN = ("-W", "error", "-m", "insight_kernel.gateway")
_PATIENCE = 60
DEADLINE = 60.0  # seconds
Event = dict[str, Any]


def until(condition: Callable[[], Any], seconds: float = DEADLINE) -> Any:
    """Wait until a condition holds, and return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return found


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
        return ask(self.store, name, body, token, query=query, content_type=content_type, **headers)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


def ask(store: Path, name: str, body: bytes | Mapping[str, Any], token: str | None, *, query: str = "",
        content_type: str | None = "application/json", **headers: str) -> httpx.Response:  # fmt: skip
    """Send a raw request to the socket for typed requests of a store's gateway."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {**headers, **({"Content-Type": content_type} if content_type else {})}
    raw = {key.encode(): value.encode("latin-1") for key, value in sent.items()}
    raw |= {b"Authorization": f"Bearer {token}".encode("latin-1")} if token is not None else {}
    with _client(runtime_folder(store) / ASK) as client:
        return client.post(f"/v1/{name}{query}", content=content, headers=raw)


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
                try:
                    process.communicate(timeout=_PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()  # nothing is left behind, whatever a test has found
                    raise


class NotReadyError(AssertionError):
    """The gateway did not start; `said` is its one line, `log` its standard error."""

    def __init__(self, said: str, log: str) -> None:
        super().__init__(said, log)
        self.said, self.log = said, log


_CONFIG = Path(__file__).parent / "hub_for_tests.py"
_SERVER_TOKEN = ("access:servers!server={}/{}", "users:activity!user", "access:services!service=insight")
_ASK = "custom:insight:ask"
_LAST_LINE = "Ctrl-C ends"


@dataclass(frozen=True)
class Executed:
    """What a cell gave: its text, and its error as name and message."""

    text: str
    error: str | None


@dataclass(frozen=True)
class RunningHub:
    """A hub started by `insight up`; `said` is what it printed, `token` that of a service for tests."""

    store: Path
    process: "subprocess.Popen[str]"
    said: str
    token: str

    @property
    def url(self) -> str:
        """Return the public address, without a slash at its end."""
        return self._said("Address")

    @property
    def password(self) -> str:
        """Return the password of every account."""
        return self._said("Password")

    @property
    def log(self) -> Path:
        """Return the hub's log."""
        return Path(self._said("Log"))

    def api(self, method: str, path: str, *, token: str | None = None, **asked: Any) -> httpx.Response:
        """Ask the hub's API, as the tests' service or with another token."""
        headers = {"Authorization": f"token {token or self.token}"}
        return httpx.request(
            method, f"{self.url}/hub/api{path}", headers=headers, timeout=_PATIENCE, trust_env=False, **asked
        )

    def server_token(self, user: str, case: str, **asked: Any) -> str:
        """Return a token like that of the user's server of a case, which need not run."""
        scopes = [scope.format(user, case.lower()) for scope in _SERVER_TOKEN]
        groups = self.api("GET", f"/users/{user}").json()["groups"]
        scopes += [_ASK] if any(group.startswith("case-") for group in groups) else []
        return self.user_token(user, scopes, **asked)

    def user_token(self, user: str, scopes: Sequence[str], **asked: Any) -> str:
        """Return a token of a user with these scopes."""
        body = {"scopes": list(scopes), "expires_in": 3600, **asked}
        answer = self.api("POST", f"/users/{user}/tokens", json=body)
        answer.raise_for_status()
        return str(answer.json()["token"])

    @contextmanager
    def browser(self, user: str) -> Iterator[httpx.Client]:
        """Give a client that has logged in as a browser does."""
        with httpx.Client(
            base_url=self.url, timeout=_PATIENCE, trust_env=False, follow_redirects=True
        ) as client:
            client.get("/hub/login")
            form = {"username": user, "password": self.password, "_xsrf": client.cookies["_xsrf"]}
            answer = client.post("/hub/login", data=form, follow_redirects=False)
            if not answer.has_redirect_location:
                raise AssertionError(answer.text)
            yield client

    def operate(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send one of the operator's commands to the hub's gateway."""
        with _client(runtime_folder(self.store) / OPERATE) as client:
            return client.post(path, json=dict(body))

    def open(self, user: str, case: str, purpose: str = "network", **asked: Any) -> int:
        """Open a workspace as the page does; return its generation."""
        answer = self.operate("/open", {"user": user, "case": case, "purpose": purpose, **asked})
        answer.raise_for_status()
        return int(answer.json()["generation"])

    def spawn(self, user: str, case: str) -> None:
        """Start the user's server of a case and wait until it is ready."""
        self.api("POST", f"/users/{user}/servers/{case.lower()}").raise_for_status()
        headers, path = (
            {"Authorization": f"token {self.token}"},
            f"/users/{user}/servers/{case.lower()}/progress",
        )
        with httpx.stream("GET", f"{self.url}/hub/api{path}", headers=headers, timeout=_PATIENCE,
                          trust_env=False) as events:  # fmt: skip
            lines = [line for line in events.iter_lines() if line.startswith("data:")]
        if not json.loads(lines[-1].removeprefix("data:")).get("ready"):
            raise AssertionError(f"{lines[-1]}\n{self.log.read_text()[-4000:]}")

    def execute(self, user: str, case: str, code: str) -> Executed:
        """Run a cell in a fresh kernel of a running server, over the kernel's websocket as JupyterLab does."""
        headers = {"Authorization": f"token {self.server_token(user, case)}"}
        at = f"{self.url}/user/{user}/{case.lower()}/api/kernels"
        with httpx.Client(headers=headers, timeout=_PATIENCE, trust_env=False) as client:
            kernel = client.post(at, json={}).raise_for_status().json()["id"]
            channels = websocket.create_connection(
                f"{at.replace('http', 'ws', 1)}/{kernel}/channels", header=headers, timeout=_PATIENCE
            )
            try:
                return executed(channels, code)
            finally:
                channels.close()
                client.delete(f"{at}/{kernel}")

    def family(self) -> list[psutil.Process]:
        """Return `insight up` and every process it started."""
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to end; return its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode

    def _said(self, word: str) -> str:
        return next(line.split()[1] for line in self.said.splitlines() if line.startswith(word))


@contextmanager
def hub(
    store: Path, *, port: int | None = None, more: Sequence[str] = (), **environment: str
) -> Iterator[RunningHub]:  # fmt: skip
    """Run `insight up` on a store as long as the block lasts; it may be stopped in between."""
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "insight_kernel.cli", "up", "--store", str(store), "--config", str(_CONFIG),
               "--port", str(port or any_free(1)[0]), *more]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        env={**os.environ, "INSIGHT_TEST_TOKEN": token, "PYTHONUNBUFFERED": "1", **environment},
    )  # fmt: skip
    with process:
        said = ""
        for line in process.stdout or ():
            said += line
            if line.startswith(_LAST_LINE):
                break
        else:
            process.wait()
            raise NotReadyError(said, "")
        try:
            yield RunningHub(store, process, said, token)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_PATIENCE)


def executed(channels: "websocket.WebSocket", code: str) -> Executed:
    """Send a cell and gather what it gives until the kernel is idle again."""
    sent = uuid4().hex
    channels.send(json.dumps(execute_request(sent, code)))
    text, error = "", None
    while True:
        said = json.loads(channels.recv())
        if said["parent_header"].get("msg_id") != sent:
            continue
        kind, body = said["msg_type"], said["content"]
        if kind == "stream":
            text += body["text"]
        elif kind in ("execute_result", "display_data"):
            text += body["data"].get("text/plain", "") + "\n"
        elif kind == "error":
            error = f"{body['ename']}: {body['evalue']}"
        elif kind == "status" and body["execution_state"] == "idle":
            return Executed(text, error)


def read_table(answer: httpx.Response) -> pa.Table:
    """Return the rows of an answer."""
    return pa.ipc.open_stream(answer.content).read_all()


def _client(path: Path) -> httpx.Client:
    return httpx.Client(
        transport=httpx.HTTPTransport(uds=str(path), verify=False),
        base_url="http://gateway",
        timeout=_PATIENCE,
    )
