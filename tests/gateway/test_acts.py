"""Acts of authority end to end: asked, decided by a second person, in the log, and in force from then on."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from insight_kernel.audit.chain import entries
from tests.build import entity, profile, write_lines, write_yaml
from tests.companies import store_of_companies
from tests.runs import made, release
from tests.servers import NotReadyError, Server, gateway

LATER = "2030-01-01"
SOURCES: dict[str, dict[str, Any]] = {
    "mail": {"owner": "MA", "handling": ["H2"]},
    "plain": {"owner": "MA"},
    "french": {"owner": "FR"},
    "joint": {"owner": "MA", "handling": ["H2"], "consent": ["FR"]},
    "secret": {"owner": "MA", "level": "confidential", "purposes": ["network", "investigate", "warn"]},
    "westmed": {"owner": "MA", "only": ["G-WESTMED"]},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two companies under each of these labels."""
    return store_of_companies(tmp_path_factory.mktemp("acts"), SOURCES, each=2)


def ask(server: Server, by: str, kind: str, reason: str = "for a test", **what: Any) -> httpx.Response:
    return server.operate("/acts/ask", {"user": by, "kind": kind, "what": what, "reason": reason})


def decide(server: Server, user: str, id_: str, answer: str = "agree") -> httpx.Response:
    return server.operate("/acts/decide", {"user": user, "id": id_, "answer": answer, "reason": "for a test"})


def consent(server: Server, source: str = "mail", **changes: Any) -> str:
    """Ask as ana that a Moroccan source may go to France; return the act's id."""
    what = {"owner": "MA", "data_owner": "MA", "source": source, "recipient": "FR", "purpose": "network",
            "until": LATER, **changes}  # fmt: skip
    return str(ask(server, "ana", "consent", **what).json()["id"])


def change(
    server: Server, user: str, source: str, records: tuple[str, ...] = (), **fields: Any
) -> httpx.Response:
    """Change labels as a keeper, on what they are now."""
    shown = server.operate("/acts/labels", {"user": user, "source": source, "records": list(records)}).json()
    return ask(
        server, user, "label", source=source, records=list(records), fields=fields, version=shown["version"]
    )


def seen(server: Server, name: str, **asked: Any) -> int:
    """Return how many companies a new workspace of ana finds by a name."""
    return server.asker(**asked).table("find", schema="Company", filters={"name": [name]}).num_rows


def record_of(server: Server, name: str) -> str:
    """Return the id of the record a company comes from."""
    asker = server.asker()
    found = asker.table("find", schema="Company", filters={"name": [name]})["id"].to_pylist()
    return str(asker.table("get", ids=found)["record"][0].as_py())


def last(server: Server) -> dict[str, Any]:
    return list(entries(server.store / "audit" / "log.jsonl"))[-1]


@pytest.mark.case("A46")
def test_a_consent_opens_a_rendition_and_its_revocation_closes_it(server: Server) -> None:
    """Asked by an analyst, given by a keeper: the values are in, until it is revoked; what was made is then stale."""
    assert seen(server, "mail 1", recipient="FR") == 0
    given = consent(server)
    assert seen(server, "mail 1", recipient="FR") == 0
    assert decide(server, "salma", given).json()["state"] == "agreed"
    assert seen(server, "mail 1", recipient="FR") == 1
    run = made(server, ["mail 1"], recipient="FR")
    shown = server.operate("/show_run", {"run": run}).json()
    assert shown["stale"] is False
    assert decide(server, "tariq", given, "end").json()["state"] == "ended"
    assert seen(server, "mail 1", recipient="FR") == 0
    assert server.operate("/show_run", {"run": run}).json()["stale"] is True
    assert release(server, run, "FR").json()["granted"] is False


@pytest.mark.case("A46")
def test_a_consent_for_a_record_is_for_that_record(server: Server) -> None:
    """The other one of the source stays out; a run made under one's own rights can then go as well."""
    run = made(server, ["mail 1"])
    assert release(server, run, "DE").json()["granted"] is False
    given = consent(server, records=[record_of(server, "mail 1")], recipient="DE")
    assert decide(server, "salma", given).json()["state"] == "agreed"
    assert (seen(server, "mail 1", recipient="DE"), seen(server, "mail 2", recipient="DE")) == (1, 0)
    assert seen(server, "mail 1", recipient="FR") == 0
    assert server.operate("/show_run", {"run": run}).json()["stale"] is False
    assert release(server, run, "DE").json()["granted"] is True


