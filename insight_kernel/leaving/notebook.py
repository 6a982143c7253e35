"""The notebook of a report: what tells of the machine is stripped when it is made, what is left over is refused."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from insight_kernel.errors import BadInput, Refused
from insight_kernel.leaving.page import refuse_active
from insight_kernel.leaving.pictures import plain_png, png_fault

Notebook = dict[str, Any]
_SHOWN = ("text/html", "text/plain", "image/png")
_TAGS = {"parameters", "injected-parameters"}
_NAMED = {
    "kernelspec": ("display_name", "language", "name"),
    "language_info": ("name",),
    "insight": ("status",),
}
_EXECUTED = {"execution", "papermill", "widgets"}
_CELL = {"cell_type", "id", "metadata", "source", "outputs", "execution_count"}
_OUTPUT = {"output_type", "data", "metadata", "execution_count", "name", "text"}


def stripped(notebook: Mapping[str, Any]) -> Notebook:
    """Return a notebook without widget state, times, paths, and what was written to standard error.

    Examples
    --------
    >>> found = stripped({"metadata": {"papermill": {"input_path": "/home/ana/x.ipynb"}}, "cells": [],
    ...                   "nbformat": 4, "nbformat_minor": 5})
    >>> found["metadata"]
    {}
    """
    return {
        "cells": [_stripped_cell(cell) for cell in notebook["cells"]],
        "metadata": _named(notebook["metadata"]),
        "nbformat": notebook["nbformat"],
        "nbformat_minor": notebook["nbformat_minor"],
    }


def read_notebook(data: bytes) -> Notebook:
    """Return a notebook from its bytes."""
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise _left("the notebook", "is not a notebook")
    return found


def refuse_leftovers(notebook: Notebook) -> None:
    """Refuse a notebook that holds anything but sources and the outputs a report shows.

    Raises
    ------
    BadInput
        It names the cell, counted from 1, and what was found there.
    """
    metadata = notebook.get("metadata")
    top = set(notebook) - {"cells", "metadata", "nbformat", "nbformat_minor"}
    if top or not isinstance(metadata, dict) or metadata != _named(metadata):
        raise _left("the notebook", "holds metadata beside its language (widget state, times or paths)")
    for number, cell in enumerate(notebook["cells"], start=1):
        fault = _first_fault(cell)
        if fault is not None:
            raise _left(f"cell {number}", f"holds {fault}")


def left_over(notebook: Notebook) -> str | None:
    """Return what an earlier execution has left in a notebook that is to be shared as a template, or None.

    Examples
    --------
    >>> left_over({"cells": [], "metadata": {"widgets": {}}})
    'widget state or metadata of a run'
    """
    cells, metadata = notebook["cells"], notebook.get("metadata", {})
    if any(cell.get("outputs") or cell.get("attachments") for cell in cells):
        return "outputs or attachments"
    if set(metadata) - set(_NAMED) or any(_EXECUTED & set(cell.get("metadata", ())) for cell in cells):
        return "widget state or metadata of a run"
    return None


def _left(place: str, fault: str) -> BadInput:
    return BadInput("release the report", f"{place} {fault}", "Mend the template and run it again.")


def _named(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: metadata[name][key] for key in keys if key in metadata[name]}
        for name, keys in _NAMED.items()
        if isinstance(metadata.get(name), Mapping)
    }


def _stripped_cell(cell: Mapping[str, Any]) -> Notebook:
    tags = [tag for tag in cell["metadata"].get("tags", ()) if tag in _TAGS]
    found = {**cell, "metadata": {"tags": tags} if tags else {}}
    if "outputs" in cell:
        found["outputs"] = [_stripped_output(o) for o in cell["outputs"] if o.get("name") != "stderr"]
    return found


def _stripped_output(output: Mapping[str, Any]) -> Notebook:
    found = dict(output)
    if "data" in output:
        data = {kind: output["data"][kind] for kind in _SHOWN if kind in output["data"]}
        picture = {"image/png": plain_png(_text(data["image/png"]))} if "image/png" in data else {}
        found |= {"metadata": {}, "data": {**data, **picture}}
    return found


def _first_fault(cell: Any) -> str | None:
    try:
        return next(_cell_faults(cell), None)
    except (AttributeError, TypeError):
        return "what is no cell"


def _cell_faults(cell: Mapping[str, Any]) -> Iterator[str]:
    if cell.keys() - _CELL:
        yield "attachments, or something else beside its source and outputs"
    metadata = cell.get("metadata", {})
    if set(metadata) - {"tags"} or set(metadata.get("tags", ())) - _TAGS:
        yield "metadata of its execution"
    for output in cell.get("outputs", ()):
        yield from _output_faults(output)


def _output_faults(output: Mapping[str, Any]) -> Iterator[str]:
    kind, data = output.get("output_type"), output.get("data", {})
    if kind not in ("stream", "display_data", "execute_result") or output.get("name") == "stderr":
        yield "an error, or what was written to standard error"
    if set(output) - _OUTPUT or output.get("metadata"):
        yield "an output with metadata"
    if set(data) - set(_SHOWN):
        yield f"an output of another kind than {', '.join(_SHOWN)}"
    fault = png_fault(_text(data["image/png"])) if "image/png" in data else None
    if fault is not None:
        yield fault
    try:
        refuse_active(_text(data.get("text/html", "")))
    except Refused as refused:
        yield f"active content: {refused.wrong}"


def _text(value: Any) -> str:
    """Return a text that a notebook may write as a list of lines."""
    return "".join(value) if isinstance(value, list) else str(value)
