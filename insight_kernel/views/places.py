"""Places as numbered marks with a key, or as dots when they are many."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight_kernel.views import style
from insight_kernel.views.basemap import Name
from insight_kernel.views.canvas import Canvas, Point
from insight_kernel.views.frames import Facts, facts_of, values, words
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.layout import spread
from insight_kernel.views.legend import Around
from insight_kernel.views.world import Window

KEY = 200.0  # width of the key in points
MARK = 14.0


@dataclass(frozen=True)
class Spot:
    """A point of the input that has coordinates."""

    lon: float
    lat: float
    caption: str
    kind: str
    row: Hashable = None  # its label in the frame
    facts: Facts = ()


@dataclass(frozen=True)
class Places:
    """A map as it was drawn: what its live form is made of."""

    spots: list[Spot]
    colours: Mapping[str, str]
    moved: dict[
        int, Point
    ]  # number of the spot -> how far its mark stands from its place; none when not numbered
    names: list[Name]
    tints: Mapping[str, str]
    window: Window
    around: Around


def spots_of(points: pd.DataFrame) -> list[Spot]:
    """Return the rows whose coordinates are on the globe."""
    lat, lon = (pd.to_numeric(pd.Series(values(points, name)), errors="coerce") for name in ("lat", "lon"))
    said = facts_of(points, ("lat", "lon", "caption", "kind"))
    rows = zip(lon, lat, words(points, "caption"), words(points, "kind"), points.index, said, strict=True)
    return [Spot(*row) for row in rows if abs(row[0]) <= 180 and abs(row[1]) <= 90]


def draw_dots(
    sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room
) -> dict[int, Point]:
    """Draw places as dots, one colour a kind; none is moved."""
    if not spots:
        return {}
    at = window.place(np.array([(spot.lon, spot.lat) for spot in spots]))
    for kind, colour in colours.items():
        own = [point for point, spot in zip(at, spots, strict=True) if spot.kind == kind]
        sheet.marks(np.round(own, 1), shape="o", size=6, fill=colour, alpha=0.75, linewidths=0.4)
    for x, y in at:
        room.take(Box(x - 3, y - 3, x + 3, y + 3))
    return {}


def draw_numbers(
    sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room
) -> dict[int, Point]:
    """Draw numbers, where they would cover each other moved aside with a line to the true place; say how far."""
    true = [(float(x), float(y)) for x, y in window.place(np.array([(spot.lon, spot.lat) for spot in spots]))]
    moved = spread(dict(enumerate(fanned(true, MARK + 2))), MARK + 1)
    for number, (x, y) in moved.items():
        moved[number] = (
            float(np.clip(x, window.left + 9, window.left + window.width - 9)),
            float(np.clip(y, window.top + 9, window.top + window.height - 9)),
        )
    shifted = [
        (true[n], at) for n, at in moved.items() if np.hypot(at[0] - true[n][0], at[1] - true[n][1]) > 3
    ]
    sheet.lines(shifted, color=style.INK, linewidths=0.7, zorder=4)
    sheet.marks([start for start, _ in shifted], shape="o", size=4, fill=style.INK, linewidths=0.4)
    for number, (x, y) in moved.items():
        _number(sheet, (x, y), number + 1, colours[spots[number].kind])
        room.take(Box(x - MARK / 2, y - MARK / 2, x + MARK / 2, y + MARK / 2))
    return {n: (round(x - true[n][0], 1), round(y - true[n][1], 1)) for n, (x, y) in moved.items()}


def fanned(points: list[Point], gap: float) -> list[Point]:
    """Set points nearer than ``gap`` to each other on a circle around their middle, in their order on it."""
    moved = list(points)
    for group in filter(lambda group: len(group) > 1, _groups(points, gap)):
        middle = np.mean([points[n] for n in group], axis=0)
        angles = {n: float(np.arctan2(points[n][1] - middle[1], points[n][0] - middle[0])) for n in group}
        radius = gap * max(1.2, len(group) / 5.5)
        order = sorted(group, key=lambda n: (angles[n], n))
        for rank, n in enumerate(order):
            angle = angles[order[0]] + 2 * np.pi * rank / len(order)
            moved[n] = (float(middle[0] + radius * np.cos(angle)), float(middle[1] + radius * np.sin(angle)))
    return moved


def _groups(points: list[Point], gap: float) -> list[list[int]]:
    """Put each point with the first earlier one that is nearer than ``gap``."""
    groups: dict[int, list[int]] = {}
    for number, point in enumerate(points):
        near = (first for first in groups if np.hypot(*np.subtract(points[first], point)) < gap)
        groups.setdefault(next(near, number), []).append(number)
    return list(groups.values())


def _number(sheet: Canvas, at: tuple[float, float], number: int, colour: str) -> None:
    sheet.marks([at], shape="o", size=MARK, fill=style.PAPER, edgecolors=colour, linewidths=2.2, zorder=6)
    sheet.text((at[0], at[1] + 2.8), str(number), size=style.TINY, bold=True, anchor="middle")


def draw_key(sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str]) -> None:
    """Write beside the map what each number stands for."""
    x, step = window.left + window.width + 14, min(26.0, window.height / len(spots))
    for number, spot in enumerate(spots):
        y = window.top + step * (number + 0.5)
        _number(sheet, (x + 8, y), number + 1, colours[spot.kind])
        caption = spot.caption or f"{spot.lat:.3f}, {spot.lon:.3f}"
        lines = style.wrap(caption, style.SMALL, KEY - 22)
        lines = lines if step > 22 else [style.shorten(caption, style.SMALL, KEY - 22)]
        for row, line in enumerate(lines):
            base = y + 3 + (row - (len(lines) - 1) / 2) * 10
            sheet.text(
                (x + 21, base), line, size=style.SMALL, full=caption if lines[-1].endswith("…") else ""
            )
