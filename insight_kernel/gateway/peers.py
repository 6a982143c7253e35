"""Who is at the other end of a Unix socket: the kernel of the machine knows, whatever the request says."""

import asyncio
from collections.abc import Mapping
from typing import Any

from insight_kernel.gateway.arriving import ArrivingProtocol
from insight_kernel.runtime import UNKNOWN, peer_uid


class PeerProtocol(ArrivingProtocol):
    """HTTP over a Unix socket; the peer's uid takes the place of a network address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the uid of whoever connects."""
        super().connection_made(transport)
        self.client = ("uid", peer_uid(transport.get_extra_info("socket")))


def peer_of(scope: Mapping[str, Any]) -> int | None:
    """Return the uid of a request's peer, if it came over a Unix socket."""
    kind, number = scope.get("client") or ("", None)
    return number if kind == "uid" and number != UNKNOWN else None
