"""How far a load is: seen on a terminal, from the second second on, and nowhere else."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.client import progress
from insight_kernel.client.loading import Delivery, load_deliveries
from insight_kernel.client.progress import Progress
from tests.build import entity, profile, write_lines, write_yaml

BEGUN: dict[str, Any] = {"event": "progress", "path": None, "read": 0, "bytes": 0, "sizes": [1_000, 3_000]}
EVENTS: list[dict[str, Any]] = [
    BEGUN,
    {"event": "progress", "path": "/in/a.jsonl", "read": 10, "bytes": 500},
    {"event": "loaded", "path": "/in/a.jsonl", "read": 20},
    {"event": "progress", "path": "/in/b.jsonl", "read": 40, "bytes": 9_999},
]


class Screen(io.StringIO):
    """Standard error, on a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, quiet: float, wanted: bool = True) -> str:
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_QUIET", quiet)
    with Progress(shown=wanted) as bar:
        for event in EVENTS:
            bar.take(event)
            bar._bar.refresh() if not quiet and not bar._bar.disable else None
    return screen.getvalue()


def test_a_terminal_shows_bytes_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all files together: the share of bytes, items a second, and what is left; never more than there is."""
    said = shown(monkeypatch, terminal=True, quiet=0)
    assert "a.jsonl  12% |" in said
    assert "b.jsonl 100% |" in said
    assert "items/s" in said
    assert "left" in said


@pytest.mark.parametrize(
    ("terminal", "quiet", "wanted"),
    [(False, 0.0, True), (True, 60.0, True), (True, 0.0, False)],
    ids=["on a pipe", "in the first seconds", "when JSON is asked for"],
)
def test_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, quiet: float, wanted: bool
) -> None:
    """What a program reads has no bar in it, and what is over at once needs none."""
    assert shown(monkeypatch, terminal=terminal, quiet=quiet, wanted=wanted).strip() == ""


def test_a_dry_run_makes_no_store(tmp_path: Path) -> None:
    """Where there is none yet it counts as for an empty one; its totals say what would be."""
    file = write_lines(tmp_path / "f.jsonl", [entity("a", "Company", name="Acme")] * 2)
    said = write_yaml(tmp_path / "p.yml", profile())
    outcome = load_deliveries([Delivery((file,), said)], store=tmp_path / "store", dry_run=True)
    assert (
        outcome.text() == "2 read, 1 would be new, 1 already there, 0 would be quarantined; nothing was kept"
    )
    assert not (tmp_path / "store").exists()
