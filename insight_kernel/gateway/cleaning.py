"""Cleaning: each month, workspaces that were sent what has since expired or was withdrawn give up their copies.

The floating label stays as it is; what it holds of expired values stops nothing, because rule 2 is not applied to it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat

from insight_kernel.audit.log import AuditLog
from insight_kernel.files import replace_file
from insight_kernel.gateway.floating import FloatingLabels
from insight_kernel.gateway.homes import stop_server
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.joins import Joins
from insight_kernel.gateway.workspaces import Opened

_CLEANED = "cleaned"
_CODE = ".py"


class Cleaning:
    """Which workspaces were cleaned up to which day, and which await it."""

    def __init__(self, floating: FloatingLabels, joins: Joins) -> None:
        self._floating, self._joins = floating, joins
        self._last: dict[str, date] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if entry.get("act") == _CLEANED:
            self._last[entry["workspace"]] = date.fromisoformat(entry["day"])

    def awaits(self, opened: Opened, until: date) -> bool:
        """Tell whether a workspace was sent values that expired or were withdrawn since it was cleaned, or opened."""
        # what expired on the very day of opening was withdrawn that day, or it would not have been sent
        opening = date.fromisoformat(opened.since[:10]) - timedelta(days=1)
        since = self._last.get(_name(opened), opening)
        return self._joins.expired(self._floating.of(_name(opened)), since, until)

    def clean(self, opened: Opened, day: date, hub: Hub | None, audit: AuditLog) -> None:
        """End a workspace's server and clean its home; nothing is logged as cleaned before it is."""
        home = stop_server(hub, opened, "clean")
        removed = clean_home(home) if home is not None and home.is_dir() else 0
        entry = {"operation": "erasure", "act": _CLEANED, "user": opened.user, "workspace": _name(opened)}
        audit.append({**entry, "day": day.isoformat(), "files": removed})
        self._last[_name(opened)] = day


def clean_home(home: Path) -> int:
    """Remove outputs from notebooks and every file that is neither notebook nor code; return how many files changed.

    Links are removed, not followed; a notebook that cannot be read goes like data.

    Examples
    --------
    >>> import tempfile
    >>> home = Path(tempfile.mkdtemp())
    >>> _ = (home / "persons.csv").write_text("a"), (home / "tools.py").write_text("b = 1")
    >>> clean_home(home), [path.name for path in home.iterdir()]
    (1, ['tools.py'])
    """
    changed = 0
    for path in [p for p in home.rglob("*") if p.is_symlink() or p.is_file()]:
        if path.is_symlink() or not _cleaned(path):
            path.unlink()
            changed += 1
        else:
            changed += path.suffix == ".ipynb"
    return changed


def _cleaned(path: Path) -> bool:
    """Clean a file in its place; return whether it may stay."""
    if path.suffix != ".ipynb":
        return path.suffix == _CODE
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:  # whatever it is, it is no notebook
        return False
    for cell in notebook.cells:
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    replace_file(path, nbformat.writes(notebook).encode())  # type: ignore[no-untyped-call]
    return True


def _name(opened: Opened) -> str:
    return opened.session(date.max).workspace
