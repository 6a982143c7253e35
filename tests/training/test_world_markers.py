"""Every value of the invented world carries a marker of its own; none reaches whom the rules hide it from.

What each reader may see is read from the written files by intake and the rules alone. What he was handed is searched
byte by byte, also inside pictures and compressed texts. All readers ask one gateway in turns, so that something kept
for one of them would show in an answer to another.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.demo import subject_name
from insight_kernel.reports.record import Run
from insight_kernel.reports.releasing import release_run
from insight_kernel.reports.run import run_renditions, run_report
from insight_kernel.training.world import World
from tests.servers import Server, gateway
from tests.training.marked import (
    ANA,
    BEN,
    FOR,
    READERS,
    MarkedWorld,
    Reader,
    Received,
    files_of,
    load,
    take_turns,
    write_marked,
)
from tests.training.markers import TYPED

pytestmark = pytest.mark.slow
TIGHTENED, WITHDRAWN = "fr-nominal", "ma-reports"
LOGGED = (
    "-c",
    "import os, runpy; os.dup2(os.open(os.environ['INSIGHT_TEST_LOG'], os.O_WRONLY | os.O_CREAT, 0o600), 2); "
    "runpy.run_module('insight_kernel.gateway', run_name='__main__')",
)
"""A gateway whose standard error goes to a file."""


@dataclass(frozen=True)
class Told:
    """All that was handed out: answers before and after labels changed, reports, and what the gateway printed."""

    store: Path
    world: MarkedWorld
    changed: MarkedWorld
    before: Received
    reports: Received
    after: Received
    log: Path
    subject: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Load the marked world, let all readers ask and report, change labels, and ask again."""
    folder = tmp_path_factory.mktemp("marked")
    world, store, log = write_marked(folder / "world"), folder / "store", folder / "log"
    with gateway(store, command=LOGGED, INSIGHT_TEST_LOG=str(log)) as server:
        load(server, world)
        before = take_turns(server, world, READERS)
        subject = main_subject(server, world.reading.world)
        reports = reports_of(store, subject)
        change(server, "nadia", TIGHTENED, {"only": ["FR"]})
        change(server, "salma", WITHDRAWN, {"withdrawn": True})
        server.operate("/retention", {}).raise_for_status()
        after = take_turns(server, world, (ANA, BEN), briefly=True)
    changed = world.with_label(TIGHTENED, only=frozenset({"FR"})).without(WITHDRAWN)
    return Told(store, world, changed, before, reports, after, log, subject)


def main_subject(server: Server, world: World) -> str:
    """Return the id of the person whose profile makes the best report."""
    table = server.asker(**ANA.asked).table("search", text=subject_name(world), schema="Person", limit=1)
    return str(table["id"][0])


def reports_of(store: Path, subject: str) -> Received:
    """Run the profile with ana's own rights and for two countries; release each to its own recipient."""
    received, asked = Received(), {"store": store, "user": "ana", "purpose": "network", "progress": False}
    runs: dict[Reader, Run] = {ANA: run_report("subject_profile", {"subject": subject}, **asked)}
    made = run_renditions("subject_profile", {"subject": subject}, list(FOR), **asked)
    runs |= dict(zip(FOR.values(), made, strict=True))
    for reader, run in runs.items():
        assert run.html is not None, run.error
        for to in FOR:
            done = release_run(run.id, to, store=store)
            assert done.granted == (reader.recipient == to), str(done)
            received.add(reader, f"the answer to a release to {to}", f"{done} {done.blockers}")
        for place, data in files_of(run.folder, skipped=()):
            received.add(reader, place, data)
    return received


def change(server: Server, keeper: str, source: str, fields: dict[str, Any]) -> None:
    """Change the labels of a source as one of its keepers."""
    version = server.operate("/acts/labels", {"user": keeper, "source": source}).json()["version"]
    what = {"source": source, "records": [], "fields": fields, "version": version}
    asked = {"user": keeper, "kind": "label", "what": what, "reason": f"By order {TYPED}"}
    assert server.operate("/acts/ask", asked).json()["state"] == "agreed"


@pytest.mark.case("A34")
@pytest.mark.parametrize("reader", READERS, ids=str)
def test_answers_hold_what_the_reader_may_see_and_nothing_else(told: Told, reader: Reader) -> None:
    """Over all questions every visible marker came, and no other one."""
    assert told.before.beyond(reader, told.world.shown_to(reader)) == {}
    assert told.before.all(reader) == told.world.shown_to(reader)
    assert len(told.world.hidden_from(reader)) >= 50
