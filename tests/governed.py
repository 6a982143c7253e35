"""A hub of the profile `governed`, as root runs it: certificate, accounts, and a way for people to log in."""

import os
import shutil
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from insight_kernel.launch.ports import any_free
from insight_kernel.sandbox.machine import lacks
from tests.servers import Executed, RunningHub, executed, hub, until
from tests.witnesses import configure, witness

HOST = "insight.localhost"
ACCOUNT, WORKSPACES, REPORTS = 59_000, (60_000, 60_019), (60_100, 60_101)
_LOGIN = """
from jupyterhub.auth import Authenticator

class Own(Authenticator):
    async def authenticate(self, handler, data):
        return data["username"] if data["password"] == "of-" + data["username"] else None

c = get_config()
c.JupyterHub.authenticator_class = Own
"""


def needs_sandbox() -> pytest.MarkDecorator:
    """Return the mark of tests that need what makes sandboxes; the machine that decides has it."""
    missing = [str(lack) for lack in lacks() if lack.needed]
    return pytest.mark.skipif(
        bool(missing) and "INSIGHT_CI" not in os.environ, reason="; ".join(missing) or "-"
    )


@dataclass(frozen=True)
class GovernedHub:
    """A running hub of the profile `governed`."""

    running: RunningHub
    port: int

    def client(self, name: str = "", **asked: Any) -> httpx.Client:
        """Return a client of the hub, or of the account or service of this name, each at its own origin."""
        host = f"{name}.{HOST}" if name else HOST
        headers = {**asked.pop("headers", {}), "Host": f"{host}:{self.port}"}
        return httpx.Client(base_url=f"https://127.0.0.1:{self.port}", verify=False, timeout=60.0,
                            trust_env=False, headers=headers, **asked)  # fmt: skip

    def api(self, method: str, path: str, **asked: Any) -> httpx.Response:
        """Ask the hub's API as the tests' service."""
        with self.client(headers={"Authorization": f"token {self.running.token}"}) as client:
            return client.request(method, f"/hub/api{path}", **asked)

    def token(self, account: str, server: str) -> str:
        """Return a token that reaches one server."""
        body = {"scopes": [f"access:servers!server={account}/{server}"], "expires_in": 3600}
        return str(self.api("POST", f"/users/{account}/tokens", json=body).raise_for_status().json()["token"])

    def spawn(self, account: str, server: str) -> None:
        """Start an account's server and wait until it is ready."""
        self.api("POST", f"/users/{account}/servers/{server}").raise_for_status()
        until(lambda: self.api("GET", f"/users/{account}").json()["servers"][server]["ready"], 120)

    @contextmanager
    def kernel(self, account: str, server: str) -> Iterator["Kernel"]:
        """Give a fresh kernel of a running server."""
        headers = {"Authorization": f"token {self.token(account, server)}"}
        at = f"/user/{account}/{server}/api/kernels"
        with self.client(account, headers=headers) as client:
            name = client.post(at, json={}).raise_for_status().json()["id"]
            channels = websocket.create_connection(
                f"wss://127.0.0.1:{self.port}{at}/{name}/channels", header=headers, timeout=60,
                host=f"{account}.{HOST}:{self.port}", sslopt={"cert_reqs": ssl.CERT_NONE},
            )  # fmt: skip
            try:
                yield Kernel(channels)
            finally:
                channels.close()
                client.delete(f"{at}/{name}")


@dataclass(frozen=True)
class Kernel:
    """A kernel, over its websocket as JupyterLab has it."""

    channels: "websocket.WebSocket"

    def run(self, code: str) -> Executed:
        """Run a cell."""
        return executed(self.channels, code)


@contextmanager
def governed_hub(store: Path, folder: Path, **changes: Any) -> Iterator[GovernedHub]:
    """Run a hub of the profile `governed` on a copy of a store; its settings may be changed."""
    own = folder / "store"
    shutil.copytree(store, own, ignore=shutil.ignore_patterns("hub"))
    for path in (own, *own.rglob("*")):
        os.chown(path, ACCOUNT, ACCOUNT)
    port, *at = any_free(3)
    settings = folder / "governed.yml"
    settings.write_text(yaml.safe_dump({**_settings(folder, port), **changes}), "utf-8")
    with ExitStack() as witnesses:
        places = {f"http://127.0.0.1:{each}": folder / str(each) for each in at}
        keys = {where: witnesses.enter_context(witness(path, where)) for where, path in places.items()}
        configure(own, keys)
        with hub(own, port=port, more=("--governed", str(settings))) as running:
            yield GovernedHub(running, port)


def _settings(folder: Path, port: int) -> dict[str, Any]:
    (folder / "login.py").write_text(_LOGIN, "utf-8")
    key, certificate = _certificate()
    (folder / "key.pem").write_bytes(key)
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "hub").mkdir()
    return {
        "address": f"https://{HOST}:{port}", "listen": "127.0.0.1", "key": str(folder / "key.pem"),
        "certificate": str(folder / "certificate.pem"), "account": ACCOUNT, "workspaces": list(WORKSPACES),
        "reports": list(REPORTS), "login": str(folder / "login.py"), "folder": str(folder / "hub"),
    }  # fmt: skip


def _certificate() -> tuple[bytes, bytes]:
    """Return a key and a certificate of the host and every name below it, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName(f"*.{HOST}")])
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
        )
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return private, made.public_bytes(serialization.Encoding.PEM)
