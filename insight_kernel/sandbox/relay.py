"""Bytes from one socket to another: a server in a sandbox speaks TCP, and only Unix sockets lead out of it."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from insight_kernel.sandbox.recipe import LINK

HOST = "127.0.0.1"
Address = tuple[str, int] | str
"""A host and port, or the path of a Unix socket."""

HUB, SERVER = f"{LINK}/hub.sock", f"{LINK}/server.sock"
_PART = 65536  # bytes
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_Asked = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def forward(at: Address, to: Address) -> asyncio.Server:
    """Listen at one address; connect whoever comes to the other one."""

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):  # nobody listens there yet: whoever asked tries again
            far_reader, far_writer = await connected(to)
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
            far_writer.close()
        writer.close()

    return await listen(at, joined)


async def listen(at: Address, asked: _Asked) -> asyncio.Server:
    """Listen at an address; what a killed relay left there goes."""
    if isinstance(at, str):
        Path(at).unlink(missing_ok=True)
        return await asyncio.start_unix_server(asked, at)
    return await asyncio.start_server(asked, *at)


def port_of(environment: Mapping[str, str], name: str) -> int:
    """Return the port of an address the hub gives to a server.

    Examples
    --------
    >>> port_of({"JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api"}, "JUPYTERHUB_API_URL")
    8081
    """
    port = urlsplit(environment[name]).port
    if port is None:
        raise ValueError(f"{name} names no port")
    return port


def hub_port() -> int:
    """Return the port at which a server asks the hub."""
    return port_of(os.environ, "JUPYTERHUB_API_URL")


def hub_path() -> str:
    """Return the path of the hub's API."""
    return urlsplit(os.environ["JUPYTERHUB_API_URL"]).path.rstrip("/")


def server_port() -> int:
    """Return the port at which a server is asked."""
    return port_of(os.environ, "JUPYTERHUB_SERVICE_URL")


async def connected(to: Address) -> _Streams:
    """Return what is read and written at an address."""
    return await (asyncio.open_unix_connection(to) if isinstance(to, str) else asyncio.open_connection(*to))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes until one side ends; the other is told."""
    with contextlib.suppress(OSError):
        while part := await reader.read(_PART):
            writer.write(part)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
