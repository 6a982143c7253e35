"""What governing a hub costs: from login to the first answer beside a plain hub, and many workspaces at once."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from insight_kernel.benchmarks.hub_asking import QUESTION, ask_at_once, askers
from insight_kernel.benchmarks.hub_browser import Browser, browser
from insight_kernel.benchmarks.hub_processes import RunningHub, end_gateways, governed_hub, plain_hub
from insight_kernel.benchmarks.hub_rows import Asking, Step, Took
from insight_kernel.benchmarks.hub_store import PURPOSE, case_name, make_store, user_name
from insight_kernel.benchmarks.report import Report
from insight_kernel.errors import Unavailable
from insight_kernel.launch.hub import PAGE
from insight_kernel.runtime import runtime_folder

BAR = 2.0
"""How many times longer the governed way may take, from login to the first answer."""

EACH, ALONE = 50, 200
"""Requests of each workspace when many ask, and of the one that asks alone."""

_STEPS = ("login", "server ready", "first answer", "all")
_FORM = re.compile(r'name="form" value="([^"]+)"')
_GOVERNED = 'import insight_kernel as insight; print(len(insight.open().find("Person")))'
_PLAIN = "print(1)"
Given = TypeVar("Given")
Note = Callable[[str], None]


@dataclass(frozen=True)
class _Way:
    """One of the two hubs; `ask` asks for a server and returns its name, `code` is the first cell."""

    name: str
    hub: RunningHub
    ask: Callable[[Browser, int], str]
    code: str


def bench_hub(rounds: int, asking: int, note: Note, each: int = EACH, alone: int = ALONE) -> Report:
    """Measure both hubs in turns, each round with a user who never logged in, then `asking` workspaces at once."""
    facts = _facts(rounds)
    with _both(rounds + asking + 1, note) as (store, governed, plain):
        ways = (
            _Way("governed", governed, _through_the_page, _GOVERNED),
            _Way("plain", plain, _directly, _PLAIN),
        )
        found = [[_measured(way, number, note) for way in ways] for number in range(rounds)]
        note(f"{asking} workspaces asking at once, {each} times each")
        asked = list(_asked(governed, store, range(rounds, rounds + asking + 1), each, alone))
    return Report("hub", facts, [], steps=list(_steps(found)), askings=asked)


@contextmanager
def _both(people: int, note: Note) -> Iterator[tuple[Path, RunningHub, RunningHub]]:
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        folder = Path(temporary)
        store = folder / "store"
        try:
            note("writing and loading the invented world")
            make_store(store, folder / "world", people)
            note("starting both hubs")
            with (
                plain_hub(folder / "plain", note) as plain,
                governed_hub(store, folder / "governed") as governed,
            ):
                yield store, governed, plain
                note("ending both hubs")
        finally:
            end_gateways(store)
            shutil.rmtree(runtime_folder(store), ignore_errors=True)


def _measured(way: _Way, number: int, note: Note) -> list[Took]:
    """Return what each step took, and all of them together."""
    with browser(way.hub, user_name(number)) as person:
        watch = _Watch(way.hub)
        watch.step(lambda: person.log_in(way.hub.password))
        server = watch.step(lambda: _ready(way, person, number))
        said = watch.step(lambda: person.run(server, way.code)).strip()
        person.stop(server)
    if not said.isdecimal() or not int(said):
        raise Unavailable("measure the hub", f"the first cell printed {said!r}", "Report this.")
    whole = Took(sum(t.wall for t in watch.taken), sum(t.cpu for t in watch.taken))
    note(f"round {number + 1}, {way.name}: {whole.wall:.1f} s")
    return [*watch.taken, whole]


def _ready(way: _Way, person: Browser, number: int) -> str:
    server = way.ask(person, number)
    person.wait_for_server(server)
    return server


class _Watch:
    """Times one step after the other; counting the CPU of a hub is not in what a step takes."""

    def __init__(self, hub: RunningHub) -> None:
        self._hub = hub
        self.taken: list[Took] = []

    def step(self, work: Callable[[], Given]) -> Given:
        cpu, wall = self._hub.cpu(), time.perf_counter()
        given = work()
        took = time.perf_counter() - wall
        self.taken.append(Took(took, self._hub.cpu() - cpu))
        return given


def _through_the_page(person: Browser, number: int) -> str:
    """Come to the page by the hub's redirects, and open a workspace with its form."""
    page = person.client.get(PAGE).raise_for_status()
    secret = _FORM.search(page.text)
    form = {"form": secret[1] if secret else "", "work": f"{case_name(number)}/{PURPOSE}"}
    person.client.post(f"{PAGE}open", data=form).raise_for_status()
    return case_name(number).lower()


def _directly(person: Browser, _: int) -> str:
    person.client.get("/hub/spawn").raise_for_status()
    return ""


def _asked(hub: RunningHub, store: Path, numbers: Sequence[int], each: int, alone: int) -> Iterator[Asking]:
    every = askers(hub, store, numbers)
    one, many = every[:1], every[1:]
    for asking, requests in ((one, alone), (many, each)):
        yield ask_at_once(hub, "first request of each", asking, 1)
        yield ask_at_once(hub, "later", asking, requests)


def _steps(found: Sequence[Sequence[Sequence[Took]]]) -> Iterator[Step]:
    """Yield a row for each step, from rounds of ways of steps."""
    for at, name in enumerate(_STEPS):
        governed, plain = (tuple(ways[which][at] for ways in found) for which in (0, 1))
        yield Step(name, governed, plain, BAR if name == _STEPS[-1] else None)


def _facts(rounds: int) -> dict[str, object]:
    return {
        **{name: version(name) for name in ("jupyterhub", "jupyterlab")},
        "load when it began": os.getloadavg()[0],
        "rounds": f"{rounds}, in turns; the first, with a cold disk, is among them",
        "first cell": f"governed {_GOVERNED}; plain {_PLAIN}",
        "asked": f"find {QUESTION['schema']}, limit {QUESTION['limit']}, a connection each as in a notebook",
    }
