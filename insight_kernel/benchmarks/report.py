"""A measurement as people and programs read it: what was measured, where, and against which bar."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from insight_kernel.benchmarks.measure import Compared, Spread, spread

_PACKAGES = ("duckdb", "pyarrow", "numpy")


@dataclass(frozen=True)
class Row:
    """One question, at one level, for one reader: governed (first) beside raw (second)."""

    question: str
    level: str
    share: float
    compared: Compared
    bar: float | None

    @property
    def met(self) -> bool | None:
        """Tell whether the bar is met, by CPU time: the wall clock also counts what else the machine does."""
        return None if self.bar is None else self.compared.cpu.median <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        c = self.compared
        bar = "" if self.bar is None else f"<= {self.bar}"
        return (self.question, self.level, f"{self.share:.1%}", f"{c.first.median:.1f}", f"{c.second.median:.1f}",
                str(c.wall), str(c.cpu), bar, _MET[self.met])  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "met": self.met}


@dataclass(frozen=True)
class Speed:
    """Values a second of one step over one file; no times mean that what was to be measured is absent."""

    file: str
    step: str
    values: int
    seconds: tuple[float, ...]
    bar: int | None

    @property
    def rates(self) -> Spread | None:
        """Return values a second: the median, lowest and highest."""
        return spread([self.values / each for each in self.seconds]) if self.seconds else None

    @property
    def met(self) -> bool | None:
        """Tell whether the bar is met; None where there is none."""
        return None if self.bar is None or self.rates is None else self.rates.median >= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        r = self.rates
        said = "absent" if r is None else f"{r.median:,.0f} ({r.low:,.0f}-{r.high:,.0f})"
        bar = "" if self.bar is None else f">= {self.bar:,}"
        return self.file, self.step, f"{self.values:,}", said, bar, _MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        rates = None if self.rates is None else asdict(self.rates)
        return {**asdict(self), "values a second": rates, "met": self.met}


_MET = {None: "", True: "met", False: "MISSED"}
_SPEED_HEAD = ("file", "step", "values", "values a second of CPU", "bar", "")
_HEAD = ("question", "level", "sees", "ms", "raw ms", "ratio, wall", "ratio, CPU", "bar", "")


@dataclass(frozen=True)
class Report:
    """Everything one run measured."""

    name: str
    facts: dict[str, object]
    rows: list[Row]
    speeds: list[Speed] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs."""
        rows = [*(row.as_dict() for row in self.rows), *(speed.as_dict() for speed in self.speeds)]
        return {"name": self.name, "machine": machine(), "facts": self.facts, "rows": rows}

    def text(self) -> str:
        """Return the report for people."""
        tables = ((_HEAD, [r.cells() for r in self.rows]), (_SPEED_HEAD, [s.cells() for s in self.speeds]))
        printed = [aligned([head, *cells]) for head, cells in tables if cells]
        return "\n".join([*said(machine()), *said(self.facts), "", *printed])


def machine() -> dict[str, object]:
    """Return where and with what it was measured, and the command."""
    return {
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory, GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def said(facts: dict[str, object]) -> list[str]:
    """Return one line per fact."""
    return [f"{name}: {value}" for name, value in facts.items()]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of texts as columns.

    Examples
    --------
    >>> print(aligned([("a", "bb"), ("ccc", "d")]))
    a    bb
    ccc  d
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
