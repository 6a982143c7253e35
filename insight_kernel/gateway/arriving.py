"""How a request arrives: within a size and within a time, so that nobody holds a place by sending slowly."""

import asyncio
import sys
from collections.abc import Callable
from http import HTTPStatus

import h11
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from uvicorn.protocols.http.h11_impl import H11Protocol

SLOWEST = 30.0
"""Seconds in which a request's head must have arrived, and as many for its body."""
_SHUT = (h11.IDLE, h11.SEND_RESPONSE)


async def body_of(request: Request, most: int) -> bytes:
    """Return a body, reading no more of it than may be sent, and no longer; raise 413 or 408 otherwise."""
    body = b""
    try:
        async with asyncio.timeout(SLOWEST):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise HTTPException(413)
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408) from None
    return body


class ArrivingProtocol(H11Protocol):
    """HTTP that gives up what does not arrive; `refused` is told the status."""

    refused: Callable[[int], None] = staticmethod(lambda status: None)  # noqa: ARG005

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait(False)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # every refusal says its status alone
        """Refuse what is not HTTP, or whose head is too long."""
        error = sys.exception()
        self._refuse(error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400)

    def _watch(self) -> None:
        self._wait(self.conn.their_state in (h11.IDLE, h11.SEND_BODY))

    def _wait(self, arriving: bool) -> None:
        """Let the time run from the first moment on: another byte gives no more of it."""
        if not arriving and self._late is not None:
            self._late.cancel()
            self._late = None
        elif arriving and self._late is None:
            self._late = self.loop.call_later(SLOWEST, self._too_late)

    def _too_late(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE:
            self._refuse(408)
        elif self.cycle.response_complete:  # refused already; the rest of its body is not waited for
            self.transport.close()
        else:  # what reads its body gives it up
            self._watch()

    def _refuse(self, status: int) -> None:
        if self.conn.our_state in _SHUT:
            phrase = HTTPStatus(status).phrase.encode()
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            for event in (
                h11.Response(status_code=status, headers=headers, reason=phrase),
                h11.Data(data=phrase),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
            self.loop.run_in_executor(None, self.refused, status)
        self.transport.close()
