"""Runs made by hand: a session of a run reads, two files are put in place, and the run is registered."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from insight_kernel.client.asking import Asker
from insight_kernel.templates.names import new_run_id
from tests.servers import Server

PAGE = "<html><body><main><p>A report.</p></main></body></html>"
NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sha256_of(names: Iterable[str]) -> str:
    """Return the hash of a run's parameters."""
    return hashlib.sha256(json.dumps(list(names)).encode()).hexdigest()


def put(
    folder: Path, page: str = PAGE, notebook: Mapping[str, Any] = NOTEBOOK, **stated: Any
) -> dict[str, str]:
    """Put a report's files and its record into a run's folder; return the hashes of the report."""
    folder.mkdir(parents=True)
    (folder / "report.html").write_text(page, encoding="utf-8")
    (folder / "report.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(stated), encoding="utf-8")
    return {name: sha256(folder / name) for name in ("report.html", "report.ipynb")}


def register(
    server: Server, token: str, files: Mapping[str, str], parameters: str = "p" * 64
) -> httpx.Response:
    """Hand a run over as the runner does."""
    said = {"template": "subject_profile", "version": "v" * 64, "parameters": parameters}
    return server.operate("/run", {"token": token, **said, "files": dict(files)})


def made(server: Server, read: Iterable[str], *, page: str = PAGE, notebook: Mapping[str, Any] = NOTEBOOK,
         **asked: Any) -> str:  # fmt: skip
    """Make and register a run that read the companies of these names, its parameters; return its id."""
    read = list(read)
    run = new_run_id()
    token = server.session(run=run, **asked)
    asker = Asker(server.address, token)
    for name in read:
        assert asker.table("find", schema="Company", filters={"name": [name]}).num_rows == 1, name
    files = put(server.store / "runs" / run, page, notebook, status="done", until="2999-01-01")
    register(server, token, files, sha256_of(read)).raise_for_status()
    return run


def release(server: Server, run: str, to: str, user: str | None = None) -> httpx.Response:
    """Ask for a release as the command line does."""
    return server.operate("/release", {"run": run, "to": to, "user": user})


def frozen(server: Server, run: str) -> list[str]:
    """Return every file that lies below a run's releases."""
    folder = server.store / "runs" / run / "released"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
