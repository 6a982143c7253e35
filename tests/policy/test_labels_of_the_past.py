"""In what was made, an expiry counts only as long as a record carries it."""

from datetime import date

import pytest

from insight_kernel.model.label import Label
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.join import Standing
from insight_kernel.policy.standing import decide_standing
from tests.build import ask, people, subject

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
