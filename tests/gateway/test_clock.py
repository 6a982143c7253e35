"""The day: it never goes back, and a sudden future is not believed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from insight_kernel.errors import Unavailable
from insight_kernel.gateway.clock import Clock

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Hands:
    """A clock's two hands, moved by the test: what it shows, and how long the machine has been running."""

    def __init__(self) -> None:
        self.shown, self.running = START, 1_000.0

    def clock(self, *entries: str) -> Clock:
        """Return a clock with these hands, over a log with entries of these times."""
        return Clock([{"time": time} for time in entries], lambda: self.shown, lambda: self.running)


@pytest.mark.case("A69")
def test_a_clock_set_back_lets_nothing_expired_return() -> None:
    """The latest day seen stays, in a run and over a restart."""
    hands = Hands()
    clock = hands.clock()
    assert clock.today() == date(2026, 11, 21)
    hands.shown -= timedelta(days=30)
    assert clock.today() == date(2026, 11, 21)
    assert hands.clock("2026-11-21T13:00:00.000+00:00").today() == date(2026, 11, 21)


def test_days_pass() -> None:
    """A gateway that runs for weeks, or a machine that sleeps for a weekend, goes with the time."""
    hands = Hands()
    clock = hands.clock()
    for _ in range(20):
        hands.shown += timedelta(days=3)
        hands.running += 3 * 24 * 3600
        assert clock.today() == hands.shown.date()


@pytest.mark.case("F14")
@pytest.mark.parametrize(("jump", "believed"), [(23, True), (25, False), (24 * 365 * 73, False)])
def test_a_sudden_future_is_not_believed(jump: int, believed: bool) -> None:
    """More than 24 hours ahead of the time that really passed: nothing is answered, whatever year it shows."""
    hands = Hands()
    clock = hands.clock()
    hands.shown += timedelta(hours=jump)
    if believed:
        assert clock.today() == hands.shown.date()
    else:
        with pytest.raises(Unavailable, match="the clock jumped ahead"):
            clock.today()
