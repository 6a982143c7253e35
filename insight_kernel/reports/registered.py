"""Templates of a store's own, in its folder `templates/`: run only in the version that two people registered."""

from pathlib import Path

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store, store_folder
from insight_kernel.errors import BadInput, Refused
from insight_kernel.leaving.notebook import read_notebook
from insight_kernel.reports.registry import Template, read_template, template, templates


def find_template(name: str, store: str | Path | None) -> Template:
    """Return a template that comes with the package, or a registered one of a store.

    Raises
    ------
    BadInput
        When there is none of this name.
    Refused
        When it is not registered, or is not the version that was.
    """
    if name in {found.name for found in templates()}:
        return template(name)
    root = store_folder(store)
    if not _notebook(root, name).is_file():
        return template(name)  # says which there are
    found = read_template(_notebook(root, name))
    with EmbeddedGateway(root) as gateway:
        versions = gateway.operate("templates")["templates"]
    if versions.get(name) != found.hash:
        wrong = (
            "it is not registered" if name not in versions else "it is not the version that was registered"
        )
        raise Refused(f"use the template {name}", wrong, f"Register it: insight report register {name}.")
    return found


def ask_registration(name: str, *, store: str | Path | None, user: str, why: str) -> dict[str, str]:
    """Ask that a template in a store's folder `templates/` may be run; a second person decides.

    Raises
    ------
    BadInput
        When it is not there, its name is taken, its sidecar is wrong, or it holds outputs.
    """
    root, asked = existing_store(store), f"register the template {name}"
    if name in {found.name for found in templates()}:
        raise BadInput(asked, "a template of this name comes with the package", "Choose another name.")
    notebook = _notebook(root, name)
    if not notebook.is_file():
        raise BadInput(
            asked, f"there is no {name}.ipynb in {notebook.parent}", "Put it there, with its .yml."
        )
    if any(
        cell.get("outputs") or cell.get("attachments")
        for cell in read_notebook(notebook.read_bytes())["cells"]
    ):
        raise BadInput(asked, "it holds outputs or attachments", "Clear them, and ask again.")
    what = {"name": name, "version": read_template(notebook).hash}
    with EmbeddedGateway(root) as gateway:
        said: dict[str, str] = gateway.operate("acts/ask", user=user, kind="template", what=what, reason=why)
        return said


def _notebook(root: Path, name: str) -> Path:
    folder = root / "templates"
    return next((path for path in folder.glob("*.ipynb") if path.stem == name), folder / "none")
