"""The measurement of what time and size tell is one that can tell."""

import pytest

from insight_kernel.benchmarks.leaks import Separable, bench_leaks
from insight_kernel.benchmarks.report import LEAK_HEAD


@pytest.mark.case("L17")
def test_absent_and_hidden_are_of_one_size() -> None:
    """A few pairs of each request, over the real socket: one status and one size; the times are the command's."""
    report = bench_leaks(20, lambda _: None)
    assert [row["request"] for row in report.as_dict()["rows"]] == [
        "get",
        "neighbours",
        "notes",
        "find",
        "count",
    ]
    assert all(row["sizes_equal"] and row["pairs"] == 20 for row in report.as_dict()["rows"])
    assert all(len(row.cells()) == len(LEAK_HEAD) for row in report.leaks)


@pytest.mark.parametrize(
    ("absent", "hidden", "equal", "met"),
    [
        ((1.0, 2.0, 3.0), (1.0, 2.0, 3.0), True, True),
        ((1.0, 2.0, 3.0), (1.0, 2.0, 3.0), False, False),
        ((1.0, 2.0), (3.0, 4.0), True, False),
        ((3.0, 4.0), (1.0, 2.0), True, False),  # hidden is faster: as telling
    ],
)
def test_what_can_be_told_misses_the_bar(
    absent: tuple[float, ...], hidden: tuple[float, ...], equal: bool, met: bool
) -> None:
    """By time, whichever way round, or by size."""
    assert Separable("get", absent, hidden, equal).met is met
