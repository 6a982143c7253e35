"""Emptying a workspace: its server ends first, and with it its token; then its home is deleted."""

import shutil
import time
from pathlib import Path

from insight_kernel.errors import Refused, Unavailable
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.workspaces import Opened

_PATIENCE = 30.0  # seconds a server may take to end


def end_server(hub: Hub | None, old: Opened) -> None:
    """Stop the workspace's server, wait until it is gone, and delete its home; raise when that cannot be done."""
    home = stop_server(hub, old, "replace")
    if home is not None:
        _delete(home)


def stop_server(hub: Hub | None, opened: Opened, asked: str) -> Path | None:
    """Stop a workspace's server, wait until it is gone, and return the folder of its homes, if they are known."""
    if hub is None:
        raise Refused(f"{asked} a workspace", "no hub serves this store", "Start it with insight up.")
    hub.stop(opened.user, opened.server)
    deadline = time.monotonic() + _PATIENCE
    while hub.is_there(opened.user, opened.server):
        if time.monotonic() > deadline:
            raise Unavailable(f"{asked} the workspace", "its server does not end", "Try again in a minute.")
        time.sleep(0.1)
    return home_of(hub, opened)


def home_of(hub: Hub | None, opened: Opened) -> Path | None:
    """Return the folder of a workspace's homes, if they are known."""
    homes = hub.settings.homes if hub is not None else None
    return homes and homes / opened.user / opened.server


def _delete(home: Path) -> None:
    """Delete the homes of all generations of a workspace; a link instead of a folder is not followed."""
    if home.is_symlink():
        home.unlink()
    elif home.is_dir():
        shutil.rmtree(home)
