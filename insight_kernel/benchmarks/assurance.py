"""The assurance page: every figure on it is what a command of this checkout said, which anybody can run again."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insight_kernel.benchmarks.assurance_page import written
from insight_kernel.benchmarks.report import machine
from insight_kernel.errors import BadInput, Unavailable

PAGE = Path("docs", "reference", "assurance.md")
_INSIGHT = ("-m", "insight_kernel.cli", "bench")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One command, after the name of Python, and where its figures come out: on standard output, or in a file."""

    name: str
    words: tuple[str, ...]
    variable: str = ""

    @property
    def shown(self) -> str:
        """Return the command as somebody types it."""
        typed = "insight bench" if self.words[:3] == _INSIGHT else "python"
        rest = self.words[3:] if typed != "python" else self.words
        before = f"{self.variable}=FILE " if self.variable else ""
        return f"{before}{typed} {' '.join(rest)}"


PARTS = (
    Part("opinions", ("-m", "tests.opinions.compare", "--json")),
    Part("mistakes", ("-m", "tests.opinions.mutation", "--jobs", "2", "--json")),
    Part("covered", ("-m", "tests.opinions.covered", "--json")),
    Part("tests", ("-m", "pytest", "-q"), variable="INSIGHT_OUTCOMES"),
    Part("removals", ("-m", "tests.attacks.removals", "--jobs", "2", "--json")),
    Part("leaks", (*_INSIGHT, "leaks", "--json")),
    Part("audit", (*_INSIGHT, "audit", "--json")),
    Part("recovery", (*_INSIGHT, "recovery", "--json")),
    Part("sandbox", (*_INSIGHT, "sandbox", "--json")),
)


def write_assurance(checkout: Path, results: Path, say: Say) -> Path:
    """Run every command whose result is not in the folder yet, and write the page; return where it is.

    Raises
    ------
    BadInput
        When this is no checkout: the tests do not come with the installed package.
    Unavailable
        When a command says nothing that can be read.
    """
    if not (checkout / "tests" / "attacks").is_dir():
        raise BadInput(f"write {PAGE}", f"{checkout} is no checkout", "Run it where the tests are.")
    results.mkdir(parents=True, exist_ok=True)
    found = {part.name: _result(part, checkout, results / f"{part.name}.json", say) for part in PARTS}
    page = checkout / PAGE
    page.write_text(written(found, {part.name: part.shown for part in PARTS}, machine()), "utf-8")
    return page


def _result(part: Part, checkout: Path, kept: Path, say: Say) -> dict[str, Any]:
    if not kept.exists():
        say(f"{part.name}: {part.shown}")
        said = _run(part, checkout, kept.with_suffix(".part"))
        kept.write_text(json.dumps(said), "utf-8")
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return found


def _run(part: Part, checkout: Path, file: Path) -> dict[str, Any]:
    environment = {**os.environ, **({part.variable: str(file)} if part.variable else {})}
    done = subprocess.run(  # noqa: S603
        [sys.executable, *part.words], cwd=checkout, env=environment, stdout=subprocess.PIPE, check=False
    )
    text = file.read_text("utf-8") if part.variable and file.exists() else done.stdout.decode()
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        wrong = f"it ended with {done.returncode} and no figures"
        raise Unavailable(f"run {part.shown}", wrong, "Run it alone.") from None
    return found
