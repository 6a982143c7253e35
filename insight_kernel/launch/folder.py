"""The hub's folder below its store: secrets, database, log and homes, for nobody but its owner."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from insight_kernel.errors import Unavailable
from insight_kernel.files import replace_file

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that are read as one another
_DATABASE = (
    "jupyterhub.sqlite",
    "jupyterhub.sqlite-wal",
    "jupyterhub.sqlite-shm",
    "jupyterhub.sqlite-journal",
)


@contextmanager
def hub_folder(store: Path) -> Iterator[Path]:
    """Hold the hub's folder of a store; a second hub on the same store is refused.

    The folder lies in the store, so that homes never outlive the data somebody read into them. The hub's
    database is made anew at each start: groups and users are then exactly those of the organisation file, and
    no token of an earlier hub is good for anything.
    """
    folder = store / "hub"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        _lock(lock, store)
        for name in _DATABASE:
            (folder / name).unlink(missing_ok=True)
        yield folder
    finally:
        os.close(lock)


def _lock(descriptor: int, store: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unavailable(
            f"start a hub on {store}", "one is running on it already", "Use that one, or stop it first."
        ) from None


def shared_password(folder: Path) -> str:
    """Return the password everybody logs in with in the profile `demo`, made at first use."""
    path = folder / "password"
    if not path.exists():
        replace_file(path, "-".join(_letters() for _ in range(4)).encode())
    return path.read_text(encoding="utf-8").strip()


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))
