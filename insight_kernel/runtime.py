"""Where a store's gateway listens: Unix sockets in a short folder that only the owner of the store can enter."""

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from pathlib import Path

from insight_kernel.errors import Refused

ASK, OPERATE, HOLD = "door/ask.sock", "operate.sock", "hold.sock"
"""Typed requests with a token; the operator's commands; a connection that keeps the gateway alive.

The first has a folder of its own, `DOOR`, because that is all a sandbox is shown.
"""
DOOR = "door"
WARDEN = "INSIGHT_WARDEN"
"""The variable that says where the warden listens, where a host has one: who starts and ends what needs root."""


UNKNOWN = -1
"""The account at the other end of a socket where the system does not tell; then tokens of a hub are refused."""
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid, as the machine's kernel gives them


def peer_uid(connection: socket.socket) -> int:
    """Return the Unix account at the other end of a Unix socket.

    Examples
    --------
    >>> here, there = socket.socketpair()
    >>> with here, there:
    ...     peer_uid(here) == os.getuid()
    True
    """
    if sys.platform != "linux":
        return UNKNOWN
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(raw)[1]
    return uid


def runtime_folder(store: Path) -> Path:
    """Return (and make) the folder of this store's sockets; refuse one that others could have prepared.

    Short, because a socket's path may have no more than 107 bytes.

    Examples
    --------
    >>> runtime_folder(Path("/a")) == runtime_folder(Path("/a")) != runtime_folder(Path("/b"))
    True
    """
    owner = store.stat().st_uid if store.is_dir() else os.getuid()
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"insight-{owner}"
    folder = base / hashlib.sha256(os.fsencode(store.expanduser().resolve())).hexdigest()[:16]
    for path in (base, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check(path, owner)
    door = folder / DOOR
    door.mkdir(exist_ok=True)
    _given(door, owner)
    door.chmod(0o755)  # a sandbox shows it to other accounts; from outside nobody gets there
    return folder


def _check(path: Path, owner: int) -> None:
    """Refuse a folder that is not the owner's alone; one that root has just made becomes his."""
    _given(path, owner)
    found = path.lstat()
    private = not stat.S_IMODE(found.st_mode) & 0o077
    if found.st_uid != owner or not private or not stat.S_ISDIR(found.st_mode):
        raise Refused(f"use {path}", "others may write there", "Remove it, or set XDG_RUNTIME_DIR.")


def _given(path: Path, owner: int) -> None:
    if os.getuid() == 0 and path.lstat().st_uid == 0 != owner:
        os.chown(path, owner, owner, follow_symlinks=False)
