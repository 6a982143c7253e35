"""The processes the hub starts: the gateway and the report service, and a JupyterLab per workspace."""

import os
import sys
from pathlib import Path
from typing import Any

from jupyterhub.services import service as hub_services
from traitlets import Integer

from hub_config.settings import HubSettings
from insight_kernel.runtime import ASK
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
            **_told_of_accounts(settings),
        },
        "oauth_no_confirm": True,
        "timeout": 60,  # seconds: a large store's log is read before the gateway answers
    }


def _gateway_command(settings: HubSettings) -> list[str]:
    """Return the command of the gateway; in the profile `governed` it runs as the account that owns the store."""
    command = [sys.executable, "-m", "insight_kernel.gateway", str(settings.store), "--hub"]
    if settings.governed is None:
        return command
    shown = [("--bind", str(path), str(path)) for path in (settings.store, runtime_base(settings))]
    return as_account(settings.governed.account, shown, command)


def _told_of_accounts(settings: HubSettings) -> dict[str, str]:
    if settings.governed is None:
        return {}
    first, last = settings.governed.workspaces
    return {"INSIGHT_ADDRESS": settings.governed.address, "INSIGHT_UIDS": f"{first}-{last}"}


def report_service(settings: HubSettings) -> dict[str, Any]:
    """Return the managed service `reports`: it makes what was ordered, and has no rights of its own."""
    return {
        "name": "reports",
        "command": [sys.executable, "-m", "insight_kernel.reports.service", str(settings.store)],
        "environment": {"XDG_RUNTIME_DIR": str(runtime_base(settings))},
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
