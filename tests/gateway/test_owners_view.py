"""What owners are told of the use of their data: that, when, for what and by which organisation; nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from insight_kernel.gateway.owners import Use, uses
from tests.build import entity, profile, write_lines, write_yaml
from tests.runs import made, release
from tests.servers import Server, gateway

READ: dict[str, Any] = {
    "time": "2026-11-22T10:00:00.000+00:00", "operation": "search", "decision": "answered", "owners": ["FR"],
    "organisation": "MA", "purpose": "network", "workspace": "ben/op-harbour/network", "user": "ben",
}  # fmt: skip
RELEASED: dict[str, Any] = {
    "time": "2026-11-23T10:00:00.000+00:00", "operation": "disclosure", "decision": "granted", "recipient": "JP",
    "purpose": "network", "workspace": "ben/op-harbour/network",
}  # fmt: skip
USE = Use("2026-11-22", "MA", "network", "", False, 1)


@pytest.mark.parametrize(
    ("log", "seen"),
    [
        ([], []),
        ([READ], [USE]),
        ([{**READ, "owners": ["MA", "FR"]}], [USE]),
        ([{**READ, "owners": ["MA"]}], []),
        ([{**READ, "owners": []}], []),
        ([{**READ, "decision": "refused"}], []),
        ([READ, READ], [Use("2026-11-22", "MA", "network", "", False, 2)]),
        ([READ, {**READ, "user": "ali"}], [Use("2026-11-22", "MA", "network", "", False, 2)]),
        ([READ, {**READ, "purpose": "warn"}], [Use("2026-11-22", "MA", "warn", "", False, 1), USE]),
        ([READ, {**READ, "organisation": "JP"}], [USE, Use("2026-11-22", "JP", "network", "", False, 1)]),
        ([{**READ, "organisations": ["JP", "MA"]}], [USE, Use("2026-11-22", "JP", "network", "", False, 1)]),
        ([{**READ, "emergency": "a1"}], [Use("2026-11-22", "MA", "network", "", True, 1)]),
        ([READ, RELEASED], [Use("2026-11-23", "MA", "network", "JP", False, 1), USE]),
        ([RELEASED], []),
        ([READ, {**RELEASED, "decision": "refused"}], [USE]),
        ([READ, {**RELEASED, "workspace": "ana/op-lantern/network"}], [USE]),
    ],
)  # fmt: skip
def test_what_an_owner_sees(log: list[dict[str, Any]], seen: list[Use]) -> None:
    """A line per day, organisation, purpose, and recipient of a report; refusals and other owners' data leave none."""
    assert uses(log, "FR") == seen


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A gateway with an open and a confidential company of France."""
    folder = tmp_path_factory.mktemp("owners")
    with gateway(folder / "store") as found:
        for name, label in {"open": {}, "secret": {"level": "confidential"}}.items():
            lines = write_lines(folder / f"{name}.jsonl", [entity(name, "Company", name=name)])
            found.load([lines], write_yaml(folder / f"{name}.yml", profile(source=name, owner="FR", **label)))
        yield found


def test_every_access_counts_also_the_second_of_a_workspace(server: Server) -> None:
    """What a workspace was sent before is used again when it asks again; what is not there for it is not used."""
    asker, before = server.asker("ben"), times(server)
    for _ in range(2):
        asker.table("find", schema="Company")
    asker.table("find", schema="Company", filters={"name": ["secret"]})
    assert times(server) == before + 2


def test_a_release_is_a_use(server: Server) -> None:
    """The owner sees to whom a report went that rests on its data."""
    assert release(server, made(server, ["open"]), "MA").json()["granted"]
    assert "MA" in {use["released_to"] for use in used(server)}


@pytest.mark.case("A72")
def test_emergency_use_is_marked(server: Server) -> None:
    """The owner sees that it was an emergency, and not by whom."""
    what = {"user": "ben", "hours": 1, "clearance": "confidential"}
    asked = {"user": "ben", "kind": "emergency", "what": what, "reason": "for a test"}
    act = server.operate("/acts/ask", asked).json()["id"]
    server.operate("/acts/decide", {"user": "salma", "id": act, "answer": "agree"})
    server.asker("ben").table("find", schema="Company")
    assert [use["organisation"] for use in used(server) if use["emergency"]] == ["MA"]
    assert "ben" not in str(used(server))


@pytest.mark.case("A71")
def test_an_owner_is_not_told_of_a_discreet_case(server: Server) -> None:
    """From the day on which its file says so the whole use is silent; the officer finds it in the log at once."""
    server.asker("ben").table("find", schema="Company")
    before, path = times(server), server.store / "organisation.yml"
    people = yaml.safe_load(path.read_text("utf-8"))
    cases = people["cases"]
    write_yaml(path, {**people, "cases": {**cases, "OP-HARBOUR": {**cases["OP-HARBOUR"], "discreet": True}}})
    assert times(server) == 0
    sought = {"officer": "dora", "case": "OP-HARBOUR", "owner": "FR"}
    assert len(server.operate("/audit/search", sought).json()["entries"]) >= before > 0
    write_yaml(path, people)
    assert times(server) == before


def used(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.operate("/use", {"owner": "FR"}).json()["uses"]
    return found


def times(server: Server) -> int:
    """Return how often Rabat used data of France."""
    return sum(use["times"] for use in used(server) if use["organisation"] == "MA" and not use["released_to"])
