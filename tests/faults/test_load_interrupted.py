"""A load that is cut short: by kill -9 of the gateway or of the worker, or by Ctrl-C. Again loads the rest."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.build import entity, profile, write_lines, write_yaml
from tests.faults.laws import check_audit, check_store
from tests.servers import Event, Server, gateway, until

SIZES = {"a": 50, "b": 300, "c": 50}


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """Three files and their profile; the second is a pipe that nobody writes to, so that it is read for ever."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name in "ac":
        write_lines(folder / f"{name}.jsonl", lines(name))
    os.mkfifo(folder / "b.jsonl")
    write_yaml(folder / "profile.yml", profile(source="s"))
    return folder


def lines(name: str) -> Iterator[Event]:
    return (entity(f"{name}{n}", "Person", name=f"P {n}") for n in range(SIZES[name]))


def mend(delivery: Path) -> None:
    """Put a file in the place of the pipe; whoever reads the pipe goes on with that."""
    write_lines(delivery / "b.tmp", lines("b")).rename(delivery / "b.jsonl")


def files(delivery: Path) -> list[Path]:
    return [delivery / f"{name}.jsonl" for name in SIZES]


def worker(server: Server) -> psutil.Process | None:
    """Return the process that reads, while it does."""
    for child in psutil.Process(server.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "insight_kernel.intake.load" in child.cmdline():
                return child
    return None


def begun(events: Iterator[Event], name: str) -> Iterator[Event]:
    """Yield events up to the one that says that a file is being read."""
    for event in events:
        yield event
        if event["event"] == "progress" and str(event["path"]).endswith(name):
            return


def check_whole(store: Path, delivery: Path) -> None:
    """Everything is there once, with its originals whole, and nothing half-done lies about."""
    wanted = {hashlib.sha256(f.read_bytes()).hexdigest(): SIZES[f.stem] for f in files(delivery)}
    check_audit(store)
    check_store(store, wanted)
    for digest in wanted:
        assert hashlib.sha256((store / "originals" / digest).read_bytes()).hexdigest() == digest
    assert not list((store / "staging").iterdir())
    assert not list(store.rglob(".part-*"))


@pytest.mark.case("F16")
def test_a_killed_worker_costs_its_file_and_no_other(delivery: Path, tmp_path: Path) -> None:
    """The file it was reading waits in quarantine and says why; the others are in, and again loads the rest."""
    with gateway(tmp_path / "store") as server:
        events = server.loading(files(delivery), delivery / "profile.yml")
        list(begun(events, "b.jsonl"))
        found = worker(server)
        assert found is not None
        mend(delivery)
        found.kill()
        rest = [event for event in events if event["event"] != "progress"]
        assert [event["event"] for event in rest] == ["failed", "loaded", "done"]
        assert "its reader ended unexpectedly" in rest[0]["error"]
        assert (rest[0]["read"], rest[0]["quarantined"]) == (1, 1)
        waiting = server.operate("/quarantine", {}).json()["waiting"]
        assert [(each["file"], each["items"]) for each in waiting] == [("b.jsonl", 1)]
        again = server.load(files(delivery), delivery / "profile.yml")
        assert [event["new"] for event in again[:-1]] == [0, SIZES["b"], 0]
        assert server.operate("/quarantine", {}).json() == {"waiting": []}
    check_whole(tmp_path / "store", delivery)


@pytest.mark.case("F1")
@pytest.mark.case("F16")
def test_a_killed_gateway_has_whole_files_or_none(delivery: Path, tmp_path: Path) -> None:
    """What was acknowledged is in; again loads the rest, nothing twice; its worker is gone too."""
    with contextlib.suppress(httpx.TransportError), gateway(tmp_path / "store") as server:
        events = server.loading(files(delivery), delivery / "profile.yml")
        seen = list(begun(events, "b.jsonl"))
        reading = worker(server)
        server.kill()
        mend(delivery)
        list(events)
    assert [event["new"] for event in seen if event["event"] == "loaded"] == [SIZES["a"]]
    assert reading is not None
    until(lambda: not reading.is_running() or reading.status() == psutil.STATUS_ZOMBIE)
    with gateway(tmp_path / "store") as server:
        again = server.load(files(delivery), delivery / "profile.yml")
        assert [event["new"] for event in again[:-1]] == [0, SIZES["b"], SIZES["c"]]
    check_whole(tmp_path / "store", delivery)


def insight(*words: object, **how: Any) -> "subprocess.Popen[str]":
    """Start the command as a terminal would, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "insight_kernel.cli", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **how,
    )  # fmt: skip


def test_ctrl_c_stops_cleanly_and_says_what_is_in(delivery: Path, tmp_path: Path) -> None:
    """The file being read is dropped, gateway and worker end, nothing is left; the same command loads the rest."""
    store, words = tmp_path / "store", ("load", *files(delivery), "--label", delivery / "profile.yml")
    with gateway(store) as server:  # so that the test can see how far it is
        running = insight(*words, "--store", store)
        until(lambda: len(list((store / "originals").glob("*"))) and worker(server))
        mend(delivery)
        os.kill(running.pid, signal.SIGINT)
        said, errors = running.communicate(timeout=60)
        assert (running.returncode, errors) == (130, "")
        assert said == "Stopped: 1 of 3 files are in (50 items); run the same command again for the rest\n"
        until(lambda: worker(server) is None)
        assert not list((store / "staging").iterdir())
    with gateway(store):
        said, _ = insight(*words, "--store", store).communicate(timeout=60)
    assert said == "400 read, 350 new, 50 already there, 0 quarantined\n"
    check_whole(store, delivery)


def test_whoever_asked_is_gone_and_the_load_ends(delivery: Path, tmp_path: Path) -> None:
    """A client that is killed leaves no worker behind, and nothing half-loaded."""
    with gateway(tmp_path / "store") as server:
        events = server.loading(files(delivery), delivery / "profile.yml")
        list(begun(events, "b.jsonl"))
        events.close()  # type: ignore[attr-defined]
        mend(delivery)
        until(lambda: worker(server) is None)
        until(lambda: not list((tmp_path / "store" / "staging").iterdir()))
        again = server.load(files(delivery), delivery / "profile.yml")
        assert [event["new"] for event in again[:-1]] == [0, SIZES["b"], SIZES["c"]]
    check_whole(tmp_path / "store", delivery)
