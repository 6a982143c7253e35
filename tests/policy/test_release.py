"""Release: granted when the recipient satisfies every label; a refusal tells no more than the asker may know."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from insight_kernel.model.label import Label, Unreadable, read_label
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.join import Standing
from insight_kernel.policy.release import Blocker, Verdict, may_release
from tests.build import ask, people, raw_label, subject

FRANCE = subject(user=None, organisation="FR", purposes=["network"], clearance="restricted")
RABAT = subject()


def label(**changes: Any) -> Label | Unreadable:
    return read_label(raw_label(**{"owner": "MA", **changes}))


def verdict(
    *labels: Label | Unreadable, erased: bool = False, permits: Sequence[str] = (), **stated: Any
) -> tuple[bool, list[tuple[str, str]], bool]:
    """Return whether it goes from Rabat to France, what is told, and whether there is more."""
    sent = replace(ask(**stated), recipient="FR")
    numbers = frozenset(range(len(labels)))
    stored, known = Stored(labels, ("",) * len(labels)), Known(people())
    asker, standing = replace(RABAT, permits=frozenset(permits)), Standing(numbers, numbers, erased=erased)
    found = may_release(standing, stored, known, FRANCE, sent, asker=asker, asked=ask(**stated))
    return found.granted, [(b.owner, b.reason) for b in found.blockers], found.other


TOLD: list[tuple[str, dict[str, Any], list[tuple[str, str]], bool]] = [
    ("nothing in the way", {}, [], False),
    ("too confidential for the recipient", {"level": "confidential"}, [("MA", "clearance")], False),
    (
        "another owner's, too confidential",
        {"owner": "DE", "level": "confidential"},
        [("DE", "clearance")],
        False,
    ),
    ("the owner is to be asked first", {"owner": "DE", "handling": ["H2"]}, [("DE", "consent")], False),
    ("the recipient is the owner to be asked", {"owner": "FR", "handling": ["H2"]}, [], False),
    ("his own organisation excludes it", {"excluded": ["FR"]}, [("MA", "recipient")], False),
    ("another owner excludes it", {"owner": "DE", "excluded": ["FR"]}, [], True),
    ("another owner names others only", {"owner": "DE", "only": ["MA"]}, [], True),
    ("another owner wants a third to consent", {"owner": "DE", "consent": ["JP"]}, [], True),
    ("his own organisation wants a third to consent", {"consent": ["JP"]}, [("MA", "consent")], False),
    (
        "excluded, and to be asked first besides",
        {"owner": "DE", "handling": ["H2"], "excluded": ["FR"]},
        [],
        True,
    ),
    (
        "the recipient's own, and a third is to consent",
        {"owner": "FR", "handling": ["H2"], "consent": ["JP"]},
        [],
        True,
    ),
    ("of a case the asker is not in", {"owner": "DE", "files": ["OP-X"]}, [], True),
    ("since expired", {"owner": "DE", "expires": "2020-01-01"}, [("DE", "expired")], False),
    (
        "the asker himself may no longer see it",
        {"owner": "DE", "excluded": ["MA"], "level": "confidential"},
        [],
        True,
    ),
]


@pytest.mark.case("A43")
@pytest.mark.parametrize(("said", "told", "other"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_what_is_told_of_a_refusal(said: dict[str, Any], told: list[tuple[str, str]], other: bool) -> None:
    """Owner and reason where the asker may know them; otherwise only that there is something."""
    assert verdict(label(**said)) == (not told and not other, told, other)


@pytest.mark.case("A45")
def test_another_purpose_than_the_recipients_is_refused() -> None:
    """The profile must have the purpose too."""
    for owner in ("MA", "DE"):
        assert verdict(label(owner=owner), purpose="investigate") == (False, [(owner, "purpose")], False)


def test_that_a_permit_is_missing_is_told() -> None:
    """The kinds of a label are shown to everybody who sees its values; without a necessity nobody does."""
    minor = label(owner="DE", special=["minor"])
    assert verdict(minor, permits=["minor"], necessity=True) == (False, [("DE", "special")], False)
    assert verdict(minor, permits=["minor"]) == (False, [], True)


def test_a_join_of_nothing_is_not_free() -> None:
    """What rests on nothing goes nowhere."""
    assert verdict() == (False, [], True)


def test_what_lost_some_of_its_values_is_not_released() -> None:
    """Though nothing that is left stands in the way; why is not said."""
    assert verdict(label(), erased=True) == (False, [], True)
    assert verdict(label(level="confidential"), erased=True) == (False, [("MA", "clearance")], True)


def test_an_unreadable_label_stops_everything() -> None:
    """And is not described."""
    assert verdict(label(), Unreadable(("x",))) == (False, [], True)


def test_one_label_is_enough_to_refuse_and_each_reason_is_told_once() -> None:
    """By owner, then in the order of the rules."""
    found = verdict(
        label(), label(owner="DE", handling=["H2"]), label(owner="DE", level="confidential"),
        label(owner="DE", level="confidential", purposes=["network"]), label(owner="JP", excluded=["FR"]),
    )  # fmt: skip
    assert found == (False, [("DE", "clearance"), ("DE", "consent")], True)
    two = verdict(
        label(level="confidential"), label(expires="2020-01-01"), label(owner="DE", level="confidential")
    )
    assert two == (False, [("DE", "clearance"), ("MA", "expired"), ("MA", "clearance")], False)


def test_blockers_sort_and_compare() -> None:
    """They are plain values; a verdict without any says nothing of others."""
    assert Verdict(granted=True) == Verdict(True, (), False)
    assert Blocker("DE", "consent") < Blocker("MA", "clearance")
