"""Asking the gateway: a typed request goes out as JSON, an Arrow table with its label comes back."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyarrow as pa

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused, Unavailable

_PATIENCE = 600.0  # seconds one answer may take
_REMEDIES: dict[int, tuple[type[InsightError], str, str]] = {
    401: (Refused, "the session is not valid or has ended", "Open the workspace again: insight.open()."),
    403: (Refused, "it is not permitted", "Ask for another purpose or case."),
    404: (NotAvailable, "it is not available", "Check the id; it may never have existed."),
}


@dataclass(frozen=True)
class Asker:
    """The way to one gateway with one token; `address` is `unix:/path` or `http://...`."""

    address: str
    token: str = field(repr=False)

    def table(self, name: str, **question: Any) -> pa.Table:
        """Ask and return the answer's rows; its label stands in the schema's metadata under `insight`."""
        answer = self._post(name, question)
        return pa.ipc.open_stream(answer.content).read_all()

    def json(self, name: str) -> dict[str, Any]:
        """Ask something that is answered by an object."""
        found: dict[str, Any] = self._post(name, {}).json()
        return found

    def _post(self, name: str, question: dict[str, Any]) -> httpx.Response:
        asked = {key: value for key, value in question.items() if value is not None}
        try:
            with self._client() as client:
                answer = client.post(
                    f"/v1/{name}",
                    content=json.dumps(asked).encode(),
                    headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
                )
        except httpx.TransportError:
            raise Unavailable(
                name, "the gateway does not answer", "Open the workspace again: insight.open()."
            ) from None
        if answer.status_code != httpx.codes.OK:
            raise _error(name, answer)
        return answer

    def _client(self) -> httpx.Client:
        if self.address.startswith("unix:"):
            # no TLS on a Unix socket: without this, 40 ms are spent on reading certificates for each request
            transport = httpx.HTTPTransport(uds=self.address.removeprefix("unix:"), verify=False)
            return httpx.Client(transport=transport, base_url="http://gateway", timeout=_PATIENCE)
        return httpx.Client(base_url=self.address, timeout=_PATIENCE)


def _error(name: str, answer: httpx.Response) -> InsightError:
    status, body = answer.status_code, answer.json()
    if body.get("code") == "needs_other_ground":
        return Refused(name, f"{body['place']}: {body['rule']}", "Name the entities by id.")
    if "place" in body:
        return BadInput(name, f"{body['place']}: {body['rule']}", "Mend the request.")
    kind, wrong, remedy = _REMEDIES.get(
        status,
        (Unavailable, "the gateway cannot answer now", f"Try again; if it stays, report {body['error_id']}."),
    )
    return kind(name, wrong, remedy)
