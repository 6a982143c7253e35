"""The hub is measured beside a plain one: every step of both, many workspaces at once, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from insight_kernel.benchmarks.hub_asking import ask_at_once
from insight_kernel.benchmarks.hub_processes import RunningHub
from insight_kernel.benchmarks.hub_rows import Asking, Step, Took
from insight_kernel.client.asking import Asker
from insight_kernel.launch.ports import HOST, any_free
from tests.servers import until

COMMAND = (
    sys.executable,
    "-m",
    "insight_kernel.cli",
    "bench",
    "hub",
    "--rounds",
    "1",
    "--askers",
    "3",
    "--json",
)


def started(folder: Path) -> "subprocess.Popen[str]":
    """Start a small measurement whose temporary files lie in a folder."""
    return subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip


def left(folder: Path) -> list[Any]:
    """Return what a measurement left: processes whose command names its folder, and files."""
    processes = [p.pid for p in psutil.process_iter(["cmdline"]) if str(folder) in str(p.info["cmdline"])]
    return [*processes, *folder.glob("insight-bench-*"), *folder.glob("insight-*/*")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("b")


@pytest.fixture(scope="module")
def measured(folder: Path) -> dict[str, Any]:
    """What a run with one login at each hub and three workspaces says; it starts one server at each."""
    with started(folder) as process:
        said, progress = process.communicate(timeout=240)
    assert process.returncode == 0, progress
    assert {"round 1, governed", "round 1, plain"} <= {line.split(":")[0] for line in progress.splitlines()}
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.slow
def test_each_step_of_both_ways_is_measured(measured: dict[str, Any]) -> None:
    """Login, server and first answer take time, wall and CPU, at both hubs; all is their sum and has the bar."""
    rows = {row["step"]: row for row in measured["rows"] if "step" in row}
    assert list(rows) == ["login", "server ready", "first answer", "all"]
    for way in ("governed", "plain"):
        walls = [rows[name][way][0]["wall"] for name in rows]
        assert min(walls) > 0
        assert sum(walls[:-1]) == pytest.approx(walls[-1])
        assert rows["all"][way][0]["cpu"] > 0.5  # a server and a kernel were started
    assert rows["all"]["bar"] == 2.0


@pytest.mark.slow
def test_every_workspace_that_asks_at_once_is_answered(measured: dict[str, Any]) -> None:
    """One alone and three at once: no error, all requests counted, the longest never below the usual."""
    rows = [row for row in measured["rows"] if "workspaces" in row]
    assert [(row["workspaces"], row["requests"]) for row in rows] == [(1, 1), (1, 200), (3, 3), (3, 150)]
    for row in rows:
        assert (row["errors"], row["met"]) == (0, True)
        assert 0 < row["ms"]["p50"] <= row["ms"]["p99"] <= row["ms"]["longest"]


@pytest.mark.slow
def test_machine_versions_and_command_are_named(measured: dict[str, Any]) -> None:
    """So that a figure can be compared with that of another day."""
    assert {"command", "cores", "processor", "python"} <= measured["machine"].keys()
    assert {"jupyterhub", "jupyterlab", "first cell"} <= measured["facts"].keys()


@pytest.mark.slow
def test_nothing_is_left_behind(folder: Path, measured: dict[str, Any]) -> None:
    """Both hubs, their servers, the gateway and all files are gone."""
    assert left(folder) == []


def words_of_children(number: int) -> list[str]:
    """Return what the processes that one has started were called with."""
    words = []
    for child in psutil.Process(number).children():
        with suppress(psutil.NoSuchProcess):
            words += child.cmdline()
    return words


@pytest.mark.slow
def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    """Also while hubs are starting: one of them is a process already, and is ended with the rest."""
    with started(tmp_path) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if "starting both hubs" in line)
        until(lambda: any("jupyterhub" in word for word in words_of_children(process.pid)))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (130, "insight: stopped.")
    assert left(tmp_path) == []


def test_a_request_without_an_answer_is_an_error() -> None:
    """Nobody listens: every request counts as one, and the row says that it is missed."""
    hub = RunningHub("", psutil.Process(), "")
    found = ask_at_once(hub, "x", [Asker(f"http://{HOST}:{any_free(1)[0]}", "t")] * 2, 3)
    assert (found.requests, found.errors, found.met) == (6, 6, False)
    assert found.cells()[-3:] == ("6", "0", "MISSED")


def test_the_bar_stands_on_the_ratio_of_medians() -> None:
    """Twice as long is met, longer is not; one slow round of three changes nothing."""
    plain = (Took(1, 1), Took(1, 1), Took(1, 1))
    slow = Step("all", (Took(2, 1), Took(9, 1), Took(2, 1)), plain, 2.0)
    missed = Step("all", (Took(2.1, 1), Took(2.1, 1), Took(1, 1)), plain, 2.0)
    assert (slow.wall, slow.met, missed.met) == (2.0, True, False)
    assert missed.cells()[-2:] == ("<= 2.0", "MISSED")


@pytest.mark.parametrize(("share", "milliseconds"), [(50, 50.0), (99, 99.0), (100, 100.0)])
def test_percentiles_are_of_answers_that_came(share: int, milliseconds: float) -> None:
    """Of a hundred answers within 1 to 100 ms, 99 came within 99 ms."""
    seconds = tuple(number / 1_000 for number in range(1, 101))
    found = Asking("x", 1, Took(1, 1), seconds, 0).milliseconds(share)
    assert found == pytest.approx(milliseconds, abs=1)
