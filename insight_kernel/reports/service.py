"""The report service: `python -m insight_kernel.reports.service STORE` makes what a store's gateway was asked for.

It has no rights of its own: with each order the gateway hands over a token for exactly that run. It ends when the
gateway does, and a hub starts it again; with `--attended` also when its standard input ends.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store
from insight_kernel.errors import InsightError
from insight_kernel.runtime import WARDEN

AT_ONCE = 2
_PATIENCE = 120.0  # seconds until the gateway must answer
_PAUSE = 0.1
_BROKEN = "It could not be made; the operator of this store can see why."


def main() -> None:
    """Make reports until the gateway ends, or who attends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what runs sees its input end, and ends too
    root = existing_store(Path(sys.argv[1]))
    with _joined(root) as gateway:
        attended, over = "--attended" in sys.argv[2:], threading.Event()
        if not attended:  # a hub runs one service: what was being made was being made by one that ended
            gateway.operate("orders/begin")
        for _ in range(AT_ONCE):
            threading.Thread(target=_work, args=(gateway, root, over), daemon=True).start()
        if attended:
            threading.Thread(target=_end_with_input, args=(over,), daemon=True).start()
        over.wait()


def _joined(root: Path) -> EmbeddedGateway:
    """Return the way to the gateway that serves the store; it is waited for, and never started from here."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return EmbeddedGateway(root, start=False)
        except InsightError:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE)


def _work(gateway: EmbeddedGateway, root: Path, over: threading.Event) -> None:
    """Make one report after the other."""
    try:
        while not over.is_set():
            order = gateway.operate("orders/next")["order"]
            if order is not None:
                gateway.operate("orders/ended", run=order["run"], **_outcome(gateway, root, order))
    except httpx.TransportError:
        over.set()  # the gateway has ended; what was being made cannot be handed over any more


def _outcome(gateway: EmbeddedGateway, root: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Make what was ordered, and return how it ended."""
    from insight_kernel.reports.making import StoppedError
    from insight_kernel.reports.ordered import make_ordered

    warden = Path(os.environ[WARDEN]) if WARDEN in os.environ else None
    try:
        run = make_ordered(gateway, root, order, warden)
    except StoppedError:
        return {"status": "stopped"}
    except InsightError as error:
        return {"status": "failed", "error": str(error)}
    except httpx.TransportError:
        raise
    except Exception as error:  # its text may hold what was read
        sys.stderr.write(f"insight: a report ended with {type(error).__name__}\n")
        return {"status": "failed", "error": _BROKEN}
    return {"status": run.status, "error": run.error}


def _end_with_input(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


if __name__ == "__main__":
    main()
