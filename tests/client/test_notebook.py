"""In a notebook: the banner above every table, and an expected error in one line."""

import nbformat
import pytest
from nbclient import NotebookClient

from insight_kernel.client.loading import Delivery, load_deliveries
from tests.build import entity, profile, write_lines, write_yaml


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[nbformat.NotebookNode]]:
    """What the cells of a notebook showed in a real kernel."""
    folder = tmp_path_factory.mktemp("notebook")
    lines = write_lines(folder / "a.jsonl", [entity("a", "Person", name="Lena Sample")])
    said = write_yaml(folder / "profile.yml", profile(source="people"))
    assert load_deliveries([Delivery((lines,), said, None, None)], store=folder / "store").fine
    cells = [
        "import insight_kernel as insight\n"
        f"ws = insight.open({str(folder / 'store')!r}, user='ana', purpose='network', quiet=True)",
        "ws.find('Person')",
        "ws.entity('0123456789abcdef')",
        "1 / 0",
        "ws.close()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return [cell.outputs for cell in notebook.cells]


def test_the_handling_banner_stands_above_a_table(outputs: list[list[nbformat.NotebookNode]]) -> None:
    """Owner, level and purposes, before the first row."""
    [shown] = outputs[1]
    banner, table = (
        shown.data["text/html"].index("OFFICIAL · owners FR"),
        shown.data["text/html"].index("Lena Sample"),
    )
    assert banner < table


def test_an_expected_error_is_one_line(outputs: list[list[nbformat.NotebookNode]]) -> None:
    """What was asked, what was wrong, what to do - and no code of ours."""
    [shown] = outputs[2]
    assert (shown.output_type, shown.ename) == ("error", "NotAvailable")
    assert "Check the id; it may never have existed." in shown.evalue
    assert not [line for line in shown.traceback if "insight_kernel/client" in line]


def test_other_errors_are_shown_whole(outputs: list[list[nbformat.NotebookNode]]) -> None:
    """An analyst's own mistake keeps its traceback."""
    [shown] = outputs[3]
    assert shown.ename == "ZeroDivisionError"
    assert len(shown.traceback) > 2
