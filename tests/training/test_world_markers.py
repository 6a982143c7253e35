"""Every value of the invented world carries a marker of its own; none reaches whom the rules hide it from.

What each reader may see is read from the written files by intake and the rules alone. What he was handed is searched
byte by byte, also inside pictures and compressed texts. All readers ask one gateway in turns, so that something kept
for one of them would show in an answer to another.
"""

import html
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from insight_kernel.errors import InsightError
from insight_kernel.reports.record import Run
from insight_kernel.reports.releasing import release_run
from insight_kernel.reports.run import run_renditions, run_report
from insight_kernel.training.world import World
from tests.identity.at_page import PAGE
from tests.servers import Server, ask, gateway, hub
from tests.training.marked import (
    ANA,
    BEN,
    FOR,
    READERS,
    MarkedWorld,
    Reader,
    Received,
    files_of,
    in_database,
    load,
    take_turns,
    write_marked,
)
from tests.training.markers import TYPED, markers_in

pytestmark = pytest.mark.slow
TIGHTENED, WITHDRAWN = "fr-nominal", "acmebank-payments"
LOGGED = (
    "-c",
    "import os, runpy; os.dup2(os.open(os.environ['INSIGHT_TEST_LOG'], os.O_WRONLY | os.O_CREAT, 0o600), 2); "
    "runpy.run_module('insight_kernel.gateway', run_name='__main__')",
)
"""A gateway whose standard error goes to a file."""


PEOPLE = ("ana", "luc", "ben", "nadia", "salma", "dora")
KEEPERS = {"nadia": "FR", "salma": "MA"}
PLACES = {"", "accesses", "decisions", "consents", "consents/ask", "labels", "use", "emergency", "groups"}


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
        subject = main_subject(server, world.reading.world)
        ask_for_note(server, world, subject)
        before = take_turns(server, world, READERS)
        reports = reports_of(store, subject)
        change(server, "nadia", TIGHTENED, {"only": ["FR"]})
        change(server, "boris", WITHDRAWN, {"withdrawn": True})
        server.operate("/retention", {}).raise_for_status()
        after = take_turns(server, world, (ANA, BEN), briefly=True)
    changed = world.with_label(TIGHTENED, only=frozenset({"FR"})).without(WITHDRAWN)
    return Told(store, world, changed, before, reports, after, log, subject)


def main_subject(server: Server, world: World) -> str:
    """Return the id of the person whose profile makes the best report."""
    table = server.asker(**ANA.asked).table("search", text=world.subject_name, schema="Person", limit=1)
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
            received.add(reader, *released(store, run.id, to))
        for place, data in files_of(run.folder, skipped=()):
            received.add(reader, place, data)
    return received


def released(store: Path, run: str, to: str) -> tuple[str, str]:
    """Ask for a release; return what became of it, and what was said."""
    try:
        done = release_run(run, to, store=store)
    except InsightError as error:
        return f"release to {to} refused", str(error)
    return f"release to {to} {'granted' if done.granted else 'refused'}", str(done)


def ask_for_note(server: Server, world: MarkedWorld, subject: str) -> None:
    """Write a draft with a value only ana may see, and ask that it becomes a note."""
    asker = server.asker(**ANA.asked)
    record = asker.table("get", ids=[subject])["record"][0].as_py()
    secret = min(world.shown_to(ANA) & world.hidden_from(BEN) & world.hidden_from(FOR["MA"]))
    draft = asker.json("draft", target=subject, text=f"Compare {secret}.")["draft"]
    asked = {"user": "ana", "kind": "note", "what": {"draft": draft, "records": [record]}, "reason": TYPED}
    server.operate("/acts/ask", asked).raise_for_status()


def change(server: Server, keeper: str, source: str, fields: dict[str, Any]) -> None:
    """Change the labels of a source as one of its keepers."""
    version = server.operate("/acts/labels", {"user": keeper, "source": source}).json()["version"]
    what = {"source": source, "records": [], "fields": fields, "version": version}
    asked = {"user": keeper, "kind": "label", "what": what, "reason": f"By order {TYPED}"}
    assert server.operate("/acts/ask", asked).json()["state"] == "agreed"


@pytest.fixture(scope="module")
def pages(told: Told) -> Received:
    """Serve the store by a hub, let ana work in a workspace there, and open every page each person finds a way to."""
    received = Received()
    path = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    with hub(told.store, **path) as running:
        running.open("ana", ANA.case)
        token = running.server_token("ana", ANA.case)
        for name, body in (("get", {"ids": [told.subject]}), ("search", {"text": "port"})):
            ask(told.store, name, body, token)
        for user in PEOPLE:
            with running.browser(user) as client:
                for place, page in crawled(client):
                    received.add(user, place, page.content + str(page.headers).encode())
    return received


def crawled(client: httpx.Client) -> Iterator[tuple[str, httpx.Response]]:
    """Yield every page of the service that links lead to, by its path below the service's own."""
    waiting, seen = [""], set()
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            page = client.get(f"{PAGE}{place}")
            assert not page.is_server_error, (place, page.text)
            yield place, page
            links = re.findall(rf'(?:href|src)="{PAGE}([^"#?]*)"', page.text)
            waiting += [html.unescape(link) for link in links]


