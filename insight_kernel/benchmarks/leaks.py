"""Whether time or size of an answer tells what is hidden from what never was, asked in turns over the real socket."""

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow as pa

from insight_kernel.benchmarks.measure import MET
from insight_kernel.benchmarks.report import Report
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.loading import Delivery, load_deliveries

_BAR = 0.55
_EACH = 1_000  # persons everybody sees, and as many that are hidden
_READER = {"user": "ana", "purpose": "network"}
_OWNER = {"user": "ben", "purpose": "network"}
Asked = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Separable:
    """One kind of request, asked in pairs: how well its time tells hidden from absent (0.5: not at all)."""

    request: str
    absent: tuple[float, ...]
    hidden: tuple[float, ...]
    sizes_equal: bool

    @property
    def auc(self) -> float:
        """Return the area under the curve of the best that an order of times can tell, whichever way round."""
        found = rank_auc(self.absent, self.hidden)
        return max(found, 1 - found)

    @property
    def met(self) -> bool:
        """Tell whether neither time nor size separates them."""
        return self.auc < _BAR and self.sizes_equal

    def cells(self) -> tuple[str, ...]:
        """Return the row of the printed table."""
        absent, hidden = (1_000 * float(np.median(each)) for each in (self.absent, self.hidden))
        return (self.request, f"{len(self.absent):,}", f"{absent:.2f}", f"{hidden:.2f}", f"{self.auc:.3f}",
                "yes" if self.sizes_equal else "NO", f"< {_BAR:g}", MET[self.met])  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return the row for programs."""
        times = {"absent", "hidden"}
        said = {name: value for name, value in asdict(self).items() if name not in times}
        return {**said, "pairs": len(self.absent), "auc": self.auc, "met": self.met}


def rank_auc(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Return how often a figure of the second kind is larger than one of the first; a tie counts half.

    That is the area under the curve of a classifier by that figure (Mann and Whitney's U, divided by both numbers).

    Examples
    --------
    >>> rank_auc((1, 2, 3), (1, 2, 3)), rank_auc((1, 2), (3, 4))
    (0.5, 1.0)
    """
    known, asked = np.sort(np.array(first)), np.array(second)
    below, up_to = (np.searchsorted(known, asked, side=side).sum() for side in ("left", "right"))
    return float((below + up_to) / (2 * len(known) * len(asked)))


def bench_leaks(pairs: int, note: Callable[[str], None]) -> Report:
    """Ask in pairs, on a store made for this run only."""
    chance = random.Random(1)  # noqa: S311  # invented names
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        folder = Path(temporary)
        note(f"a store of {_EACH:,} visible and {_EACH:,} hidden persons")
        hidden = [_name(chance) for _ in range(_EACH)]
        with EmbeddedGateway(folder / "store", create=True) as gateway:
            _load(folder, "seen", [_name(chance) for _ in range(_EACH)], {"owner": "DE"})
            _load(folder, "hidden", hidden, {"owner": "MA", "only": []})
            note(f"{pairs:,} pairs of each request")
            rows = list(_rows(gateway, hidden, pairs, chance))
    return Report("leaks", {"visible": _EACH, "hidden": _EACH}, [], leaks=rows)


def _rows(
    gateway: EmbeddedGateway, hidden: list[str], pairs: int, chance: random.Random
) -> Iterator[Separable]:
    address = gateway.ask_address.removeprefix("unix:")
    with httpx.Client(
        transport=httpx.HTTPTransport(uds=address, verify=False), base_url="http://gateway"
    ) as client:
        known = _ids(client, gateway.session(**_OWNER))
        token = gateway.session(**_READER)
        ids = sorted(known - _ids(client, token))
        for request, asked in _requests(ids, hidden, chance).items():
            yield _measured(client, token, request, asked, pairs, chance)


def _requests(ids: list[str], hidden: list[str], chance: random.Random) -> dict[str, Callable[[bool], Asked]]:
    """Return, by kind of request, what is asked about something hidden or about something of the same form."""

    def id_(is_hidden: bool) -> str:
        return chance.choice(ids) if is_hidden else f"{chance.getrandbits(64):016x}"

    def name(is_hidden: bool) -> str:
        return chance.choice(hidden) if is_hidden else _name(chance)

    return {
        "get": lambda is_hidden: ("get", {"ids": [id_(is_hidden)]}),
        "neighbours": lambda is_hidden: ("neighbours", {"ids": [id_(is_hidden)]}),
        "notes": lambda is_hidden: ("notes", {"target": id_(is_hidden)}),
        "find": lambda is_hidden: ("find", {"schema": "Person", "filters": {"name": [name(is_hidden)]}}),
        "count": lambda is_hidden: ("count", {"schema": "Person", "filters": {"name": [name(is_hidden)]}}),
    }


def _measured(
    client: httpx.Client, token: str, request: str, asked: Callable[[bool], Asked], pairs: int, chance: random.Random
) -> Separable:  # fmt: skip
    """Ask both of each pair right after each other, in an order by chance."""
    times: dict[bool, list[float]] = {True: [], False: []}
    sizes = set()
    for _ in range(pairs):
        for is_hidden in chance.sample((True, False), 2):
            name, body = asked(is_hidden)
            took, answer = _timed(client, token, name, body)
            times[is_hidden].append(took)
            sizes.add((answer.status_code, len(answer.content)))
    return Separable(request, tuple(times[False]), tuple(times[True]), len(sizes) == 1)


def _timed(client: httpx.Client, token: str, name: str, body: dict[str, Any]) -> tuple[float, httpx.Response]:
    started = time.perf_counter()
    answer = client.post(f"/v1/{name}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    return time.perf_counter() - started, answer


def _ids(client: httpx.Client, token: str) -> set[str]:
    _, answer = _timed(client, token, "find", {"schema": "Person"})
    return set(pa.ipc.open_stream(answer.content).read_all()["id"].to_pylist())


def _name(chance: random.Random) -> str:
    return " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)).title() for _ in range(2))


def _load(folder: Path, name: str, names: list[str], label: dict[str, Any]) -> None:
    lines = [
        json.dumps({"id": f"{name}{n}", "schema": "Person", "properties": {"name": [each]}}) + "\n"
        for n, each in enumerate(names)
    ]
    (folder / f"{name}.ftm.jsonl").write_text("".join(lines), encoding="utf-8")
    said = {"source": name, "person_status": "unassessed", "label": {"purposes": ["network"], **label}}
    (folder / f"{name}.yml").write_text(json.dumps(said), encoding="utf-8")  # JSON is YAML
    outcome = load_deliveries(
        [Delivery((folder / f"{name}.ftm.jsonl",), folder / f"{name}.yml")], store=folder / "store"
    )
    if not outcome.fine:
        raise RuntimeError(outcome.text())
