"""Signatures of texts: how much of their wording two texts share can be read off a few hundred bytes of each.

MinHash (Broder 1997, "On the resemblance and containment of documents"): the share of equal places in two signatures
estimates the Jaccard similarity of the sets of five characters in a row that the texts consist of, which works for
scripts without spaces too. Of each minimum 16 bits are kept (Li and König 2010, "b-bit minwise hashing").
"""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

SIZE = 128
"""Places of a signature."""
Signature = NDArray[np.uint16]
_BETWEEN = re.compile(
    r"[\s!-/:-@\[-`{-~\u060c\u061b\u061f\u2000-\u206f\u3000-\u303f]+"
)  # spaces and punctuation
_SHINGLE = 5  # characters in a row
_LEAST = 32  # different shingles; what is shorter resembles much by chance
_AT_ONCE = 512  # shingles hashed at once: what a processor keeps near
_GENERATOR = np.random.Generator(np.random.PCG64(20261122))
_FACTORS = _GENERATOR.integers(0, 2**31, SIZE, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
_OFFSETS = _GENERATOR.integers(0, 2**32, SIZE, dtype=np.uint32)


def signature(text: str) -> Signature | None:
    """Return the signature of a text; None of one too short to be compared.

    Spaces, punctuation, case and the forms of characters make no difference.

    Examples
    --------
    >>> one = signature("Three men unloaded the boat at the old harbour before sunrise.")
    >>> likeness(one, signature("three men unloaded the boat at the OLD harbour before sunrise")[np.newaxis])
    array([1.])
    >>> signature("ok") is None
    True
    """
    shingles = _shingles(text)
    if len(shingles) < _LEAST:
        return None
    least = np.full(SIZE, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(shingles), _AT_ONCE):
        part = shingles[start : start + _AT_ONCE, np.newaxis] * _FACTORS + _OFFSETS
        np.minimum(least, part.min(axis=0), out=least)
    return least.astype(np.uint16)


def likeness(one: Signature, others: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Return for each of several signatures, in rows, its estimated Jaccard similarity to one (0 to 1)."""
    found: NDArray[np.float64] = (others == one).mean(axis=1)
    return found


def _shingles(text: str) -> NDArray[np.uint32]:
    """Return the different shingles of a text as numbers, evenly spread."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    codes = np.frombuffer(_BETWEEN.sub(" ", plain).strip().encode("utf-32-le", "replace"), "<u4").astype(
        np.uint64
    )
    count = len(codes) - _SHINGLE + 1
    if count < 1:
        return np.empty(0, np.uint32)
    rolled = np.zeros(count, np.uint64)
    for place in range(_SHINGLE):
        rolled = rolled * np.uint64(0x100000001B3) + codes[place : place + count]
    return np.unique(spread(rolled).astype(np.uint32))


def spread(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 64-bit numbers mixed, so that each bit depends on all (SplitMix64, Steele and others 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
