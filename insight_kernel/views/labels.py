"""Where labels go so that they cover neither each other nor what they name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]
Cell = tuple[int, int]

_CELL = 40.0  # points; only what shares such a square with a box can touch it


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


def _cells(box: Box) -> list[Cell]:
    across = range(int(box.left // _CELL), int(box.right // _CELL) + 1)
    down = range(int(box.top // _CELL), int(box.bottom // _CELL) + 1)
    return [(x, y) for x in across for y in down]


class Room:
    """What is already taken on a sheet, and where something more fits best."""

    def __init__(self, sheet: Box) -> None:
        self._sheet = sheet
        self._taken: defaultdict[Cell, list[Box]] = defaultdict(list)
        self._dots: defaultdict[Cell, list[Point]] = defaultdict(list)

    def take(self, box: Box) -> None:
        """Mark an area as used."""
        for cell in _cells(box):
            self._taken[cell].append(box)

    def line(self, start: Point, end: Point, *, every: float = 7.0) -> None:
        """Mark a line, as dots ``every`` so many points: crossing it costs little, covering it much."""
        (x0, y0), (x1, y1) = start, end
        steps = max(1, int(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 // every))
        for n in range(steps + 1):
            x, y = x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps
            self._dots[int(x // _CELL), int(y // _CELL)].append((x, y))

    def cost(self, box: Box) -> float:
        """Return how bad a place is: overlap counts by area, outside the sheet counts most."""
        covered = sum(box.overlap(other) for other in self._near(box))
        found = (dot for cell in _cells(box) for dot in self._dots[cell])
        dots = sum(box.left < x < box.right and box.top < y < box.bottom for x, y in found)
        return 20 * self._outside(box) + 4 * covered + 8 * dots

    def _near(self, box: Box) -> set[Box]:
        return {other for cell in _cells(box) for other in self._taken[cell]}

    def _outside(self, box: Box) -> float:
        return box.overlap(box) - box.overlap(self._sheet)

    def overlaps(self, box: Box) -> bool:
        """Say whether a box touches what is taken or leaves the sheet."""
        return self._outside(box) > 0.5 or any(box.overlap(other) > 0.5 for other in self._near(box))

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
