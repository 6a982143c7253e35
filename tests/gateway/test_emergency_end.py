"""What an emergency adds lasts until the moment it ends; whom it is for never agrees to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from insight_kernel.gateway.acts.emergency import EmergencyKind, active, with_emergencies
from insight_kernel.gateway.acts.kind import Act, Now
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.organisation import load_organisation
from insight_kernel.shipped import shipped
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

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


@pytest.mark.case("A72")
def test_however_often_it_was_looked_at_it_ends(tmp_path: Path) -> None:
    """At its moment, or when somebody ends it: the next answer is given without it, and not marked by it."""
    found = Gateway(Store(open_folder(tmp_path / "store", create=True)))
    try:
        assert in_force(found) == ("restricted", None)
        first = agreed(found)
        assert in_force(found) == ("confidential", first.id)
        ends = datetime.fromisoformat(first.what["ends"])
        for late, now in ((-1, ("confidential", first.id)), (0, ("restricted", None))):
            found.clock.take({"time": (ends + timedelta(seconds=late)).isoformat()})
            assert in_force(found) == now
        second = agreed(found)
        assert in_force(found) == ("confidential", second.id)
        found.acts.end(second.id, by="dora", reason="over", now=found.in_force.now())
        assert in_force(found) == ("restricted", None)
    finally:
        found.close()


def agreed(gateway: Gateway) -> Act:
    """Return an emergency for ben, asked for and agreed now."""
    what = {name: WHAT[name] for name in ("user", "hours", "clearance", "permits", "purposes", "files")}
    acts, now = gateway.acts, gateway.in_force.now()
    asked = acts.ask("emergency", what, by="ana", reason="why", now=now)
    return acts.decide(asked.id, agree=True, by="dora", now=now)


def in_force(gateway: Gateway) -> tuple[str, str | None]:
    """Return the clearance ben has now, and by which emergency his answers are marked."""
    return gateway.organisation().users["ben"].clearance, gateway.in_force.emergency_of("ben")


@pytest.mark.case("A72")
@pytest.mark.parametrize(
    ("user", "may"), [("nadia", False), ("pascal", True), ("dora", True), ("salma", False)]
)
def test_whom_it_is_for_never_agrees_to_it(user: str, may: bool) -> None:
    """Also where somebody else asked for her: another keeper of her organisation or an officer agrees."""
    people = load_organisation(shipped("hub_config") / "organisation.yml")
    act = Act(
        "1",
        "emergency",
        {**WHAT, "user": "nadia"},
        "ana",
        "FR",
        "why",
        "2026-11-22T10:00:00+00:00",
        "waiting",
        1,
    )
    assert EmergencyKind().may_decide(act, user, Now(people, ENDS)) is may
