"""Hours of mixed load leave nothing behind: memory, files, threads and temporary files stay where they were.

`python -m pytest -m soak` takes two hours; `INSIGHT_SOAK=60` makes it sixty seconds. It is not part of other runs.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event

import psutil
import pytest

from insight_kernel.audit.chain import read_chain
from insight_kernel.runtime import ASK, runtime_folder
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

SECONDS = float(os.environ.get("INSIGHT_SOAK", 7_200))
ASKERS = 6
_EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Seen:
    """What the process holds at one moment."""

    memory: int
    files: int
    threads: int
    temporary: int


def look(process: psutil.Process, store: Path) -> Seen:
    """Return it now."""
    left = [path for folder in (store / "staging", runtime_folder(store)) for path in folder.rglob("*")]
    left += store.rglob(".part-*")
    return Seen(process.memory_info().rss, process.num_fds(), process.num_threads(), len(left))


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 600)
@pytest.mark.case("F25")
def test_hours_of_mixed_load_leave_nothing_behind(tmp_path: Path) -> None:
    """Of three equal parts of the time the last is like the second, in the median; the chain verifies at the end."""
    with gateway(tmp_path / "store") as server:
        load(server, tmp_path)
        process, stop = psutil.Process(server.process.pid), Event()
        seen: list[Seen] = []
        with ThreadPoolExecutor(ASKERS + 1) as pool:
            working = [pool.submit(ask_on, server, stop, n) for n in range(ASKERS)]
            working.append(pool.submit(load_on, server, tmp_path, stop))
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and not any(each.done() for each in working):
                seen.append(look(process, server.store))
                stop.wait(_EVERY)
            stop.set()
            assert all(each.result() > 0 for each in working)
        check(seen)
    assert read_chain(tmp_path / "store" / "audit" / "log.jsonl").fault is None


def check(seen: list[Seen]) -> None:
    """Compare the last third with the one before."""
    third = len(seen) // 3
    second, last = seen[third : 2 * third], seen[2 * third : 3 * third]

    def grown(part: Callable[[Seen], int]) -> tuple[float, float]:
        return median(map(part, second)), median(map(part, last))

    for name, most in (("files", 3.0), ("threads", 3.0), ("temporary", 2.0)):
        before, after = grown(lambda each, name=name: getattr(each, name))  # type: ignore[misc]
        assert after <= before + most, (name, before, after)
    before, after = grown(lambda each: each.memory)
    assert after <= before * 1.1, ("memory", before, after)


def ask_on(server: Server, stop: Event, number: int) -> int:
    """Ask of everything, badly too, and go away in mid-answer now and then, until told to stop; return how often."""
    token = server.session(["ana", "ben"][number % 2])
    ids = read_table(server.post("find", {"schema": "Person"}, token))["id"].to_pylist()
    for asked in count(1):
        for name, body in questions(ids):
            if stop.is_set():
                return asked
            assert server.post(name, body, token).status_code in (200, 404, 422, 429), name
        vanish(server, token)
    raise AssertionError


def questions(ids: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield one of each request."""
    yield "find", {"schema": "Person", "filters": {"nationality": ["fr"]}}
    yield "find", {"schema": "Thing", "page": {"size": 20}}
    yield "get", {"ids": ids[:50]}
    yield "get", {"ids": ["0" * 16]}
    yield "neighbours", {"ids": ids[:5], "depth": 2}
    yield "aggregate", {"schema": "Person", "by": "nationality"}
    yield "search", {"text": "Person 7"}
    yield "count", {"schema": "Nonsense"}
    yield "notes", {"target": ids[0]}
    yield "label", {}


def vanish(server: Server, token: str) -> None:
    """Ask and go."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(runtime_folder(server.store) / ASK))
        head = f"POST /v1/sources HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {token}\r\n"
        client.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode())


def load_on(server: Server, folder: Path, stop: Event) -> int:
    """Deliver the same again and again: all are duplicates, none makes the store larger."""
    for number in count(1):
        load(server, folder)
        server.operate("/retention", {}).raise_for_status()
        if stop.wait(_EVERY):
            return number
    raise AssertionError


def load(server: Server, folder: Path) -> None:
    """Deliver two hundred persons."""
    people = [
        entity(f"p{n}", "Person", name=f"Person {n}", nationality=["fr", "ma"][n % 2]) for n in range(200)
    ]
    known = [entity(f"k{n}", "Associate", person=f"p{n}", associate=f"p{n + 1}") for n in range(100)]
    file = write_lines(folder / "people.jsonl", [*people, *known])
    assert (
        server.load([file], write_yaml(folder / "said.yml", profile(source="people")))[0]["event"] == "loaded"
    )
