"""A disk that is really full: nothing is answered without its entry, nothing half is kept, and space mends it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from insight_kernel.audit.chain import entries, read_chain
from tests.build import entity, profile, write_lines, write_yaml
from tests.faults.laws import check_store
from tests.servers import Server, gateway, until


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the space there is."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1_000_000, 4_096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return path


def status(server: Server, token: str) -> int:
    return server.post("count", {"schema": "Company"}, token).status_code


@pytest.mark.case("F5")
def test_a_full_disk_stops_what_needs_it_and_nothing_else_is_lost(disk: Path, tmp_path: Path) -> None:
    """Reads and loads are refused in a line each; with space again both go on without repair; the chain verifies."""
    store, said = disk / "store", write_yaml(tmp_path / "p.yml", profile(source="a"))
    file = write_lines(tmp_path / "a.jsonl", [entity("a", "Company", name="A")])
    more = write_lines(tmp_path / "b.jsonl", [entity(f"b{n}", "Company", name=f"B {n}") for n in range(500)])
    with gateway(store) as server:
        assert server.load([file], said)[0]["event"] == "loaded"
        token = server.session()
        assert status(server, token) == 200
        filler = fill(disk)
        until(lambda: status(server, token) == 503)
        answered = [e["n"] for e in entries(store / "audit" / "log.jsonl") if e.get("decision") == "answered"]
        assert {status(server, token) for _ in range(5)} == {503}
        [event, *_] = server.load([more], said)
        assert event["event"] in ("failed", "refused"), event
        assert "Traceback" not in str(event)
        filler.unlink()
        assert status(server, token) == 200
        assert server.load([more], said)[0]["new"] == 500
        log = list(entries(store / "audit" / "log.jsonl"))
        assert [e["n"] for e in log if e.get("decision") == "answered"][:-1] == answered
    assert read_chain(store / "audit" / "log.jsonl").fault is None
    check_store(store, dict(zip(sorted_by_size(store), (1, 500), strict=True)))


def sorted_by_size(store: Path) -> list[str]:
    """Return the names of the originals, the smallest first."""
    return [
        path.name for path in sorted((store / "originals").iterdir(), key=lambda path: path.stat().st_size)
    ]
