"""The report templates that come with the package: each `NAME.ipynb` with `NAME.yml` beside it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from insight_kernel.errors import BadInput, Refused
from insight_kernel.shipped import shipped
from insight_kernel.templates.sidecar import Sidecar, read_sidecar


@dataclass(frozen=True)
class Template:
    """A report template.

    Attributes
    ----------
    name, notebook
        The name it is run by, and where it lies.
    sidecar
        Title, question, purposes and parameters.
    hash
        SHA-256 over notebook and sidecar: its version.
    """

    name: str
    notebook: Path
    sidecar: Sidecar
    hash: str

    @property
    def texts(self) -> dict[str, str]:
        """Return notebook and sidecar, by the names of their files."""
        return {
            path.name: path.read_text("utf-8") for path in (self.notebook, self.notebook.with_suffix(".yml"))
        }

    def check_purpose(self, purpose: str) -> None:
        """Raise `Refused` when it is not made for a purpose."""
        if purpose not in self.sidecar.purpose:
            allowed = ", ".join(self.sidecar.purpose)
            wrong = f"it is not made for the purpose {purpose!r}"
            raise Refused(f"run {self.name}", wrong, f"It is for {allowed}.")


def templates() -> tuple[Template, ...]:
    """Return all templates, by name.

    Examples
    --------
    >>> [template.name for template in templates()]
    ['subject_profile']
    """
    return tuple(read_template(path) for path in _notebooks().values())


def template_names() -> tuple[str, ...]:
    """Return the names of all templates, without reading any.

    Examples
    --------
    >>> template_names()
    ('subject_profile',)
    """
    return tuple(_notebooks())


def template(name: str) -> Template:
    """Return one template.

    Raises
    ------
    BadInput
        When there is none of this name, or its sidecar is missing or wrong.
    """
    known = _notebooks()
    if name not in known:
        raise BadInput(f"use the template {name!r}", "there is none", f"There are: {', '.join(known)}.")
    return read_template(known[name])


def _notebooks() -> dict[str, Path]:
    folder = shipped("notebook_templates") / "reports"
    return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}


def read_template(notebook: Path) -> Template:
    """Return the template of a notebook and the sidecar beside it; raise `BadInput` when that is missing or wrong."""
    beside = notebook.with_suffix(".yml")
    if not beside.is_file():
        raise BadInput(f"use the template {notebook.stem}", f"{beside.name} is missing", "Put it beside.")
    text = beside.read_bytes()
    digest = hashlib.sha256(notebook.read_bytes() + b"\0" + text).hexdigest()
    return Template(notebook.stem, notebook, read_sidecar(text.decode("utf-8"), beside.name), digest)
