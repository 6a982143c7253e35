"""The data directory of one store: where things lie, its format number and its secret key."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from insight_kernel.errors import BadInput
from insight_kernel.files import UNFINISHED, remove, replace_file
from insight_kernel.shipped import shipped
from insight_kernel.store.quarantine import Quarantine

FORMAT = 2
_FOLDERS = ("originals", "drafts", "quarantine", "audit", "index", "runs", "staging", "keys")


@dataclass(frozen=True)
class StoreFolder:
    """Paths of one data directory; make or check it with `open_folder`."""

    root: Path

    @property
    def marker(self) -> Path:
        """Return the file that makes a folder a store."""
        return self.root / "store.json"

    @property
    def database(self) -> Path:
        """Return the file of labelled statements: the latest, where one has taken another's place."""
        found = self.root.glob("statements*.duckdb")
        return max(found, key=_turn, default=self.root / "statements.duckdb")

    @property
    def next_database(self) -> Path:
        """Return the file that will take its place."""
        return self.root / f"statements-{_turn(self.database) + 1}.duckdb"

    @property
    def organisation(self) -> Path:
        """Return the file of users, organisations and cases."""
        return self.root / "organisation.yml"

    @property
    def audit_log(self) -> Path:
        """Return the file of audit entries."""
        return self.root / "audit" / "log.jsonl"

    def __truediv__(self, name: str) -> Path:
        return self.root / name

    @cached_property
    def key(self) -> bytes:
        """Return the secret from which this store's random ids are made."""
        return (self.root / "keys" / "ids").read_bytes()

    def invented(self) -> bool | None:
        """Tell whether the store holds invented data; None while it is empty."""
        value = _read_marker(self.marker).get("invented")
        return value if isinstance(value, bool) else None

    def declare(self, *, invented: bool) -> None:
        """Fix once, with the first delivery, whether this store holds invented or real data."""
        self.check_kind(invented=invented)
        if self.invented() is None:
            _write_marker(self.marker, invented)

    def check_kind(self, *, invented: bool) -> None:
        """Refuse invented data for a store of real data, and the other way round."""
        known = self.invented()
        if known is not None and known != invented:
            kinds = ("invented", "real") if known else ("real", "invented")
            raise BadInput(
                f"load into {self.root}",
                f"it holds {kinds[0]} data and the source is {kinds[1]}",
                "Use another --store: a store never holds both.",
            )


def open_folder(root: Path, *, create: bool = False) -> StoreFolder:
    """Return the store at `root`; refuse a folder of another format, and a missing one unless `create`."""
    folder = StoreFolder(root.expanduser().resolve())
    if not folder.marker.exists():
        if not create:
            raise BadInput(
                f"open store {root}", "there is no store.json in it", "Load something first: insight load."
            )
        _make(folder)
    found = _read_marker(folder.marker).get("format")
    if found != FORMAT:
        raise BadInput(
            f"open store {root}",
            f"its format is {found!r}, this version reads {FORMAT}",
            "Use the version that made it, or load its originals/ into a new store.",
        )
    return folder


def clear_leftovers(folder: StoreFolder) -> None:
    """Remove what a killed gateway left; for the process that serves the store.

    Staged deliveries and unfinished files were never acknowledged; databases whose place another has taken hold
    what was purged. No purge would find any of it.
    """
    for path in (folder / "staging").iterdir():
        shutil.rmtree(path, ignore_errors=True)
    for path in (*folder.root.rglob(f"{UNFINISHED}*"), *_outdated(folder)):
        remove(path)
    Quarantine(folder / "quarantine").clear_unfinished()


def _outdated(folder: StoreFolder) -> Iterator[Path]:
    """Yield databases that another has taken the place of, with their logs, and what was being sorted on disk."""
    current = folder.database
    for path in folder.root.glob("statements*.duckdb*"):
        if path.name.partition(".")[0] != current.stem or path.suffix == ".tmp":
            yield path


def _turn(path: Path) -> int:
    """Return which in turn a database is: `statements.duckdb` is the first, `statements-2.duckdb` the second."""
    return int(path.stem.partition("-")[2] or 1)


def _make(folder: StoreFolder) -> None:
    """Make a store; one half made by a process that was killed, or prepared with an organisation file, is finished."""
    if folder.root.exists() and any(map(_foreign, folder.root.iterdir())):
        raise BadInput(
            f"make a store at {folder.root}", "the folder is not empty", "Name a new or empty folder."
        )
    folder.root.mkdir(parents=True, exist_ok=True)
    for name in _FOLDERS:
        (folder.root / name).mkdir(mode=0o700, exist_ok=True)
    folder.root.chmod(0o700)
    replace_file(folder.root / "keys" / "ids", secrets.token_bytes(32))
    if not os.path.lexists(folder.organisation):
        replace_file(folder.organisation, (shipped("hub_config") / "organisation.yml").read_bytes())
    _write_marker(folder.marker, None)


def _foreign(path: Path) -> bool:
    return path.name not in (*_FOLDERS, "organisation.yml") and not path.name.startswith(UNFINISHED)


def _write_marker(path: Path, invented: bool | None) -> None:
    replace_file(path, json.dumps({"format": FORMAT, "invented": invented}).encode())


def _read_marker(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(f"open store {path.parent}", "store.json cannot be read", "Restore it from a backup.")
    return found
