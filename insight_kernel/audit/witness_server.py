"""A witness as a program: it takes checkpoints by HTTP on one address, and says what it last countersigned."""

import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from insight_kernel.audit.witness import Witness
from insight_kernel.errors import BadInput

_MOST_BYTES = 100_000
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class WitnessApp:
    """`POST /` shows a checkpoint, `GET /LOG` asks for the last one of a log."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request: 200, 403 not signed, 404 nothing seen, 409 contradicted, 413 too long."""
        if scope["method"] == "POST":
            body = await _body(receive)
            status, said = (413, {}) if body is None else self._shown(body)
        else:
            last = self._witness.last(scope["path"].removeprefix("/"))
            status, said = (200, last.as_dict()) if last else (404, {})
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})

    def _shown(self, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            raw = json.loads(body)
            seen = self._witness.show(raw if isinstance(raw, dict) else {})
        except (BadInput, ValueError, RecursionError):
            return 403, {}
        return (409 if seen.refused else 200), seen.as_dict()


async def _body(receive: Receive) -> bytes | None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > _MOST_BYTES:
            return None
    return body


def serve(folder: Path, address: str) -> None:
    """Serve a witness until it is told to end; its first line is its public key."""
    import uvicorn

    witness = Witness(folder)
    where = listening(address)
    sys.stdout.write(f"public key {witness.public}\n")
    sys.stdout.flush()
    uvicorn.run(WitnessApp(witness), **where, log_level="warning", access_log=False, lifespan="off")


def listening(address: str) -> dict[str, Any]:
    """Return where a server listens for `unix:/path` or `http://host:port`.

    Examples
    --------
    >>> listening("unix:/run/witness.sock"), listening("http://127.0.0.1:8100")
    ({'uds': '/run/witness.sock'}, {'host': '127.0.0.1', 'port': 8100})
    """
    if address.startswith("unix:/"):
        return {"uds": address.removeprefix("unix:")}
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname or not parts.port:
        raise BadInput(f"listen on {address}", "it is no address", "Write unix:/path or http://host:port.")
    return {"host": parts.hostname, "port": parts.port}
