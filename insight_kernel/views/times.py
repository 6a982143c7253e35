"""A timeline ready to be drawn, whole or in part."""

from dataclasses import dataclass

from insight_kernel.views.events import Event


@dataclass(frozen=True)
class Times:
    """The events of a timeline in their order, and what else it says: what its live form is made of."""

    events: list[Event]
    title: str
    missing: int
    today: float | None

    @property
    def span(self) -> tuple[float, float]:
        """From which day to which everything is seen, with a margin."""
        days = [day for event in self.events for day in (event.low, event.high)]
        days += [self.today] if self.today is not None else []
        margin = max((max(days) - min(days)) * 0.03, 1 / 48)
        return max(1.0, min(days) - margin), max(days) + margin


@dataclass(frozen=True)
class Hit:
    """Where on the sheet an event is: its bar and its label."""

    event: Event
    left: float
    top: float
    width: float
    height: float
