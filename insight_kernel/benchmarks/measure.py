"""Timing two ways of doing the same thing in turns, so that whatever else the machine does meets both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 7
MET = {None: "", True: "met", False: "MISSED"}
"""What is printed of a bar: without one, nothing."""

_SHORT = 0.02  # seconds; what is faster is done several times a round
Work = Callable[[], object]


@dataclass(frozen=True)
class Spread:
    """The median of several figures with the lowest and highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


@dataclass(frozen=True)
class Compared:
    """Wall milliseconds of both, and how many times longer the first took: by the wall clock and in CPU time.

    A ratio is taken within each round; what is given is their median, lowest and highest.
    """

    first: Spread
    second: Spread
    wall: Spread
    cpu: Spread


def spread(figures: list[float]) -> Spread:
    """Return the median, lowest and highest.

    Examples
    --------
    >>> str(spread([3, 1, 2]))
    '2.00 (1.00-3.00)'
    """
    return Spread(median(figures), min(figures), max(figures))


def compare(first: Work, second: Work, rounds: int = ROUNDS) -> Compared:
    """Do both once to warm up, then in turns."""
    repeats = max(1, int(_SHORT / max(_timed(first, 1)[0], _timed(second, 1)[0], 1e-6)))
    pairs = [(_timed(first, repeats), _timed(second, repeats)) for _ in range(rounds)]
    return Compared(
        first=spread([a[0] * 1_000 for a, _ in pairs]),
        second=spread([b[0] * 1_000 for _, b in pairs]),
        wall=spread([a[0] / b[0] for a, b in pairs]),
        cpu=spread([a[1] / b[1] for a, b in pairs]),
    )


def seconds(work: Work) -> float:
    """Return how long something takes by the wall clock, done once."""
    return _timed(work, 1)[0]


def _timed(work: Work, repeats: int) -> tuple[float, float]:
    """Return wall and CPU seconds of one execution."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - wall) / repeats, (time.process_time() - cpu) / repeats
