"""What people read about a join: the strictest of what they may see, and that there is more."""

from datetime import date
from typing import Any

import pytest

from insight_kernel.model.label import PURPOSES, Label, Unreadable, read_label
from insight_kernel.policy.join import Join, Summary, earliest, summarise, unexpiring
from tests.build import ask, raw_label, subject


def label(**changes: Any) -> Label:
    found = read_label(raw_label(**changes))
    assert isinstance(found, Label)
    return found


def test_a_summary_is_the_strictest_of_what_is_seen() -> None:
    """Owners, highest level, purposes all share, every word of handling and kind, earliest day."""
    found = summarise(
        [
            label(owner="MA", level="restricted", handling=["H2"], purposes=["network", "warn"]),
            label(handling=["H1", "H3"], conditions="Ask first.", expires="2030-06-01", special=["minor"]),
            label(conditions="Ask first.", special=["victim"]), label(conditions="Call."),
        ],
        subject(permits=["minor", "victim"]), ask(necessity=True),
    )  # fmt: skip
    assert found == Summary(
        owners=("FR", "MA"), level="restricted", purposes=("network",), handling=("H1", "H2", "H3"),
        conditions=("Ask first.", "Call."), special=("minor", "victim"), expires=date(2030, 6, 1), other=False,
    )  # fmt: skip
    assert found.line() == (
        "RESTRICTED · owners FR, MA · H1, H2, H3 · minor, victim · condition: Ask first. · condition: Call. · "
        "purposes network · expires 2030-06-01"
    )
    assert found.as_dict() == {
        "owners": ("FR", "MA"), "level": "restricted", "purposes": ("network",), "handling": ("H1", "H2", "H3"),
        "conditions": ("Ask first.", "Call."), "special": ("minor", "victim"), "expires": "2030-06-01",
        "other": False, "line": found.line(),
    }  # fmt: skip


@pytest.mark.parametrize("hidden", [label(only=[]), label(level="confidential"), Unreadable(("x",))])
def test_what_the_viewer_may_not_see_reads_other_conditions(hidden: Label | Unreadable) -> None:
    """And nothing of it is in the rest of the line."""
    found = summarise([label(level="restricted"), hidden], subject(clearance="restricted"), ask())
    assert (found.owners, found.level, found.other) == (("FR",), "restricted", True)
    assert found.line().endswith("expires 2031-01-01 · other conditions")


def test_an_expired_label_is_shown_as_any_other() -> None:
    """In what was made its day has passed, and its owner is still its owner."""
    found = summarise([label(expires="2020-01-01")], subject(), ask())
    assert (found.owners, found.expires, found.other) == (("FR",), date(2020, 1, 1), False)


@pytest.mark.parametrize("levels", [("official", "confidential"), ("confidential", "restricted", "official")])
def test_the_highest_level_is_shown(levels: tuple[str, ...]) -> None:
    """By their order, not by their letters."""
    found = summarise([label(level=level) for level in levels], subject(), ask())
    assert (found.level, found.other) == ("confidential", False)


def test_nothing_has_no_conditions() -> None:
    """Every purpose, no day, and it says that there are no data; alone with something hidden it says only that."""
    assert summarise([], subject(), ask()) == Summary()
    assert Summary().line() == "No data"
    assert (Summary().purposes, Summary().as_dict()["expires"]) == (PURPOSES, None)
    alone = summarise([label(only=[])], subject(), ask())
    assert alone.other
    assert alone.line() == f"OFFICIAL · owners  · purposes {', '.join(PURPOSES)} · other conditions"


def test_labels_that_share_no_purpose_say_so() -> None:
    """None is left for both."""
    found = summarise(
        [label(purposes=["network"]), label(purposes=["investigate"])], subject(), ask("network")
    )
    assert (found.purposes, found.other) == (("network",), True)
    assert Summary(owners=("FR",), purposes=()).line() == "OFFICIAL · owners FR · purposes none"


def test_what_does_not_expire_is_otherwise_the_same() -> None:
    """And what cannot be read stays unreadable."""
    assert unexpiring(label(level="restricted")) == label(level="restricted", expires="9999-12-31")
    broken = Unreadable(("x",))
    assert unexpiring(broken) is broken


@pytest.mark.parametrize(
    ("reasons", "first"),
    [(["consent", "expired", None, "file"], "expired"), ([None, None], None), ([], None),
     ([None, "consent"], "consent")],
)  # fmt: skip
def test_the_reason_of_the_first_rule_is_told(reasons: list[str | None], first: str | None) -> None:
    """In the order of the rules; where nothing refuses there is none."""
    assert earliest(reasons) == first


@pytest.mark.parametrize(
    ("one", "other", "acts"),
    [(Join(frozenset({1}), frozenset(), 7), Join(frozenset({2}), frozenset(), 5), 5),
     (Join(), Join(frozenset({2}), frozenset({3}), 5), 5), (Join(frozenset({1}), frozenset(), 7), Join(acts=3), 7),
     (Join(acts=4), Join(acts=3), 0), (Join(frozenset(), frozenset({1}), 2), Join(frozenset({2}), frozenset(), 9), 2)],
)  # fmt: skip
def test_joins_of_two_times_count_from_the_earlier(one: Join, other: Join, acts: int) -> None:
    """Labels and records of both; one in which nothing is has no time."""
    assert one | other == other | one == Join(one.labels | other.labels, one.records | other.records, acts)


@pytest.mark.parametrize(
    ("join", "holds"), [(Join(), False), (Join(acts=3), False), (Join(frozenset({0})), True),
                        (Join(records=frozenset({0})), True)],
)  # fmt: skip
def test_a_join_of_nothing_is_empty(join: Join, holds: bool) -> None:
    """With a label or a record in it, it is not."""
    assert bool(join) is holds
