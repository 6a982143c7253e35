"""The processes the hub starts: the gateway and the report service, and a JupyterLab per workspace."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from jupyterhub.services import service as hub_services
from traitlets import Integer

from hub_config.settings import Governed, HubSettings
from insight_kernel.runtime import ASK, WARDEN
from insight_kernel.runtime import DOOR as DOOR_FOLDER
from insight_kernel.sandbox.recipe import DOOR, as_account

WARNING = """\
************************************************************************
INSIGHT profile "demo": THIS HUB ISOLATES NOTHING. All servers run as one
account of this machine, so code of one user can read the files and tokens
of every other, and the store itself. Everybody shares one password.
Use invented data only.
************************************************************************
"""


def service(settings: HubSettings) -> dict[str, Any]:
    """Return the managed service `insight`: the gateway of one store, and its page behind the proxy."""
    return {
        "name": "insight",
        "url": f"http://127.0.0.1:{settings.page_port}",
        "command": _gateway_command(settings),
        "environment": {
            "INSIGHT_HOMES": str(settings.homes),
            "INSIGHT_PROFILE": settings.profile,
            "XDG_RUNTIME_DIR": str(runtime_base(settings)),
            **_told_of_accounts(settings, settings.governed),
        },
        "oauth_no_confirm": True,
        "timeout": 60,  # seconds: a large store's log is read before the gateway answers
    }


def _gateway_command(settings: HubSettings) -> list[str]:
    return _as_owner(settings, [sys.executable, "-m", "insight_kernel.gateway", str(settings.store), "--hub"])


def _as_owner(settings: HubSettings, command: list[str]) -> list[str]:
    """Return the command that, in the profile `governed`, runs as the account that owns the store, and sees no more."""
    if settings.governed is None:
        return command
    shown = [("--bind", str(path), str(path)) for path in (settings.store, settings.runtime.parent)]
    return as_account(settings.governed.account, shown, command)


def _told_of_accounts(settings: HubSettings, governed: Governed | None) -> dict[str, str]:
    if governed is None:
        return {}
    first, last = governed.workspaces
    told = {"INSIGHT_ADDRESS": governed.address, "INSIGHT_UIDS": f"{first}-{last}"}
    return {**told, **_told_of_warden(settings)}


def _told_of_warden(settings: HubSettings) -> dict[str, str]:
    return {} if settings.governed is None else {WARDEN: str(_warden_socket(settings))}


def _warden_socket(settings: HubSettings) -> Path:
    return settings.runtime / "warden.sock"


def warden_service(settings: HubSettings, governed: Governed) -> dict[str, Any]:
    """Return the managed service `warden`: it does what needs root, for the gateway and the report service."""
    post = {
        "socket": str(_warden_socket(settings)), "obeys": governed.account, "door": str(settings.runtime / DOOR_FOLDER),
        "homes": str(settings.homes), "workspaces": governed.workspaces, "reports": governed.reports,
    }  # fmt: skip
    return {
        "name": "warden",
        "command": [sys.executable, "-m", "insight_kernel.sandbox.warden", json.dumps(post)],
    }


def report_service(settings: HubSettings) -> dict[str, Any]:
    """Return the managed service `reports`: it makes what was ordered, and has no rights of its own."""
    return {
        "name": "reports",
        "command": _as_owner(
            settings, [sys.executable, "-m", "insight_kernel.reports.service", str(settings.store)]
        ),
        "environment": {"XDG_RUNTIME_DIR": str(runtime_base(settings)), **_told_of_warden(settings)},
    }


class _CloselyWatched(hub_services._ServiceSpawner):  # type: ignore[misc]
    poll_interval = Integer(2)


def watch_services_closely() -> None:
    """Start a gateway that was killed again after two seconds; the hub looks every 30, and no setting reaches that."""
    hub_services._ServiceSpawner = _CloselyWatched


def server_command() -> list[str]:
    """Return the command of a user's server."""
    return [sys.executable, "-m", "jupyterhub.singleuser"]


def server_environment(settings: HubSettings) -> dict[str, str]:
    """Return what a user's server finds in its environment, besides what the hub gives it."""
    configured = Path(__file__).parent
    ask = settings.runtime / ASK if settings.governed is None else Path(DOOR) / Path(ASK).name
    folders = [configured / "jupyter", *([configured / "jupyter_governed"] if settings.governed else [])]
    return {
        "INSIGHT_GATEWAY": f"unix:{ask}",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, reversed(folders))),
    }


def runtime_base(settings: HubSettings) -> Path:
    """Return the folder in which every process finds the sockets' folder under the same name."""
    return settings.runtime.parent.parent
