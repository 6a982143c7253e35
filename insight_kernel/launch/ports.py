"""Free ports of this machine's own address."""

import contextlib
import socket

from insight_kernel.errors import Unavailable

HOST = "127.0.0.1"
_TRIES = 100


def next_free(wanted: int) -> int:
    """Return the first free port from `wanted` on.

    Examples
    --------
    >>> with socket.create_server((HOST, 0)) as taken:
    ...     next_free(taken.getsockname()[1]) > taken.getsockname()[1]
    True
    """
    for port in range(wanted, min(wanted + _TRIES, 65536)):
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port
    raise Unavailable(
        "start the hub", f"the {_TRIES} ports from {wanted} on are all taken", "Name another --port."
    )


def any_free(count: int) -> list[int]:
    """Return that many different free ports.

    Examples
    --------
    >>> len(set(any_free(3)))
    3
    """
    with contextlib.ExitStack() as held:
        taken = [held.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [int(server.getsockname()[1]) for server in taken]
