"""Every template that is shipped: its sidecar, its parameters, no outputs, assertions at the end."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.templates.registry import Template, template, templates


@pytest.fixture(params=templates(), ids=lambda t: t.name)
def shipped(request) -> Template:
    return request.param


def cells(found: Template, kind: str = "code") -> list[dict[str, Any]]:
    notebook = json.loads(found.notebook.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_the_parameter_cell_and_the_sidecar_name_the_same(shipped):
    """The first cell is tagged `parameters`, and sets exactly what the sidecar declares."""
    first = cells(shipped)[0]
    assert first["metadata"]["tags"] == ["parameters"]
    names = [node.target.id for node in ast.parse(source(first)).body if isinstance(node, ast.AnnAssign)]
    assert names == list(shipped.sidecar.names)
    assert len(names) == len(ast.parse(source(first)).body)


def test_no_outputs_are_stored(shipped):
    """A template holds no outputs, no counts and no state of widgets."""
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells(shipped))
    metadata = json.loads(shipped.notebook.read_text(encoding="utf-8"))["metadata"]
    assert set(metadata) == {"kernelspec", "language_info"}


def test_cells_are_thin_and_the_last_one_asserts(shipped):
    """Logic longer than five lines lives in the package; a run that lost its content does not end well."""
    assert max(len(source(cell).splitlines()) for cell in cells(shipped)) <= 6
    assert all(isinstance(node, ast.Assert) for node in ast.parse(source(cells(shipped)[-1])).body)


def test_every_parameter_is_explained(shipped):
    """Who runs a template reads what each parameter means."""
    assert all(schema["description"] for schema in shipped.sidecar.parameters["properties"].values())


def test_facts_assessment_gaps_and_recommendations_are_kept_apart():
    """The profile has its four parts, in this order."""
    text = "\n".join(source(cell) for cell in cells(template("subject_profile"), "markdown"))
    parts = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert parts == ["Facts", "Assessment", "Gaps", "Recommendations", "How this was made"]


def test_an_unknown_template_is_refused_with_the_known_ones():
    """The way out is named."""
    with pytest.raises(BadInput, match="subject_profile"):
        template("../subject_profile")


def test_every_template_has_its_sidecar():
    """Each NAME.ipynb has NAME.yml beside it, and nothing else lies there."""
    folder = templates()[0].notebook.parent
    pairs = {path.stem for path in Path(folder).glob("*.ipynb")}
    assert {path.name for path in folder.iterdir()} == {f"{n}.{e}" for n in pairs for e in ("ipynb", "yml")}
