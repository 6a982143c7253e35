"""`insight bench` says what there is to measure."""

import json

from click.testing import CliRunner

from insight_kernel.cli import main


def test_without_a_name_it_lists_what_can_be_measured() -> None:
    """Each measurement stands in the list with one line."""
    result = CliRunner().invoke(main, ["bench"])
    assert result.exit_code == 0
    found = [line.split()[0] for line in result.output.splitlines()]
    assert found == ["audit", "hub", "intake", "leaks", "load", "policy", "recovery", "release", "sandbox"]


def test_a_measurement_as_json_names_machine_and_figures() -> None:
    """The JSON form holds the machine, the versions and every row."""
    result = CliRunner().invoke(main, ["bench", "load", "--values", "100", "--json"])
    found = json.loads(result.output)
    assert {"cores", "processor", "python", "duckdb", "command"} <= found["machine"].keys()
    assert any(row["step"] == "commit" for row in found["rows"])
