"""What a run read decides to whom it may go; what goes is frozen, marked, and logged."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.templates.names import new_run_id
from tests.companies import deliver_companies
from tests.runs import NOTEBOOK, PAGE, frozen, made, put, register, release, sha256
from tests.servers import Server, gateway

SOURCES: dict[str, dict[str, Any]] = {
    "open": {"owner": "MA"},
    "secret": {"owner": "DE", "level": "confidential"},
    "french": {"owner": "FR", "only": ["FR"]},
    "not-rabat": {"owner": "GR", "excluded": ["MA"]},
    "asked-first": {"owner": "MA", "handling": ["H2"]},
    "conditions": {
        "owner": "DE",
        "handling": ["H1", "H3"],
        "conditions": "Ask <Hamburg> ![first](http://x).",
    },
    "abroad": {"owner": "JP", "only": ["JP", "FR", "MA"], "purposes": ["network"]},
}
BOTH = {"report.html", "report.ipynb"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A gateway over a store with one company under each of these labels."""
    folder = tmp_path_factory.mktemp("releases")
    with gateway(folder / "store") as found:
        deliver_companies(found, folder, SOURCES)
        yield found


def log(server: Server) -> list[dict[str, Any]]:
    """Every entry of the log."""
    return list(entries(server.store / "audit" / "log.jsonl"))


@pytest.mark.case("A43")
@pytest.mark.case("A45")
@pytest.mark.parametrize(
    ("read", "to", "granted", "told", "other"),
    [
        (["open"], "FR", True, [], False),
        (["open"], "MA", True, [], False),
        (["open"], "JP", False, [("MA", "purpose")], False),
        (["open", "secret"], "MA", False, [("DE", "clearance")], False),
        (["open", "french"], "MA", False, [("FR", "recipient")], False),
        (["open", "not-rabat"], "MA", False, [], True),
        (["open", "not-rabat", "secret"], "MA", False, [("DE", "clearance")], True),
        (["asked-first"], "MA", True, [], False),
        (["asked-first"], "FR", False, [("MA", "consent")], False),
    ],
)
def test_a_refusal_names_what_the_author_may_know_and_no_more(
    server: Server, read: list[str], to: str, granted: bool, told: list[tuple[str, str]], other: bool
) -> None:
    """Owners and reasons of labels the author sees by; everything else is one sentence without a number."""
    run = made(server, read)
    said = release(server, run, to).json()
    assert (said["granted"], said["other"]) == (granted, other)
    assert [(blocker["owner"], blocker["reason"]) for blocker in said["blockers"]] == told
    assert {Path(name).name for name in frozen(server, run)} == (BOTH if granted else set())


@pytest.mark.case("A43")
def test_the_log_holds_every_true_reason(server: Server) -> None:
    """What the asker is not told is there for the officer: each blocking label with its reason."""
    run = made(server, ["open", "not-rabat", "secret"])
    release(server, run, "MA")
    last = log(server)[-1]
    assert (last["operation"], last["decision"], last["run"], last["recipient"]) == (
        "disclosure",
        "refused",
        run,
        "MA",
    )
    assert sorted(blocking["reason"] for blocking in last["blocking"]) == ["clearance", "recipient"]
    assert (last["user"], last["case"], last["purpose"]) == ("ana", "OP-LANTERN", "network")


@pytest.mark.parametrize("to", ["XX", "X-ACMEBANK", "G-WESTMED", ""])
def test_who_cannot_receive_is_bad_input(server: Server, to: str) -> None:
    """Unknown, without a release profile, a group - each in one line, with what to do; it is logged."""
    run = made(server, ["open"])
    answer = release(server, run, to)
    assert (answer.status_code, frozen(server, run)) == (422, [])
    assert ("DE, FR, MA" in answer.json()["message"]) == (to == "G-WESTMED")
    assert log(server)[-1]["decision"] == "refused"


@pytest.mark.case("A45")
def test_a_rendition_is_for_its_own_recipient_and_for_nobody_else(server: Server) -> None:
    """Even where all that is in it could go to another, and the refusal names neither recipient."""
    run = made(server, ["open"], recipient="FR")
    said = release(server, run, "MA").json()
    assert (said["granted"], said["blockers"], said["other"]) == (False, [], True)
    assert release(server, run, "FR").json()["granted"]
    assert set(frozen(server, run)) == {"FR/report.html", "FR/report.ipynb"}


