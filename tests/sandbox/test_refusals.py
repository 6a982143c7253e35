"""The profile governed refuses rather than weakens, and says all that is wrong at once; so does `insight doctor`."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from hub_config.governed import faults, misplaced
from hub_config.settings import Governed, HubSettings
from insight_kernel.sandbox.machine import lacks
from tests.governed import needs_sandbox

GOVERNED = Path("hub_config", "jupyter_governed")


@pytest.fixture
def good(tmp_path: Path) -> Config:
    """A configuration in which nothing is wrong."""
    import hub_config

    (tmp_path / "tls").touch()
    c, files = Config(), str(Path(hub_config.__file__).parent / "jupyter_governed")
    c.JupyterHub.update(
        spawner_class="hub_config.sandboxed.SandboxSpawner", ssl_key=str(tmp_path / "tls"),
        ssl_cert=str(tmp_path / "tls"), subdomain_host="https://insight.example", cookie_host_prefix_enabled=True,
        authenticator_class="pam",
    )  # fmt: skip
    c.Authenticator.allowed_users = {"ana"}
    c.Spawner.update(disable_user_config=True, environment={"JUPYTER_CONFIG_PATH": f"{files}:/other"})
    return c


def test_a_good_configuration_is_taken(good: Config) -> None:
    """Nothing is said of it."""
    assert faults(good) == []


WEAKENED: dict[str, tuple[Callable[[Config], Any], str]] = {
    "the simple spawner": (lambda c: c.JupyterHub.update(spawner_class="simple"), "the spawner is not the sandbox's"),
    "no spawner named": (lambda c: c.JupyterHub.pop("spawner_class"), "the spawner is not the sandbox's"),
    "no key": (lambda c: c.JupyterHub.update(ssl_key=""), "no TLS key or certificate"),
    "a certificate that is not there": (lambda c: c.JupyterHub.update(ssl_cert="/none"), "no TLS key or certificate"),
    "no origins": (lambda c: c.JupyterHub.update(subdomain_host=""), "no origin of their own"),
    "origins without TLS": (lambda c: c.JupyterHub.update(subdomain_host="http://a.example"), "no origin of their own"),
    "cookies for all names": (lambda c: c.JupyterHub.pop("cookie_host_prefix_enabled"), "no origin of their own"),
    "a shared password": (lambda c: c.JupyterHub.update(authenticator_class="shared-password"), "share a password"),
    "any password": (lambda c: c.JupyterHub.update(authenticator_class="jupyterhub.auth.DummyAuthenticator"),
                     "share a password"),
    "no authenticator named": (lambda c: c.JupyterHub.pop("authenticator_class"), "share a password"),
    "administrators": (lambda c: c.Authenticator.update(admin_users={"root"}), "enter everybody's servers"),
    "everybody": (lambda c: c.Authenticator.update(allow_all=True), "whoever can log in is let in"),
    "nobody named": (lambda c: c.Authenticator.update(allowed_users=set()), "whoever can log in is let in"),
    "users' settings": (lambda c: c.Spawner.update(disable_user_config=False), "settings their users wrote"),
    "upload and download": (lambda c: c.Spawner.update(environment={}), "take files in and hand them out"),
}  # fmt: skip


@pytest.mark.parametrize("weakened", WEAKENED)
def test_what_protects_less_is_refused(good: Config, weakened: str) -> None:
    """One sentence for each, which says what would be lost."""
    change, said = WEAKENED[weakened]
    change(good)
    [fault] = faults(good)
    assert said in fault


def test_an_empty_configuration_is_wrong_in_everything() -> None:
    """What is absent counts as wrong."""
    assert len(faults(Config())) == 7


def test_an_old_library_is_refused(good: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with a published flaw is named, with the version that closed it."""
    monkeypatch.setattr(
        "insight_kernel.versions.version", lambda name: {"nbconvert": "7.17.0"}.get(name, "99")
    )
    assert faults(good) == ["nbconvert 7.17.0 has a published flaw: install at least 7.17.1"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"account": 1}, "does not belong to the gateway's account 1"),
        ({"workspaces": [59_000, 60_000]}, "share accounts"),
        ({"reports": [60_005]}, "share accounts"),
        ({"reports": [70_000, 70_000]}, "share accounts"),
        ({"workspaces": [60_009, 60_000]}, "share accounts"),
        ({"folder": "store/hub"}, "the hub's folder lies in the store"),
    ],
    ids=str,
)
def test_accounts_and_folders_are_apart(tmp_path: Path, changes: dict[str, Any], said: str | None) -> None:
    """Each account has one use, the store is the gateway's, the hub's folder is not in it."""
    (tmp_path / "store").mkdir()
    folder = tmp_path / changes.pop("folder", "hub")
    own = {"address": "https://a.example", "key": "/k", "certificate": "/c", "account": os.getuid() or 59_000,
           "workspaces": [60_000, 60_009], "reports": [60_010], "login": "/l", **changes}  # fmt: skip
    if os.getuid() == 0:
        os.chown(tmp_path / "store", 59_000, 59_000)
    settings = HubSettings(store=tmp_path / "store", folder=folder, runtime=tmp_path, proxy=["x"], port=1, hub_port=2,
                           proxy_api_port=3, page_port=4, governed=Governed(**own))  # fmt: skip
    assert settings.governed is not None
    found = misplaced(settings, settings.governed)
    assert len(found) == (said is not None)
    assert not found or (said or "") in found[0]


def doctor(*before: str, **environment: str) -> dict[str, Any]:
    """Run `insight doctor`, perhaps below another command, and return what it says."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "insight_kernel.cli", "doctor", "--json"], capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=60, check=False,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if said["governed"] else 1)
    return said


@needs_sandbox()
def test_a_machine_that_has_all_is_told_so() -> None:
    """Nothing that is needed is missing here."""
    assert doctor()["governed"]
    assert not [lack for lack in lacks() if lack.needed]


@needs_sandbox()
@pytest.mark.case("A62")
def test_each_thing_that_is_missing_is_said_with_what_is_lost(tmp_path: Path) -> None:
    """No bubblewrap; an account that is not root; user namespaces that are switched off; no control groups."""
    for tool in ("setpriv", "prlimit"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    without = doctor(PATH=str(tmp_path))
    assert "the program bwrap is not there" in without["missing"][0]
    assert "Install bubblewrap." in without["missing"][0]
    nobody = doctor("bwrap", "--dev-bind", "/", "/", "--unshare-user", "--uid", "65534")
    assert "not started as root: workspaces share one Unix account" in nobody["missing"][0]
    closed = doctor("bwrap", "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--uid", "0")
    assert "a sandbox cannot be made" in closed["missing"][0]
    unlimited = doctor("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/sys/fs/cgroup")
    assert unlimited["governed"]
    assert "no control group limits memory and pids" in unlimited["weaker"][0]
