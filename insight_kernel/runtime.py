"""Where a store's gateway listens: Unix sockets in a short folder that only their owner can enter."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from insight_kernel.errors import Refused

ASK, OPERATE, HOLD = "ask.sock", "operate.sock", "hold.sock"
"""Typed requests with a token; the operator's commands; a connection that keeps the gateway alive."""


def runtime_folder(store: Path) -> Path:
    """Return (and make) the folder of this store's sockets; refuse one that others could have prepared.

    Short, because a socket's path may have no more than 107 bytes.

    Examples
    --------
    >>> runtime_folder(Path("/a")) == runtime_folder(Path("/a")) != runtime_folder(Path("/b"))
    True
    """
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"insight-{os.getuid()}"
    folder = base / hashlib.sha256(os.fsencode(store.expanduser().resolve())).hexdigest()[:16]
    for path in (base, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077 or not stat.S_ISDIR(found.st_mode):
            raise Refused(f"use {path}", "others may write there", "Remove it, or set XDG_RUNTIME_DIR.")
    return folder
