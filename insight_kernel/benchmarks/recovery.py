"""After `kill -9`: how soon a gateway answers again, and whether an answer was given that its log does not hold."""

import http.client
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from threading import Timer
from typing import Any

from insight_kernel.audit.chain import entries
from insight_kernel.benchmarks.audit import ask_for, connected, gateway_process, load_companies
from insight_kernel.benchmarks.report import Report
from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway

_ASKERS, _COMPANIES = 4, 200
_AFTER = 0.4  # seconds of answering before it is killed


@dataclass(frozen=True)
class Recovered:
    """How often it was killed, what was answered, how much of it the log lacks, and seconds to the next answer."""

    rounds: int
    acknowledged: int
    lost: int
    seconds: tuple[float, ...]

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        said = f"{median(self.seconds):.2f} ({min(self.seconds):.2f}-{max(self.seconds):.2f})"
        return str(self.rounds), f"{self.acknowledged:,}", str(self.lost), said

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        times = {"median": median(self.seconds), "low": min(self.seconds), "high": max(self.seconds)}
        return {**asdict(self), **times}


def bench_recovery(rounds: int, say: Callable[[str], None]) -> Report:
    """Kill a gateway that is answering, start it again, and compare what was answered with its log."""
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        store = Path(folder) / "store"
        with EmbeddedGateway(store, create=True) as gateway:
            ids = load_companies(gateway, Path(folder), _COMPANIES)
        answered: list[int] = []
        seconds = []
        for number in range(rounds):
            say(f"kill {number + 1} of {rounds}")
            answered += _killed(store, ids)
            seconds.append(_again(store, ids))
        held = {entry["n"] for entry in entries(store / "audit" / "log.jsonl")}
    found = Recovered(rounds, len(answered), len(set(answered) - held), tuple(seconds))
    return Report("recovery", {"askers": _ASKERS}, [], recovered=[found])


def _killed(store: Path, ids: list[str]) -> list[int]:
    """Let many ask until the gateway is killed; return the numbers of the entries they were told."""
    with EmbeddedGateway(store) as gateway:
        process = gateway_process(store)
        address = gateway.ask_address.removeprefix("unix:")
        tokens = [gateway.session(user="ana", purpose="network") for _ in range(_ASKERS)]
        Timer(_AFTER, process.kill).start()
        with ThreadPoolExecutor(_ASKERS) as pool:
            told = list(pool.map(lambda token: _until_gone(address, token, ids), tokens))
        process.wait()
    return [number for each in told for number in each]


def _until_gone(address: str, token: str, ids: list[str]) -> list[int]:
    """Ask over one connection until it breaks."""
    told: list[int] = []
    connection = connected(address)
    try:
        while True:
            answer = ask_for(connection, token, ids[len(told) % len(ids)])
            told.append(int(answer.headers["Insight-Entry"]))
    except (OSError, http.client.HTTPException):
        return told
    finally:
        connection.close()


def _again(store: Path, ids: list[str]) -> float:
    """Return the seconds from starting the gateway again until it has answered."""
    began = time.perf_counter()
    with EmbeddedGateway(store) as gateway:
        token = gateway.session(user="ana", purpose="network")
        Asker(gateway.ask_address, token).table("get", ids=ids[:1])
        return time.perf_counter() - began
