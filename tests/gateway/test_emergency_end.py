"""What an emergency adds lasts until the moment it ends, and not a second longer."""

from datetime import UTC, datetime, timedelta

import pytest

from insight_kernel.gateway.acts.emergency import active, with_emergencies
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.model.organisation import load_organisation
from insight_kernel.shipped import shipped

ENDS = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHAT = {"user": "ben", "hours": 2, "clearance": "confidential", "permits": ["minor"], "purposes": [], "files": [],
        "ends": ENDS.isoformat("T", "seconds")}  # fmt: skip


@pytest.mark.case("A72")
@pytest.mark.parametrize(("late", "clearance", "permits"), [(-1, "confidential", ["minor"]), (0, "restricted", []),
                                                            (1, "restricted", [])])  # fmt: skip
def test_after_its_end_nothing_is_left_of_it(late: int, clearance: str, permits: list[str]) -> None:
    """A second before its end the user has the rights added; at its end and after it he has his own."""
    people = load_organisation(shipped("hub_config") / "organisation.yml")
    act = Act("1", "emergency", WHAT, "ben", "MA", "why", "2026-11-22T10:00:00+00:00", "agreed", 1)
    ben = with_emergencies(people, active([act], ENDS + timedelta(seconds=late))).users["ben"]
    assert (ben.clearance, ben.permits) == (clearance, permits)
