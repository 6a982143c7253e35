"""The table of removals fits the code and the tests there are, so that it cannot rot."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.attacks.removal_table import REMOVALS, Removal
from tests.attacks.uncovered import UNCOVERED

TESTS = Path(__file__).parents[1]
PACKAGE = TESTS.parent / "insight_kernel"
LAST = {"A": 87, "F": 25, "L": 23}
"""The last number of each kind in the list of attacks, faults and leaks; no number is left out."""
CASES = {f"{kind}{n}" for kind, last in LAST.items() for n in range(1, last + 1)}
Named = tuple[str, frozenset[str]]
"""A test's name and the cases it is marked with."""


@cache
def named_in(path: Path) -> tuple[Named, ...]:
    """Return the tests of a file."""
    functions = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    ]
    return tuple((each.name, _cases(each)) for each in functions if each.name.startswith("test_"))


def _cases(function: ast.FunctionDef) -> frozenset[str]:
    calls = [mark for mark in function.decorator_list if isinstance(mark, ast.Call)]
    return frozenset(
        str(argument.value) for mark in calls if ast.unparse(mark.func) == "pytest.mark.case"
        for argument in mark.args if isinstance(argument, ast.Constant)
    )  # fmt: skip


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: f"{removal.case} {removal.file}")
def test_what_is_taken_out_stands_there_once(removal: Removal) -> None:
    """The text occurs exactly once in its file, and something else, that can be compiled, comes in its place."""
    text = (PACKAGE / removal.file).read_text("utf-8")
    assert text.count(removal.old) == 1
    assert removal.new != removal.old
    compile(text.replace(removal.old, removal.new), removal.file, "exec")


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: f"{removal.case} {removal.file}")
def test_the_tests_that_must_fail_exist(removal: Removal) -> None:
    """Each part of the name is that of a test, and one of them is marked with the case."""
    found = [test for path in removal.tests.split() for test in named_in(TESTS / path)]
    meant = [[cases for name, cases in found if part in name] for part in removal.named.split(" or ")]
    assert all(meant)
    assert any(removal.case in cases for each in meant for cases in each)


def test_cases_without_a_test_are_listed_and_no_others() -> None:
    """The list of what is not covered is exactly the numbers no test is marked with."""
    marked = {case for path in TESTS.rglob("test_*.py") for _, cases in named_in(path) for case in cases}
    assert set(UNCOVERED) == CASES - marked
