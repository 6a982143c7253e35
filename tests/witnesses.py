"""Witnesses of an audit log, as processes of their own."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from insight_kernel.audit.keys import public_keys
from insight_kernel.audit.witnesses import CONFIGURED
from tests.servers import until


@contextmanager
def witness(folder: Path, address: str = "") -> Iterator[str]:
    """Run a witness on a socket in its own folder, or at an address; give its public key."""
    command = [sys.executable, "-m", "insight_kernel.cli", "audit", "witness", "--dir", str(folder),
               "--listen", address or f"unix:{folder}/socket"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline().split() if process.stdout else []
            until(lambda: process.poll() is None and (address or (folder / "socket").exists()))
            yield said[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            (folder / "socket").unlink(missing_ok=True)


def configure(store: Path, keys: Mapping[str, str]) -> None:
    """Name the witnesses of a store: the key of each, by its address."""
    listed = [
        {"name": f"w{n}", "address": address, "key": key} for n, (address, key) in enumerate(keys.items())
    ]
    said = {"log": public_keys(store / "audit")[0].log, "witnesses": listed}
    (store / CONFIGURED).write_text(yaml.safe_dump(said))
