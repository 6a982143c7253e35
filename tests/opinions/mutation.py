"""Makes one mistake at a time in the code that decides, and sees whether a test fails.

`python -m tests.opinions.mutation [PART ...] [--jobs N] [--json]` makes, in a copy, the mistakes whose names hold one
of the parts, or all of them; exit code 1 when a mistake was not noticed and is not explained in `survivors.py`.
"""

import argparse
import gc
import importlib
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.attacks.removals import CHECKOUT, copied
from tests.opinions.mutants import Mutant, mutants
from tests.opinions.survivors import SURVIVORS

_OWN = {
    "policy/allowed": "allowed", "policy/change": "change_of_label", "policy/check": "check",
    "policy/consent": "consent", "policy/decide": "rules", "policy/join": "summary", "policy/lines": "lines",
    "policy/numbers": "numbers", "policy/release": "release", "policy/rules": "rules",
    "policy/standing": "labels_of_the_past", "policy/table": "table", "model/label": "label_reading",
    "model/subject": "subject_reading",
}  # fmt: skip
Rounds = tuple[tuple[str, ...], ...]
FILES: dict[str, Rounds] = {
    **{f"{name}.py": ((f"tests/policy/test_{own}.py",), ("tests/policy",)) for name, own in _OWN.items()},
    "gateway/releases.py": (("tests/gateway/test_releases.py",), ("tests/gateway/test_release_of_runs.py",)),
}
"""What is changed, below `insight_kernel`, and the tests that must notice: the nearest ones first, then all."""

_BEFOREHAND = ("pytest", "hypothesis", "pandas", "pyarrow", "duckdb", "fastapi", "click", "yaml", "httpx", "psutil",
               "websocket", "uvicorn", "jsonschema", "cedarpy", "numpy", "pycountry", "phonenumbers")  # fmt: skip
_PATIENCE = 60  # seconds a test may take
_PLAIN = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-o", f"timeout={_PATIENCE}",
          "-W", "ignore:Module already imported", "--hypothesis-profile", "mistakes")  # fmt: skip
_PASSED = 0
Work = tuple[str, Mutant]


def main(words: Sequence[str] | None = None) -> int:
    """Make every mistake, and print how many were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.opinions.mutation", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one object")
    asked = parser.parse_args(words)
    work = [
        each for each in all_mutants() if not asked.parts or any(part in each[1].name for part in asked.parts)
    ]
    for name in _BEFOREHAND:  # once, not in every child
        importlib.import_module(name)
    gc.freeze()
    unchanged = [(file, Mutant("", _source(CHECKOUT, file).read_text("utf-8"))) for file, _ in work]
    with tempfile.TemporaryDirectory(prefix="in-") as folder, _workers(asked.jobs, folder) as pool:
        if any(pool.imap(_noticed, dict(unchanged).items())):
            raise SystemExit("a test fails although nothing is wrong")
        noticed = list(pool.imap(_noticed, work))
    survived = {mutant.name for (_, mutant), seen in zip(work, noticed, strict=True) if not seen}
    new = sorted(survived - set(SURVIVORS))
    found = {"mutants": len(work), "killed": len(work) - len(survived), "explained": len(survived) - len(new)}
    lines = [f"{name}: {value}" for name, value in found.items()] + [f"SURVIVED {name}" for name in new]
    sys.stdout.write((json.dumps({**found, "survived": new}) if asked.json else "\n".join(lines)) + "\n")
    return 1 if new else 0


def all_mutants() -> list[Work]:
    """Return every mistake in every file."""
    return [
        (file, each) for file in FILES for each in mutants(file, _source(CHECKOUT, file).read_text("utf-8"))
    ]


def _source(checkout: Path, file: str) -> Path:
    return checkout / "insight_kernel" / file


def _workers(jobs: int, folder: str) -> "multiprocessing.pool.Pool":
    return multiprocessing.get_context("fork").Pool(jobs, _begin, (folder,))


def _begin(folder: str) -> None:
    """Make a copy of the checkout this worker's place."""
    place = Path(tempfile.mkdtemp(dir=folder))
    os.chdir(copied(place / "insight"))
    os.environ["PYTHONPATH"] = str(Path.cwd())


def _noticed(work: Work) -> bool:
    """Tell whether a test failed over a mistake."""
    file, mutant = work
    path = _source(Path.cwd(), file)
    right = path.read_text("utf-8")
    _write(path, mutant.source)
    try:
        noticed = _outcome(file) != _PASSED
    finally:
        _write(path, right)
    sys.stderr.write(f"{'noticed ' if noticed else 'SURVIVED'} {mutant.name}\n")
    return noticed


def _write(path: Path, source: str) -> None:
    """Write a module and forget what it was compiled to, which a change within a second might leave in use."""
    path.write_text(source, "utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def _outcome(file: str) -> int:
    """Run the tests of a file in a child that has imported nothing of ours yet."""
    child = os.fork()
    if child == 0:
        outcome = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            outcome = _tests(file)
        finally:
            os._exit(outcome)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tests(file: str) -> int:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "insight_kernel")]:
        del sys.modules[name]
    sys.path.insert(0, str(Path.cwd()))
    pytest, hypothesis = importlib.import_module("pytest"), importlib.import_module("hypothesis")
    seek = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # the smallest example is of no interest
    hypothesis.settings.register_profile(
        "mistakes", phases=seek, max_examples=20, derandomize=True, deadline=None
    )
    module = "insight_kernel." + file.removesuffix(".py").replace("/", ".")
    examples = f"tests/test_doctests.py::test_examples_of_a_module[{module}]"
    outcomes = (int(pytest.main([*_PLAIN, *tests, examples])) for tests in FILES[file])
    return next((outcome for outcome in outcomes if outcome != _PASSED), _PASSED)


if __name__ == "__main__":
    sys.exit(main())
