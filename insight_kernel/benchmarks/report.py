"""A measurement as people and programs read it: what was measured, where, and against which bar."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from insight_kernel.benchmarks.measure import Compared

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
        """Tell whether the bar is met; None where there is none."""
        return None if self.bar is None else self.compared.wall.median <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        c = self.compared
        bar = "" if self.bar is None else f"<= {self.bar}"
        met = {None: "", True: "met", False: "MISSED"}[self.met]
        return (self.question, self.level, f"{self.share:.1%}", f"{c.first.median:.1f}", f"{c.second.median:.1f}",
                str(c.wall), str(c.cpu), bar, met)  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "met": self.met}


_HEAD = ("question", "level", "sees", "ms", "raw ms", "ratio, wall", "ratio, CPU", "bar", "")


@dataclass(frozen=True)
class Report:
    """Everything one run measured."""

    name: str
    facts: dict[str, object]
    rows: list[Row]

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs."""
        rows = [row.as_dict() for row in self.rows]
        return {"name": self.name, "machine": machine(), "facts": self.facts, "rows": rows}

    def text(self) -> str:
        """Return the report for people."""
        table = aligned([_HEAD, *(row.cells() for row in self.rows)]) if self.rows else ""
        return "\n".join([*said(machine()), *said(self.facts), "", table])


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
