"""The papermill engine `insight`: parameters are checked first, and only a run that reached its end looks so.

Usable from any shell: `papermill TEMPLATE.ipynb OUT.ipynb -r NAME VALUE --engine insight`.
"""

from pathlib import PurePath
from typing import Any

import click
from nbclient.exceptions import CellTimeoutError
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.iorw import papermill_io
from papermill.parameterize import parameterize_notebook

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.templates.parameters import check
from insight_kernel.templates.sidecar import Sidecar, read_sidecar


class BadParameters(BadInput, click.ClickException):
    """Parameters the sidecar does not allow; papermill's command line shows it as one line, exit code 1."""

    def __init__(self, asked: str, wrong: str, remedy: str) -> None:
        click.ClickException.__init__(self, "")
        BadInput.__init__(self, asked, wrong, remedy)  # last: it keeps all arguments, so that it pickles

    def format_message(self) -> str:
        """Return what click prints."""
        return str(self)


class InsightEngine(NBClientEngine):  # type: ignore[misc]  # papermill is untyped
    """Papermill's own engine between two checks: the parameters before, the executed cells after."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, *args: Any, **kwargs: Any) -> Any:
        """Check the parameters, then execute; nothing is written when they are wrong."""
        given = dict(nb.metadata.papermill.get("parameters") or {})
        checked = _checked(given, nb.metadata.papermill.get("input_path"))
        if checked != given:
            nb = parameterize_notebook(nb, checked, engine_name=None)
        return super().execute_notebook(nb, kernel_name, *args, **kwargs)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> Any:
        """Execute the cells and note in the notebook's metadata how it ended: `insight.status`."""
        nb_man.nb.metadata["insight"] = {"status": "failed"}  # until the end is reached
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        except CellTimeoutError:
            raise Unavailable("run the template", "a cell took too long", "Allow more time.") from None
        nb_man.nb.metadata["insight"] = {"status": "done" if _reached_the_end(nb_man.nb) else "failed"}
        _refuse_early_exit(nb_man.nb)


def _checked(given: dict[str, Any], input_path: object) -> dict[str, Any]:
    try:
        return check(given, _sidecar(input_path))
    except BadInput as error:
        raise BadParameters(error.asked, error.wrong, error.remedy) from None


def _sidecar(input_path: object) -> Sidecar:
    if not isinstance(input_path, str) or not input_path.endswith(".ipynb") or "://" in input_path:
        raise BadInput("run the template", "it is not a file NAME.ipynb", "Only those have a sidecar.")
    beside = input_path.removesuffix(".ipynb") + ".yml"
    try:  # papermill's own reader: with `cwd` set, a relative path is meant from where it was started
        text = papermill_io.read(beside, extensions=[".yml"])
    except OSError:
        wrong = f"{PurePath(beside).name} is not beside it"
        raise BadInput("run the template", wrong, "Every template has one.") from None
    return read_sidecar(text, PurePath(beside).name)


def _reached_the_end(nb: Any) -> bool:
    code = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    return all(cell.execution_count is not None and not _errors(cell) for cell in code)


def _errors(cell: Any) -> list[Any]:
    return [output for output in cell.outputs if output.output_type == "error"]


def _refuse_early_exit(nb: Any) -> None:
    """Raise when a cell left with exit code 0: papermill would call that success."""
    names = [error.ename for cell in nb.cells if cell.cell_type == "code" for error in _errors(cell)]
    if "SystemExit" in names or (not names and not _reached_the_end(nb)):
        raise Unavailable("run the template", "it ended before its last cell", "Mend the template.")
