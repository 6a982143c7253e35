"""What the hub is told when it is started: one JSON object in the environment, every mistake in it said at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from insight_kernel.errors import BadInput

VARIABLE = "INSIGHT_HUB"
SHORTEST_PASSWORD = 12
_REMEDY = "Start the hub with insight up."

Port = Annotated[int, Field(ge=1, le=65535)]


class HubSettings(BaseModel):
    """Where things are, and where they listen; every port is one of 127.0.0.1.

    `folder` holds everything the hub writes: its database, secrets, log and the homes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: Literal["demo"]
    store: Path
    folder: Path
    runtime: Path
    proxy: Annotated[list[str], Field(min_length=1)]
    port: Port
    hub_port: Port
    proxy_api_port: Port
    page_port: Port

    @property
    def homes(self) -> Path:
        """Return the folder of all homes: `USER/SERVER/GENERATION` below it."""
        return self.folder / "homes"


def read_settings(environment: Mapping[str, str]) -> HubSettings:
    """Read the variable `INSIGHT_HUB`; raise `BadInput` with every mistake in it.

    Examples
    --------
    >>> read_settings({"INSIGHT_HUB": '{"profile": "governed", "port": 0}'})
    Traceback (most recent call last):
    ...
    insight_kernel.errors.BadInput: Cannot use INSIGHT_HUB: profile: 'governed' is not known, only demo is; ...
    """
    try:
        return HubSettings.model_validate_json(environment.get(VARIABLE, "{}"))
    except ValidationError as error:
        raise BadInput(f"use {VARIABLE}", "; ".join(_mistakes(error)), _REMEDY) from None


def _mistakes(error: ValidationError) -> list[str]:
    return [
        f"profile: {item['input']!r} is not known, only demo is"
        if item["loc"] == ("profile",) and item["type"] == "literal_error"
        else ".".join(map(str, item["loc"])) + f": {item['msg']}"
        for item in error.errors()
    ]


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
