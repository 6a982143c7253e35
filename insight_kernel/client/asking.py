"""Asking the gateway: a typed request goes out as JSON, an Arrow table with its label comes back."""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyarrow as pa

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused, StartAgain, Unavailable

_PATIENCE = 600.0  # seconds one answer may take
_PAUSE = 0.2  # seconds between two tries to reach a gateway that is being started again
_BUSY = 60.0  # seconds in which it asks again where too many wait
_SILENT = 2.0  # seconds after which the waiting is said
_REMEDIES: dict[int, tuple[type[InsightError], str, str]] = {
    401: (Refused, "the session is not valid or has ended", "Open the workspace again: insight.open()."),
    403: (
        Refused,
        "it is not permitted",
        "Your rights or the case may have changed: see the page of INSIGHT, or name another purpose or case.",
    ),
    409: (
        StartAgain,
        "the rules or the organisation have changed meanwhile",
        "Ask again from the beginning.",
    ),
    429: (Unavailable, "too many questions wait already", "Ask again in a while."),
    404: (NotAvailable, "it is not available", "Check the id; it may never have existed."),
}


@dataclass(frozen=True)
class Asker:
    """The way to one gateway with one token; `address` is `unix:/path` or `http://...`."""

    address: str
    token: str = field(repr=False)
    wait: float = 0.0
    """Seconds to wait for a gateway that does not answer: a hub starts it again, and requests only read."""

    @classmethod
    def of_environment(cls) -> "Asker | None":
        """Return the way to the gateway that a hub or a report's run gave this process, if one did."""
        address = os.environ.get("INSIGHT_GATEWAY")
        token = os.environ.get("INSIGHT_TOKEN") or os.environ.get("JUPYTERHUB_API_TOKEN")
        return cls(address, token, wait=60.0) if address and token else None

    @property
    def environment(self) -> dict[str, str]:
        """Return what another process needs to ask in the same way: what `of_environment` reads there."""
        return {"INSIGHT_GATEWAY": self.address, "INSIGHT_TOKEN": self.token}

    def table(self, name: str, **question: Any) -> pa.Table:
        """Ask and return the answer's rows; its label stands in the schema's metadata under `insight`."""
        answer = self._post(name, question)
        return pa.ipc.open_stream(answer.content).read_all()

    def json(self, name: str, **question: Any) -> dict[str, Any]:
        """Ask something that is answered by an object."""
        found: dict[str, Any] = self._post(name, question).json()
        return found

    def _post(self, name: str, question: dict[str, Any]) -> httpx.Response:
        asked = {key: value for key, value in question.items() if value is not None}
        body, until = json.dumps(asked).encode(), time.monotonic() + _BUSY
        while (answer := self._patiently(name, body)).status_code == httpx.codes.TOO_MANY_REQUESTS:
            pause = float(answer.headers.get("Retry-After", 1))
            if time.monotonic() + pause > until:
                break
            time.sleep(pause)
        if answer.status_code != httpx.codes.OK:
            raise _error(name, answer)
        return answer

    def _patiently(self, name: str, body: bytes) -> httpx.Response:
        """Send a request; while nobody is there, again and again until the time is up."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        for _ in _tries(self.wait):
            try:
                with self._client() as client:
                    return client.post(f"/v1/{name}", content=body, headers=headers)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                continue
            except httpx.TransportError:
                break
        raise Unavailable(name, "the gateway does not answer", "Open the workspace again: insight.open().")

    def _client(self) -> httpx.Client:
        if self.address.startswith("unix:"):
            # no TLS on a Unix socket: without this, 40 ms are spent on reading certificates for each request
            transport = httpx.HTTPTransport(uds=self.address.removeprefix("unix:"), verify=False)
            return httpx.Client(transport=transport, base_url="http://gateway", timeout=_PATIENCE)
        return httpx.Client(base_url=self.address, timeout=_PATIENCE)


def _tries(wait: float) -> Iterator[None]:
    """Yield once, and again as long as there is time; say so when it takes long."""
    start, said = time.monotonic(), False
    yield
    while (waited := time.monotonic() - start) < wait:
        if waited >= _SILENT and not said:
            sys.stderr.write("INSIGHT: the gateway is being started again, waiting for it ...\n")
            said = True
        time.sleep(_PAUSE)
        yield


def _error(name: str, answer: httpx.Response) -> InsightError:
    is_ours = answer.headers.get("content-type") == "application/json"  # the web server's own are plain text
    status, body = answer.status_code, answer.json() if is_ours else {}
    if body.get("code") == "needs_other_ground":
        return Refused(name, f"{body['place']}: {body['rule']}", "Name the entities by id.")
    if "place" in body:
        return BadInput(name, f"{body['place']}: {body['rule']}", "Mend the request.")
    kind, wrong, remedy = _REMEDIES.get(
        status,
        (
            Unavailable,
            "the gateway cannot answer now",
            f"Try again; if it stays, report {body.get('error_id', status)}.",
        ),
    )
    return kind(name, wrong, remedy)