@pytest.mark.case("A46")
def test_each_owner_named_must_consent(server: Server) -> None:
    """The owner of the data, and whom its label names besides; the recipient itself is not asked."""
    assert decide(server, "salma", consent(server, "joint", recipient="DE")).json()["state"] == "agreed"
    assert seen(server, "joint 1", recipient="DE") == 0
    assert (
        decide(server, "nadia", consent(server, "joint", owner="FR", recipient="DE")).json()["state"]
        == "agreed"
    )
    assert seen(server, "joint 1", recipient="DE") == 1
    assert decide(server, "salma", consent(server, "joint")).json()["state"] == "agreed"
    assert seen(server, "joint 1", recipient="FR") == 1


@pytest.mark.case("A46")
def test_a_consent_ends_with_the_label_it_was_given_for(server: Server) -> None:
    """Given for the label as it was: once the owner changes it, he is asked again."""
    decide(server, "salma", consent(server))
    assert change(server, "salma", "mail", level="restricted").json()["state"] == "agreed"
    assert seen(server, "mail 1", recipient="FR") == 0


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"owner": "G-WESTMED"}, "owner"), ({"owner": "XX"}, "owner"), ({"recipient": "X-ACMEBANK"}, "release profile"),
        ({"purpose": "fun"}, "purpose"), ({"until": "2020-01-01"}, "until"), ({"until": None}, "until"),
        ({"source": " "}, "source"), ({"records": [""]}, "records"), ({"recipient": "G-WESTMED"}, "recipient"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(shared: Server, changes: dict[str, Any], wrong: str) -> None:
    """Said by field; nothing is kept."""
    what = {
        "owner": "MA",
        "data_owner": "MA",
        "source": "mail",
        "recipient": "FR",
        "purpose": "network",
        "until": LATER,
    }
    answer = ask(shared, "ana", "consent", **{**what, **changes})
    assert answer.status_code == 422
    assert wrong in answer.json()["message"]


def test_asking_tells_nothing_of_what_there_is(shared: Server) -> None:
    """A source that is not there is asked for like one that is."""
    answers = [ask(shared, "ana", "consent", owner="MA", data_owner="MA", source=source, recipient="FR",
                   purpose="network", until=LATER, records=["0" * 32]) for source in ("mail", "nothing")]  # fmt: skip
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "waiting")}


@pytest.mark.case("A51")
@pytest.mark.parametrize("who", ["ana", "nadia", "luc"])
def test_only_a_keeper_of_the_owner_decides(shared: Server, who: str) -> None:
    """Not who asked, not another country's keeper, not somebody of the same country."""
    given = consent(shared)
    assert decide(shared, who, given).status_code in (403, 404)
    assert seen(shared, "mail 1", recipient="FR") == 0


@pytest.mark.case("A10")
def test_an_act_is_decided_once(server: Server) -> None:
    """A second decision is refused, and the log links it to the first."""
    given = consent(server)
    decide(server, "salma", given)
    first = last(server)["n"]
    assert decide(server, "tariq", given, "refuse").status_code == 409
    assert (last(server)["reason"], last(server)["first"]) == ("decided-before", first)
    assert seen(server, "mail 1", recipient="FR") == 1


@pytest.mark.case("A79")
def test_a_label_tightened_reaches_what_was_made(server: Server) -> None:
    """A floating label and a run that could go to Germany no longer can; both say so, neither says what changed."""
    asker = server.asker()
    asker.table("find", schema="Company", filters={"name": ["plain 1"]})
    run = made(server, ["plain 1"])
    assert asker.json("can_release", to=["DE"])["DE"]["granted"]
    assert change(server, "salma", "plain", excluded=["DE"]).json()["state"] == "agreed"
    refused = asker.json("can_release", to=["DE"])["DE"]
    assert (refused["granted"], refused["blockers"], refused["other"]) == (False, [], True)
    assert server.operate("/show_run", {"run": run}).json()["stale"] is True
    assert release(server, run, "DE").json()["granted"] is False


