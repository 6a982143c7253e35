"""What all tests share: a short place for sockets, and the number of tests that read real data."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.attacks.uncovered import UNCOVERED

# a busy machine makes examples slowly, and that is no fault of theirs
settings.register_profile(
    "insight", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("insight")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of tests on data made by others; let Ctrl-C reach what tests start, also in the background."""
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # a shell's background job; its children would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "real: reads data made by others, through tests.real.real_data")


@pytest.fixture(scope="session", autouse=True)
def sockets() -> Iterator[Path]:
    """Keep sockets of tests in a folder of their own; a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="in-", dir="/tmp") as folder:  # long TMPDIRs exist
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = folder
        yield Path(folder)
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what came of each numbered attack, fault and leak, where that is wanted: the worst of its tests."""
    wanted = os.environ.get("INSIGHT_OUTCOMES")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if wanted and reporter is not None:
        found: dict[str, str] = {}
        for outcome in ("skipped", "passed", "failed", "error"):
            for report in reporter.stats.get(outcome, ()):
                found |= dict.fromkeys(
                    getattr(report, "cases", ()), "failed" if outcome == "error" else outcome
                )
        untried = {case: missing.reason for case, missing in UNCOVERED.items()}
        Path(wanted).write_text(json.dumps({"cases": found, "uncovered": untried}), "utf-8")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note on a test's report which attacks, faults and leaks it is marked with."""
    made = yield
    made.get_result().cases = [mark.args[0] for mark in item.iter_markers("case")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests read real data."""
    counted = {
        outcome: sum("real" in report.keywords for report in terminalreporter.stats.get(outcome, ()))
        for outcome in ("passed", "failed", "skipped")
    }
    said = ", ".join(f"{number} {outcome}" for outcome, number in counted.items())
    terminalreporter.write_line(f"Tests on real data: {said}")
