"""Drafts and notes: what a kernel writes carries everything it was sent, until two people say what it rests on."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from insight_kernel.audit.chain import entries
from insight_kernel.client.asking import Asker
from insight_kernel.errors import NotAvailable, Refused
from tests.companies import store_of_companies
from tests.servers import Server, gateway

SOURCES: dict[str, dict[str, Any]] = {
    "open": {"owner": "MA"},
    "german": {"owner": "DE"},
    "secret": {"owner": "MA", "level": "confidential"},
    "french": {"owner": "FR", "only": ["FR"]},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a company under each label, and ben as a colleague in ana's case."""
    store = store_of_companies(tmp_path_factory.mktemp("notes"), SOURCES)
    path = store / "organisation.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    said["cases"]["OP-LANTERN"]["members"] = ["ana", "luc", "ben"]
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    return store


def of(server: Server, user: str = "ana") -> Asker:
    return server.asker(user, case="OP-LANTERN")


def read(asker: Asker, *names: str) -> dict[str, tuple[str, str]]:
    """Read companies by name; return the id of each and of its record."""
    found = {}
    for name in names:
        [id_] = asker.table("find", schema="Company", filters={"name": [name]})["id"].to_pylist()
        found[name] = id_, str(asker.table("get", ids=[id_])["record"][0].as_py())
    return found


def texts(asker: Asker, target: str) -> list[tuple[str, bool]]:
    """Return what a workspace reads about something: each text, and whether it is a draft."""
    return [(note["text"], note["draft"]) for note in asker.json("notes", target=target)["notes"]]


def make_note(
    server: Server, draft: str, *records: str, by: str = "ana", second: str = "luc"
) -> httpx.Response:
    """Let the author ask and a reviewer decide."""
    what = {"draft": draft, "records": list(records)}
    asked = server.operate(
        "/acts/ask", {"user": by, "kind": "note", "what": what, "reason": "rests on these"}
    )
    if asked.status_code != httpx.codes.OK:
        return asked
    said = {"user": second, "id": asked.json()["id"], "answer": "agree"}
    return server.operate("/acts/decide", said)


def last(server: Server, operation: str) -> dict[str, Any]:
    return [e for e in entries(server.store / "audit" / "log.jsonl") if e.get("operation") == operation][-1]


@pytest.mark.case("A48")
def test_a_draft_is_read_in_its_own_workspace_only(server: Server) -> None:
    """It carries what the workspace was sent; a colleague of the same case does not find it."""
    ana, ben = of(server), of(server, "ben")
    seen = read(ana, "open", "french")
    read(ben, "open")
    written = ana.json("draft", target=seen["open"][0], text="<b>Linked</b> with french.")
    assert "FR" in written["label"]["owners"]
    assert texts(ana, seen["open"][0]) == [("<b>Linked</b> with french.", True)]
    assert texts(ben, seen["open"][0]) == []
    assert last(server, "combination")["draft"]["parts"][0]["labels"]
    assert "Linked" not in (server.store / "audit" / "log.jsonl").read_text()


def test_a_note_rests_on_what_it_cites(server: Server) -> None:
    """Once author and reviewer say so, whoever may see the records cited reads it, and his label rises by them."""
    ana, ben = of(server), of(server, "ben")
    seen = read(ana, "open", "french", "german")
    draft = ana.json("draft", target=seen["open"][0], text="Same owner.", assessment=True)["draft"]
    assert make_note(server, draft, seen["german"][1]).json()["state"] == "agreed"
    read(ben, "open")
    assert ben.json("label")["owners"] == ["MA"]
    assert texts(ben, seen["open"][0]) == [("Same owner.", False)]
    assert ben.json("label")["owners"] == ["DE", "MA"]
    assert (last(server, "declassification")["what"]["dropped"], texts(ana, seen["open"][0])) == (
        ["FR", "MA"], [("Same owner.", False)],
    )  # fmt: skip


def test_a_note_on_a_record_others_may_not_see_is_not_shown_to_them(server: Server) -> None:
    """Its join is that of the records cited."""
    ana, ben = of(server), of(server, "ben")
    seen = read(ana, "open", "french")
    draft = ana.json("draft", target=seen["open"][0], text="As the French say.")["draft"]
    assert make_note(server, draft, seen["french"][1]).json()["state"] == "agreed"
    read(ben, "open")
    assert texts(ben, seen["open"][0]) == []
    assert ben.json("label")["owners"] == ["MA"]


