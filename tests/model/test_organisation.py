"""The organisation file: who may do what; a file with a mistake is not used, and every mistake is said."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.gateway.people import People
from insight_kernel.model.organisation import Organisation, load_organisation
from insight_kernel.model.subject import Subject, meet
from insight_kernel.shipped import shipped
from tests.build import write_yaml

USER = {"name": "Ana", "organisation": "FR", "clearance": "restricted", "purposes": ["network"]}
CASE = {
    "title": "A case",
    "organisation": "FR",
    "members": ["ana"],
    "purposes": ["network"],
    "end": date(2030, 1, 1),
}


def mistakes(tmp_path: Path, content: Any) -> str:
    """Return what is said of a file with this content."""
    with pytest.raises(BadInput) as said:
        load_organisation(write_yaml(tmp_path / "organisation.yml", content))
    return said.value.wrong


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"users": {"ana": {**USER, "clearance": "secret"}}}, "users.ana.clearance"),
        ({"users": {"ana": {**USER, "purposes": ["spying"]}}}, "users.ana.purposes: unknown 'spying'"),
        ({"users": {"ana": {**USER, "organisation": "UK"}}}, "users.ana: unknown 'UK'"),
        ({"users": {"ana": {**USER, "permits": ["all"]}}}, "users.ana.permits: unknown 'all'"),
        ({"users": {"ana": {**USER, "desk": "OP-X"}}}, "users.ana.desk: unknown 'OP-X'"),
        ({"users": {"ana": {**USER, "roles": ["officer", "operator"]}}}, "officer, operator, owner-keeper are never"),
        ({"users": {"ana": {**USER, "purposes": ["oversight"]}}}, "oversight is for officers only"),
        ({"users": {"ana": {**USER, "admin": True}}}, "users.ana.admin"),
        ({"cases": {"OP-A": {**CASE, "members": ["bob"]}}}, "cases.OP-A.members: unknown 'bob'"),
        ({"cases": {"OP-A": CASE, "op/../a": CASE, "OP--B": CASE}}, "cases.'OP--B': a case id is"),
        ({"cases": {"OP-A": CASE, "op/../a": CASE, "OP--B": CASE}}, "cases.'op/../a': a case id is"),
        ({"users": {"Ana": USER}}, "users.'Ana': a user name is"),
        ({"users": {"../ana": USER}}, "users.'../ana': a user name is"),
        ({"groups": {"FR": ["DE"]}}, "groups.FR: also the code of an organisation"),
        ({"groups": {"G-A": ["G-B"], "G-B": ["FR"]}}, "groups.G-A: unknown 'G-B'"),
        ({"organisations": {"fr": {"name": "x"}}}, "fr: not an organisation"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_place(tmp_path: Path, content: Any, said: str) -> None:
    """Place and rule are named, so that the operator finds it."""
    assert said in mistakes(tmp_path, content)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one error message at a time."""
    users = {"ana": {**USER, "purposes": ["spying"]}, "bo": {**USER, "organisation": "UK"}}
    assert (
        mistakes(tmp_path, {"users": users}) == "users.ana.purposes: unknown 'spying'; users.bo: unknown 'UK'"
    )


def test_the_shipped_file_is_without_mistakes() -> None:
    """A new store starts with it."""
    people = load_organisation(shipped("hub_config") / "organisation.yml")
    assert {"ana", "ben", "chen", "dora"} <= set(people.users)
    keepers = [user.organisation for user in people.users.values() if "owner-keeper" in user.roles]
    assert sorted(keepers) == ["FR", "FR", "MA", "MA", "X-ACMEBANK"]


def test_a_case_takes_away_and_never_gives() -> None:
    """A member may do what he and the case both may; an ended or unknown case lets nobody do anything."""
    people = Organisation.model_validate(
        {"users": {"ana": USER}, "cases": {"OP-A": {**CASE, "clearance": "official"}}}
    )
    both = meet([people.subject("ana"), people.case_subject("OP-A", date(2029, 12, 31))])
    assert (both.clearance, both.files, both.purposes) == ("official", {"OP-A"}, {"network"})
    assert (
        people.case_subject("OP-A", date(2030, 1, 1))
        == Subject()
        == people.case_subject("OP-B", date(2029, 1, 1))
    )


@pytest.mark.case("A65")
@pytest.mark.parametrize("roles", [["operator"], ["analyst", "operator"]])
def test_who_runs_the_machine_is_no_subject(roles: list[str]) -> None:
    """Whatever clearance, purposes and cases stand beside his name."""
    people = Organisation.model_validate(
        {"users": {"ana": {**USER, "roles": roles}}, "cases": {"OP-A": CASE}}
    )
    assert people.subject("ana") == Subject()


def test_a_faulty_new_file_leaves_the_old_one_in_force(tmp_path: Path) -> None:
    """A slip of the pen does not lock everybody out, nor let anybody in."""
    path = write_yaml(tmp_path / "organisation.yml", {"users": {"ana": USER}})
    people = People(path)
    path.write_text("users: {ana: {organisation: FR}}")
    assert people.current()[0].users["ana"].clearance == "restricted"
    write_yaml(path, {"users": {"ana": {**USER, "clearance": "official"}}, "groups": {}})
    found, version = people.current()
    assert (found.users["ana"].clearance, version) == ("official", 2)


def test_norway_is_a_country(tmp_path: Path) -> None:
    """`NO` is not a truth value: neither in this file nor in a profile."""
    path = tmp_path / "organisation.yml"
    path.write_text("users: {ola: {name: Ola, organisation: NO, clearance: official, purposes: [network]}}")
    assert load_organisation(path).users["ola"].organisation == "NO"