@pytest.mark.case("A34")
@pytest.mark.parametrize("reader", READERS, ids=str)
def test_answers_hold_what_the_reader_may_see_and_nothing_else(told: Told, reader: Reader) -> None:
    """Over all questions every visible marker came, and no other one."""
    assert told.before.beyond(reader, told.world.shown_to(reader)) == {}
    assert told.before.all(reader) == told.world.shown_to(reader)
    assert len(told.world.hidden_from(reader)) >= 50


@pytest.mark.case("A83")
@pytest.mark.parametrize("reader", [ANA, *FOR.values()], ids=str)
def test_a_report_holds_what_its_reader_may_see_and_nothing_else(told: Told, reader: Reader) -> None:
    """Page, notebook, pictures, record, and the files released with their sheets; released each to its own."""
    assert told.reports.beyond(reader, told.world.shown_to(reader, run=True)) == {}
    for place in ("report.html", "report.ipynb"):
        assert len(told.reports.by[str(reader)][place]) >= 20
    held = set(told.reports.by[str(reader)])
    assert {to for to in FOR if f"release to {to} granted" in held} == {reader.recipient} - {None}
    frozen = [place for place in held if place.startswith("released/")]
    assert len(frozen) == (0 if reader is ANA else 2)
    assert all(told.reports.by[str(reader)][place] for place in frozen)


@pytest.mark.case("L5")
@pytest.mark.parametrize("reader", [ANA, *FOR.values()], ids=str)
def test_each_form_of_a_report_holds_the_same_values(told: Told, reader: Reader) -> None:
    """The notebook, the page, and what is released of both: no form has a value more or less than the others."""
    held = told.reports.by[str(reader)]
    forms = [place for place in held if place.endswith(("report.html", "report.ipynb"))]
    assert len(forms) == (2 if reader is ANA else 4)
    assert len({frozenset(held[place]) for place in forms}) == 1


def test_a_rendition_leaves_out_what_only_its_requester_may_see(told: Told) -> None:
    """The three reports of one person differ: each recipient's lacks markers that the analyst's own has."""
    own = told.reports.all(ANA)
    for reader in FOR.values():
        assert own & told.world.hidden_from(reader)
        assert own - told.reports.all(reader)


@pytest.mark.case("A32")
@pytest.mark.parametrize("reader", [ANA, BEN], ids=str)
def test_after_labels_changed_nothing_is_kept_for_anybody(told: Told, reader: Reader) -> None:
    """A source tightened is gone for the other country, one withdrawn for both; the rest is there as before."""
    gone = told.before.all(reader) - told.changed.shown_to(reader)
    assert gone >= (told.world.of([WITHDRAWN]) & told.before.all(reader))
    assert gone & told.world.of([TIGHTENED if reader is BEN else WITHDRAWN])
    assert told.after.beyond(reader, told.changed.shown_to(reader)) == {}
    assert told.after.all(reader) == told.changed.shown_to(reader)


def test_no_value_is_in_the_log_or_in_any_other_file(told: Told) -> None:
    """No value of the world, and nothing a person typed, which is sealed; no cache, key or message holds one."""
    found = {place: markers_in(data) for place, data in files_of(told.store) if not place.startswith("runs/")}
    assert {place: markers for place, markers in found.items() if markers} == {}
    assert markers_in(told.log.read_bytes()) == set()


@pytest.mark.case("F18")
def test_what_was_withdrawn_is_in_no_table_and_no_original(told: Told) -> None:
    """The values of the withdrawn source have left database and originals; those of the others are there."""
    withdrawn = told.world.of([WITHDRAWN]) - markers_in(told.world.reading.profiles[WITHDRAWN].title)
    originals = set().union(*(markers_in(data) for _, data in files_of(told.store / "originals", skipped=())))
    for found in (in_database(told.store), originals):
        assert found & withdrawn == set()
        assert len(found) > 0.9 * len(told.world.all - withdrawn)


@pytest.mark.parametrize("user", PEOPLE)
def test_pages_hold_what_a_person_may_see_and_nothing_else(told: Told, pages: Received, user: str) -> None:
    """Members of the case their values, keepers the titles of their own sources; who is told of an act its reason.

    A report is opened by whoever may see all of it by his own rights.
    """
    allowed = {user: set() for user in PEOPLE}
    allowed["ana"] = {TYPED, *told.changed.shown_to(ANA)}
    allowed["luc"] = {TYPED, *told.changed.shown_to(replace(ANA, user="luc"))}
    allowed |= {keeper: {TYPED, *titles(told.world, owner)} for keeper, owner in KEEPERS.items()}
    allowed["dora"] = {TYPED}
    for reader in PEOPLE:
        allowed[reader] |= told.changed.shown_to(Reader(reader, "network", None))
    assert pages.beyond(user, allowed[user]) == {}


def test_every_kind_of_page_was_opened(told: Told, pages: Received) -> None:
    """Each by somebody; the keepers' pages show the titles of their sources, and acts their reasons."""
    opened = set().union(*(pages.by[user] for user in PEOPLE))
    assert opened >= PLACES
    assert {place.rpartition("/")[0] for place in opened} >= {"decisions", "labels", "workspaces"}
    assert all(pages.by[keeper]["labels"] == titles(told.world, owner) for keeper, owner in KEEPERS.items())
    assert {user for user in PEOPLE if TYPED in pages.all(user)} == {"ana", "luc", "nadia", "salma", "dora"}


def titles(world: MarkedWorld, owner: str) -> set[str]:
    """Return the markers in the titles of an owner's sources."""
    profiles = world.reading.profiles.values()
    return markers_in("\n".join(profile.title for profile in profiles if profile.label.owner == owner))