@pytest.mark.case("A51")
@pytest.mark.parametrize(("second", "status"), [("ana", 403), ("ben", 404), ("dora", 403), ("chen", 404)])
def test_nobody_declassifies_alone(shared: Server, second: str, status: int) -> None:
    """Not the author, no officer, nobody who is no reviewer or may not read it; each attempt is in the log."""
    ana = of(shared)
    seen = read(ana, "open", "french")
    draft = ana.json("draft", target=seen["open"][0], text=f"Alone, or with {second}.")["draft"]
    assert make_note(shared, draft, seen["open"][1], second=second).status_code == status
    assert last(shared, "refusal")["weight"] == {403: "alarm", 404: "full"}[status]
    assert (f"Alone, or with {second}.", True) in texts(ana, seen["open"][0])


def test_what_cannot_be_cited(server: Server) -> None:
    """Nothing, a record that is not there, one the workspace was never sent; another's draft is none."""
    ana = of(server)
    seen = read(ana, "open")
    foreign = read(of(server, "luc"), "german")["german"][1]
    draft = ana.json("draft", target=seen["open"][0], text="Cited.")["draft"]
    assert make_note(server, draft).status_code == 422
    for records in (["0" * 32], [foreign], [seen["open"][1], foreign]):
        assert make_note(server, draft, *records).status_code == 404
    assert make_note(server, draft, seen["open"][1], by="luc").status_code == 404


@pytest.mark.case("A81")
def test_nothing_is_written_or_read_about_what_is_not_there(shared: Server) -> None:
    """A hidden entity and an id nobody has answer alike."""
    hidden = read(of(shared), "french")["french"][0]
    ben = of(shared, "ben")
    for target in (hidden, "0" * 16, "nonsense"):
        with pytest.raises(NotAvailable):
            ben.json("draft", target=target, text="x")
        with pytest.raises(NotAvailable):
            ben.json("notes", target=target)


@pytest.mark.case("A44")
def test_a_forged_label_shown_with_a_draft_is_refused(server: Server) -> None:
    """A missing one changes nothing; one that is made up raises an alarm, and nothing is kept."""
    ana = of(server)
    seen = read(ana, "open")
    meta = ana.table("get", ids=[seen["open"][0]]).schema.metadata
    shown = {"insight": meta[b"insight"].decode(), "key": meta[b"insight-key"].decode(),
             "signature": meta[b"insight-signature"].decode()}  # fmt: skip
    assert ana.json("draft", target=seen["open"][0], text="one", labels=[shown])["draft"]
    with pytest.raises(Refused):
        ana.json(
            "draft", target=seen["open"][0], text="two", labels=[{**shown, "insight": shown["insight"] + " "}]
        )
    assert texts(ana, seen["open"][0]) == [("one", True)]
    assert "forged-label" in {alarm["reason"] for alarm in server.operate("/health", {}).json()["alarms"]}


@pytest.mark.case("A79")
def test_a_note_follows_the_records_it_cites(server: Server) -> None:
    """Tightened, it is shown to fewer; withdrawn, it is gone, and with the purge its text too."""
    ana, ben = of(server), of(server, "ben")
    seen = read(ana, "open", "german")
    draft = ana.json("draft", target=seen["german"][0], text="On the record.")["draft"]
    make_note(server, draft, seen["open"][1])
    read(ben, "german")
    assert texts(ben, seen["german"][0]) == [("On the record.", False)]
    for fields, left in (({"excluded": ["FR"]}, []), ({"withdrawn": True}, [])):
        version = server.operate("/acts/labels", {"user": "salma", "source": "open"}).json()["version"]
        what = {"source": "open", "fields": fields, "version": version}
        assert server.operate(
            "/acts/ask", {"user": "salma", "kind": "label", "what": what, "reason": "x"}
        ).json()["state"] == "agreed"  # fmt: skip
        assert texts(ben, seen["german"][0]) == left
    assert (server.store / "drafts" / draft).is_file()


def test_drafts_and_notes_are_there_after_a_restart(store: Path) -> None:
    """Read from the log; a text that was changed on the disk is not shown."""
    with gateway(store) as server:
        seen = read(of(server), "open")
        kept, changed = (
            of(server).json("draft", target=seen["open"][0], text=t)["draft"] for t in ("kept", "other")
        )
    (store / "drafts" / changed).write_text("forged")
    with gateway(store) as server:
        assert texts(of(server), seen["open"][0]) == [("kept", True)]
        assert make_note(server, kept, seen["open"][1]).json()["state"] == "agreed"
