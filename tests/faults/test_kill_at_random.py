"""kill -9 at 50 random moments of a load of five seconds and more, with three readers at work meanwhile."""

import contextlib
import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import httpx
import pytest

from tests.build import entity, profile, write_lines, write_yaml
from tests.faults.laws import check_audit, check_store
from tests.servers import Event, Server, gateway

MOMENTS, WORKERS, READERS = 50, 2, 3
SIZES = {"1-small": 200, "2-large": 5_000, "3-small": 200, "4-middle": 1_500}
LEAST = 5.0  # seconds; the files are made larger until their load takes as long
SEED = 20261121


@dataclass(frozen=True)
class Delivery:
    """Files of a load, how many records each holds by the hash of its bytes, and how long the load takes."""

    files: tuple[Path, ...]
    profile: Path
    records: dict[str, int]
    base: Path
    seconds: float


@dataclass
class Seen:
    """What was acknowledged before the end."""

    answered: list[int] = field(default_factory=list)
    loaded: list[Event] = field(default_factory=list)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Four files, an empty store, and the time a load of all of them took."""
    folder = tmp_path_factory.mktemp("random")
    with gateway(folder / "base"):
        pass
    for scale in (2**n for n in range(8)):
        made = made_and_timed(folder / str(scale), folder / "base", scale)
        if made.seconds >= LEAST:
            return made
    pytest.fail("no load takes five seconds")


def made_and_timed(folder: Path, base: Path, scale: int) -> Delivery:
    """Write the files, load them once with readers at work, and see how long that takes."""
    folder.mkdir()
    sizes = {name: size * scale for name, size in SIZES.items()}
    files = tuple(write_lines(folder / f"{name}.jsonl", people(name, size)) for name, size in sizes.items())
    said = write_yaml(folder / "profile.yml", profile())
    records = {
        hashlib.sha256(f.read_bytes()).hexdigest(): n for f, n in zip(files, sizes.values(), strict=True)
    }
    with gateway(Path(shutil.copytree(base, folder / "timed"))) as server, reading(server, Seen()):
        start = time.monotonic()
        assert [event["event"] for event in server.load(files, said)] == ["loaded"] * len(files) + ["done"]
        seconds = time.monotonic() - start
    check_store(folder / "timed", records)
    return Delivery(files, said, records, base, seconds)


def people(name: str, size: int) -> Iterator[dict[str, Any]]:
    for n in range(size):
        yield entity(f"{name}-{n}", "Person", name=[f"Ana {n} Kovac", f"K. {n}"], birthDate=f"19{n % 90 + 10}-01-02",
                     nationality=["fr", "ma"], phone=f"+3312345{n:05}", address=f"{n} Rue de Test")  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning"
)  # httpx's, of one that dies while it connects
@pytest.mark.case("F1")
@pytest.mark.case("F2")
@pytest.mark.case("F16")
def test_killed_at_fifty_random_moments(delivery: Delivery, tmp_path: Path) -> None:
    """Each time the store opens, files are whole or absent, the chain verifies, no acknowledged entry is lost."""
    with ThreadPoolExecutor(WORKERS) as pool:
        done = list(
            pool.map(lambda n: killed_again_and_again(delivery, tmp_path / f"w{n}", n), range(WORKERS))
        )
    counts = [sum(numbers) for numbers in zip(*done, strict=True)]
    assert counts[0] == MOMENTS
    assert min(counts) > 0, "moments, answers, files acknowledged: each must have occurred"


def killed_again_and_again(delivery: Delivery, folder: Path, worker: int) -> tuple[int, int, int]:
    """Kill, look, restart and repeat the load; return how many moments, answers and loaded files there were."""
    chance = random.Random(SEED + worker)
    store, seen, answers, files = fresh(delivery, folder), Seen(), 0, 0
    for moment in range(MOMENTS // WORKERS):
        until_killed(store, delivery, chance.uniform(0, delivery.seconds), seen)
        check_audit(store, answered=seen.answered, loaded=seen.loaded)
        check_store(store, delivery.records)
        if len({event["path"] for event in seen.loaded}) == len(delivery.files) or moment % 8 == 7:
            complete(store, delivery)
            answers, files = answers + len(seen.answered), files + len(seen.loaded)
            store, seen = fresh(delivery, folder), Seen()
    complete(store, delivery)
    return MOMENTS // WORKERS, answers + len(seen.answered), files + len(seen.loaded)


def until_killed(store: Path, delivery: Delivery, seconds: float, seen: Seen) -> None:
    """Load with readers at work until the gateway is gone; the load is repeated if it ends before."""
    with gateway(store) as server, reading(server, seen):
        killer = Timer(seconds, server.process.kill)
        killer.start()
        with contextlib.suppress(httpx.TransportError):
            while True:
                for event in server.loading(delivery.files, delivery.profile):
                    seen.loaded.extend([event] if event["event"] == "loaded" else [])
        killer.join()


@contextlib.contextmanager
def reading(server: Server, seen: Seen) -> Iterator[None]:
    """Have three readers ask as long as the gateway lives, or the block lasts."""
    token, stopped = server.session(), []
    threads = [Thread(target=read_on, args=(server, token, seen, stopped)) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.append(True)
        for thread in threads:
            thread.join()


def read_on(server: Server, token: str, seen: Seen, stopped: list[bool]) -> None:
    with contextlib.suppress(httpx.TransportError):
        while not stopped:
            answer = server.post("find", {"schema": "Person", "limit": 20}, token)
            assert answer.status_code == httpx.codes.OK
            seen.answered.append(int(answer.headers["Insight-Entry"]))


def complete(store: Path, delivery: Delivery) -> None:
    """What was interrupted can be repeated: everything is there, once."""
    with gateway(store) as server:
        server.load(delivery.files, delivery.profile)
        count = server.asker().table("count", schema="Person")["count"].to_pylist()
    assert count == [sum(delivery.records.values())]
    check_store(store, delivery.records)


def fresh(delivery: Delivery, folder: Path) -> Path:
    """Return a new copy of the empty store."""
    folder.mkdir(exist_ok=True)
    return Path(shutil.copytree(delivery.base, folder / f"store{len(list(folder.iterdir()))}"))
