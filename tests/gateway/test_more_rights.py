"""Who gets more than before: by an emergency for a day at most, by a group after thirty days; never by one person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from insight_kernel.audit.chain import entries
from insight_kernel.files import replace_file
from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

LABELS: dict[str, dict[str, Any]] = {
    "open": {"owner": "DE"},
    "secret": {"owner": "FR", "level": "confidential"},
    "for-the-group": {"owner": "FR", "only": ["G-WESTMED"], "purposes": ["network", "identify"]},
    "not-for-the-group": {"owner": "FR", "excluded": ["G-WESTMED"], "purposes": ["network", "identify"]},
}
EMERGENCY = {"user": "ben", "hours": 2, "clearance": "confidential"}
WHY = "Invented, for a test."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A gateway with the people of the demo, and one person under each of these labels."""
    with gateway(tmp_path / "store") as found:
        load(found, tmp_path)
        yield found


def load(server: Server, folder: Path) -> None:
    deliveries = []
    for name, label in LABELS.items():
        file = write_lines(folder / f"{name}.jsonl", [entity(name, "Person", name=name)])
        said = write_yaml(folder / f"{name}.yml", profile(source=name, **label))
        deliveries.append(handed([file], said))
    assert server.operate("/load", {"deliveries": deliveries}).text.count('"loaded"') == len(LABELS)


def sees(server: Server, user: str, purpose: str = "network") -> set[str]:
    """Return whom a user is shown, asking with a new session."""
    answer = server.post("find", {"schema": "Person"}, server.session(user, purpose))
    assert answer.status_code == 200, answer.text
    return set(read_table(answer)["caption"].to_pylist())


def ask(server: Server, user: str, kind: str, reason: str = WHY, **what: Any) -> tuple[int, str]:
    """Ask for an act; return status and id, or what was wrong."""
    answer = server.operate("/acts/ask", {"user": user, "kind": kind, "what": what, "reason": reason})
    return answer.status_code, answer.json().get("id") or answer.json()["message"]


def decide(server: Server, user: str, act: str, answer: str = "agree") -> int:
    """Decide or end an act; return the status."""
    asked = {"user": user, "id": act, "answer": answer, "reason": WHY}
    return server.operate("/acts/decide", asked).status_code


def log(server: Server) -> list[dict[str, Any]]:
    """Every entry of the log."""
    return list(entries(server.store / "audit" / "log.jsonl"))


def list_group(server: Server, *members: str) -> None:
    """Change the members of the group in the organisation file, as who can write it might alone."""
    path = server.store / "organisation.yml"
    people = yaml.safe_load(path.read_text(encoding="utf-8"))
    people["groups"]["G-WESTMED"] = list(members)
    replace_file(path, yaml.safe_dump(people).encode())


@pytest.mark.case("A72")
def test_an_emergency_takes_two_and_ends(server: Server) -> None:
    """Asked for it shows nothing; agreed by another it shows more, marked in the log; ended it shows what it did."""
    usual = sees(server, "ben")
    assert "secret" not in usual
    status, act = ask(server, "ben", "emergency", **EMERGENCY)
    assert (status, sees(server, "ben")) == (200, usual)
    assert decide(server, "ben", act) == 403
    assert decide(server, "ana", act) == 404
    assert sees(server, "ben") == usual
    assert decide(server, "salma", act) == 200
    assert sees(server, "ben") == usual | {"secret"}
    assert log(server)[-1]["emergency"] == act
    assert decide(server, "salma", act, "end") == 200
    assert sees(server, "ben") == usual
    assert "emergency" not in log(server)[-1]


@pytest.mark.case("A72")
@pytest.mark.parametrize(
    ("reason", "changes"),
    [("", {}), (WHY, {"hours": None}), (WHY, {"hours": 25}), (WHY, {"hours": 0}), (WHY, {"user": "nobody"}),
     (WHY, {"clearance": None}), (WHY, {"clearance": "secret"}), (WHY, {"purposes": ["oversight"]})],
)  # fmt: skip
def test_an_emergency_needs_grounds_and_an_end(server: Server, reason: str, changes: dict[str, Any]) -> None:
    """Without a reason, an end within a day, somebody it is for or something it adds, it cannot be asked for."""
    status, _ = ask(server, "salma", "emergency", reason, **{**EMERGENCY, **changes})
    assert status == 422
    assert not [entry for entry in log(server) if "act_id" in entry]


@pytest.mark.case("A72")
def test_an_emergency_shows_nothing_that_is_kept_from_the_organisation(server: Server) -> None:
    """It adds clearance and the like; whom an owner excludes stays excluded."""
    assert "not-for-the-group" not in sees(server, "ben")
    _, act = ask(server, "ben", "emergency", **EMERGENCY, permits=["witness"])
    assert decide(server, "dora", act) == 200
    assert "not-for-the-group" not in sees(server, "ben")


@pytest.mark.case("A72")
def test_the_owner_sees_that_it_was_an_emergency(server: Server) -> None:
    """In its view of use: that, when, for what and by which organisation; not by whom."""
    _, act = ask(server, "ben", "emergency", **EMERGENCY)
    assert decide(server, "salma", act) == 200
    sees(server, "ben")
    found = server.operate("/use", {"owner": "FR"}).json()["uses"]
    [use] = [each for each in found if each["emergency"]]
    assert (use["organisation"], use["purpose"], use["times"]) == ("MA", "network", 1)
    assert "ben" not in str(found)


@pytest.mark.case("A51")
def test_who_tried_to_decide_alone_is_in_the_log_and_the_gateway_starts_again(tmp_path: Path) -> None:
    """403 and an alarm; the act still waits, also for a gateway that reads the log anew."""
    with gateway(tmp_path / "store") as server:
        load(server, tmp_path)
        _, act = ask(server, "salma", "emergency", **EMERGENCY)
        assert decide(server, "salma", act) == 403
        assert log(server)[-1]["reason"] == "decides-alone"
    with gateway(tmp_path / "store") as server:
        assert decide(server, "tariq", act) == 200
        assert "secret" in sees(server, "ben")


@pytest.mark.case("A85")
def test_a_group_edited_by_one_person_widens_nothing(server: Server) -> None:
    """A new member in the file receives nothing by the group and an alarm says so; a missing one is out at once."""
    before = {user: sees(server, user, "identify") for user in ("ana", "chen")}
    assert "for-the-group" in before["ana"] - before["chen"]
    list_group(server, "DE", "FR", "JP", "MA")
    assert sees(server, "chen", "identify") == before["chen"] - {"not-for-the-group"}
    assert log(server)[-2]["reason"] == "group-widened"
    list_group(server, "DE", "MA")
    assert "for-the-group" in sees(server, "ana", "identify")  # its owner
    assert "for-the-group" in sees(server, "ben")
    list_group(server, "DE", "FR")
    assert "for-the-group" not in sees(server, "ben")


@pytest.mark.case("A85")
def test_a_group_change_takes_two_people_and_thirty_days(server: Server) -> None:
    """Asked for by a keeper, announced to whose labels name the group, agreed by another: not before its day."""
    list_group(server, "DE", "FR", "JP", "MA")
    _, act = ask(server, "boris", "group", group="G-WESTMED", add=["JP"])
    told = server.operate("/acts/list", {"user": "nadia"}).json()["acts"]
    assert [each["id"] for each in told] == [act]
    assert decide(server, "boris", act) == 403
    assert decide(server, "nadia", act) == 200
    assert "for-the-group" not in sees(server, "chen", "identify")
