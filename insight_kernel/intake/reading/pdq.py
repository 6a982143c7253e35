"""PDQ: a hash of what a picture shows, near for pictures that look alike.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook, 2019. Brightness is
smoothed by two passes of a box filter in each direction, sampled at 64 by 64 points, and turned into the 16 by 16
lowest waves of a cosine transform; each bit tells whether a wave is stronger than the median one.
"""

import numpy as np
from numpy.typing import NDArray

_SIDE, _WAVES, _PASSES = 64, 16, 2
_LUMA = np.array([0.299, 0.587, 0.114])
Plane = NDArray[np.float64]


def pdq(pixels: NDArray[np.uint8]) -> str:
    """Return the 256 bits of a picture (rows, columns, red green blue) as 64 hexadecimal digits.

    Examples
    --------
    >>> from insight_kernel.analysis.images import distance
    >>> picture = np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)
    >>> distance(pdq(picture), pdq(picture // 2)), distance(pdq(picture), pdq(255 - picture))
    (0, 256)
    """
    plane = pixels.astype(np.float64) @ _LUMA
    for axis in (0, 1):
        width = (plane.shape[axis] + 2 * _SIDE - 1) // (2 * _SIDE)
        for _ in range(_PASSES):
            plane = _smoothed(plane, width, axis)
    rows, columns = (((np.arange(_SIDE) + 0.5) * size / _SIDE).astype(int) for size in plane.shape)
    cosines = _cosines()
    waves = cosines @ plane[np.ix_(rows, columns)] @ cosines.T
    bits = (waves > np.sort(waves, axis=None)[waves.size // 2 - 1]).ravel()
    return np.packbits(bits[::-1]).tobytes().hex()


def turned(pixels: NDArray[np.uint8]) -> list[str]:
    """Return the hashes of a picture turned to the left by one, two and three quarters, and of all four mirrored.

    Examples
    --------
    >>> picture = np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)
    >>> pdq(picture) in turned(np.rot90(picture)), len(turned(picture))
    (True, 7)
    """
    sides = [np.rot90(side, quarters) for side in (pixels, pixels[:, ::-1]) for quarters in range(4)]
    return [pdq(side) for side in sides[1:]]


def _smoothed(plane: Plane, width: int, axis: int) -> Plane:
    """Return the mean of so many neighbours along an axis, fewer at the borders."""
    size, ahead = plane.shape[axis], (width + 2) // 2
    at = np.arange(size)
    first, last = np.maximum(at + ahead - width, 0), np.minimum(at + ahead, size)
    zero = np.zeros_like(np.take(plane, [0], axis))
    sums = np.concatenate([zero, np.cumsum(plane, axis)], axis)
    counts = (last - first).reshape([-1, 1] if axis == 0 else [1, -1])
    mean: Plane = (np.take(sums, last, axis) - np.take(sums, first, axis)) / counts
    return mean


def _cosines() -> Plane:
    """Return the matrix of the cosine transform without its constant wave: 16 waves by 64 points."""
    wave, point = np.arange(1, _WAVES + 1)[:, None], np.arange(_SIDE)[None, :]
    cosines: Plane = np.sqrt(2 / _SIDE) * np.cos(np.pi / 2 / _SIDE * wave * (2 * point + 1))
    return cosines
