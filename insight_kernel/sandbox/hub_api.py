"""Of the hub, a sandbox reaches the API and nothing else: no page, no login, one request a connection.

What a request is, is decided here: its head is read whole, and what is handed on is written anew from what was read.
"""

import asyncio
import contextlib

import h11

from insight_kernel.sandbox.relay import Address, connected, listen, pump

_PART = 65536  # bytes
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def forward_api(at: str, to: Address, path: str) -> asyncio.Server:
    """Listen at a Unix socket; hand on each request whose target is `path` or below it, refuse others."""

    async def asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, h11.RemoteProtocolError):
            arriving = h11.Connection(h11.SERVER)
            request = await _next(arriving, reader)
            if isinstance(request, h11.Request) and is_below(request.target.decode("latin-1"), path):
                await _hand_on(request, arriving, reader, writer, to)
            else:
                writer.write(_REFUSED)
        writer.close()

    return await listen(at, asked)


async def _hand_on(
    request: h11.Request, arriving: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    to: Address,
) -> None:  # fmt: skip
    far_reader, far_writer = await connected(to)
    answering = asyncio.create_task(pump(far_reader, writer))
    leaving = h11.Connection(h11.CLIENT)
    headers = [(name, value) for name, value in request.headers if name != b"connection"]
    event: h11.Event = h11.Request(
        method=request.method, target=request.target, headers=[*headers, (b"connection", b"close")]
    )
    try:
        while not isinstance(event, h11.EndOfMessage):
            far_writer.write(leaving.send(event) or b"")
            await far_writer.drain()
            event = await _next(arriving, reader)
        far_writer.write(leaving.send(event) or b"")
        await answering
    finally:
        answering.cancel()
        far_writer.close()


async def _next(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Event:
    """Return what comes next of a request; one that is cut off is none."""
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(await reader.read(_PART))
    if not isinstance(event, h11.Request | h11.Data | h11.EndOfMessage):
        raise h11.RemoteProtocolError("ended early")
    return event


def is_below(target: str, path: str) -> bool:
    """Tell whether a request's target is a path or below it, however it is written.

    Examples
    --------
    >>> [is_below(target, "/hub/api") for target in ("/hub/api", "/hub/api/user", "/hub/api?x=/../", "/hub/login")]
    [True, True, True, False]
    >>> [is_below(target, "/hub/api") for target in ("/hub/api/../login", "/hub/api/%2e%2e/login", "/hub/apiary")]
    [False, False, False]
    >>> is_below("http://hub/hub/api/user", "/hub/api")
    False
    """
    asked, _, _ = target.partition("?")
    plain = "%2e" not in asked.lower() and ".." not in asked.split("/")
    return plain and (asked == path or asked.startswith(f"{path}/"))
