"""Emptying a workspace: its server ends first, and with it its token; then its home is deleted, or cleaned.

Where workspaces have accounts of their own the gateway cannot touch their homes: the warden of the host does it.
"""

import shutil
import time
from pathlib import Path

from insight_kernel.errors import Refused, Unavailable
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.leaving.home import clean_home
from insight_kernel.sandbox.asking import ask_warden

_PATIENCE = 30.0  # seconds a server may take to end


def end_server(hub: Hub | None, old: Opened) -> None:
    """Stop the workspace's server, wait until it is gone, and delete its home; raise when that cannot be done."""
    stop_server(hub, old, "replace")
    if hub is None:
        return
    if (warden := _warden(hub, old)) is not None:
        if not ask_warden(warden, do="delete", uid=old.uid)["gone"]:
            raise Unavailable("replace the workspace", "its home cannot be deleted", "Try again in a minute.")
    elif hub.settings.homes is not None:
        _delete(_homes(hub.settings.homes, old))


def has_home(hub: Hub | None, opened: Opened) -> bool:
    """Tell whether a workspace's home is there still."""
    if hub is None:
        return False
    if (warden := _warden(hub, opened)) is not None:
        return bool(ask_warden(warden, do="there", uid=opened.uid)["there"])
    return hub.settings.homes is not None and _homes(hub.settings.homes, opened).exists()


def clean_homes(hub: Hub, opened: Opened) -> int:
    """Clean the homes of a workspace whose server has ended; return how many files changed."""
    if (warden := _warden(hub, opened)) is not None:
        return int(ask_warden(warden, do="clean", uid=opened.uid)["changed"])
    home = hub.settings.homes and _homes(hub.settings.homes, opened)
    return clean_home(home) if home and home.is_dir() else 0


def stop_server(hub: Hub | None, opened: Opened, asked: str) -> None:
    """Stop a workspace's server, and wait until it is gone."""
    if hub is None:
        raise Refused(f"{asked} a workspace", "no hub serves this store", "Start it with insight up.")
    hub.stop(opened.account, opened.server)
    deadline = time.monotonic() + _PATIENCE
    while hub.is_there(opened.account, opened.server):
        if time.monotonic() > deadline:
            raise Unavailable(f"{asked} the workspace", "its server does not end", "Try again in a minute.")
        time.sleep(0.1)


def _warden(hub: Hub, opened: Opened) -> Path | None:
    """Return where the warden listens, for a workspace whose home is another account's."""
    return None if opened.uid is None else hub.settings.warden


def _homes(homes: Path, opened: Opened) -> Path:
    return homes / opened.account / opened.server


def _delete(home: Path) -> None:
    """Delete the homes of all generations of a workspace; a link instead of a folder is not followed."""
    if home.is_symlink():
        home.unlink()
    elif home.is_dir():
        shutil.rmtree(home)