@pytest.mark.case("A79")
def test_a_label_restored_binds_what_was_read_while_it_was_narrower_and_before(server: Server) -> None:
    """Nothing is ever taken out of a join; what is read afterwards is bound by the label as it is then."""
    before, after = server.asker(), server.asker("luc")
    before.table("find", schema="Company", filters={"name": ["plain 1"]})
    change(server, "salma", "plain", excluded=["DE"])
    assert (
        decide(server, "tariq", change(server, "salma", "plain", excluded=[]).json()["id"]).status_code == 200
    )
    after.table("find", schema="Company", filters={"name": ["plain 1"]})
    verdicts = [asker.json("can_release", to=["DE"])["DE"]["granted"] for asker in (before, after)]
    assert verdicts == [False, True]
    run = made(server, ["plain 1"])
    assert server.operate("/show_run", {"run": run}).json()["stale"] is False


@pytest.mark.case("A51")
def test_loosening_takes_a_second_keeper(server: Server) -> None:
    """Not the same person, not another country's; until then nothing has changed."""
    asked = change(server, "salma", "secret", level="official").json()
    assert asked["state"] == "waiting"
    assert seen(server, "secret 1", user="ben") == 0
    assert decide(server, "salma", asked["id"]).status_code == 403
    assert last(server)["reason"] == "decides-alone"
    assert last(server)["weight"] == "alarm"
    assert decide(server, "nadia", asked["id"]).status_code == 404
    assert decide(server, "tariq", asked["id"]).json()["state"] == "agreed"
    assert seen(server, "secret 1", user="ben") == 1


def test_two_keepers_changing_at_once(server: Server) -> None:
    """The second to send, and the second person of a change that waited, are told to look again."""
    version = server.operate("/acts/labels", {"user": "salma", "source": "plain"}).json()["version"]
    waiting = ask(
        server, "salma", "label", source="plain", fields={"expires": "2035-01-01"}, version=version
    ).json()
    asked = {"source": "plain", "fields": {"level": "restricted"}, "version": version}
    assert ask(server, "tariq", "label", **asked).json()["state"] == "agreed"
    assert ask(server, "salma", "label", **asked).status_code == 409
    assert decide(server, "tariq", waiting["id"]).status_code == 409


def test_an_owner_reaches_his_own_records_only(shared: Server) -> None:
    """Another owner's source or record is like none at all."""
    foreign = record_of(shared, "french 1")
    for source, records in (("french", ()), ("nothing", ()), ("plain", (foreign,))):
        assert change(shared, "salma", source, records, level="confidential").status_code == 404
    assert (
        ask(
            shared, "ana", "label", source="french", fields={"level": "confidential"}, version="x"
        ).status_code
        == 403
    )


def test_anothers_record_answers_like_one_that_never_was(shared: Server) -> None:
    """Byte for byte: shown, tightened, loosened or withdrawn, whatever version is stated; beside one's own too."""
    own, foreign, never = record_of(shared, "plain 1"), record_of(shared, "french 1"), "0" * 32

    def shown(*records: str, source: str = "plain") -> bytes:
        said = {"user": "salma", "source": source, "records": list(records)}
        return shared.operate("/acts/labels", said).content

    def asked(version: str, *records: str) -> list[tuple[int, bytes]]:
        fields: tuple[dict[str, Any], ...] = ({"level": "official"}, {"expires": LATER}, {"withdrawn": True})
        answers = [ask(shared, "salma", "label", source="plain", records=list(records), fields=each, version=version)
                   for each in fields]  # fmt: skip
        return [(answer.status_code, answer.content) for answer in answers]

    nothing, labels = shown(never), shown(own, never)
    assert nothing == shown(foreign) == shown(source="french") == shown(source="nothing")
    assert labels == shown(own, foreign) != nothing
    for version in ("x", json.loads(nothing)["version"]):
        assert {status for status, _ in asked(version, foreign)} == {404}
        assert asked(version, foreign) == asked(version, never)
        assert {status for status, _ in asked(version, own, foreign)} == {409}
        assert asked(version, own, foreign) == asked(version, own, never)
    loosened = {
        "source": "plain",
        "fields": {"expires": "2035-01-01"},
        "version": json.loads(labels)["version"],
    }
    for other in (foreign, never):
        answer = ask(shared, "salma", "label", records=[own, other], **loosened)
        assert answer.json() == {"id": answer.json()["id"], "state": "waiting", "kind": "label"}
        assert decide(shared, "tariq", answer.json()["id"], "refuse").status_code == 200


