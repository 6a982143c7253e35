"""A store's own templates: run only in the version that two people registered."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from insight_kernel.cli import main
from insight_kernel.client.loading import Delivery, load_deliveries
from insight_kernel.errors import BadInput, Refused
from insight_kernel.reports.run import run_report
from tests.build import entity, profile, write_lines, write_yaml

SIDECAR: dict[str, Any] = {
    "title": "Count", "question": "How many companies?", "purpose": ["network"],
    "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
}  # fmt: skip


def notebook(source: str = "import insight_kernel as insight\nws = insight.open()\nprint(ws.count('Company'))",
             held: dict[str, Any] | None = None, **cell: Any) -> str:  # fmt: skip
    """Return a notebook of one cell, with metadata of its own or none."""
    code = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
    return json.dumps(
        {"cells": [{**code, **cell}], "metadata": held or {}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one company, and a template in its folder."""
    folder = tmp_path_factory.mktemp("registered")
    lines = write_lines(folder / "a.jsonl", [entity("a", "Company", name="A")])
    said = write_yaml(folder / "a.yml", profile(source="a"))
    assert load_deliveries([Delivery((lines,), said, None, None)], store=folder / "store").fine
    put(folder / "store", notebook())
    return folder / "store"


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(base, tmp_path / "store"))


def put(store: Path, text: str, name: str = "counted") -> None:
    (store / "templates").mkdir(exist_ok=True)
    (store / "templates" / f"{name}.ipynb").write_text(text, encoding="utf-8")
    write_yaml(store / "templates" / f"{name}.yml", SIDECAR)


def insight(store: Path, *words: str) -> dict[str, Any]:
    """Run a command; return what it prints, or its one line of error."""
    result = CliRunner().invoke(main, [*words, "--store", str(store), "--json"])
    return json.loads(result.stdout) if result.exit_code == 0 else {"error": result.output}


def register(store: Path, second: str = "luc") -> None:
    asked = insight(store, "report", "register", "counted", "--as", "ana", "--why", "needed")
    assert insight(store, "decide", asked["id"], "agree", "--as", second)["state"] == "agreed"


def run(store: Path, name: str = "counted") -> Any:
    return run_report(name, {}, store=store, user="ana", purpose="network", progress=False)


def test_two_people_register_it_and_it_runs(store: Path) -> None:
    """Before that it is refused; the run names the version."""
    with pytest.raises(Refused, match="not registered"):
        run(store)
    register(store)
    made = run(store)
    assert (made.status, made.template) == ("done", "counted")


def test_another_version_is_not_run(store: Path) -> None:
    """Not when a cell was changed, not when the sidecar was."""
    register(store)
    put(store, notebook(source="print('changed')"))
    with pytest.raises(Refused, match="not the version"):
        run(store)


def test_who_registers_and_who_does_not(store: Path) -> None:
    """Reviewers, operators, trainers, and never one alone."""
    assert "id" in insight(store, "report", "register", "counted", "--as", "ana", "--why", "x")
    refused = insight(store, "report", "register", "counted", "--as", "ben", "--why", "x")
    assert "it is for a reviewer" in refused["error"]
    asked = insight(store, "report", "register", "counted", "--as", "luc", "--why", "x")
    assert "another person" in insight(store, "decide", asked["id"], "agree", "--as", "luc")["error"]
    with pytest.raises(Refused, match="not registered"):
        run(store)


@pytest.mark.case("L22")
@pytest.mark.parametrize(
    ("text", "name", "wrong"),
    [
        (notebook(outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}]), "counted", "outputs"),
        (notebook(attachments={"a.png": {}}), "counted", "outputs or attachments"),
        (notebook(held={"widgets": {"state": {}}}), "counted", "widget state"),
        (notebook(held={"papermill": {"input_path": "x"}}), "counted", "metadata of a run"),
        (notebook(metadata={"execution": {"iopub.status.busy": "x"}}), "counted", "metadata of a run"),
        (notebook(), "subject_profile", "comes with the package"),
        (None, "missing", "there is no missing.ipynb"),
    ],
)
def test_what_cannot_be_registered(store: Path, text: str | None, name: str, wrong: str) -> None:
    """One with what an execution left in it, one whose name is taken, one that is not there."""
    if text is not None:
        put(store, text, name)
    assert wrong in insight(store, "report", "register", name, "--as", "ana", "--why", "x")["error"]


@pytest.mark.parametrize("name", ["/home/x.ipynb", "../counted", "reports/x", "x.ipynb"])
def test_a_template_of_a_workspace_is_none(store: Path, name: str) -> None:
    """Paths are no names: what lies in a home is not run as a template."""
    with pytest.raises(BadInput, match="there is none"):
        run(store, name)
