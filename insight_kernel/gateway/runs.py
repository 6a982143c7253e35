"""The runs of a store: reports that were made whole and are not over, read from the log like the workspaces.

A run's join is the floating label of its own workspace. What is not registered here cannot be released: a run
that was killed, and a report made inside a workspace, which stays a draft of it.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.gateway.sessions import Session
from insight_kernel.store.folder import StoreFolder

OPERATION, RELEASE, EXPORT = "run", "disclosure", "export"
LEAVING = frozenset({RELEASE, EXPORT})
"""Operations by which something goes to an organisation; an export is a run and its release in one."""
Hashes = Mapping[str, str]


@dataclass(frozen=True)
class Released:
    """A release: the day, the entry of the log, the SHA-256 of each frozen file, and who did it."""

    day: str
    entry: int
    files: Hashes
    by: str


@dataclass(frozen=True)
class Run:
    """A registered run.

    Attributes
    ----------
    id, template, version, parameters
        Which run of which template; its version and its parameters as SHA-256.
    user, organisation, case, purpose, necessity, recipient
        With whose rights it was made: the meet of the user, the case and, in a rendition, the recipient.
    workspace
        Whose floating label is the run's join.
    until, made
        The day on which it is gone, and when it was registered.
    files
        SHA-256 of each file.
    released
        Its releases, by recipient.
    """

    id: str
    template: str
    version: str
    parameters: str
    user: str
    organisation: str
    case: str
    purpose: str
    necessity: bool
    recipient: str | None
    workspace: str
    until: date
    made: str
    files: Hashes
    released: Mapping[str, Released] = field(default_factory=dict)

    def session(self) -> Session:
        """Return the session it was made in; as such it asks nothing any more."""
        return Session(
            self.user, self.case, self.purpose, self.necessity, datetime.now(UTC), self.organisation,
            self.recipient, self.id, self.until,
        )  # fmt: skip


class Runs:
    """Which runs there are, and to whom each was released."""

    def __init__(self) -> None:
        self._by_id: dict[str, Run] = {}
        self._lock = Lock()
        self.releasing = Lock()  # one at a time, so that nothing is released twice

    def take(self, entry: Mapping[str, Any]) -> None:
        """Learn from one entry of the log."""
        operation, granted = entry.get("operation"), entry.get("decision") == "granted"
        with self._lock:
            if operation == OPERATION or (operation == EXPORT and granted):
                self._by_id[entry["run"]] = run_of(entry)
            if operation in LEAVING and granted:
                run = self._by_id[entry["run"]]
                made = Released(entry["day"], entry["n"], entry["released"], entry["by"] or run.user)
                self._by_id[run.id] = replace(run, released={**run.released, entry["recipient"]: made})

    def of(self, id_: str, day: date) -> Run | None:
        """Return a run; None when there is none, or none any more on this day."""
        found = self._by_id.get(id_)
        return found if found is not None and day < found.until else None

    def on(self, day: date) -> list[Run]:
        """Return all runs there are on a day, in the order in which they were registered."""
        return [run for run in tuple(self._by_id.values()) if day < run.until]


def entry_of(session: Session, **fields: Any) -> dict[str, Any]:
    """Return the entry of the log that registers a run of this session."""
    names = ("user", "organisation", "case", "purpose", "necessity", "recipient", "workspace", "run")
    said = {name: getattr(session, name) for name in names}
    until = session.until.isoformat() if session.until else None
    made = datetime.now(UTC).isoformat("T", "seconds")
    return {"operation": OPERATION, **said, "until": until, "made": made, **fields}


def hash_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, or None when it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def clear_unregistered(folder: StoreFolder, runs: Runs) -> None:
    """Remove what killed runs and releases left; nothing of it was ever registered, and nobody was told of it."""
    for path in (folder / "runs").glob("*"):
        run = runs.of(path.name, date.min)
        stated = _stated(path)
        if run is None and stated.get("until") and stated.get("status") in ("running", "done"):
            shutil.rmtree(path, ignore_errors=True)
        for frozen in (path / "released").glob("*"):
            if run is None or frozen.name not in run.released:
                shutil.rmtree(frozen, ignore_errors=True)


def expire(folder: StoreFolder, runs: Runs, audit: AuditLog, day: date) -> list[str]:
    """Delete the files of all runs that are over on this day, also of those that ended without a report.

    Logged first: what is deleted in the middle of a power cut is deleted again.
    """
    gone = sorted(path.name for path in (folder / "runs").glob("*") if _over(path, runs, day))
    if gone:
        audit.append({"operation": "erasure", "what": "runs", "runs": gone, "day": day.isoformat()})
    for name in gone:
        shutil.rmtree(folder / "runs" / name)
    return gone


def _over(path: Path, runs: Runs, day: date) -> bool:
    """Tell whether a run is over: by the log, and where it was never registered by its own record."""
    run = runs.of(path.name, date.min)
    until = run.until.isoformat() if run else _stated(path).get("until")
    return isinstance(until, str) and until <= day.isoformat()


def _stated(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def run_of(entry: Mapping[str, Any]) -> Run:
    """Return the run that an entry of the log registers."""
    names = ("template", "version", "parameters", "user", "organisation", "case", "purpose", "necessity",
             "recipient", "workspace", "made", "files")  # fmt: skip
    said = {name: entry[name] for name in names}
    return Run(id=entry["run"], until=date.fromisoformat(entry["until"]), **said)
