"""Sets of many numbers: the records of an answer that counts a whole holding are millions."""

from collections.abc import Iterable, Iterator, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DENSE = 64  # with at least one number in so many, marking them is faster than sorting them


class Numbers(Set[int]):
    """An unchangeable set of numbers from 0 to 2**32 - 1, kept as one sorted array; equal to any equal set.

    Examples
    --------
    >>> found = Numbers({7, 3}) | frozenset({5})
    >>> found, found == {3, 5, 7}, found - Numbers([5]), 5 in found
    (Numbers([3, 5, 7]), True, Numbers([3, 7]), True)
    """

    __slots__ = ("array",)
    array: NDArray[np.uint32]

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.array = (
            numbers.array if isinstance(numbers, Numbers) else np.unique(np.fromiter(numbers, np.uint32))
        )

    @classmethod
    def of_array(cls, numbers: NDArray[Any]) -> "Numbers":
        """Return the distinct numbers of an array in any order."""
        found = cls()
        found.array = _distinct(numbers.astype(np.uint32, copy=False))
        return found

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not len(self.array) or not 0 <= number <= self.array[-1]:
            return False
        return bool(self.array[np.searchsorted(self.array, number)] == number)

    def __iter__(self) -> Iterator[int]:
        return iter(self.array.tolist())

    def __len__(self) -> int:
        return len(self.array)

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return f"Numbers({self.array.tolist()})"

    def __or__(self, other: Set[Any]) -> "Numbers":
        return Numbers.of_array(np.concatenate([self.array, Numbers(other).array]))

    __ror__ = __or__

    def __sub__(self, other: Set[Any]) -> "Numbers":
        known, found = Numbers(other).array, Numbers()
        at = np.minimum(np.searchsorted(known, self.array), max(len(known) - 1, 0))
        found.array = self.array[known[at] != self.array] if len(known) else self.array
        return found


def _distinct(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    most = int(numbers.max(initial=0))
    if len(numbers) * _DENSE < most:
        return np.unique(numbers)
    marked = np.zeros(most + 1, dtype=bool)
    marked[numbers] = True
    return np.flatnonzero(marked).astype(np.uint32)
