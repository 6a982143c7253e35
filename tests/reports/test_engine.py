"""The papermill engine: found by papermill, strict before the kernel, honest after it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.reports.engine import InsightEngine
from insight_kernel.templates.registry import template

SIDECAR = """
title: T
question: Q
purpose: network
parameters:
  type: object
  additionalProperties: false
  required: [key]
  properties: {key: {type: string, pattern: "^[0-9a-f]{4}$"}}
"""


def write(folder: Path, code: str) -> Path:
    """A template of one parameter and one cell of code."""
    cells = [nbformat.v4.new_code_cell('key: str = "0000"', metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(code), nbformat.v4.new_code_cell("1 + 1")]  # fmt: skip
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "t.ipynb")
    (folder / "t.yml").write_text(SIDECAR, encoding="utf-8")
    return folder / "t.ipynb"


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setitem(papermill_engines._engines, "insight", InsightEngine)


@pytest.mark.parametrize(
    "given",
    [{}, {"key": "ff"}, {"key": 12}, {"key": "00ff", "a=1;import os#": 1}],
    ids=lambda g: "-".join(g) or "none",
)
def test_wrong_parameters_stop_the_run_before_a_kernel(tmp_path, registered, given):
    """Nothing is executed and nothing is written, also when only defaults would be used."""
    marker = tmp_path / "ran"
    notebook = write(tmp_path, f"open({str(marker)!r}, 'w')")
    with pytest.raises(BadInput, match=r"t\.yml"):
        papermill.execute_notebook(
            notebook, tmp_path / "out.ipynb", given, engine_name="insight", progress_bar=False
        )
    assert not marker.exists()
    assert not (tmp_path / "out.ipynb").exists()


def test_a_template_without_a_sidecar_does_not_run(tmp_path, registered):
    """What is not declared cannot be checked."""
    notebook = write(tmp_path, "1")
    (tmp_path / "t.yml").unlink()
    with pytest.raises(BadInput, match=r"t\.yml is not beside it"):
        papermill.execute_notebook(notebook, None, {"key": "00ff"}, engine_name="insight", progress_bar=False)


@pytest.mark.parametrize(
    ("code", "status"),
    [("assert key == '1234'", "done"), ("import sys; sys.exit(0)", "failed"), ("while True: pass", "failed")],
    ids=["runs", "leaves with exit code 0", "takes too long"],
)
def test_the_status_tells_whether_the_end_was_reached(tmp_path, registered, code, status):
    """Papermill saves both a timeout and an early exit like a success; the engine's own status does not."""
    notebook, out = write(tmp_path, code), tmp_path / "out.ipynb"
    try:
        papermill.execute_notebook(
            notebook, out, {"key": 1234}, engine_name="insight", progress_bar=False, execution_timeout=3
        )
        ended = "done"
    except Unavailable:
        ended = "failed"
    saved = nbformat.read(out, as_version=4)
    assert (ended, saved.metadata.insight.status) == (status, status)


def test_papermill_finds_the_engine_by_its_entry_point(tmp_path):
    """`papermill --engine insight` works where the package is installed; a wrong parameter is one line, exit 1."""
    checkout = Path(__file__).parents[2]
    points = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "entry-points"
    ]
    info = tmp_path / "site" / "insight_kernel-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: insight-kernel\nVersion: 0\n", encoding="utf-8"
    )
    lines = [f"{name} = {place}\n" for name, place in points["papermill.engine"].items()]
    (info / "entry_points.txt").write_text("".join(["[papermill.engine]\n", *lines]), encoding="utf-8")
    asked = ["--engine", "insight", "-p", "subject", "12"]
    notebook, out = template("subject_profile").notebook, tmp_path / "out.ipynb"
    run = subprocess.run(
        [sys.executable, "-m", "papermill", str(notebook), str(out), *asked, "--log-level", "ERROR"],
        env={"PYTHONPATH": f"{tmp_path / 'site'}:{checkout}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = run.stderr.strip().splitlines()
    assert run.returncode == 1
    assert not out.exists()
    assert said[-1].startswith("Error: Cannot run the template: parameter subject is not string of the form")
    assert "Traceback" not in run.stderr
