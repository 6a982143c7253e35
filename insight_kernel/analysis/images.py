"""Pictures known again by their PDQ hashes: how far apart two are, and which of a list are near."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from insight_kernel.errors import BadInput

SAME = 31
"""Bits of 256 in which two hashes of the same picture may differ, by the authors of PDQ."""
_DIGITS, _WORDS = 64, 4  # of a hash: hexadecimal digits, words of 64 bits


class Near(NamedTuple):
    """A hash of the list that is near one of those sought: both by position, and in how many bits they differ."""

    listed: int
    sought: int
    distance: int


def distance(hash1: str, hash2: str) -> int:
    """Return in how many bits, of 256, two PDQ hashes differ; up to 31 count as the same picture.

    Raises
    ------
    BadInput
        When one of them is not a hash of 64 hexadecimal digits.

    Examples
    --------
    >>> distance("0" * 64, "0" * 63 + "3")
    2
    """
    [[bits]] = _apart([hash1], [hash2])
    return int(bits)


def near(sought: Sequence[str], listed: Sequence[str], most: int = SAME) -> list[Near]:
    """Find the hashes of a list that are near any of those sought, the nearest first.

    Parameters
    ----------
    sought
        Hashes of one picture, as it is and as it would be turned and mirrored: the nearest of them counts.
    listed
        Hashes to look through; two million take about a second.
    most
        In how many bits they may differ.

    Raises
    ------
    BadInput
        When one of them is not a hash of 64 hexadecimal digits.

    Examples
    --------
    >>> near(["0" * 64], ["f" * 64, "0" * 63 + "1"])
    [Near(listed=1, sought=0, distance=1)]
    """
    if not sought or not listed:
        return []
    apart = _apart(sought, listed)
    nearest = apart.argmin(axis=0)
    bits = apart.min(axis=0)
    found = [Near(int(n), int(nearest[n]), int(bits[n])) for n in np.flatnonzero(bits <= most)]
    return sorted(found, key=lambda each: (each.distance, each.listed))


def _apart(sought: Sequence[str], listed: Sequence[str]) -> NDArray[np.uint16]:
    """Return in how many bits each hash sought (row) differs from each that is listed (column)."""
    ones, others = _words(sought), _words(listed)
    rows = [np.bitwise_count(one ^ others).sum(axis=1, dtype=np.uint16) for one in ones]
    return np.stack(rows)


def _words(hashes: Sequence[str]) -> NDArray[np.uint64]:
    try:
        if any(len(each) != _DIGITS for each in hashes):
            raise ValueError
        return np.frombuffer(bytes.fromhex("".join(hashes)), np.uint64).reshape(-1, _WORDS)
    except ValueError:
        wrong = next(n for n, each in enumerate(hashes, 1) if not is_hash(each))
        raise BadInput(
            "compare hashes", f"number {wrong} is no PDQ hash", "A PDQ hash has 64 hexadecimal digits."
        ) from None


def is_hash(text: str) -> bool:
    """Tell whether a text is 64 hexadecimal digits."""
    return len(text) == _DIGITS and set(text.lower()) <= set("0123456789abcdef")
