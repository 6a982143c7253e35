"""Groups: what shows more takes two people and thirty days, what shows less counts at once."""

from datetime import date, timedelta

import pytest

from insight_kernel.gateway.acts.groups import Groups, first, in_force, waiting
from insight_kernel.gateway.acts.kind import Act

AGREED = date(2026, 11, 1)
RIPE = AGREED + timedelta(days=30)
START = first({"G": ["FR", "MA"]})


def act(add: tuple[str, ...] = (), remove: tuple[str, ...] = (), id_: str = "a") -> Act:
    what = {"group": "G", "add": list(add), "remove": list(remove)}
    when = f"{AGREED}T10:00:00+00:00"
    return Act(id_, "group", what, "x", "FR", "because", when, "agreed", 1, "y", when)


@pytest.mark.case("A85")
@pytest.mark.parametrize(
    ("file", "acts", "day", "receiving", "excluding"),
    [
        (["FR", "MA"], [], RIPE, {"FR", "MA"}, {"FR", "MA"}),
        (["FR", "MA", "JP"], [], RIPE, {"FR", "MA"}, {"FR", "MA", "JP"}),
        (["FR", "MA", "JP"], [act(add=("JP",))], RIPE - timedelta(days=1), {"FR", "MA"}, {"FR", "MA", "JP"}),
        (["FR", "MA", "JP"], [act(add=("JP",))], RIPE, {"FR", "MA", "JP"}, {"FR", "MA", "JP"}),
        (["FR", "MA"], [act(add=("JP",))], RIPE, {"FR", "MA"}, {"FR", "MA"}),
        (["FR"], [], RIPE, {"FR"}, {"FR", "MA"}),
        (["FR"], [act(remove=("MA",))], RIPE - timedelta(days=1), {"FR"}, {"FR", "MA"}),
        (["FR"], [act(remove=("MA",))], RIPE, {"FR"}, {"FR"}),
        (["FR", "MA"], [act(remove=("MA",))], RIPE, {"FR", "MA"}, {"FR", "MA"}),
    ],
)  # fmt: skip
def test_what_counts(
    file: list[str], acts: list[Act], day: date, receiving: set[str], excluding: set[str]
) -> None:
    """A member who would receive, or would no longer be excluded, waits for act and days; the rest counts at once."""
    found = in_force(START, {"G": file}, acts, day)
    assert (found.receiving["G"], found.excluding["G"]) == (receiving, excluding)


@pytest.mark.case("A85")
def test_a_member_who_left_needs_a_new_act() -> None:
    """Neither the first list nor an act that was used lets him back in."""
    joined = in_force(START, {"G": ["FR", "MA", "JP"]}, [act(add=("JP",))], RIPE)
    left = in_force(joined, {"G": ["FR"]}, [act(add=("JP",))], RIPE)
    back = in_force(left, {"G": ["FR", "MA", "JP"]}, [act(add=("JP",))], RIPE)
    assert back.receiving["G"] == {"FR"}
    assert waiting({"G": ["FR", "MA", "JP"]}, back) == ["G"]
    again = in_force(back, {"G": ["FR", "JP"]}, [act(add=("JP",)), act(add=("JP",), id_="b")], RIPE)
    assert again.receiving["G"] == {"FR", "JP"}


def test_a_group_that_is_new_or_gone() -> None:
    """A new group has nobody who receives; one that is gone still excludes."""
    found = in_force(START, {"H": ["DE"]}, [], RIPE)
    assert found.receiving == {"H": frozenset()}
    assert found.excluding == {"G": {"FR", "MA"}, "H": {"DE"}}


def test_it_is_written_and_read() -> None:
    """The log holds plain values."""
    found = in_force(START, {"G": ["FR", "JP"]}, [act(add=("JP",))], RIPE)
    assert Groups.read(found.as_dict()) == found
