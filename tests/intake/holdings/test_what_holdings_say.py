"""What the shipped mappings make of notices, diffusions, messages and reports, as the rules want it."""

from functools import cache

import pytest

from insight_kernel.intake.holdings.shipped import find
from insight_kernel.intake.items import Entity, Item
from insight_kernel.intake.mapping.records import read_mapping
from insight_kernel.model.schema import vocabulary


@cache
def items(name: str) -> tuple[Item, ...]:
    """Return the good items of an example."""
    holding = find(name)
    mapping = read_mapping(holding.folder / "mapping.yml", vocabulary(), 2026)
    return tuple(item for path in holding.examples for item in mapping.items(path) if isinstance(item, Item))


def of(item: Item, schema: str) -> list[Entity]:
    """Return the entities of a schema in an item."""
    return [entity for entity in item.entities if entity.schema == schema]


@pytest.mark.parametrize(("name", "schema"), [("notices", "Notice"), ("diffusions", "Diffusion")])
def test_only_a_published_notice_says_what_somebody_is(name: str, schema: str) -> None:
    """Whom a pending, refused, withdrawn or misspelt one names is unassessed, and nobody is left without a status."""
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for item in items(name):
        [alert] = of(item, schema)
        published = alert.properties["status"][0].lower() == "published"
        for person in of(item, "Person"):
            said[published].update(person.properties["personStatus"])
    assert said[False] == {"unassessed"}
    assert {"wanted", "missing"} <= said[True]
    assert "unassessed" not in said[True]


def test_a_diffusion_is_for_those_it_was_sent_to() -> None:
    """Its label names them, and no others."""
    for item in items("diffusions"):
        [diffusion] = of(item, "Diffusion")
        assert item.label is not None
        assert item.label["only"] == diffusion.properties["recipientCountry"] != []


def test_a_red_notice_has_its_warrants() -> None:
    """Each of them against the person sought."""
    red = [item for item in items("notices") if of(item, "Notice")[0].properties["noticeType"] == ["RED"]]
    assert len(red) > 40
    for item in red:
        [person], warrants = of(item, "Person"), of(item, "Warrant")
        assert warrants
        assert all(warrant.properties["subject"] == [person.id] for warrant in warrants)


def test_a_message_and_what_hangs_on_it_is_for_both_ends() -> None:
    """What is attached has the label of its message; the archive itself has none of its own."""
    by_place = {item.place: item for item in items("i247-messages")}
    parts = {place: item for place, item in by_place.items() if place.count(" > ") > 1}
    assert len(parts) == 37
    for place, item in parts.items():
        around = by_place[place.rpartition(" > ")[0]]
        assert around.label is not None
        assert len(around.label["only"]) > 1
        assert item.label == around.label


def test_an_answer_is_tied_to_its_request_by_the_reference() -> None:
    """Nearly all requests named are in the example too, under the same key; each request has a deadline."""
    requests = [
        entity for item in items("case-messages") for entity in of(item, "Request") if entity.properties
    ]
    known = {request.id for request in requests}
    named = [
        answer.properties["request"][0] for item in items("case-messages") for answer in of(item, "Answer")
    ]
    assert all(request.properties["dueDate"] for request in requests)
    assert len(named) > 80
    assert sum(request in known for request in named) > 0.9 * len(named)


def test_everybody_in_a_report_has_a_role_and_a_status() -> None:
    """The status says why a person is in the data, the role what the officer saw."""
    status = {"suspect": "suspect", "arrested person": "suspect", "complainant": "victim", "victim": "victim",
              "witness": "witness", "reporting person": "witness", "missing person": "missing"}  # fmt: skip
    seen = set()
    for item in items("police-reports"):
        people = {person.id: person.properties["personStatus"][0] for person in of(item, "Person")}
        roles = {part.properties["party"][0]: part.properties["role"][0] for part in of(item, "OffenceParty")}
        seen |= {roles[person] for person in people}
        assert all(status.get(roles[person], stated) == stated for person, stated in people.items())
    assert set(status) <= seen


def test_a_case_is_followed_to_the_court() -> None:
    """Steps have the key of their case, and the last of one that was closed names the court."""
    cases = {case.id for item in items("case-files") for case in of(item, "CaseFile") if case.properties}
    steps = [step for item in items("case-files") for step in of(item, "CaseStep")]
    assert {step.properties["caseFile"][0] for step in steps} == cases
    closed = [step for step in steps if step.properties["stage"] == ["Remessa ao Judiciário"]]
    assert closed
    assert all("Vara Criminal" in step.properties["destination"][0] for step in closed)
