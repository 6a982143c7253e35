"""A run as it is kept: a folder of its own with `run.json`, and the report once it is done."""

import hashlib
import html
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from insight_kernel.errors import BadInput
from insight_kernel.files import replace_file
from insight_kernel.leaving import NOTEBOOK, PAGE
from insight_kernel.templates.parameters import Parameters

Status = Literal["running", "done", "failed", "refused", "stopped"]


@dataclass(frozen=True)
class Run:
    """One run of a template; `run.json` holds the same.

    Attributes
    ----------
    folder
        Where its files lie: `run.json`, and when done `report.ipynb` and `report.html`.
    id, template, template_hash
        Which run of which template, in which version.
    user, case, purpose, parameters
        For whom, in which envelope, and what was asked; parameters hold ids, never names.
    status, error
        How far it came, and one line saying why it came no further.
    started, ended
        Times in UTC, ISO 8601.
    label
        The banner of everything the run was sent, as the gateway knows it.
    files
        SHA-256 of each file, by name.
    recipient, until
        In a rendition the organisation it is for; the day on which a registered run is gone. A draft has neither.
    """

    folder: Path
    id: str
    template: str
    template_hash: str
    user: str
    case: str
    purpose: str
    parameters: Parameters
    started: str
    status: Status = "running"
    error: str | None = None
    ended: str | None = None
    label: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    recipient: str | None = None
    until: str | None = None

    @property
    def html(self) -> Path | None:
        """Return the page, if the run is done."""
        return self.folder / PAGE if self.status == "done" else None

    @property
    def notebook(self) -> Path | None:
        """Return the executed notebook, if the run is done."""
        return self.folder / NOTEBOOK if self.status == "done" else None

    def as_dict(self) -> dict[str, Any]:
        """Return what `run.json` holds."""
        return {name: value for name, value in asdict(self).items() if name != "folder"}

    def write(self) -> "Run":
        """Put the run's state on the disk, whole or not at all."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, indent=2)
        replace_file(self.folder / "run.json", text.encode())
        return self

    def delivered(self, files: dict[str, bytes], label: str) -> "Run":
        """Put a finished report in place, the page last, and return the run as done.

        If that fails nothing of the report remains.
        """
        try:
            for name, data in files.items():
                replace_file(self.folder / name, data)
            hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
            return replace(self, status="done", ended=now(), label=label, files=hashes).write()
        except BaseException:
            self._remove(files)
            raise

    def over(self, status: Status, error: str) -> "Run":
        """Return the run as ended without a report; one that is there already is removed."""
        self._remove(self.files)
        return replace(self, status=status, error=error, ended=now(), label=None, files={}).write()

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def __str__(self) -> str:
        where = f"\n  {self.html}\n  {self.notebook}" if self.html else f": {self.error}" * bool(self.error)
        return f"{self.template} {self.id} {self.status}{where}"

    def _repr_html_(self) -> str:
        rows = [("status", self.status), ("label", self.label), ("page", self.html), ("error", self.error)]
        cells = "".join(
            f"<tr><th>{name}</th><td>{html.escape(str(value))}</td></tr>" for name, value in rows if value
        )
        return f"<table><caption>{html.escape(f'{self.template} {self.id}')}</caption>{cells}</table>"


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_run(folder: Path) -> Run:
    """Return the run kept in a folder.

    Raises
    ------
    BadInput
        When the folder holds no readable `run.json`.
    """
    try:
        return Run(folder, **json.loads((folder / "run.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        wrong = "its run.json is missing or cannot be read"
        raise BadInput(f"read the run {folder.name}", wrong, "Make the report again.") from None
