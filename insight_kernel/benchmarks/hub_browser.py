"""What a browser does from login to the first cell's output, with cookies only and without drawing anything."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from insight_kernel.benchmarks.hub_processes import RunningHub
from insight_kernel.errors import Unavailable

if TYPE_CHECKING:
    import websocket

_PATIENCE = 180.0  # seconds one step may take


@dataclass(frozen=True)
class Browser:
    """One person's browser at one hub."""

    client: httpx.Client
    user: str

    def log_in(self, password: str) -> None:
        """Fill in the hub's login form."""
        self.client.get("/hub/login").raise_for_status()
        form = {"username": self.user, "password": password, "_xsrf": self._secret("/hub/")}
        answer = self.client.post("/hub/login", data=form, follow_redirects=False)
        if not answer.has_redirect_location:
            raise _failed(f"{self.user} is not let in", answer)

    def wait_for_server(self, server: str) -> None:
        """Follow the hub's progress events of a server (`` is the unnamed one) until it is ready."""
        last = ""
        asked = {"_xsrf": self._secret("/hub/")}
        with self.client.stream("GET", f"{self._server(server)}/progress", params=asked) as events:
            for line in events.iter_lines():
                last = line.removeprefix("data:") if line.startswith("data:") else last
        if not last or not json.loads(last).get("ready"):
            raise Unavailable(
                "measure the hub", f"the server of {self.user} did not start: {last}", "Report this."
            )

    def run(self, server: str, code: str) -> str:
        """Open JupyterLab's page, start a kernel, run a cell over its websocket and return what it printed."""
        at = f"/user/{self.user}/{server}/" if server else f"/user/{self.user}/"
        self.client.get(f"{at}lab").raise_for_status()
        headers = {"X-XSRFToken": self._secret(at)}
        kernel = self.client.post(f"{at}api/kernels", json={}, headers=headers)
        if not kernel.is_success:
            raise _failed("no kernel started", kernel)
        with self._channels(f"{at}api/kernels/{kernel.json()['id']}/channels") as channels:
            return _printed(channels, code)

    def stop(self, server: str) -> None:
        """End a server and wait until it has ended."""
        headers = {"X-XSRFToken": self._secret("/hub/")}
        answer = self.client.delete(self._server(server), headers=headers)
        while answer.status_code == HTTPStatus.ACCEPTED:
            found = self.client.get(f"/hub/api/users/{self.user}", headers=headers).raise_for_status().json()
            if server not in found["servers"]:
                return
        if not answer.is_success:
            raise _failed("its server does not end", answer)

    def _server(self, server: str) -> str:
        return f"/hub/api/users/{self.user}/" + (f"servers/{server}" if server else "server")

    def _secret(self, path: str) -> str:
        """Return the cookie that scripts of a path send back with what they ask."""
        found = [c.value for c in self.client.cookies.jar if (c.name, c.path) == ("_xsrf", path)]
        if not found:
            raise Unavailable("measure the hub", f"it set no cookie _xsrf for {path}", "Report this.")
        return found[0] or ""

    @contextmanager
    def _channels(self, path: str) -> Iterator["websocket.WebSocket"]:
        import websocket

        request = self.client.build_request("GET", path)
        address = str(request.url.copy_with(scheme="ws"))
        channels = websocket.create_connection(address, cookie=request.headers["cookie"], timeout=_PATIENCE)
        try:
            yield channels
        finally:
            channels.close()


@contextmanager
def browser(hub: RunningHub, user: str) -> Iterator[Browser]:
    """Give a person's browser, which remembers nothing yet."""
    with httpx.Client(
        base_url=hub.url, timeout=_PATIENCE, trust_env=False, follow_redirects=True
    ) as client:  # fmt: skip
        yield Browser(client, user)


def _printed(channels: "websocket.WebSocket", code: str) -> str:
    """Send a cell and gather what it prints until the kernel is idle again."""
    sent, text = uuid4().hex, ""
    channels.send(json.dumps(execute_request(sent, code)))
    while True:
        said = json.loads(channels.recv())
        if said["parent_header"].get("msg_id") != sent:
            continue
        kind, body = said["msg_type"], said["content"]
        if kind == "stream" and body["name"] == "stdout":
            text += body["text"]
        elif kind == "error":
            raise Unavailable(
                "measure the hub", f"a cell failed: {body['ename']}: {body['evalue']}", "Report this."
            )
        elif kind == "status" and body["execution_state"] == "idle":
            return text


def execute_request(sent: str, code: str) -> dict[str, Any]:
    """Return the message by which a browser has a cell executed; `sent` is its id and its session."""
    header = {
        "msg_id": sent,
        "msg_type": "execute_request",
        "session": sent,
        "username": "",
        "version": "5.3",
    }
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
    }
    parts: dict[str, Any] = {"parent_header": {}, "metadata": {}, "channel": "shell", "buffers": []}
    return {**parts, "header": header, "content": content}


def _failed(wrong: str, answer: httpx.Response) -> Unavailable:
    said = f"{wrong}: {answer.status_code} {answer.text[:200]}"
    return Unavailable("measure the hub", said, "Report this.")
