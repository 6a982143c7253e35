"""Labels that records state themselves: they may narrow, and name only whom somebody registered."""

from typing import Any

import pytest

from insight_kernel.store import sql
from tests.build import profile, write_yaml
from tests.intake.conftest import Intake

MAPPING: dict[str, Any] = {"people": {
    "label": {"level": {"column": "Level"}, "only": {"column": "Only", "split": " "}},
    "queries": [{"file": "*.csv", "entities": {
        "person": {"schema": "Person", "key": "Name", "properties": {"name": {"column": "Name"}}}}}],
}}  # fmt: skip


def load(intake: Intake, *rows: str, **asked: Any) -> dict[str, Any]:
    """Load a table of people with their labels, under a source that is restricted."""
    table = intake.lines("Name,Level,Only", *rows, name="people.csv")
    mapping = write_yaml(intake.folder / "mapping.yml", MAPPING)
    [event] = intake.load(table, said=profile(level="restricted"), mapping=mapping, **asked)
    return event


def test_a_record_narrows_the_label_of_its_source(intake: Intake) -> None:
    """Each record under its own; where it says nothing, the source's."""
    assert load(intake, "Ana,confidential,", "Bo,,FR DE", "Cy,,")["new"] == 3
    with intake.gate.store._database.snapshot() as snapshot:
        bodies = [body for body, _ in snapshot.rows(sql.LABELS)]
    assert sum('"confidential"' in body for body in bodies) == 1
    assert sum('"only": ["DE", "FR"]' in body for body in bodies) == 1


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        ("Ana,official,", "label", "would show more than the label of its source"),
        ("Ana,secret,", "label", "level: one of official, restricted, confidential"),
    ],
)
def test_a_record_that_says_too_little_or_nonsense_waits(
    intake: Intake, row: str, field: str, rule: str
) -> None:
    """It alone, where the good ones are to be kept."""
    event = load(intake, row, "Bo,,", keep_good=True)
    assert (event["new"], [(bad["field"], bad["rule"]) for bad in event["bad_items"]]) == (1, [(field, rule)])


@pytest.mark.case("A17")
def test_a_record_that_names_a_stranger_keeps_its_file_out(intake: Intake) -> None:
    """An organisation or a group that nobody registered: a slip of the pen must not hide a record from all for ever."""
    event = load(intake, "Ana,,FRANCE", "Bo,,", keep_good=True)
    assert (event["event"], event["new"], event["quarantined"]) == ("refused", 0, 2)
    assert (
        event["bad"][-1]["rule"]
        == "the label of a record names an organisation or a group that is not registered"
    )
