"""What governing a hub costs: from login to the first answer beside a plain hub, and many workspaces at once."""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from insight_kernel.benchmarks.hub_asking import QUESTION, ask_at_once, askers
from insight_kernel.benchmarks.hub_browser import Browser, browser
from insight_kernel.benchmarks.hub_processes import RunningHub, governed_hub, plain_hub
from insight_kernel.benchmarks.hub_store import PURPOSE, case_name, user_name, world_store
from insight_kernel.benchmarks.report import Asking, Report, Step
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
Note = Callable[[str], None]
Times = tuple[float, ...]


@dataclass(frozen=True)
class _Way:
    """One of the two hubs; `ask` asks for a server and returns its name, `code` is the first cell."""

    name: str
    hub: RunningHub
    ask: Callable[[Browser, int], str]
    code: str


def bench_hub(rounds: int, asking: int, note: Note, each: int = EACH, alone: int = ALONE) -> Report:
    """Measure both hubs in turns, each round with a user who never logged in, then `asking` workspaces at once."""
    with _both(rounds + asking + 1, note) as (store, governed, plain):
        ways = (
            _Way("governed", governed, _through_the_page, _GOVERNED),
            _Way("plain", plain, _directly, _PLAIN),
        )
        found = [[_measured(way, number, note) for way in ways] for number in range(rounds)]
        note(f"{asking} workspaces asking at once, {each} times each")
        asked = list(_asked(governed, store, range(rounds, rounds + asking + 1), each, alone))
    times, peer = ([both[which] for both in found] for which in (0, 1))
    return Report("hub", _facts(rounds), [], steps=list(_steps(times, peer)), askings=asked)


@contextmanager
def _both(people: int, note: Note) -> Iterator[tuple[Path, RunningHub, RunningHub]]:
    with tempfile.TemporaryDirectory(prefix="insight-bench-") as temporary:
        folder = Path(temporary)
        note("writing and loading the invented world")
        store = world_store(folder, people)
        try:
            note("starting both hubs")
            with (
                plain_hub(folder / "plain", note) as plain,
                governed_hub(store, folder / "governed") as governed,
            ):
                yield store, governed, plain
                note("ending both hubs")
        finally:
            shutil.rmtree(runtime_folder(store), ignore_errors=True)


def _measured(way: _Way, number: int, note: Note) -> Times:
    """Return the seconds of each step and of all."""
    with browser(way.hub, user_name(number)) as person:
        clock = [time.perf_counter()]
        person.log_in(way.hub.password)
        clock.append(time.perf_counter())
        server = way.ask(person, number)
        person.wait_for_server(server)
        clock.append(time.perf_counter())
        said = person.run(server, way.code).strip()
        clock.append(time.perf_counter())
        person.stop(server)
    if not said.isdecimal() or not int(said):
        raise Unavailable("measure the hub", f"the first cell printed {said!r}", "Report this.")
    took = tuple(end - begin for begin, end in pairwise(clock))
    note(f"round {number + 1}, {way.name}: {sum(took):.1f} s")
    return (*took, sum(took))


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
    one, *many = askers(hub, store, numbers)
    yield ask_at_once("first request", [one], 1)
    yield ask_at_once("later", [one], alone)
    yield ask_at_once("first request of each", many, 1)
    yield ask_at_once("later", many, each)


def _steps(governed: Sequence[Times], plain: Sequence[Times]) -> Iterator[Step]:
    for at, name in enumerate(_STEPS):
        bar = BAR if name == _STEPS[-1] else None
        yield Step(name, tuple(t[at] for t in governed), tuple(t[at] for t in plain), bar)


def _facts(rounds: int) -> dict[str, object]:
    return {
        **{name: version(name) for name in ("jupyterhub", "jupyterlab")},
        "rounds": f"{rounds}, in turns; the first, with a cold disk, is among them",
        "first cell": f"governed {_GOVERNED}; plain {_PLAIN}",
        "asked": f"find {QUESTION['schema']}, limit {QUESTION['limit']}, a connection each as in a notebook",
    }
