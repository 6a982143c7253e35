"""Change of a label: the owner's to make, alone when it only narrows."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given

from insight_kernel.errors import BadInput
from insight_kernel.model.label import LEVELS, Label, read_label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.change import changed, is_tighter
from insight_kernel.policy.decide import decide
from tests.build import raw_label
from tests.policy.strategies import asks, easy_subjects, labels


def label(**fields: Any) -> Label:
    found = read_label(raw_label(**fields))
    assert isinstance(found, Label)
    return found


OPEN: dict[str, Any] = {}
LIMITED = {"level": "restricted", "only": ["FR", "MA"], "excluded": ["JP"], "files": ["OP-A"], "handling": ["H1"],
           "consent": ["KE"], "conditions": "Ask first.", "expires": "2030-01-01"}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "change", "tighter"),
    [
        (OPEN, {"level": "confidential"}, True),
        (LIMITED, {"level": "official"}, False),
        (OPEN, {"only": ["FR"]}, True),
        (LIMITED, {"only": ["MA"]}, True),
        (LIMITED, {"only": ["MA", "JP"]}, False),
        (LIMITED, {"only": None}, False),
        (LIMITED, {"excluded": ["JP", "KE"]}, True),
        (LIMITED, {"excluded": ["KE"]}, False),
        (OPEN, {"purposes": ["network"]}, True),
        (OPEN, {"purposes": ["network", "border"]}, False),
        (LIMITED, {"files": []}, False),
        (LIMITED, {"expires": "2029-12-31"}, True),
        (LIMITED, {"expires": "2030-01-02"}, False),
        (LIMITED, {"handling": ["H1", "H2"]}, True),
        (LIMITED, {"handling": []}, False),
        (LIMITED, {"consent": []}, False),
        (LIMITED, {"conditions": "Another one."}, False),
        (OPEN, {"conditions": "A new one."}, True),
    ],
)
def test_what_narrows(before: dict[str, Any], change: dict[str, Any], tighter: bool) -> None:
    """A change narrows when each field is at least as strict as before."""
    old = label(**before)
    assert is_tighter(changed(old, change), old) is tighter


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"owner": "MA"}, "owner: not yours"), ({"colour": "red"}, "colour: not yours"), ({}, "no field"),
        ({"level": "secret"}, "level: "), ({"purposes": []}, "purposes: "), ({"handling": ["H3"]}, "conditions: "),
        ({"level": None}, "level: "),
    ],
)  # fmt: skip
def test_what_cannot_be_said(change: dict[str, Any], wrong: str) -> None:
    """The owner stays, and the label stays readable."""
    with pytest.raises(BadInput, match=wrong):
        changed(label(), change)


def test_a_protected_person_stays_protected() -> None:
    """Special kinds follow from whom a record is about: a change only adds."""
    assert changed(label(special=["victim"]), {"special": []}).special == {"victim"}
    assert changed(label(special=["victim"]), {"special": ["minor"]}).special == {"victim", "minor"}


def test_the_officer_keeps_reading() -> None:
    """Intake gives every label the purpose of oversight, and no change takes it away."""
    old = label(purposes=["network", "oversight"])
    assert "oversight" in changed(old, {"purposes": ["warn"]}).purposes


@given(old=labels, other=labels, who=easy_subjects, asked=asks)
def test_tighter_never_shows_more(old: Label, other: Label, who: Subject, asked: Ask) -> None:
    """Whoever sees a value by the tighter of two labels also sees it by the wider one."""
    both = [n for n in (old.only, other.only) if n is not None]
    new = replace(
        old, level=max(old.level, other.level, key=LEVELS.index), excluded=old.excluded | other.excluded,
        only=frozenset.intersection(*both) if both else None, files=old.files | other.files,
        purposes=old.purposes & other.purposes or old.purposes, expires=min(old.expires, other.expires),
        handling=old.handling | other.handling, consent=old.consent | other.consent,
    )  # fmt: skip
    assert is_tighter(new, old)
    event("narrowed" if new != old else "the same")
    assert decide(who, old, asked).visible or not decide(who, new, asked).visible
    if not is_tighter(old, new) and decide(who, old, asked).visible:
        event("visible before")


@given(old=labels, new=labels, who=easy_subjects, asked=asks)
def test_whatever_shows_more_is_not_tighter(old: Label, new: Label, who: Subject, asked: Ask) -> None:
    """A label by which somebody sees what he did not see before is never taken for a tighter one."""
    if decide(who, new, asked).visible and not decide(who, old, asked).visible:
        event("shows more")
        assert not is_tighter(new, replace(old, owner=new.owner)) or new.owner != old.owner
