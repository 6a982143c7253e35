"""The spawner of the profile `governed`: each workspace's server in a sandbox, as a Unix account of its own."""

import json
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import httpx
from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Integer, Unicode

from hub_config.spawning import tell
from insight_kernel.sandbox.cgroup import ControlGroup
from insight_kernel.sandbox.recipe import HOME, Limits, Sandbox


class SandboxSpawner(LocalProcessSpawner):  # type: ignore[misc]  # jupyterhub is untyped
    """Starts servers of accounts called `wNUMBER`, as the Unix account of that number; the hub runs as root."""

    door = Unicode(help="Folder of the gateway's socket for questions.", config=True)
    operate = Unicode(help="The gateway's socket for commands.", config=True)
    links = Unicode(help="Folder for the sockets that lead into sandboxes.", config=True)
    memory = Integer(Limits().memory, help="Bytes a workspace may use.", config=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._hits: dict[str, int] = {}

    async def start(self) -> tuple[str, int]:
        """Start the server in its sandbox; return where the proxy reaches it."""
        plain: list[str] = self.cmd  # type: ignore[has-type]
        limits, self._hits = self._limits(), ControlGroup.of(uid_of(self.user.name)).hits()
        outside = [sys.executable, "-sP", "-m", "insight_kernel.sandbox.outside", json.dumps(asdict(limits))]
        self.cmd = self._sandbox(limits).outer([*outside, *plain])
        try:
            started: tuple[str, int] = await super().start()
            return started
        finally:
            self.cmd = plain

    async def poll(self) -> int | None:
        """Look whether the server runs; tell the gateway when it ran into a limit since."""
        hits = ControlGroup.of(uid_of(self.user.name)).hits()
        new = sorted(kind for kind, often in hits.items() if often > self._hits.get(kind, 0))
        self._hits = hits
        if new:
            with suppress(httpx.HTTPError):  # it is told of the next one
                await tell(
                    Path(self.operate), "/limits", account=self.user.name, server=self.name, limits=new
                )
        status: int | None = await super().poll()
        return status

    async def stop(self, now: bool = False) -> None:
        """End the server, and with it everything in its sandbox."""
        await super().stop(now)
        with suppress(OSError):  # something may still be ending; the group is made anew at the next start
            ControlGroup.of(uid_of(self.user.name)).remove()

    def make_preexec_fn(self, name: str) -> Any:
        """Return what the new process does first: it joins the limits of its account, which it becomes later."""
        return ControlGroup.make(uid_of(name), self._limits()).join

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Say where home is, inside."""
        return {**env, "HOME": HOME, "USER": self.user.name, "SHELL": "/bin/sh"}

    def _limits(self) -> Limits:
        return replace(Limits(), memory=self.memory)

    def _sandbox(self, limits: Limits) -> Sandbox:
        uid = uid_of(self.user.name)
        link = Path(self.links) / str(uid)
        shutil.rmtree(link, ignore_errors=True)
        link.mkdir(mode=0o700)
        os.chown(link, uid, uid)
        return Sandbox(uid, Path(self.home_dir), Path(self.door), link, limits)


def uid_of(account: str) -> int:
    """Return the Unix account of an account of the hub.

    Examples
    --------
    >>> uid_of("w60000")
    60000
    """
    return int(account.removeprefix("w"))
