"""Where labels go so that they cover neither each other nor what they name."""

from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle in points: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """Return the common area in square points."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0


class Room:
    """What is already taken on a sheet, and where something more fits best."""

    def __init__(self, sheet: Box) -> None:
        self._sheet = sheet
        self._taken: list[Box] = []
        self._dots: list[Point] = []

    def take(self, box: Box) -> None:
        """Mark an area as used."""
        self._taken.append(box)

    def line(self, start: Point, end: Point, *, every: float = 7.0) -> None:
        """Mark a line, as dots ``every`` so many points: crossing it costs little, covering it much."""
        (x0, y0), (x1, y1) = start, end
        steps = max(1, int(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 // every))
        self._dots.extend((x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(steps + 1))

    def cost(self, box: Box) -> float:
        """Return how bad a place is: overlap counts by area, outside the sheet counts most."""
        area = (box.right - box.left) * (box.bottom - box.top)
        outside = area - box.overlap(self._sheet)
        covered = sum(box.overlap(other) for other in self._taken)
        dots = sum(box.left < x < box.right and box.top < y < box.bottom for x, y in self._dots)
        return 20 * outside + 4 * covered + 8 * dots

    def overlaps(self, box: Box) -> bool:
        """Say whether a box touches what is taken or leaves the sheet."""
        area = (box.right - box.left) * (box.bottom - box.top)
        return box.overlap(self._sheet) < area - 0.5 or any(box.overlap(other) > 0.5 for other in self._taken)

    def best(self, boxes: Iterable[Box]) -> Box:
        """Return the cheapest of several places, the first among equals, and take it."""
        chosen = min(boxes, key=self.cost)
        self.take(chosen)
        return chosen


def around(at: Point, width: float, height: float, distance: float) -> list[Box]:
    """Return the places for a label around a point: below, above, right, left, then the corners."""
    x, y = at
    half, near = width / 2, distance * 0.75
    corners = [
        (x - half, y + distance),
        (x - half, y - distance - height),
        (x + distance, y - height / 2),
        (x - distance - width, y - height / 2),
        (x + near, y + near),
        (x - near - width, y + near),
        (x + near, y - near - height),
        (x - near - width, y - near - height),
    ]
    return [Box(left, top, left + width, top + height) for left, top in corners]
