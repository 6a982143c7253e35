"""What the audit costs: entries a second of many writers, beside one flush each, and audited reads over HTTP."""

import http.client
import json
import os
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from insight_kernel import files
from insight_kernel.audit.chain import canonical
from insight_kernel.audit.checkpoints import Checkpoints
from insight_kernel.audit.keys import signing_key
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.verify import verify
from insight_kernel.benchmarks.generate import DAY
from insight_kernel.benchmarks.measure import MET
from insight_kernel.benchmarks.report import Report
from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.loading import Delivery

WRITERS, ASKERS = 64, 8
_ENTRIES, _READS = 2_000, 250  # a second
_ENTRY = {
    "operation": "consultation", "request": "get", "user": "ana", "workspace": "ana/op-lantern/network",
    "case": "OP-LANTERN",
    "purpose": "network", "organisation": "FR", "request_hash": "0" * 64, "policy": "0" * 12, "rows": 7,
    "owners": ["FR"],
    "labels": [1], "records": "eJxjYGBgAAAABAAB", "acts": 0, "decision": "answered",
}  # fmt: skip
_LABEL = {
    "label": {"owner": "FR", "purposes": ["network"], "expires": "2999-01-01"},
    "person_status": "unassessed",
}


@dataclass(frozen=True)
class Rate:
    """How many were done at once and in all, in how long, and with how much CPU of the process that did them."""

    what: str
    at_once: int
    done: int
    seconds: float
    cpu: float
    bar: int | None

    @property
    def rate(self) -> float:
        """Return how many a second."""
        return self.done / self.seconds

    @property
    def met(self) -> bool | None:
        """Tell whether the bar is met; None where there is none."""
        return None if self.bar is None else self.rate >= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        bar = "" if self.bar is None else f">= {self.bar:,}"
        each = f"{self.cpu / self.done * 1e3:.2f}"
        return self.what, str(self.at_once), f"{self.done:,}", f"{self.rate:,.0f}", each, bar, MET[self.met]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        return {**asdict(self), "a second": self.rate, "met": self.met}


def bench_audit(entries: int, reads: int, say: Callable[[str], None]) -> Report:
    """Measure the log at its own interface with checkpoints being made, its peer, and reads through a real gateway."""
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        say(f"{WRITERS} writers")
        rates = [
            _written(Path(folder) / "log", entries),
            _flushed(Path(folder) / "peer", max(entries // 20, 10)),
        ]
        say(f"{ASKERS} askers")
        rates.append(_read(Path(folder) / "store", reads))
    return Report("audit", {"writers": WRITERS, "askers": ASKERS}, [], rates=rates)


def _written(folder: Path, entries: int) -> Rate:
    """Write entries from many threads; each waits until his own is on the disk."""
    log = AuditLog(folder / "log.jsonl")
    checkpoints = Checkpoints(log, signing_key(folder, folder, DAY), folder, lambda _: None)
    with ThreadPoolExecutor(WRITERS) as pool:
        wall, cpu = time.perf_counter(), time.process_time()
        numbers = list(pool.map(lambda _: log.append(_ENTRY), range(entries)))
        seconds, used = time.perf_counter() - wall, time.process_time() - cpu
    log.close()
    checkpoints.close()
    found = verify(folder)
    if found.fault or found.chain.number != len(set(numbers)):
        raise AssertionError(found.fault or "an acknowledged entry is lost")
    return Rate("entries acknowledged", WRITERS, entries, seconds, used, _ENTRIES)


def _flushed(path: Path, entries: int) -> Rate:
    """Write entries one by one, each with a flush of its own."""
    line = canonical(_ENTRY) + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(entries):
            files.write_all(descriptor, line)
            files.flush(descriptor)
        return Rate(
            "peer: one flush each", 1, entries, time.perf_counter() - wall, time.process_time() - cpu, None
        )
    finally:
        os.close(descriptor)


def _read(store: Path, reads: int) -> Rate:
    """Read entities by id through a gateway process, each read audited before it is answered."""
    with EmbeddedGateway(store, create=True) as gateway:
        ids = load_companies(gateway, store.parent, reads)
        process = gateway_process(store)
        tokens = [gateway.session(user="ana", purpose="network") for _ in range(ASKERS)]
        ask = _Asking(gateway.ask_address.removeprefix("unix:"))
        parts = [ids[n::ASKERS] for n in range(ASKERS)]
        with ThreadPoolExecutor(ASKERS) as pool:
            list(pool.map(ask, tokens, [part[:3] for part in parts]))
            before, wall = sum(process.cpu_times()[:2]), time.perf_counter()
            done = sum(pool.map(ask, tokens, parts))
            seconds, cpu = time.perf_counter() - wall, sum(process.cpu_times()[:2]) - before
        return Rate("audited reads over HTTP", ASKERS, done, seconds, cpu, _READS)


def connected(path: str) -> http.client.HTTPConnection:
    """Return a connection to a gateway's socket for questions."""
    connection = http.client.HTTPConnection("gateway")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(path)
    return connection


def ask_for(connection: http.client.HTTPConnection, token: str, id_: str) -> http.client.HTTPResponse:
    """Ask for one entity; return the answer, read to its end."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/get", json.dumps({"ids": [id_]}), headers)
    answer = connection.getresponse()
    answer.read()
    return answer


class _Asking:
    """Asks for entities one by one over one connection, as plainly as it can be done."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, token: str, ids: list[str]) -> int:
        connection = connected(self._path)
        for id_ in ids:
            answer = ask_for(connection, token, id_)
            if answer.status != http.client.OK:
                raise AssertionError(answer.status)
        connection.close()
        return len(ids)


def load_companies(gateway: EmbeddedGateway, folder: Path, number: int) -> list[str]:
    """Load invented companies and return their ids."""
    lines, profile = folder / "made.jsonl", folder / "made.yml"
    made = (
        {"id": f"k{n}", "schema": "Company", "properties": {"name": [f"Company {n}"]}} for n in range(number)
    )
    lines.write_text("".join(f"{json.dumps(each)}\n" for each in made), "utf-8")
    profile.write_text(yaml.safe_dump(_LABEL), "utf-8")
    for _ in gateway.load(deliveries=[Delivery((lines,), profile).asked()]):
        pass
    found = Asker(gateway.ask_address, gateway.session(user="ana", purpose="network")).table(
        "find", schema="Company"
    )
    return [str(id_) for id_ in found["id"].to_pylist()]


def gateway_process(store: Path) -> psutil.Process:
    """Return the gateway's process."""
    return next(
        each for each in psutil.process_iter(["cmdline"]) if str(store) in (each.info["cmdline"] or ())
    )
