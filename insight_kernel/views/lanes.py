"""Which row of its lane an event stands in, and where its label goes, so that nothing overlaps."""

from dataclasses import dataclass

from insight_kernel.views import style
from insight_kernel.views.events import Event

_LABEL = 190.0


@dataclass(frozen=True)
class Axis:
    """Turns days into points on the sheet."""

    low: float
    high: float
    left: float
    right: float

    def x(self, day: float) -> float:
        """Return the place of a day, kept on the axis."""
        part = (day - self.low) / (self.high - self.low)
        return round(self.left + min(1.0, max(0.0, part)) * (self.right - self.left), 2)


@dataclass(frozen=True)
class Placed:
    """An event in its row: its bar from x0 to x1, its label and where that stands."""

    event: Event
    row: int
    x0: float
    x1: float
    label: str
    anchor: str


def rows(events: list[Event], axis: Axis, labelled: bool, most: int) -> list[Placed]:
    """Put each event into the first row where it touches nothing; a full lane begins again at its top."""
    ends: list[float] = []
    placed: list[Placed] = []
    for event in events:
        x0, x1 = axis.left if event.open_ else axis.x(event.low), axis.x(event.high)
        label = style.shorten(event.caption, style.SMALL, _LABEL) if labelled else ""
        begin, end, anchor = _extent(x0, x1, style.text_width(label, style.SMALL), axis)
        row = next((row for row, taken in enumerate(ends) if taken <= begin), len(ends))
        row = row if row < most else len(placed) % most
        ends += [0.0] * (row + 1 - len(ends))
        ends[row] = max(ends[row], end + 6)
        placed.append(Placed(event, row, x0, x1, label, anchor))
    return placed


def _extent(x0: float, x1: float, wide: float, axis: Axis) -> tuple[float, float, str]:
    """Return what bar and label need, and where the label goes: right of the bar, left of it, or above it."""
    begin, end = x0 - 5, x1 + 5
    if not wide:
        return begin, end, "start"
    if x1 + 9 + wide <= axis.right:
        return begin, x1 + 9 + wide, "start"
    if x0 - 9 - wide >= axis.left:
        return x0 - 9 - wide, end, "end"
    return min(begin, (x0 + x1 - wide) / 2), max(end, (x0 + x1 + wide) / 2), "middle"
