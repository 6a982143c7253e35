"""Branch coverage of what decides, releases and logs: `python -m tests.opinions.covered [--json]`; code 1 below 100 %.

The tests concerned run once, also measured in the gateway's own processes; what is printed as missing is a line, or a
way from one line to another, that no test takes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
MEASURED = ("policy/*.py", "audit/*.py", "gateway/releases.py")
TESTS = (
    "tests/policy", "tests/audit", "tests/gateway/test_releases.py", "tests/gateway/test_vouched_log.py",
    "tests/gateway/test_log_readers.py", "tests/gateway/test_erasure.py",
)  # fmt: skip
_EXAMPLES = ("tests/test_doctests.py", "-k", "insight_kernel.policy or insight_kernel.audit")
_SETTINGS = """
[run]
branch = true
parallel = true
sigterm = true
patch = subprocess
data_file = {folder}/data
include = {measured}
"""


def main(words: Sequence[str] | None = None) -> int:
    """Measure, and print the share covered and what is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.opinions.covered", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        found = _measured(Path(folder))
    lines = [f"{name}: {value}" for name, value in found.items()]
    sys.stdout.write((json.dumps(found) if asked.json else "\n".join(lines)) + "\n")
    return 1 if found["missing"] else 0


def _measured(folder: Path) -> dict[str, Any]:
    settings = folder / "settings"
    measured = ",".join(str(CHECKOUT / "insight_kernel" / pattern) for pattern in MEASURED)
    settings.write_text(_SETTINGS.format(folder=folder, measured=measured), "utf-8")
    for tests in (TESTS, _EXAMPLES):
        _coverage(settings, "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    _coverage(settings, "combine")
    _coverage(settings, "json", "-o", str(folder / "report.json"))
    return _summed(json.loads((folder / "report.json").read_text("utf-8")))


def _coverage(settings: Path, command: str, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "coverage", command, f"--rcfile={settings}", *words], cwd=CHECKOUT, check=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, stdout=sys.stderr,
    )  # fmt: skip


def _summed(report: dict[str, Any]) -> dict[str, Any]:
    """Return how much is covered, and what is not, by file."""
    totals = report["totals"]
    missing = {
        Path(name).relative_to(CHECKOUT).as_posix() if Path(name).is_absolute() else name:
            [*map(str, one["missing_lines"]), *(f"{start} -> {end}" for start, end in one["missing_branches"])]
        for name, one in report["files"].items() if one["summary"]["missing_lines"] or one["missing_branches"]
    }  # fmt: skip
    return {
        "files": len(report["files"]), "statements": totals["num_statements"], "branches": totals["num_branches"],
        "percent": round(totals["percent_covered"], 2), "missing": missing,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
