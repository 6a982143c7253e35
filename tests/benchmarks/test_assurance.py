"""The assurance page is written from what commands said, and from nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.benchmarks.assurance import PAGE, PARTS, write_assurance
from insight_kernel.benchmarks.recovery import bench_recovery
from insight_kernel.errors import BadInput, Unavailable

RESULTS: dict[str, dict[str, Any]] = {
    "opinions": {"cases": 12_345, "disagreements": 0, "shares": {"None": 0.25, "expired": 0.75}},
    "mistakes": {"mutants": 90, "killed": 88, "explained": 1, "survived": ["a"]},
    "covered": {"percent": 99.5, "statements": 10, "branches": 4, "files": 2, "missing": {"a.py": ["7"]}},
    "tests": {
        "cases": {"A1": "passed", "A2": "failed", "F1": "passed", "L1": "skipped"},
        "uncovered": {"A23": "no files"},
    },
    "removals": {"safeguards": 3, "killed": 2, "survived": ["A9 x.py: if y"]},
    "leaks": {"rows": [{"request": "get", "pairs": 2_000, "auc": 0.501, "sizes_equal": True}]},
    "audit": {"rows": [{"what": "entries", "at_once": 64, "a second": 5_000.4, "bar": 2_000, "met": True}]},
    "recovery": {
        "rows": [{"rounds": 3, "acknowledged": 99, "lost": 0, "median": 1.26, "low": 1.1, "high": 2.0}]
    },
    "sandbox": {"rows": [{"what": "a program", "judged": 0.03, "met": True}]},
}
SAID = [
    "**12,345 cases, 0 disagreements.**", "| expired | 75.0% |", "**90 mistakes, 88 noticed by a test, 1 explained**",
    "**1 neither**", "tests reach **99.5 %**", "| attacks refused | 1 | 1 | 0 | 1 |", "- **A23**: no files",
    "**2 of 3 were missed at once.**", "- SURVIVED: `A9 x.py: if y`", "| get | 2,000 | 0.501 | yes |",
    "| entries | 64 | 5,000 | >= 2,000: met |", "**99 answers acknowledged, 0 of them not in the log.**",
    "The next answer came 1.3 s", "| a program | 30 ms | met |", "`insight bench leaks --json`",
    "`INSIGHT_OUTCOMES=FILE python -m pytest -q`",
]  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, with a result of every command."""
    (tmp_path / "tests" / "attacks").mkdir(parents=True)
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / "results").mkdir()
    for name, found in RESULTS.items():
        (tmp_path / "results" / f"{name}.json").write_text(json.dumps(found))
    return tmp_path


def test_every_figure_is_one_a_command_said(checkout: Path) -> None:
    """Each command stands above its own figures, good and bad."""
    assert {part.name for part in PARTS} == set(RESULTS)
    page = write_assurance(checkout, checkout / "results", lambda _: None).read_text()
    assert [said for said in SAID if said not in page] == []


def test_without_tests_there_is_no_page(tmp_path: Path) -> None:
    """An installed package has none: the page is a checkout's."""
    with pytest.raises(BadInput, match="is no checkout"):
        write_assurance(tmp_path, tmp_path / "results", lambda _: None)


def test_a_command_without_figures_writes_no_page(checkout: Path) -> None:
    """It is named, with how it ended; what stood on the page stays."""
    (checkout / "results" / "opinions.json").unlink()
    (checkout / "tests" / "opinions").mkdir()
    (checkout / "tests" / "__init__.py").touch()
    (checkout / "tests" / "opinions" / "compare.py").write_text("raise SystemExit(1)")
    with pytest.raises(Unavailable, match=r"run python -m tests.opinions.compare --json: it ended with 1"):
        write_assurance(checkout, checkout / "results", lambda _: None)
    assert not (checkout / PAGE).exists()


def test_a_killed_gateway_answers_again_and_its_log_holds_what_it_answered() -> None:
    """Measured with one kill."""
    [row] = bench_recovery(1, lambda _: None).as_dict()["rows"]
    assert (row["rounds"], row["lost"]) == (1, 0)
    assert row["acknowledged"] > 0
    assert row["median"] > 0
