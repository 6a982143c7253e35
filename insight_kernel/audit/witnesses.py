"""The witnesses of a store: who they are, what is missing, and what each countersigned last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any

import httpx
import yaml

from insight_kernel.audit.checkpoint import Checkpoint
from insight_kernel.audit.keys import PUBLIC, public_keys
from insight_kernel.audit.witness import Seen, read_seen
from insight_kernel.errors import BadInput, Unavailable

CONFIGURED = "witnesses.yml"
"""The administrator's file in the store."""
ENOUGH = 2
"""How many witnesses are needed."""
_PATIENCE = 5.0  # seconds for one answer


@dataclass(frozen=True)
class Address:
    """A witness: what it is called, where it listens, and its public key."""

    name: str
    address: str
    key: str

    def client(self) -> httpx.Client:
        """Return a client that asks it."""
        if self.address.startswith("unix:"):
            pipe = httpx.HTTPTransport(uds=self.address.removeprefix("unix:"), verify=False)
            return httpx.Client(transport=pipe, base_url="http://witness", timeout=_PATIENCE)
        return httpx.Client(base_url=self.address, timeout=_PATIENCE, trust_env=False)

    def last(self, log: str) -> Seen | None:
        """Ask what it countersigned last of a log; None when it does not answer or knows nothing of it."""
        with self.client() as client:
            return self._read(lambda: client.get(f"/{log}"))

    def show(self, checkpoint: Checkpoint, keys: list[dict[str, str]]) -> Seen | None:
        """Show it a checkpoint; return its answer, None when there is none."""
        body = {"checkpoint": checkpoint.as_dict(), "keys": keys}
        with self.client() as client:
            return self._read(lambda: client.post("/", json=body))

    def _read(self, ask: Callable[[], httpx.Response]) -> Seen | None:
        if not self._listens():
            return None
        try:
            answer = ask()
            seen = read_seen(answer.json()) if answer.status_code in (200, 409) else None
        except (httpx.HTTPError, ValueError):
            return None
        return seen if seen and seen.public == self.key and seen.is_good() else None

    def _listens(self) -> bool:
        """Tell whether somebody listens on a Unix socket; of one that nobody does, the library loses its end."""
        if not self.address.startswith("unix:"):
            return True
        with socket(AF_UNIX) as tried:
            return tried.connect_ex(self.address.removeprefix("unix:")) == 0


@dataclass(frozen=True)
class Configured:
    """The log that is witnessed, by its id, and its witnesses; without a file nobody is."""

    log: str = ""
    witnesses: tuple[Address, ...] = ()

    @property
    def needed(self) -> int:
        """Return how many of them must keep up."""
        return min(ENOUGH, len(self.witnesses))


def configured(store: Path) -> Configured:
    """Read a store's `witnesses.yml`: `log`, and `witnesses` with name, address and key each."""
    path = store / CONFIGURED
    if not path.exists():
        return Configured()
    try:
        raw = yaml.safe_load(path.read_bytes())
        found = Configured(str(raw["log"]), tuple(_address(each) for each in raw["witnesses"]))
    except (yaml.YAMLError, KeyError, TypeError, ValueError):
        wrong = "it needs log, and witnesses with name, address and key each"
        raise BadInput(f"read {path}", wrong, "See docs/reference/audit-log.md.") from None
    if len({each.key for each in found.witnesses}) < len(found.witnesses):
        raise BadInput(f"read {path}", "one witness is named twice", "Give each its own key.")
    return found


def _address(raw: Mapping[str, Any]) -> Address:
    found = Address(**{name: str(value) for name, value in raw.items()})
    if not found.address.startswith(("unix:/", "http://", "https://")) or len(bytes.fromhex(found.key)) != 32:
        raise ValueError
    return found


def witness_faults(store: Path) -> list[str]:
    """Say what is missing so that nobody inside can rewrite the log unseen; nothing when all is well."""
    found = configured(store)
    if not found.witnesses:
        return ["nobody outside holds a copy of the audit log's checkpoints: no witness is configured"]
    few = f"{len(found.witnesses)} witness of the audit log is configured, {ENOUGH} are needed"
    faults = [few] if len(found.witnesses) < ENOUGH else []
    keys = public_keys(store / "audit")
    if keys and keys[0].log != found.log:
        faults.append(f"{CONFIGURED} names another log than {PUBLIC}: {found.log}, not {keys[0].log}")
    return faults


def seen_outside(store: Path) -> dict[str, Checkpoint]:
    """Ask each witness for what it countersigned last; who does not answer is left out.

    Raises
    ------
    Unavailable
        When the witnesses are those of another log: this one was put in its place.
    """
    found = configured(store)
    keys = public_keys(store / "audit")
    if found.witnesses and keys and keys[0].log != found.log:
        raise Unavailable("open the log", f"{CONFIGURED} is for another one", "Restore log and keys.")
    seen = {each.name: each.last(found.log) for each in found.witnesses}
    return {f"the witness {name}": last.checkpoint for name, last in seen.items() if last}
