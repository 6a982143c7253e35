"""Every example in a docstring of the package runs and gives what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

import insight_kernel

PACKAGE = Path(insight_kernel.__file__).parent
NAMES = sorted(
    ".".join(("insight_kernel", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path.name != "__main__.py" and "_shipped" not in path.parts
)


@pytest.mark.parametrize("name", NAMES)
def test_examples_of_a_module(name: str) -> None:
    """As a reader would type them, in a fresh namespace; papermill first, because it loads its engines itself."""
    importlib.import_module("papermill")
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples() -> None:
    """A module nobody could import, or a finder that finds nothing, would make the test above pass."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = sum(bool(test.examples) for name in NAMES for test in finder.find(importlib.import_module(name)))
    assert found >= 30
