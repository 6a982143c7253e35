"""How fast delivered values become statements on one core, beside the library whose format is read."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from insight_kernel.benchmarks.files import Delivered, delivered
from insight_kernel.benchmarks.generate import DAY
from insight_kernel.benchmarks.report import Report, Speed
from insight_kernel.gateway.loading import delivery
from insight_kernel.intake.load import work
from insight_kernel.intake.profile import read_profile
from insight_kernel.model.schema import vocabulary
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

BAR = 20_000
"""Cleaned values a second, on one core."""

_ROUNDS = 3
_PROFILE = "source: bench\nperson_status: unassessed\nlabel: {owner: FR, purposes: [network]}\n"


def bench_load(values: int, rounds: int = _ROUNDS) -> Report:
    """Measure files of at least so many values; absent are the real files and the peer where they are not there."""
    facts: dict[str, object] = {
        "values": f"at least {values:,} a file",
        "runs": f"{rounds}; the first, with empty caches, is among them",
    }
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary, one_core() as core:
        folder = Path(temporary)
        facts["pinned to core"] = core
        files = list(delivered(folder, values))
        speeds = [speed for file in files for speed in _measured(folder / file.path.stem, file, rounds)]
    return Report("load", facts, [], speeds)


@contextmanager
def one_core() -> Iterator[int]:
    """Let this process run on one core only."""
    before = os.sched_getaffinity(0)
    core = max(before)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)


def _measured(folder: Path, file: Delivered, rounds: int) -> Iterator[Speed]:
    folder.mkdir()
    store = open_folder(folder / "store", create=True)
    profile = folder / "profile.yml"
    profile.write_text(_PROFILE, encoding="utf-8")
    staged: list[float] = []
    for number in range(rounds):
        started = time.process_time()
        event = staged_whole(file.path, profile, folder / f"staging-{number}", key=store.key)
        staged.append(time.process_time() - started)
    yield Speed(file.name, "read, clean, stage", file.values, tuple(staged), BAR)
    yield Speed(file.name, "commit", file.values, tuple(_committed(folder, event, profile, rounds)), None)
    peer = tuple(_peer(file.path) for _ in range(rounds))
    yield Speed(file.name, "followthemoney", file.values, tuple(t for t in peer if t is not None), None)


def staged_whole(
    path: Path, profile: Path, staging: Path, *, key: bytes, mapping: Path | None = None
) -> dict[str, Any]:
    """Read, clean, label and stage a file as a load does, and return what the gateway is told; every item is taken."""
    delivered = {"paths": [str(path)], "profile": str(profile), "source": None,
                 "mapping": str(mapping) if mapping else None}  # fmt: skip
    job = {"deliveries": [delivered], "key": key.hex(), "day": DAY.isoformat(), "staging": str(staging)}
    for event in work(job):
        last = event
    if last["event"] != "staged" or last["bad"]:
        raise RuntimeError(f"the file {path.name} is not read whole: {last}")
    return last


def _committed(folder: Path, event: dict[str, Any], profile: Path, rounds: int) -> Iterator[float]:
    """Yield CPU seconds of committing the staged file into empty stores."""
    words = vocabulary()
    said = read_profile(profile, source=None, today=DAY, vocabulary=words)
    for number in range(rounds):
        store = Store(open_folder(folder / f"store-{number}", create=True))
        started = time.process_time()
        store.commit(delivery(event, said, DAY - timedelta(days=1)))
        yield time.process_time() - started
        store.close()


def _peer(path: Path) -> float | None:
    """Return CPU seconds in which followthemoney reads and cleans the lines, or None without it."""
    try:
        from followthemoney import model
    except ImportError:
        return None
    started = time.process_time()
    with path.open("rb") as lines:
        for line in lines:
            model.get_proxy(json.loads(line), cleaned=False).to_dict()
    return time.process_time() - started
