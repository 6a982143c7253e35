"""What all tests share: a short place for sockets, and the number of tests that read real data."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests read real data."""
    counted = {
        outcome: sum("real" in report.keywords for report in terminalreporter.stats.get(outcome, ()))
        for outcome in ("passed", "failed", "skipped")
    }
    said = ", ".join(f"{number} {outcome}" for outcome, number in counted.items())
    terminalreporter.write_line(f"Tests on real data: {said}")
