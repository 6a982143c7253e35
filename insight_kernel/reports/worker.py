"""The process of one run: `python -m insight_kernel.reports.worker`, its job as one JSON line on standard input.

It says what happens as JSON lines on standard output: `{"cell", "of"}` for each cell, at the end
`{"status", "error" | "label" and "files"}`. When its input ends, nobody waits any more, and it ends.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import nbformat
import papermill
from papermill.engines import NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from insight_kernel.client.opening import open_workspace
from insight_kernel.errors import InsightError, NotAvailable
from insight_kernel.leaving import NOTEBOOK, PAGE
from insight_kernel.leaving.notebook import stripped
from insight_kernel.reports.engine import InsightEngine
from insight_kernel.reports.render import render

Say = Callable[[dict[str, Any]], None]
_SAFE = {"AssertionError", "BadInput", "Refused", "Unavailable"}  # their texts are written to be shown


def main() -> None:
    """Do the job given on standard input."""
    say = _channel()
    job = json.loads(sys.stdin.readline())
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with_input, daemon=True).start()
    say(_outcome(job, say))


def _outcome(job: dict[str, Any], say: Say) -> dict[str, Any]:
    try:
        return {"status": "done", **_made(job, say)}
    except NotAvailable:
        return _not_available(job)
    except InsightError as error:
        return {"status": "failed", "error": str(error)}
    except PapermillExecutionError as error:
        if error.ename == "NotAvailable":
            return _not_available(job)
        said = f": {error.evalue}" if error.ename in _SAFE else ""
        where = f"Cell {error.cell_index + 1} of {job['name']} ended with {error.ename}"
        return {"status": "failed", "error": f"{where}{said}"}
    except Exception as error:  # its text may hold values
        return {"status": "failed", "error": f"The run ended with {type(error).__name__}."}


def _made(job: dict[str, Any], say: Say) -> dict[str, Any]:
    """Execute the template; return the label's banner, and notebook and page as texts."""
    workspace = open_workspace()
    _all_exist(workspace.entities(job["entities"]), job["entities"])
    notebook = nbformat.from_dict(stripped(_executed(job, say)))  # type: ignore[no-untyped-call]
    label = workspace.label
    shown = {name: job[name] for name in ("title", "until", "checkpoint")}
    page = render(notebook, label=label, **shown)
    files = {NOTEBOOK: nbformat.writes(notebook) + "\n", PAGE: page}  # type: ignore[no-untyped-call]
    return {"label": str(label["line"]), "files": files}


def _all_exist(found: list[Any], asked: list[str]) -> None:
    if {entity.id for entity in found} != set(asked):
        raise NotAvailable("run the template", "not available", "Check the id.")


def _executed(job: dict[str, Any], say: Say) -> Any:
    for name, text in job["template"].items():
        Path(name).write_text(text, encoding="utf-8")
    papermill_engines.register("insight", _telling(say))  # whatever other package claims that name
    return papermill.execute_notebook(
        f"{job['name']}.ipynb", None, job["parameters"], engine_name="insight", progress_bar=False, log_output=False,
        execution_timeout=int(job["seconds"]), kernel_name="python3",
    )  # fmt: skip


def _telling(say: Say) -> type[InsightEngine]:
    class Telling(InsightEngine):
        """The engine, saying after each cell how far it is."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
        ) -> Any:
            complete = nb_man.cell_complete

            def told(cell: Any, cell_index: int, **more: Any) -> None:
                complete(cell, cell_index=cell_index, **more)
                say({"cell": cell_index + 1, "of": len(nb_man.nb.cells)})

            nb_man.cell_complete = told
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)

    return Telling


def _not_available(job: dict[str, Any]) -> dict[str, Any]:
    error = NotAvailable(f"run {job['name']}", "not_available", "Check the id; it may never have existed.")
    return {"status": "refused", "error": str(error)}


def _channel() -> Say:
    """Keep standard output for events: what a kernel or a library prints goes to standard error instead."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event: dict[str, Any]) -> None:
        channel.write(json.dumps(event) + "\n")
        channel.flush()

    return say


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _stop(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)  # an exception, so that the kernel is ended on the way out


if __name__ == "__main__":
    main()