@pytest.mark.case("A78")
def test_what_is_withdrawn_is_gone_and_stops_nobody_else(server: Server) -> None:
    """Gone by id, search and count; the workspace that read it goes on; the record cannot be delivered again."""
    asker = server.asker()
    [plain] = asker.table("find", schema="Company", filters={"name": ["plain 1"]})["id"].to_pylist()
    before = asker.json("label")["line"]
    assert (
        change(server, "salma", "plain", (record_of(server, "plain 1"),), withdrawn=True).json()["state"]
        == "agreed"
    )
    assert server.post("get", {"ids": [plain]}, asker.token).status_code == 404
    assert (seen(server, "plain 1"), seen(server, "plain 2")) == (0, 1)
    assert asker.table("find", schema="Company", filters={"name": ["french 1"]}).num_rows == 1
    assert server.operate("/retention", {}).json()["purged"] == 1
    assert before.split(" · ")[0] in asker.json("label")["line"]
    assert asker.table("find", schema="Company", filters={"name": ["plain 2"]}).num_rows == 1


@pytest.mark.case("A72")
@pytest.mark.parametrize(
    ("changes", "reason", "status"),
    [
        ({}, "", 422), ({"hours": 0}, "x", 422), ({"hours": 25}, "x", 422), ({"hours": None}, "x", 422),
        ({"clearance": None}, "x", 422), ({"purposes": ["oversight"]}, "x", 422), ({"user": "nobody"}, "x", 422),
    ],
)  # fmt: skip
def test_emergency_access_needs_reason_and_end(
    shared: Server, changes: dict[str, Any], reason: str, status: int
) -> None:
    """And adds something known to a known user; oversight is never given."""
    what = {"user": "ben", "hours": 2, "clearance": "confidential", **changes}
    assert ask(shared, "ben", "emergency", reason, **what).status_code == status


@pytest.mark.case("A72")
def test_emergency_access_needs_a_second_person_and_is_told_of(server: Server) -> None:
    """Not the person it is for; every use is marked in the log; ended, it is over."""
    asked = ask(server, "ben", "emergency", user="ben", hours=2, clearance="confidential").json()["id"]
    assert decide(server, "ben", asked).status_code == 403
    assert seen(server, "secret 1", user="ben") == 0
    assert "emergency" not in last(server)
    assert decide(server, "salma", asked).json()["state"] == "agreed"
    assert seen(server, "secret 1", user="ben") == 1
    assert last(server)["emergency"] == asked
    assert decide(server, "dora", asked, "end").json()["state"] == "ended"
    assert seen(server, "secret 1", user="ben") == 0


@pytest.mark.case("A85")
def test_a_group_edited_in_the_file_lets_nobody_in(server: Server) -> None:
    """The new member receives nothing and an alarm is raised; a member taken out loses what he had at once."""
    path = server.store / "organisation.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert seen(server, "westmed 1") == 1
    said["groups"]["G-WESTMED"] = ["DE", "MA", "JP"]
    said["cases"]["OP-GATE"]["purposes"].append("network")
    said["users"]["chen"]["purposes"].append("network")
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    assert seen(server, "westmed 1") == 0
    assert seen(server, "plain 1", user="chen") == 1
    assert seen(server, "westmed 1", user="chen") == 0
    assert "group-widened" in {alarm["reason"] for alarm in server.operate("/health", {}).json()["alarms"]}