@pytest.mark.case("A52")
def test_one_decision_is_for_all_files_and_no_other_file_goes(server: Server) -> None:
    """Page and notebook are granted or refused together, whatever else lies in the run's folder."""
    granted, refused = made(server, ["open"]), made(server, ["secret"])
    for run in (granted, refused):
        for name in ("data.csv", "picture.png"):
            (server.store / "runs" / run / name).write_text("x")
    assert [release(server, run, "MA").json()["granted"] for run in (granted, refused)] == [True, False]
    assert (set(frozen(server, granted)), frozen(server, refused)) == ({f"MA/{name}" for name in BOTH}, [])


@pytest.mark.case("A53")
@pytest.mark.parametrize(
    ("page", "cells", "place"),
    [
        (
            PAGE,
            [{"cell_type": "markdown", "id": "a", "source": "x", "metadata": {}, "attachments": {}}],
            "cell 1",
        ),
        (PAGE.replace("A report.", "<!-- x -->"), [], "a comment"),
        ("<p>No place for a sheet.</p>", [], "the page has no place"),
    ],
)
def test_a_leftover_is_refused_with_its_place_and_nothing_is_frozen(
    server: Server, page: str, cells: list[dict[str, Any]], place: str
) -> None:
    """422: a report that could hide or do something does not leave, though its recipient may have all of it."""
    run = made(server, ["open"], page=page, notebook={**NOTEBOOK, "cells": cells})
    answer = release(server, run, "FR")
    assert (answer.status_code, frozen(server, run)) == (422, [])
    assert place in answer.json()["message"]
    assert log(server)[-1]["decision"] == "refused"


def test_what_is_released_says_for_whom_under_which_conditions_until_when_and_from_what(
    server: Server,
) -> None:
    """The sheet stands on page and notebook, as text; the frozen files are those of the log."""
    run = made(server, ["open", "conditions"], until="2030-05-06")
    said = release(server, run, "FR").json()
    folder = Path(said["folder"])
    page = (folder / "report.html").read_text(encoding="utf-8")
    notebook = json.loads((folder / "report.ipynb").read_text(encoding="utf-8"))
    original = server.store / "runs" / run / "report.html"
    for text in (page, notebook["cells"][0]["source"]):
        for part in ("FR (NCB Paris), and to nobody else", "H1: not to be used as evidence", "2030-05-06",
                     "every copy of it are to be deleted", run, sha256(original)):  # fmt: skip
            assert part in text
    assert "Ask &lt;Hamburg&gt; ![first](http://x)." in page
    assert all(line.startswith("    ") for line in notebook["cells"][0]["source"].split("\n")[2:])
    assert "<p>A report.</p>" in page
    last = log(server)[-1]
    assert (last["decision"], last["recipient"], last["run"]) == ("granted", "FR", run)
    assert last["released"] == said["files"] == {name: sha256(folder / name) for name in BOTH}


def test_the_conditions_of_a_consent_are_printed_for_whom_it_was_given(server: Server) -> None:
    """Rabat agrees that its mail goes to Berlin under a condition; Rabat's own copy does not carry it."""
    day = str(date.fromisoformat(log(server)[-1]["time"][:10]) + timedelta(days=200))
    what = {"owner": "MA", "data_owner": "MA", "source": "asked-first", "recipient": "DE", "purpose": "network",
            "until": day, "conditions": "Return it by courier."}  # fmt: skip
    asked = {"user": "ana", "kind": "consent", "what": what, "reason": "for a test"}
    act = server.operate("/acts/ask", asked).json()["id"]
    run = made(server, ["asked-first"])
    assert not release(server, run, "DE").json()["granted"]
    decided = {"user": "salma", "id": act, "answer": "agree", "reason": "for a test"}
    server.operate("/acts/decide", decided).raise_for_status()
    for to, printed in (("DE", True), ("MA", False)):
        page = Path(release(server, run, to).json()["folder"], "report.html").read_text(encoding="utf-8")
        assert ("condition: Return it by courier." in page) == printed
    rendition = release(server, made(server, ["asked-first"], recipient="DE"), "DE").json()
    assert "H2: not to be passed on" in Path(rendition["folder"], "report.html").read_text(encoding="utf-8")


@pytest.mark.case("A10")
def test_a_release_again_is_not_done_again(server: Server) -> None:
    """409, the frozen files stay as they are, and the log links to the first."""
    run = made(server, ["open"])
    first = Path(release(server, run, "FR").json()["folder"]) / "report.html"
    number, before = log(server)[-1]["n"], (first.stat().st_mtime_ns, sha256(first))
    again = release(server, run, "FR")
    assert again.status_code == 409
    assert (first.stat().st_mtime_ns, sha256(first)) == before
    assert f"entry {number} of the log" in again.json()["message"]
    assert release(server, run, "MA").json()["granted"]


