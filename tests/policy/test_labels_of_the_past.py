"""In what was made, an expiry counts only as long as a record carries it."""

from dataclasses import replace
from datetime import date

import pytest

from insight_kernel.model.label import Label
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.consent import Consent, label_mark
from insight_kernel.policy.join import Standing
from insight_kernel.policy.standing import decide_standing
from tests.build import DAY, ask, people, subject

OLD = Label("MA", frozenset({"network"}), date(2026, 1, 1))
NEW = Label("MA", frozenset({"network"}), date(2031, 1, 1))
STORED = Stored((OLD, NEW), ("MA/x", "MA/x"))


@pytest.mark.case("A78")
@pytest.mark.parametrize(
    ("current", "reason"), [({0}, "expired"), ({0, 1}, "expired"), ({1}, None), (set(), None)]
)
def test_an_expired_label_blocks_only_while_a_record_carries_it(
    current: set[int], reason: str | None
) -> None:
    """An owner's extension reaches what was made, and what has been replaced blocks nothing for ever."""
    standing = Standing(frozenset({0, 1}), frozenset(current))
    assert decide_standing(subject(), standing, STORED, Known(people()), ask()).reason == reason


ASKED = replace(NEW, handling=frozenset({"H2"}))


@pytest.mark.case("A46")
@pytest.mark.parametrize(
    ("moved", "scopes", "reason"),
    [(set(), ("MA/x", "MA/x/r1"), "consent"), ({0}, ("MA/x", "MA/x/r1"), None), ({0}, ("MA/x", "MA/x/r2"), "consent"),
     ({1}, ("MA/x", "MA/x/r1"), "consent"), ({0, 1}, ("MA/x", "MA/x/r2"), None)],
)  # fmt: skip
def test_whether_owners_were_asked_is_judged_where_a_label_lives_on(
    moved: set[int], scopes: tuple[str, str], reason: str | None
) -> None:
    """Consent was given for one record of a source: its label under the narrower scope counts, the former does not."""
    given = Consent("MA", frozenset({"MA/x/r1"}), "FR", "network", DAY, frozenset({label_mark(ASKED)}))
    standing = Standing(frozenset({0, 1}), frozenset({0, 1}), frozenset(moved))
    found = decide_standing(
        subject(organisation="FR"), standing, Stored((ASKED, ASKED), scopes), Known(people(), frozenset({given})),
        ask(recipient="FR"),
    )  # fmt: skip
    assert found.reason == reason
