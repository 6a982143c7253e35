"""Enriching a report together: what two people stand for is in the next report of everybody who may see it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.opening import open_workspace
from insight_kernel.reports.run import run_renditions, run_report
from tests.reports.conftest import person, store_of

SOURCES = {
    "shared": ({"owner": "DE"}, [person("ada", name=["Ada Shared"])]),
    "paris": ({"owner": "FR", "only": ["FR"]}, [person("ada", alias=["Ada of Paris"])]),
}
OPEN, PARIS = "Known in both ports.", "The same woman as in the French file."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """A store with one person, of whom only Paris knows a second name."""
    with store_of(tmp_path, SOURCES, keys="shared") as found:
        yield found


def noted(store: Path) -> str:
    """Ana writes two notes, each resting on one record, and luc agrees; return whom they are about."""
    with open_workspace(store, user="ana", purpose="network", quiet=True) as ana:
        ada = str(ana.search("Ada Shared", schema="Person")["id"][0])
        rows = ana.entity(ada).statements
        for property_, text, judged in (("name", OPEN, False), ("alias", PARIS, True)):
            record = rows[rows["property"] == property_]["record"].iloc[0]
            what = {"draft": ana.note(ada, text, assessment=judged).id, "records": [record]}
            with EmbeddedGateway(store) as gateway:
                asked = gateway.operate(
                    "acts/ask", user="ana", kind="note", what=what, reason="It rests on it."
                )
                gateway.operate("acts/decide", user="luc", id=asked["id"], answer="agree")
    return ada


@pytest.mark.slow
@pytest.mark.case("A83")
def test_two_readers_one_report_no_leak(store: Path) -> None:
    """Ana's own report has both notes, each in its section; Rabat's rendition the one that rests on what Rabat sees."""
    ada = noted(store)
    who = {"store": store, "user": "ana", "purpose": "network", "progress": False}
    own = run_report("subject_profile", {"subject": ada}, **who)
    [rabat] = run_renditions("subject_profile", {"subject": ada}, ["MA"], **who)
    assert own.html is not None
    assert rabat.html is not None
    mine, theirs = own.html.read_text(), rabat.html.read_text()
    facts, assessment = mine.split('id="Assessment"')
    assert (OPEN in facts, PARIS in assessment) == (True, True)
    assert (OPEN in theirs, PARIS in theirs) == (True, False)
    assert "None written; colleagues add theirs" in theirs
