"""Which of many signatures resemble one: sought by equal bands (locality-sensitive hashing), told by all places."""

import numpy as np
from numpy.typing import NDArray

from insight_kernel.intake.signature import SIZE, Signature, likeness, spread

LEAST = 0.8
"""The estimated Jaccard similarity from which on texts are said to resemble each other."""
_BANDS, _WIDE = 20, 6  # of two texts that share 80% of their wording, 99.8% have a band in common
_FEW = 2_000  # signatures that are compared one by one before they are put in order
_FACTORS = spread(np.arange(1, _WIDE + 1, dtype=np.uint64))
_TURNS = spread(np.arange(100, 100 + _BANDS, dtype=np.uint64))


class Resembling:
    """Signatures by number, in the order in which they were added.

    Examples
    --------
    >>> from insight_kernel.intake.signature import signature
    >>> text = "Three men unloaded the boat at the old harbour before sunrise, and drove north in a white van."
    >>> one = signature(text)
    >>> known = Resembling()
    >>> known.add(one[np.newaxis])
    >>> known.near(signature(text + " Two left.")), known.near(one[::-1])
    ([(0, 0.890625)], [])
    """

    def __init__(self) -> None:
        self._rows = np.empty((_FEW, SIZE), np.uint16)
        self._count = self._sorted = (
            0  # of the rows so many are signatures, and so many of those are in `_keys`
        )
        self._keys, self._whose = np.empty(0, np.uint64), np.empty(0, np.int64)

    def add(self, signatures: NDArray[np.uint16]) -> None:
        """Add signatures, one in each row."""
        after = self._count + len(signatures)
        if after > len(self._rows):
            room = np.empty((2 * after, SIZE), np.uint16)
            room[: self._count] = self._rows[: self._count]
            self._rows = room
        self._rows[self._count : after] = signatures
        self._count = after
        if after - self._sorted > max(_FEW, self._sorted // 4):
            keys = _bands(self._rows[:after]).ravel()
            order = np.argsort(keys, kind="stable")
            self._keys, self._whose, self._sorted = keys[order], order // _BANDS, after

    def near(self, one: Signature) -> list[tuple[int, float]]:
        """Return number and likeness of each that resembles one, in the order in which they were added."""
        keys = _bands(one[np.newaxis])[0]
        first, last = np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys, side="right")
        spans = [self._whose[a:b] for a, b in zip(first, last, strict=True) if a < b]
        tried = np.concatenate([*spans, np.arange(self._sorted, self._count)])
        tried = np.unique(tried.astype(np.int64))
        scores = likeness(one, self._rows[tried])
        return [(int(n), float(s)) for n, s in zip(tried, scores, strict=True) if s >= LEAST]


def _bands(rows: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Return a number for each band of each signature: equal bands, equal numbers."""
    cut = rows[:, : _BANDS * _WIDE].reshape(len(rows), _BANDS, _WIDE).astype(np.uint64)
    return spread((cut * _FACTORS).sum(axis=2, dtype=np.uint64) + _TURNS)
