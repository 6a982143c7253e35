"""Change of a label: the owner's to make, alone when it only narrows."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given

from insight_kernel.errors import BadInput
from insight_kernel.model.label import LEVELS, Label, read_label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.change import both, changed, is_tighter
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
        (OPEN, {"special": ["minor"]}, True),
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


def test_another_owners_label_is_never_the_tighter_one() -> None:
    """However strict it is: who decides would have changed."""
    assert is_tighter(label(only=[]), label())
    assert not is_tighter(label(owner="MA", only=[]), label())


@pytest.mark.parametrize(
    ("old", "new", "tighter"),
    [("hidden", "hidden", True), ("contact-owner", "contact-owner", True), ("contact-owner", "hidden", True),
     ("hidden", "contact-owner", False)],
)  # fmt: skip
def test_existence_narrows_to_hidden(old: str, new: str, tighter: bool) -> None:
    """To say that somebody may be asked is more than to say nothing."""
    assert is_tighter(label(existence=new), label(existence=old)) is tighter


def test_conditions_are_lifted_by_null() -> None:
    """As `only` is; nothing else can be."""
    assert changed(label(conditions="Ask first."), {"conditions": None}).conditions is None
    assert changed(label(only=["MA"]), {"only": None}).only is None


@pytest.mark.case("A18")
@given(one=labels, other=labels, who=easy_subjects, asked=asks)
def test_what_binds_by_two_labels_is_visible_by_each(
    one: Label, other: Label, who: Subject, asked: Ask
) -> None:
    """Two labels of one owner at once: seen is what both show, whichever came first."""
    other = replace(other, owner=one.owner)
    bound = both(one, other)
    event(f"visible: {decide(who, bound, asked).visible}")
    assert both(other, one) == bound
    shared = one.purposes & other.purposes
    each = decide(who, one, asked).visible and decide(who, other, asked).visible
    assert decide(who, bound, asked).visible == (each and bool(shared))


def test_two_labels_bind_with_all_either_says() -> None:
    """Every field, one by one: the stricter word, the words of both, the earlier day."""
    found = both(
        label(level="official", excluded=["JP"], files=["A"], handling=["H1"], consent=["KE"], special=["minor"],
              conditions="Ask first.", existence="contact-owner", expires="2030-01-01"),
        label(level="confidential", only=["MA"], excluded=["DE"], files=["B"], handling=["H2"], consent=["TN"],
              special=["victim"], conditions="Call.", purposes=["network", "warn"]),
    )  # fmt: skip
    assert found == label(
        level="confidential", only=["MA"], excluded=["JP", "DE"], files=["A", "B"], handling=["H1", "H2"],
        consent=["KE", "TN"], special=["minor", "victim"], conditions="Ask first. Call.", existence="hidden",
        expires="2030-01-01", purposes=["network"],
    )  # fmt: skip


def test_two_labels_that_agree_bind_as_they_are() -> None:
    """Nothing is added; where no purpose is left, only the officer reads."""
    plain = label(existence="contact-owner")
    assert both(plain, plain) == plain
    assert both(label(level="restricted"), label(level="confidential")).level == "confidential"
    assert both(label(level="official"), label(level="restricted")).level == "restricted"
    assert both(label(purposes=["warn"]), label(purposes=["border"])).purposes == {"oversight"}
    assert both(label(conditions="Ask."), label(conditions="Ask.")).conditions == "Ask."
