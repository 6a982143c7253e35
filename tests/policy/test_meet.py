"""Meet: what several may do together."""

from typing import Any

import pytest

from insight_kernel.model.label import read_label
from insight_kernel.model.subject import Subject, meet
from insight_kernel.policy.decide import Decision, decide
from tests.build import ABSENT, ask, raw_label, subject


@pytest.mark.parametrize(
    ("attribute", "one", "other", "together"),
    [
        ("organisations", ["FR"], ["MA"], {"FR", "MA"}),
        ("organisations", ["FR", "MA"], ["FR"], {"FR", "MA"}),
        ("organisations", ["FR"], None, None),
        ("purposes", ["network", "warn"], ["warn", "border"], {"warn"}),
        ("purposes", ["network"], ["warn"], set()),
        ("purposes", ["network"], None, None),
        ("files", ["OP-A", "OP-B"], ["OP-B"], {"OP-B"}),
        ("files", None, [], None),
        ("permits", ["victim"], ["victim", "minor"], {"victim"}),
        ("permits", [], None, None),
        ("roles", ["analyst"], ["analyst", "reviewer"], {"analyst"}),
        ("clearance", "official", "confidential", "official"),
        ("clearance", "restricted", "confidential", "restricted"),
        ("clearance", "restricted", None, None),
        ("user", "ana", "ana", "ana"),
        ("user", "ana", "ben", None),
    ],
)
def test_each_attribute_of_a_meet(attribute: str, one: Any, other: Any, together: Any) -> None:
    """Lowest clearance; purposes, files, permits, roles in common; organisations together; unknown stays unknown."""
    given = {"organisation": ABSENT, "organisations": ["FR"]}
    both = [subject(**{**given, attribute: value}) for value in (one, other)]
    assert getattr(meet(both), attribute) == getattr(meet(both[::-1]), attribute) == together


def test_a_subject_of_no_organisation_receives_nothing() -> None:
    """An empty set of organisations, however it came about, is not "each of them may"."""
    nobody = Subject("x", frozenset(), "confidential", frozenset({"network"}), frozenset(), frozenset())
    assert decide(nobody, read_label(raw_label()), ask()) == Decision(False, "recipient")
