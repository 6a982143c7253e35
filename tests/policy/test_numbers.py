"""A set of numbers kept as an array behaves as any set of the same numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight_kernel.policy.join import Join
from insight_kernel.policy.numbers import Numbers

NUMBERS = st.frozensets(st.one_of(st.integers(0, 50), st.integers(0, 2**32 - 1)), max_size=40)


@given(NUMBERS, NUMBERS)
def test_it_equals_the_frozenset_in_every_operation(a: frozenset[int], b: frozenset[int]) -> None:
    """Union, difference, intersection, membership, order, size, equality and hash are those of a frozenset."""
    x, y = Numbers(a), Numbers.of_array(np.array([*b, *b], dtype=np.uint64))
    assert (x | y, x - y, x & y) == (a | b, a - b, a & b)
    assert (a | y, a - y, x | b, x <= y) == (a | b, a - b, a | b, a <= b)
    assert (list(x), len(y), hash(x)) == (sorted(a), len(b), hash(a))
    assert all(number in x for number in a)
    assert not any(number in x for number in b - a)


@pytest.mark.parametrize("asked", [-1, 2**32, "3", None])
def test_what_is_no_such_number_is_not_in_it(asked: object) -> None:
    """Asking for anything else is answered no, without an error."""
    assert asked not in Numbers([3])


@pytest.mark.parametrize("number", [0, 1, 2**32 - 1])
def test_the_smallest_and_the_largest_are_numbers_too(number: int) -> None:
    """In a set they are in it, alone or beside others; outside it they are not."""
    assert number in Numbers([number])
    assert number in Numbers([number, 7])
    assert number not in Numbers([7])
    assert number not in Numbers()


def test_joins_of_both_kinds_of_sets_are_equal() -> None:
    """A join read from arrays equals one written by hand."""
    assert Join(frozenset({1}), Numbers([7, 5])) == Join(frozenset({1}), frozenset({5, 7}))
