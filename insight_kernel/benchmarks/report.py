"""A measurement as people and programs read it: what was measured, where, and against which bar."""

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from insight_kernel.benchmarks.hub_rows import ASKING_HEAD, STEP_HEAD, Asking, Step
from insight_kernel.benchmarks.measure import MET, Compared, Spread, spread

_PACKAGES = ("duckdb", "pyarrow", "numpy")


class Printed(Protocol):
    """What every kind of row has."""

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""


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
                str(c.wall), str(c.cpu), bar, MET[self.met])  # fmt: skip

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
        return self.file, self.step, f"{self.values:,}", said, bar, MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        rates = None if self.rates is None else asdict(self.rates)
        return {**asdict(self), "values a second": rates, "met": self.met}


_SPEED_HEAD = ("file", "step", "values", "values a second of CPU", "bar", "")
COST_HEAD = ("what", "records", "labels", "ms", "peer ms", "peer", "ratio, CPU", "bar ms", "")
PURGE_HEAD = ("meanwhile", "values", "seconds", "answers", "p50 ms", "longest ms", "longest / quiet p50", "errors",
              "bar", "")  # fmt: skip
RATE_HEAD = ("what", "at once", "done", "a second", "CPU ms each", "bar", "")
LEAK_HEAD = ("request", "pairs", "absent ms", "hidden ms", "AUC of time", "sizes equal", "bar", "")
RECOVERED_HEAD = ("kills", "answers acknowledged", "not in the log", "seconds to the next answer")
START_HEAD = ("what", "rounds", "inside ms", "outside ms", "judged ms", "bar ms", "")
BESIDE_HEAD = ("what", "ours", "peer", "peer's", "ratio", "bar", "")
_HEAD = ("question", "level", "sees", "ms", "raw ms", "ratio, wall", "ratio, CPU", "bar", "")


@dataclass(frozen=True)
class Report:
    """Everything one run measured."""

    name: str
    facts: dict[str, object]
    rows: list[Row]
    speeds: list[Speed] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)
    costs: "Sequence[Printed]" = ()
    purges: "Sequence[Printed]" = ()
    rates: "Sequence[Printed]" = ()
    leaks: "Sequence[Printed]" = ()
    starts: "Sequence[Printed]" = ()
    recovered: "Sequence[Printed]" = ()
    beside: "Sequence[Printed]" = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs."""
        rows = [row.as_dict() for _, table in self._tables() for row in table]
        return {"name": self.name, "machine": machine(), "facts": self.facts, "rows": rows}

    def text(self) -> str:
        """Return the report for people."""
        printed = [aligned([head, *(row.cells() for row in rows)]) for head, rows in self._tables() if rows]
        return "\n".join([*said(machine()), *said(self.facts), "", "\n\n".join(printed)])

    def _tables(self) -> Iterator[tuple[tuple[str, ...], Sequence[Printed]]]:
        yield _HEAD, self.rows
        yield _SPEED_HEAD, self.speeds
        yield STEP_HEAD, self.steps
        yield ASKING_HEAD, self.askings
        yield COST_HEAD, self.costs
        yield PURGE_HEAD, self.purges
        yield RATE_HEAD, self.rates
        yield LEAK_HEAD, self.leaks
        yield START_HEAD, self.starts
        yield RECOVERED_HEAD, self.recovered
        yield BESIDE_HEAD, self.beside


def machine() -> dict[str, object]:
    """Return where and with what it was measured, and the command."""
    return {
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory, GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load at the end": os.getloadavg()[0],
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
