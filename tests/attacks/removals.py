"""Takes one safeguard out at a time, in a copy, and sees whether the test that is there for it fails.

`python -m tests.attacks.removals [ID ...] [--list] [--jobs N]`; exit code 1 when a safeguard can go without a test
noticing.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

from tests.attacks.removal_table import REMOVALS, Removal

CHECKOUT = Path(__file__).parents[2]
_COPIED = ("insight_kernel", "hub_config", "notebook_templates", "docs", "tests", "pyproject.toml")
_LONGEST, _KILLED = 900, "killed  "
_FAILED = re.compile(r"^FAILED (\S+)", re.MULTILINE)


def main(words: Sequence[str] | None = None) -> int:
    """Take out the safeguards of the cases named, or all; print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.removals", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="ID")
    parser.add_argument("--list", action="store_true", help="only show the table")
    parser.add_argument("--jobs", type=int, default=1, help="at once (default: 1)")
    parser.add_argument(
        "--after",
        type=Path,
        metavar="FILE",
        help="go on after a run that printed this: what it killed stays so",
    )
    parser.add_argument(
        "--json", action="store_true", help="one object at the end, the lines on standard error"
    )
    asked = parser.parse_args(words)
    chosen = [removal for removal in REMOVALS if not asked.cases or removal.case in asked.cases]
    if asked.list:
        sys.stdout.writelines(f"{_line(removal)}\n" for removal in chosen)
        return 0
    said = asked.after.read_text("utf-8").splitlines() if asked.after else []
    lines = [f"{_KILLED} {_line(removal)}" for removal in REMOVALS]
    left = [r for r in chosen if said.count(line := f"{_KILLED} {_line(r)}") < lines.count(line)]
    say = sys.stderr if asked.json else sys.stdout
    with ThreadPoolExecutor(asked.jobs) as pool:
        told = pool.map(lambda together: _survivors(together, say), _together(left))
    survived = [_line(removal) for each in told for removal in each]
    found = {"safeguards": len(chosen), "killed": len(chosen) - len(survived), "survived": survived}
    sys.stdout.write(
        json.dumps(found) if asked.json else f"{found['killed']} of {found['safeguards']} killed"
    )
    sys.stdout.write("\n")
    return 1 if survived else 0


def _together(chosen: Sequence[Removal]) -> list[list[Removal]]:
    """Return what the same files of tests tell of, the most first, so that nobody waits for them at the end."""
    found: dict[str, list[Removal]] = {}
    for removal in chosen:
        found.setdefault(removal.tests, []).append(removal)
    return sorted(found.values(), key=len, reverse=True)


def _survivors(together: Sequence[Removal], say: TextIO) -> list[Removal]:
    """Take each out and say what came of it; return those that can go. A test that fails all the same tells nothing."""
    named = " or ".join(dict.fromkeys(removal.named for removal in together))
    failing = _failed(CHECKOUT, together[0].tests, named)
    survivors = []
    for removal in together:
        anyway = failing is None or any(
            part in test for test in failing for part in removal.named.split(" or ")
        )
        killed = not anyway and _killed(removal)
        said = "FAILS ANYWAY" if anyway else _KILLED if killed else "SURVIVED"
        say.write(f"{said} {_line(removal)}\n")
        say.flush()
        survivors += [] if killed else [removal]
    return survivors


def _killed(removal: Removal) -> bool:
    """Tell whether a test fails, or never ends, without it."""
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        copy = copied(Path(folder) / "insight")
        path = copy / "insight_kernel" / removal.file
        path.write_text(path.read_text("utf-8").replace(removal.old, removal.new), "utf-8")
        compile(path.read_text("utf-8"), str(path), "exec")
        return _failed(copy, removal.tests, removal.named, "-x") != []


def copied(copy: Path) -> Path:
    """Copy what tests need of the checkout; return where it lies."""
    for name in _COPIED:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(CHECKOUT / name, copy / name)
    return copy


def _failed(copy: Path, tests: str, named: str, *more: str) -> list[str] | None:
    """Return the tests that failed, None when they did not end; what was not found or not made is no failure."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", "-k", named, *more,
               *(f"tests/{test}" for test in tests.split())]  # fmt: skip
    with subprocess.Popen(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)  # so that the servers it started end as well
            process.communicate()
            return None
    return _FAILED.findall(said)


def _line(removal: Removal) -> str:
    first = removal.old.strip().partition("\n")[0]
    return f"{removal.case:<4} {removal.file}: {first[:60]}  [{removal.tests} -k {removal.named!r}]"


if __name__ == "__main__":
    sys.exit(main())
