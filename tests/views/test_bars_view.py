"""The bar chart: lengths are true, values are written, nothing is lost without a word."""

import re

import pandas as pd
import pytest

from insight_kernel.errors import BadInput
from insight_kernel.views import bars


def test_names_and_values_are_written(texts):
    """Whole numbers with separators, others with four digits, missing ones as such."""
    series = pd.Series({"Ana": 1234, "Bo": 0.12345, "Cy": None})
    assert texts(bars(series, title="Calls", unit="per day")) == [
        *("Calls", "per day", "Ana", "1,234", "Bo", "0.1235", "Cy", "no value")
    ]


def test_bars_are_as_long_as_their_values():
    """Twice the value, twice the length, from zero."""
    svg = bars(pd.Series({"a": 10.0, "b": 5.0}), title="", unit="").svg
    paths = re.findall(r'd="([^"]+)z"[^>]+fill="#0072b2"', svg)
    boxes = [[float(x) for x in re.findall(r"[ML]([\d.]+) ", path)] for path in paths]
    first, second = (max(xs) - min(xs) for xs in boxes)
    assert first == pytest.approx(2 * second, rel=1e-3)
    assert min(boxes[0]) == min(boxes[1])


@pytest.mark.parametrize("values", [{"a": -3, "b": 5}, {"a": -3, "b": -1}, {"a": 0}, {"a": None}])
def test_zero_and_negative_values_are_drawn(values, texts):
    """Names appear whatever the sign."""
    assert set(values) <= set(texts(bars(pd.Series(values, dtype=float), title="", unit="EUR")))


def test_only_the_first_forty_are_drawn(texts):
    """And the picture says so."""
    shown = texts(bars(pd.Series({f"n{n}": n for n in range(50)}), title="", unit=""))
    assert "n39" in shown
    assert "n40" not in shown
    assert "The first 40 of 50 values." in shown


def test_no_values_gives_a_picture_that_says_so(texts):
    """Empty is said."""
    assert texts(bars(pd.Series(dtype=float), title="Calls", unit="")) == ["Calls", "No values to show."]


def test_what_is_no_number_is_refused_without_repeating_it():
    """The error does not hold the value: tracebacks are kept in notebooks."""
    with pytest.raises(BadInput, match=r"^Cannot draw bars: a value is not a number\.") as caught:
        bars(pd.Series({"Ana": "secret"}), title="", unit="")
    assert "secret" not in str(caught.value)
