"""The gateway as a process: `python -m insight_kernel.gateway STORE [--create]` serves one store on Unix sockets.

It says `ready` on standard output once it listens, and ends when nobody holds it any more.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import uvicorn

from insight_kernel.errors import InsightError
from insight_kernel.gateway.app import ask_app, operate_app
from insight_kernel.gateway.service import Gateway
from insight_kernel.runtime import ASK, HOLD, OPERATE, runtime_folder
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

_GRACE = 2.0  # seconds without a holder before the gateway ends


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Catch nothing."""
        yield


class Holders:
    """Connections to the hold socket: as long as there is one, the gateway stays."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop, self._held = stop, 0
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
        self._ending = None if self._held else loop.call_later(_GRACE, self._stop.set)


async def serve(store_folder: Path, *, create: bool) -> None:
    """Serve until nobody holds the gateway, or a signal asks it to end."""
    gateway = Gateway(Store(open_folder(store_folder, create=create)))
    folder = runtime_folder(store_folder)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    for name in (ASK, OPERATE, HOLD):
        (folder / name).unlink(missing_ok=True)  # left by a killed gateway: the database's lock is ours
    servers = [_server(ask_app(gateway), folder / ASK), _server(operate_app(gateway), folder / OPERATE)]
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    try:
        while not all(server.started for server in servers) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.01)
        holders = await asyncio.start_unix_server(Holders(stop).hold, folder / HOLD)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await stop.wait()
        holders.close()  # without waiting: who still holds would keep a gateway that was asked to end
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in (ASK, OPERATE, HOLD):
            (folder / name).unlink(missing_ok=True)
        gateway.close()


def _server(app: object, path: Path) -> uvicorn.Server:
    config = uvicorn.Config(app, uds=str(path), log_level="warning", access_log=False, lifespan="off",  # type: ignore[arg-type]
                            timeout_graceful_shutdown=5)  # fmt: skip
    return _Server(config)


def main() -> None:
    """Serve the store named on the command line; one clear line when that cannot be done."""
    os.umask(0o077)
    try:
        asyncio.run(serve(Path(sys.argv[1]), create="--create" in sys.argv[2:]))
    except InsightError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