@pytest.mark.case("A85")
def test_a_group_change_is_announced_to_whose_labels_name_it(server: Server) -> None:
    """Moroccan keepers are told, others are not; it takes two people."""
    asked = ask(server, "nadia", "group", group="G-WESTMED", add=["JP"]).json()["id"]
    told = {user: [act["id"] for act in server.operate("/acts/list", {"user": user}).json()["acts"]]
            for user in ("tariq", "dora", "ana", "chen")}  # fmt: skip
    assert told == {"tariq": [asked], "dora": [asked], "ana": [], "chen": []}
    assert decide(server, "nadia", asked).status_code == 403
    assert decide(server, "tariq", asked).json()["state"] == "agreed"


def test_everything_is_as_it_was_after_a_restart(store: Path) -> None:
    """Consents, labels, requests that wait: read from the log."""
    with gateway(store) as server:
        decide(server, "salma", consent(server))
        change(server, "salma", "plain", excluded=["FR"])
        waiting = change(server, "salma", "secret", level="official").json()["id"]
    with gateway(store) as server:
        assert seen(server, "mail 1", recipient="FR") == 1
        assert seen(server, "plain 1") == 0
        assert decide(server, "tariq", waiting).json()["state"] == "agreed"


@pytest.mark.case("A51")
@pytest.mark.case("A10")
def test_refused_decisions_are_no_decisions_after_a_restart(store: Path) -> None:
    """Who tried alone, who came too late and who named none are in the log; the act stands as it stood."""
    with gateway(store) as server:
        waiting, decided = consent(server), consent(server, "joint")
        decide(server, "salma", decided)
        tried = [decide(server, user, id_).status_code for user, id_ in (
            ("ana", waiting), ("tariq", decided), ("chen", waiting))]  # fmt: skip
        assert tried == [403, 409, 404]
    with gateway(store) as server:
        shown = server.operate("/acts/list", {"user": "ana"}).json()["acts"]
        assert {act["id"]: act["state"] for act in shown} == {waiting: "waiting", decided: "agreed"}


def restore(store: Path, backup: Path) -> None:
    """Put the database of a backup in place of the store's own."""
    for path in store.glob("statements*"):
        path.unlink()
    for path in backup.glob("statements*"):
        shutil.copyfile(path, store / path.name)


@pytest.mark.case("A70")
@pytest.mark.case("F21")
@pytest.mark.parametrize("late", ["a label tightened", "a withdrawal", "a purge"])
def test_a_database_from_a_backup_is_brought_up_to_date_first(base: Path, store: Path, late: str) -> None:
    """What was decided after the backup was made is done again before anybody is answered."""
    with gateway(store) as server:
        record = record_of(server, "plain 1")
        fields: dict[str, Any] = {"excluded": ["FR"]} if late == "a label tightened" else {"withdrawn": True}
        assert change(server, "salma", "plain", (record,), **fields).status_code == 200
        if late == "a purge":
            assert server.operate("/retention", {}).json()["purged"] == 1
    restore(store, base)
    with gateway(store) as server:
        assert (seen(server, "plain 1"), seen(server, "plain 2")) == (0, 1)


@pytest.mark.case("A70")
def test_a_database_older_than_the_last_load_is_not_served(base: Path, store: Path, tmp_path: Path) -> None:
    """The log speaks of records that are not there: answers given and labels kept would rest on nothing."""
    lines = write_lines(tmp_path / "late.jsonl", [entity("late", "Company", name="late")])
    with gateway(store) as server:
        server.load([lines], write_yaml(tmp_path / "late.yml", profile(source="late")))
    restore(store, base)
    with pytest.raises(NotReadyError) as failed, gateway(store):
        pass
    assert "as new as the log" in failed.value.said


def test_a_consent_lasts_through_its_last_day(server: Server) -> None:
    """Asked for until today it still holds."""
    today = datetime.now(UTC).date()
    decide(server, "salma", consent(server, until=today.isoformat()))
    assert seen(server, "mail 1", recipient="FR") == 1
    assert ask(server, "ana", "consent", owner="MA", data_owner="MA", source="mail", recipient="FR", purpose="network",
               until=(today - timedelta(days=1)).isoformat()).status_code == 422  # fmt: skip
