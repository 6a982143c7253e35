"""What the hub is told when it is started: one JSON object in the environment, every mistake in it said at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from insight_kernel.errors import BadInput
from insight_kernel.sandbox.recipe import GIB

VARIABLE = "INSIGHT_HUB"
SHORTEST_PASSWORD = 12
_REMEDY = "Start the hub with insight up."

Port = Annotated[int, Field(ge=1, le=65535)]


class Governed(BaseModel):
    """What the profile `governed` needs to be told: its address, its accounts, and who logs in how.

    Attributes
    ----------
    address
        `https://HOST[:PORT]`; the page and each workspace get a name of their own below it.
    listen
        The address of this machine at which the proxy listens.
    key, certificate
        Files of the address and of every name below it, in PEM.
    account
        Number of the Unix account of the gateway, which owns the store.
    workspaces
        First and last number of the Unix accounts of workspaces; nothing else of the machine may use them.
    reports
        Numbers of the Unix accounts that reports are made as, one for each that is made at the same time.
    login
        A JupyterHub configuration that says how people log in, and nothing else.
    memory
        Bytes a workspace may use.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(:[0-9]+)?$")]
    listen: str = ""
    key: Path
    certificate: Path
    account: Annotated[int, Field(ge=1)]
    workspaces: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)]
    reports: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    login: Path
    memory: Annotated[int, Field(ge=GIB // 4)] = 4 * GIB

    @property
    def uids(self) -> range:
        """Return the numbers of the accounts of workspaces."""
        return range(self.workspaces[0], self.workspaces[1] + 1)


class HubSettings(BaseModel):
    """Where things are, and where they listen; every port is one of 127.0.0.1.

    `folder` holds everything the hub writes: its database, secrets, log and the homes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    governed: Governed | None = None
    store: Path
    folder: Path
    runtime: Path
    proxy: Annotated[list[str], Field(min_length=1)]
    port: Port
    hub_port: Port
    proxy_api_port: Port
    page_port: Port

    @property
    def profile(self) -> str:
        """Return `demo`, or `governed` where that was asked for."""
        return "demo" if self.governed is None else "governed"

    @property
    def homes(self) -> Path:
        """Return the folder of all homes: `USER/SERVER/GENERATION` below it."""
        return self.folder / "homes"


def read_settings(environment: Mapping[str, str]) -> HubSettings:
    """Read the variable `INSIGHT_HUB`; raise `BadInput` with every mistake in it.

    Examples
    --------
    >>> read_settings({"INSIGHT_HUB": '{"port": 0}'})
    Traceback (most recent call last):
    ...
    insight_kernel.errors.BadInput: Cannot use INSIGHT_HUB: store: Field required; ...
    """
    try:
        return HubSettings.model_validate_json(environment.get(VARIABLE, "{}"))
    except ValidationError as error:
        raise BadInput(f"use {VARIABLE}", "; ".join(_mistakes(error)), _REMEDY) from None


def _mistakes(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]


def read_password(folder: Path) -> str:
    """Return the password everybody shares in the profile `demo`; refuse a short one or one others can read."""
    path = folder / "password"
    try:
        text, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
    except OSError as error:
        raise BadInput(f"use {path}", str(error.strerror), _REMEDY) from None
    wrong = [
        said
        for bad, said in (
            (len(text) < SHORTEST_PASSWORD, f"it has fewer than {SHORTEST_PASSWORD} characters"),
            (mode & 0o077, "others may read it"),
        )
        if bad
    ]
    if wrong:
        raise BadInput(f"use {path}", "; ".join(wrong), "Remove it, and start the hub with insight up.")
    return text
