"""Releasing a run from the command line: what the store's gateway says, in words and with the way to go on."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store
from insight_kernel.reports.record import Run, read_run

Said = dict[str, Any]
Blocker = Mapping[str, str]


@dataclass(frozen=True)
class Release:
    """What came of asking for a release.

    Attributes
    ----------
    run, recipient
        What was to go, and to whom.
    granted
        Whether it may.
    blockers
        `owner` and `reason` of what stands in the way, as far as the asker may know.
    other
        Whether there are other reasons, which cannot be shown.
    folder, files
        When granted: where the frozen files lie, and their SHA-256.
    remedies
        When refused: what can be done.
    """

    run: str
    recipient: str
    granted: bool
    blockers: tuple[Blocker, ...] = ()
    other: bool = False
    folder: str | None = None
    files: Mapping[str, str] | None = None
    remedies: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.granted:
            frozen = "".join(
                f"\n  {digest}  {self.folder}/{name}" for name, digest in sorted((self.files or {}).items())
            )
            return f"Released {self.run} to {self.recipient}{frozen}"
        reasons = [f"{blocker['owner']}: {blocker['reason']}" for blocker in self.blockers]
        reasons += ["other reasons that cannot be shown"] if self.other else []
        return (
            f"Cannot release {self.run} to {self.recipient}: {'; '.join(reasons)}. {' '.join(self.remedies)}"
        )


def release_run(run: str, to: str, *, store: str | Path | None = None, user: str | None = None) -> Release:
    """Release a run to an organisation, or say why not.

    Parameters
    ----------
    run
        A run's id.
    to
        The code of an organisation.
    store
        As for `insight.open`.
    user
        Who asks, in embedded mode; the run's author if nobody is named.

    Returns
    -------
    Release
        Granted, with the frozen files; or refused.

    Raises
    ------
    InsightError
        When there is no such run, the recipient cannot receive, or it was released there before.
    """
    root = existing_store(store)
    with EmbeddedGateway(root) as gateway:
        said = gateway.operate("release", run=run, to=to, user=user)
    if said["granted"]:
        return Release(run, to, granted=True, folder=said["folder"], files=said["files"])
    blockers, made = tuple(said["blockers"]), read_run(root / "runs" / run)
    remedies = tuple(_remedies(said, made, to))
    return Release(run, to, granted=False, blockers=blockers, other=said["other"], remedies=remedies)


def list_runs(store: str | Path | None = None, user: str | None = None) -> list[Said]:
    """Return the registered runs of a store, the oldest first, as far as a user may open them.

    Each is a dict of `id, template, version, user, case, purpose, recipient, made, until, files, folder, released` and
    `stale`. Without a user, runs are listed that their author may open.
    """
    with EmbeddedGateway(existing_store(store)) as gateway:
        found: list[Said] = gateway.operate("runs", user=user)["runs"]
    return found


def show_run(run: str, store: str | Path | None = None, user: str | None = None) -> Said:
    """Return one registered run as `list_runs` does; raise when it is not available."""
    with EmbeddedGateway(existing_store(store)) as gateway:
        return gateway.operate("show_run", run=run, user=user)


def _remedies(said: Said, run: Run, to: str) -> Iterator[str]:
    """Yield what can be done: for some of it an owner can be asked; a rendition leaves out what may not go."""
    owners = [blocker["owner"] for blocker in said["blockers"] if blocker["reason"] == "consent"]
    if owners:
        yield f"What needs consent can go when it is given: ask {', '.join(owners)}."
    if not said["rendition"]:
        yield f"The release profile of {to} is not for the purpose {run.purpose}: choose another for it."
    elif run.recipient == to:
        yield f"Labels have changed since it was made; make it again: {_command(run, to)}"
    else:
        yield f"Make a rendition, which leaves out what may not go: {_command(run, to)}"


def _command(run: Run, to: str) -> str:
    given = [
        f"{name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in run.parameters.items()
    ]
    pairs = [word for pair in given for word in ("-p", pair)]
    who = ["--as", run.user, "--case", run.case, "--purpose", run.purpose, "--for", to]
    return shlex.join(["insight", "report", "run", run.template, *pairs, *who])
