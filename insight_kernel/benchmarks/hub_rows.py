"""What is measured of two hubs, as rows of a report: the way to a first answer, and many asking at once."""

import math
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from insight_kernel.benchmarks.measure import MET, spread

STEP_HEAD = ("step", "governed s", "plain s", "ratio", "CPU s", "plain CPU s", "CPU ratio", "bar", "")
ASKING_HEAD = ("workspaces", "asking", "requests", "a second", "p50 ms", "p99 ms", "longest ms", "CPU ms each",
               "errors", "bar", "")  # fmt: skip


@dataclass(frozen=True)
class Took:
    """Seconds by the wall clock, and of CPU in all processes of a hub."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Step:
    """One step on the way to a first answer, round by round: governed beside a plain hub; ratios are of medians."""

    step: str
    governed: tuple[Took, ...]
    plain: tuple[Took, ...]
    bar: float | None

    @property
    def wall(self) -> float:
        """Return how many times longer governed took by the wall clock."""
        return median(t.wall for t in self.governed) / median(t.wall for t in self.plain)

    @property
    def cpu(self) -> float:
        """Return how many times more CPU time governed took; not a number where a plain hub took none."""
        plain = median(t.cpu for t in self.plain)
        return median(t.cpu for t in self.governed) / plain if plain else math.nan

    @property
    def met(self) -> bool | None:
        """Tell whether the bar is met, by the wall clock: a person waits."""
        return None if self.bar is None else self.wall <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        waited = [str(spread([t.wall for t in each])) for each in (self.governed, self.plain)]
        worked = [f"{median(t.cpu for t in each):.2f}" for each in (self.governed, self.plain)]
        bar = "" if self.bar is None else f"<= {self.bar}"
        return self.step, *waited, f"{self.wall:.2f}", *worked, f"{self.cpu:.2f}", bar, MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "ratio": self.wall, "CPU ratio": self.cpu, "met": self.met}


@dataclass(frozen=True)
class Asking:
    """Seconds of every answer to workspaces that asked at once, and how many requests got none."""

    name: str
    workspaces: int
    took: Took
    seconds: tuple[float, ...]
    errors: int

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return len(self.seconds) + self.errors

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return len(self.seconds) / self.took.wall

    @property
    def work(self) -> float:
        """Return the CPU milliseconds of one request in the hub's processes, the gateway among them."""
        return self.took.cpu / self.requests * 1_000

    @property
    def met(self) -> bool:
        """Tell whether every request was answered."""
        return self.errors == 0

    def milliseconds(self, share: int) -> float:
        """Return within how many milliseconds so many of a hundred answers came; not a number without any.

        Examples
        --------
        >>> Asking("x", 1, Took(0.006, 0.004), (0.001, 0.002, 0.003), 0).milliseconds(50)
        2.0
        """
        return (
            float(np.percentile(self.seconds, share, method="higher")) * 1_000 if self.seconds else math.nan
        )

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        figures = (self.rate, *(self.milliseconds(share) for share in (50, 99, 100)), self.work)
        words = (
            str(self.workspaces),
            self.name,
            str(self.requests),
            *(f"{figure:.1f}" for figure in figures),
        )
        return *words, str(self.errors), "0", MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs, without the time of every single answer."""
        shares = {
            name: self.milliseconds(share) for name, share in (("p50", 50), ("p99", 99), ("longest", 100))
        }
        said = {"workspaces": self.workspaces, "requests": self.requests, "errors": self.errors}
        figures = {"requests a second": self.rate, "CPU ms a request": self.work}
        return {"name": self.name, **said, **figures, "ms": shares, "met": self.met}
