"""Templates seen from outside the gateway: found with the versions it knows, and handed in for registration."""

from pathlib import Path

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store, store_folder
from insight_kernel.errors import BadInput
from insight_kernel.leaving.notebook import left_over, read_notebook
from insight_kernel.templates import own
from insight_kernel.templates.registry import Template, read_template, template, template_names


def find_template(name: str, store: str | Path | None) -> Template:
    """Return a template that comes with the package, or a registered one of a store.

    Raises
    ------
    BadInput
        When there is none of this name.
    Refused
        When it is not registered, or is not the version that was.
    """
    root = store_folder(store)
    if own.own_notebook(root, name) is None:
        return template(name)  # asks no gateway
    with EmbeddedGateway(root) as gateway:
        return own.find_template(root, name, gateway.operate("templates")["templates"])


def ask_registration(name: str, *, store: str | Path | None, user: str, why: str) -> dict[str, str]:
    """Ask that a template in a store's folder `templates/` may be run; a second person decides.

    Raises
    ------
    BadInput
        When it is not there, its name is taken, its sidecar is wrong, or it holds outputs.
    """
    root, asked = existing_store(store), f"register the template {name}"
    if name in template_names():
        raise BadInput(asked, "a template of this name comes with the package", "Choose another name.")
    notebook = own.own_notebook(root, name)
    if notebook is None:
        wrong = f"there is no {name}.ipynb in {root / 'templates'}"
        raise BadInput(asked, wrong, "Put it there, with its .yml.")
    left = left_over(read_notebook(notebook.read_bytes()))
    if left is not None:
        raise BadInput(asked, f"it holds {left}", "Clear them, and ask again.")
    what = {"name": name, "version": read_template(notebook).hash}
    with EmbeddedGateway(root) as gateway:
        said: dict[str, str] = gateway.operate("acts/ask", user=user, kind="template", what=what, reason=why)
        return said
