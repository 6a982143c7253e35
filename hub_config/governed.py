"""The profile `governed`: what it sets, and what it refuses to start without.

It refuses rather than weakens: every fault is said at once, with what would be lost.
"""

import re
from pathlib import Path
from typing import Any

from jupyterhub.utils import subdomain_hook_idna

from hub_config.processes import warden_service
from hub_config.roles import ACCOUNTS, account_roles
from hub_config.settings import Governed, HubSettings
from insight_kernel.gateway.workspaces import account_name
from insight_kernel.runtime import DOOR, OPERATE
from insight_kernel.versions import outdated

_NO_FILES = Path(__file__).parent / "jupyter_governed"
_SPAWNER = "hub_config.sandboxed.SandboxSpawner"
_SHARED = {"", "shared-password", "SharedPasswordAuthenticator", "dummy", "DummyAuthenticator", "null",
           "NullAuthenticator"}  # fmt: skip


class _Unasked(set[str]):
    """Whom people let in without being asked: the page, and servers of accounts, which the gateway alone shares."""

    def __contains__(self, client: object) -> bool:
        return super().__contains__(client) or re.match(r"jupyterhub-user-w[0-9]+-", str(client)) is not None


def govern(c: Any, settings: HubSettings, governed: Governed) -> None:
    """Set what makes every workspace an account, a sandbox and an origin of its own."""
    accounts = [account_name(uid) for uid in governed.uids]
    c.JupyterHub.bind_url = f"https://{governed.listen}:{settings.port}"
    c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert = str(governed.key), str(governed.certificate)
    c.JupyterHub.subdomain_host = governed.address
    c.JupyterHub.subdomain_hook = subdomain_hook_idna
    c.JupyterHub.cookie_host_prefix_enabled = True
    c.JupyterHub.tornado_settings = {"oauth_no_confirm_list": _Unasked({"service-insight"})}
    c.JupyterHub.load_groups = {**c.JupyterHub.load_groups, ACCOUNTS: {"users": accounts}}
    c.JupyterHub.load_roles = account_roles()
    c.JupyterHub.services = [*c.JupyterHub.services, warden_service(settings, governed)]
    c.JupyterHub.spawner_class = _SPAWNER
    c.SandboxSpawner.door = str(settings.runtime / DOOR)
    c.SandboxSpawner.operate = str(settings.runtime / OPERATE)
    c.SandboxSpawner.links = str(settings.folder / "links")
    c.SandboxSpawner.memory = governed.memory
    c.Spawner.args = []
    c.Spawner.disable_user_config = True
    Path(c.SandboxSpawner.links).mkdir(mode=0o700, exist_ok=True)


def faults(c: Any) -> list[str]:
    """Return what of a configuration would protect less than the profile promises; what is absent counts as wrong."""
    hub, people = c.JupyterHub, c.Authenticator
    origins = hub.get("subdomain_host", "").startswith("https://") and hub.get("cookie_host_prefix_enabled")
    wrong = {
        "the spawner is not the sandbox's: servers of different workspaces could read each other's files and tokens":
            hub.get("spawner_class") != _SPAWNER,
        "there is no TLS key or certificate: passwords and data would pass readable":
            not all(Path(hub.get(name) or "").is_file() for name in ("ssl_key", "ssl_cert")),
        "workspaces have no origin of their own: a page of one could act in another": not origins,
        "people share a password, or need none: nobody could be held to what was done":
            _name(hub.get("authenticator_class", "")) in _SHARED,
        "some people may enter everybody's servers": bool(people.get("admin_users")) or bool(hub.get("admin_access")),
        "whoever can log in is let in": bool(people.get("allow_all")) or not people.get("allowed_users"),
        "servers take files in and hand them out beside intake and release":
            not str(c.Spawner.get("environment", {}).get("JUPYTER_CONFIG_PATH", "")).startswith(str(_NO_FILES)),
        "servers read settings their users wrote": c.Spawner.get("disable_user_config") is not True,
    }  # fmt: skip
    return [sentence for sentence, found in wrong.items() if found] + outdated()


def misplaced(settings: HubSettings, governed: Governed) -> list[str]:
    """Return what of accounts and folders would let one read another: who owns the store, who shares a number."""
    numbers = [governed.account, *governed.reports, *governed.uids]
    wrong = {
        f"the store does not belong to the gateway's account {governed.account}":
            settings.store.stat().st_uid != governed.account,
        "gateway, reports and workspaces share accounts: one could read what another has":
            len(set(numbers)) < len(numbers) or not governed.uids,
        "the hub's folder lies in the store: the gateway's account could put another in its place":
            settings.folder.resolve().is_relative_to(settings.store.resolve()),
    }  # fmt: skip
    return [sentence for sentence, found in wrong.items() if found]


def _name(class_: Any) -> str:
    """Return the name of a class, which a configuration gives as such or as a text."""
    return str(getattr(class_, "__name__", class_)).rpartition(".")[2]
