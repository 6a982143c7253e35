"""Before a user's server starts: ask the gateway for its workspace, and make the home of exactly that workspace."""

import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Any, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tornado.web import HTTPError

from hub_config.settings import HubSettings
from insight_kernel.runtime import OPERATE
from insight_kernel.shipped import shipped

PAGE = "/services/insight/"
UNNAMED = f"A server always belongs to a workspace. Open one on the page {PAGE} first."
AWAY = "The gateway does not answer now. Try again in a minute."
_UNEXPECTED = f"The gateway has no such workspace. Open it on the page {PAGE} first."
_PATIENCE = 10.0  # seconds


class SpawnRefused(HTTPError):
    """The hub shows `jupyterhub_message` to the user, in the browser and over its API."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.jupyterhub_message = sentence


class Opened(BaseModel):
    """What the gateway says of a workspace; a higher generation is the same workspace made anew and empty."""

    model_config = ConfigDict(strict=True, frozen=True)

    workspace: str
    case: str
    purpose: str
    generation: Annotated[int, Field(ge=0)]
    uid: int | None


class _User(Protocol):
    name: str


class Spawner(Protocol):
    """What is used of a spawner of the hub."""

    name: str
    user: _User
    home_dir: str


async def before_spawn(settings: HubSettings, spawner: Spawner) -> None:
    """Give the server its workspace's home, or refuse with one sentence the user reads."""
    opened = await ask_workspace(settings.runtime / OPERATE, spawner.user.name, spawner.name)
    home = home_of(settings.homes, spawner.user.name, spawner.name, opened.generation)
    exercises = shipped("notebook_templates") / "exercises"
    if opened.uid is None:
        prepare_home(home, exercises)
    else:
        make_home(home, exercises, opened.uid)
    spawner.home_dir = str(home)


async def ask_workspace(operate: Path, user: str, server: str) -> Opened:
    """Ask the gateway's operator socket which workspace a server belongs to."""
    if not server:
        raise SpawnRefused(403, UNNAMED)
    try:
        answer = await tell(operate, "/workspace", user=user, server=server)
    except httpx.HTTPError:
        raise SpawnRefused(503, AWAY) from None
    return read_opened(answer.status_code, answer.content)


async def tell(operate: Path, command: str, **said: Any) -> httpx.Response:
    """Send the gateway one of the operator's commands; raise `httpx.HTTPError` when it does not answer."""
    transport = httpx.AsyncHTTPTransport(uds=str(operate))
    async with httpx.AsyncClient(transport=transport, timeout=_PATIENCE) as client:
        return await client.post(f"http://operator{command}", json=said)


def read_opened(status: int, body: bytes) -> Opened:
    """Read the gateway's answer; anything but a workspace is a refusal.

    Examples
    --------
    >>> read_opened(200, b'{"workspace": "w", "case": "OP-A", "purpose": "network", "generation": 2, "uid": 9}').uid
    9
    """
    if status == httpx.codes.OK:
        try:
            return Opened.model_validate_json(body)
        except ValidationError:
            raise SpawnRefused(503, AWAY) from None
    raise SpawnRefused(403 if status < httpx.codes.INTERNAL_SERVER_ERROR else 503, _sentence(status, body))


def _sentence(status: int, body: bytes) -> str:
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return AWAY
    try:
        said: Any = json.loads(body)
    except ValueError:
        said = None
    message = said.get("message") if isinstance(said, dict) else None
    return message if isinstance(message, str) else _UNEXPECTED


def home_of(homes: Path, user: str, server: str, generation: int) -> Path:
    """Return the home of one generation of a workspace.

    Examples
    --------
    >>> home_of(Path("/hub/homes"), "ana", "op-lantern", 3).as_posix()
    '/hub/homes/ana/op-lantern/3'
    """
    return homes / user / server / str(generation)


def make_home(home: Path, exercises: Path, uid: int) -> None:
    """Make the home of an account, with the exercises, once: later the account could lead root astray in it."""
    if home.exists():
        return
    prepare_home(home, exercises)
    for path in (*home.iterdir(), home):
        os.chown(path, uid, uid, follow_symlinks=False)


def prepare_home(home: Path, exercises: Path) -> None:
    """Make the home, remove those of older generations, and put the exercises in that are not there yet."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (home, home.parent, home.parent.parent):
        folder.chmod(0o700)
    for other in home.parent.iterdir():
        if other.name.isdecimal() and int(other.name) < int(home.name):
            shutil.rmtree(other)
    for notebook in sorted(exercises.glob("*.ipynb")):
        if not (home / notebook.name).exists():
            shutil.copyfile(notebook, home / notebook.name)
