"""Whom a record protects is protected in every statement of it, so that no gap tells of him."""

from pathlib import Path
from typing import Any

import pytest

from insight_kernel.intake.clean import Cleaner
from insight_kernel.intake.items import Entity
from insight_kernel.intake.profile import read_profile
from insight_kernel.model.schema import vocabulary
from tests.build import DAY, profile, write_yaml

PROTECTED: dict[str, dict[str, list[str]]] = {
    "victim": {"personStatus": ["victim"]},
    "witness": {"personStatus": ["witness"]},
    "minor": {"personStatus": ["associate"], "birthDate": ["2015-05-01"]},
}


@pytest.mark.case("A86")
@pytest.mark.parametrize("kind", PROTECTED)
def test_the_kind_stands_on_every_statement(tmp_path: Path, kind: str) -> None:
    """Of the person, of whoever else stands in the record, and of the link between them; names and status too."""
    rows = labelled(tmp_path, {"name": ["P"], "religion": ["R"], **PROTECTED[kind]})
    assert {prop for prop, _ in rows} >= {
        "name",
        "personStatus",
        "religion",
        "person",
        "relative",
        "relationship",
    }
    assert [prop for prop, special in rows if kind not in special] == []


@pytest.mark.case("A86")
def test_an_ordinary_person_has_no_kind_but_on_what_is_sensitive(tmp_path: Path) -> None:
    """The kinds above come from the person, not from the source."""
    rows = labelled(tmp_path, {"name": ["P"], "religion": ["R"], "personStatus": ["suspect"]})
    assert {prop for prop, special in rows if special} == {"religion"}


def labelled(folder: Path, properties: dict[str, list[str]]) -> list[tuple[str, Any]]:
    """Return property and special kinds of each statement of a record with a person, a friend and their link."""
    said = read_profile(write_yaml(folder / "p.yml", profile(source="p")), source=None, today=DAY,
                        vocabulary=vocabulary())  # fmt: skip
    record = [
        Entity("p", "Person", properties),
        Entity("q", "Person", {"name": ["Q"], "personStatus": ["associate"]}),
        Entity("l", "Family", {"person": ["p"], "relative": ["q"], "relationship": ["friend"]}),
    ]
    cleaner = Cleaner(vocabulary(), said, lambda space, key: hash((space, key)), DAY)
    return [(row.prop, row.label.special) for row in cleaner.record_rows(record)]
