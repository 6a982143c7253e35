"""Who is at the other end of a Unix socket: the kernel of the machine knows, whatever the request says."""

import asyncio
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any

from insight_kernel.gateway.arriving import ArrivingProtocol

UNKNOWN = -1  # where the system does not tell; then tokens of a hub are refused
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid, as the machine's kernel gives them


class PeerProtocol(ArrivingProtocol):
    """HTTP over a Unix socket; the peer's uid takes the place of a network address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the uid of whoever connects."""
        super().connection_made(transport)
        self.client = ("uid", _uid(transport.get_extra_info("socket")))


def peer_of(scope: Mapping[str, Any]) -> int | None:
    """Return the uid of a request's peer, if it came over a Unix socket."""
    kind, number = scope.get("client") or ("", None)
    return number if kind == "uid" and number != UNKNOWN else None


def _uid(connection: socket.socket) -> int:
    if sys.platform != "linux":
        return UNKNOWN
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(raw)[1]
    return uid