@pytest.mark.case("A47")
@pytest.mark.parametrize("name", sorted(BOTH))
def test_a_report_changed_after_it_was_registered_is_not_released(server: Server, name: str) -> None:
    """403, nothing is frozen, and an alarm holds both hashes."""
    run = made(server, ["open"])
    path = server.store / "runs" / run / name
    registered = sha256(path)
    path.write_bytes(path.read_bytes() + b" ")
    assert (release(server, run, "FR").status_code, frozen(server, run)) == (403, [])
    alarm = next(e for e in log(server) if e.get("reason") == "report-changed" and e["run"] == run)
    assert (alarm["weight"], alarm["registered"], alarm["found"]) == ("alarm", registered, sha256(path))


def test_a_run_is_there_for_those_only_whose_rights_satisfy_its_join(server: Server) -> None:
    """Listed, shown and released by them; for others it is not available, as is one that never was."""
    run = made(server, ["french"])
    body = {"run": run, "user": "ben"}
    said = [
        server.operate("/show_run", body),
        release(server, run, "FR", "ben"),
        release(server, new_run_id(), "FR"),
    ]
    assert [answer.status_code for answer in said] == [404, 404, 404]
    assert len({answer.json()["message"].replace(run, "").split(":")[1] for answer in said}) == 1
    listed = {user: server.operate("/runs", {"user": user}).json()["runs"] for user in ("ana", "ben")}
    assert [run in {one["id"] for one in listed[user]} for user in ("ana", "ben")] == [True, False]
    assert release(server, run, "FR", "ana").json()["granted"]
    assert set(server.operate("/show_run", {"run": run}).json()["released"]) == {"FR"}


@pytest.mark.case("A84")
def test_what_a_workspace_made_is_a_draft_and_cannot_be_registered(server: Server) -> None:
    """Only a session of a run registers one; a report of a workspace's own session stays a draft."""
    draft = new_run_id()
    files = put(server.store / "runs" / draft)
    assert register(server, server.session(), files).status_code == 403
    refused = release(server, draft, "FR")
    assert refused.status_code == 404
    assert "a draft of its workspace" in refused.json()["message"]


def test_a_run_is_registered_once_with_its_own_files_and_ends_its_session(server: Server) -> None:
    """Other files than those in place are refused; after registering nothing more is read with its token."""
    run = new_run_id()
    token = server.session(run=run)
    files = put(server.store / "runs" / run)
    assert register(server, token, {**files, "report.html": "0" * 64}).status_code == 403
    assert server.post("sources", {}, token).status_code == 401
    assert register(server, token, files).status_code == 403
    assert release(server, run, "FR").status_code == 404


def test_a_run_that_read_nothing_goes_nowhere(server: Server) -> None:
    """A join of nothing is unreadable, never free."""
    run = made(server, [])
    assert release(server, run, "FR").status_code == 404


@pytest.mark.parametrize("until", ["2026-01-01", "today", "2030-13-01", "soon"])
def test_a_last_day_that_is_over_or_unreadable_is_refused(server: Server, until: str) -> None:
    """A run is valid until a day to come; nothing is opened for another."""
    day = log(server)[-1]["time"][:10] if until == "today" else until
    asked = {"user": "ana", "purpose": "network", "run": new_run_id(), "until": day}
    answer = server.operate("/session", asked)
    assert answer.status_code == 422
    assert "valid until" in answer.json()["message"]


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["FR", "MA"], ["FR", "MA"]),
        (["G-WESTMED"], ["DE", "FR", "MA"]),
        (["MA", "G-WESTMED", "MA"], ["MA", "DE", "FR"]),
        (["FR", "XX"], None),
        (["X-ACMEBANK"], None),
    ],
)
def test_a_group_stands_for_its_members_each_once(
    server: Server, codes: list[str], found: list[str] | None
) -> None:
    """In the order named; one that cannot receive refuses all."""
    answer = server.operate("/recipients", {"to": codes})
    assert (answer.json().get("recipients"), answer.status_code) == (found, 200 if found else 422)


def test_a_rendition_asks_with_what_requester_and_recipient_share(server: Server) -> None:
    """Rights, consent and purpose: for Rabat neither what excludes it nor what needs consent of others."""
    asker = server.asker(run=new_run_id(), recipient="FR")
    names = {row["caption"] for row in asker.table("find", schema="Company").to_pylist()}
    assert names == {"open", "secret", "french", "not-rabat", "conditions", "abroad"}
    refused = server.operate(
        "/session", {"user": "ana", "purpose": "network", "run": new_run_id(), "recipient": "JP"}
    )
    assert (refused.status_code, "not for this purpose" in refused.json()["message"]) == (403, True)
