"""Templates of a store's own, in its folder `templates/`: run only in the version that two people registered."""

from collections.abc import Mapping
from pathlib import Path

from insight_kernel.errors import Refused
from insight_kernel.templates.registry import Template, read_template, template, template_names


def own_notebook(root: Path, name: str) -> Path | None:
    """Return where a store keeps a template of its own; one that comes with the package is never a store's."""
    if name in template_names():
        return None
    return next((path for path in (root / "templates").glob("*.ipynb") if path.stem == name), None)


def find_template(root: Path, name: str, versions: Mapping[str, str]) -> Template:
    """Return a template of the package, or a store's own in the version registered.

    Parameters
    ----------
    root
        The store's folder.
    name
        The template's name.
    versions
        The version that counts of each template registered, by name.

    Raises
    ------
    BadInput
        When there is none of this name.
    Refused
        When it is not registered, or is not the version that was.
    """
    notebook = own_notebook(root, name)
    if notebook is None:
        return template(name)  # without one it says which there are
    found = read_template(notebook)
    if versions.get(name) != found.hash:
        wrong = (
            "it is not registered" if name not in versions else "it is not the version that was registered"
        )
        raise Refused(f"use the template {name}", wrong, f"Register it: insight report register {name}.")
    return found
