"""The gateway as a process: `python -m insight_kernel.gateway STORE [--create] [--hub]`.

It serves one store on Unix sockets, says `ready` on standard output once it listens, and ends when nobody
holds it any more. With `--hub` it is a service of a hub: it stays until it is told to end, and also serves the page.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import uvicorn

from insight_kernel.errors import InsightError, Unavailable
from insight_kernel.gateway.app import ask_app, operate_app
from insight_kernel.gateway.arriving import ArrivingProtocol
from insight_kernel.gateway.hub import Hub, HubSettings
from insight_kernel.gateway.page.app import page_app
from insight_kernel.gateway.peers import PeerProtocol
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.retention import Retention
from insight_kernel.gateway.service import Gateway
from insight_kernel.runtime import ASK, HOLD, OPERATE, runtime_folder
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

_QUIET = {"log_level": "warning", "access_log": False, "lifespan": "off", "timeout_graceful_shutdown": 5}
_HOUR = 3600.0
_LOOK = 3.0  # seconds in which a member who lost a right, and asks nothing, loses the room's server
_log = logging.getLogger("insight.gateway")
_OWN_FILES, _MOST_CONNECTED = 128, 100_000
_GRACE = 2.0  # seconds without a holder before the gateway ends


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Catch nothing."""
        yield


class Holders:
    """Connections to the hold socket: as long as there is one, the gateway stays."""

    def __init__(self, stop: asyncio.Event, *, stays: bool) -> None:
        self._stop, self._held, self._stays = stop, 0, stays
        self._ending: asyncio.TimerHandle | None = None
        self._count()

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Stay until the other side goes."""
        self._held += 1
        self._count()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        self._held -= 1
        self._count()

    def _count(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        loop = asyncio.get_running_loop()
        self._ending = None if self._held or self._stays else loop.call_later(_GRACE, self._stop.set)


async def serve(store_folder: Path, *, create: bool, settings: HubSettings | None) -> None:
    """Serve until nobody holds the gateway, or a signal asks it to end."""
    hub = Hub(settings) if settings else None
    gateway = Gateway(Store(open_folder(store_folder, create=create)), hub)
    folder = runtime_folder(store_folder)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    for name in (ASK, OPERATE, HOLD):
        (folder / name).unlink(missing_ok=True)  # left by a killed gateway: the database's lock is ours
    keeping = Retention(gateway)
    servers = [
        _server(ask_app(gateway), folder / ASK, _telling(PeerProtocol, gateway)),
        _server(operate_app(gateway, keeping), folder / OPERATE, PeerProtocol),
    ]
    if hub is not None:
        servers.append(_page_server(gateway, hub))
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    try:
        while not all(server.started for server in servers) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.01)
        holders = await asyncio.start_unix_server(Holders(stop, stays=hub is not None).hold, folder / HOLD)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.gather(_keep(keeping, stop), *([_watch(gateway, stop)] if hub is not None else []))
        holders.close()  # without waiting: who still holds would keep a gateway that was asked to end
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in (ASK, OPERATE, HOLD):
            (folder / name).unlink(missing_ok=True)
        gateway.close()


async def _keep(keeping: Retention, stop: asyncio.Event) -> None:
    """Do what retention asks at once and every hour, until told to end; what fails now is tried again."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(keeping.run)
        except InsightError as error:
            _log.warning("retention: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _HOUR)


async def _watch(gateway: Gateway, stop: asyncio.Event) -> None:
    """Look at every room every few seconds; while the hub is away nobody is let in anyway."""
    while not stop.is_set():
        with contextlib.suppress(Unavailable):
            await asyncio.to_thread(gateway.look_at_rooms)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK)


def _server(app: object, path: Path, protocol: type[ArrivingProtocol]) -> uvicorn.Server:
    more: dict[str, Any] = {"limit_concurrency": _most_connections(), **_QUIET}
    return _Server(uvicorn.Config(app, uds=str(path), http=protocol, **more))  # type: ignore[arg-type]


def _most_connections() -> int:
    """Return how many may be connected at once: the process keeps files for itself, and says 503 to whoever is more."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(allowed - _OWN_FILES, 1) if allowed != resource.RLIM_INFINITY else _MOST_CONNECTED


def _page_server(gateway: Gateway, hub: Hub) -> uvicorn.Server:
    at = {"host": hub.settings.host, "port": hub.settings.port, "http": _telling(ArrivingProtocol, gateway)}
    return _Server(uvicorn.Config(page_app(gateway, hub), **at, **_QUIET))  # type: ignore[arg-type]


def _telling(protocol: type[ArrivingProtocol], gateway: Gateway) -> type[ArrivingProtocol]:
    """Return the protocol, which has the log count what did not arrive."""

    def refused(status: int) -> None:
        with contextlib.suppress(InsightError):  # nothing was answered: it may be missing in the log
            gateway.refusals.record(DeniedError(status, "did-not-arrive", "tally"), "connection")

    return type(protocol.__name__, (protocol,), {"refused": staticmethod(refused)})


def main() -> None:
    """Serve the store named on the command line; one clear line when that cannot be done."""
    os.umask(0o077)
    try:
        settings = HubSettings.from_environment() if "--hub" in sys.argv[2:] else None
        asyncio.run(serve(Path(sys.argv[1]), create="--create" in sys.argv[2:], settings=settings))
    except InsightError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
