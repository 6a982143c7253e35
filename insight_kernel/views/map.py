"""Places on a map that needs no tile server."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight_kernel.views import style
from insight_kernel.views.basemap import draw_base, locator, name_countries
from insight_kernel.views.canvas import Canvas, Point, nothing, pristine
from insight_kernel.views.frames import need, values, words
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.layout import spread
from insight_kernel.views.legend import legend
from insight_kernel.views.picture import Picture
from insight_kernel.views.world import REGION, Points, Window, centre_of, countries, window_on

_NUMBERED = 36  # more numbers than that neither fit the map nor the key
_KEY = 200.0
_LEAST_KM = 40.0
_MARK = 14.0


@dataclass(frozen=True)
class Spot:
    """A point of the input that has coordinates."""

    lon: float
    lat: float
    caption: str
    kind: str


@pristine
def world_map(
    points: pd.DataFrame, *, title: str = "", countries: Mapping[str, str | float] | None = None
) -> Picture:
    """Draw places on land and borders, with a key and a scale bar, and ask no server for it.

    Parameters
    ----------
    points
        One row a place: ``lat`` and ``lon`` in degrees (WGS 84); ``caption`` and ``kind`` may be absent. Rows without
        usable coordinates are left out, and the picture says how many.
    title
        Written above the map.
    countries
        Countries to shade: ISO 3166-1 alpha-2 code -> a number (more is darker) or a text, which is written there.

    Returns
    -------
    Picture
        Up to 36 places are numbered, in the order of the rows, with a key beside; more are dots. Numbers that would
        cover each other are moved aside, a thin line showing the true place. Regions up to some 100 degrees across
        are in Lambert's azimuthal equal-area projection, larger ones in Equal Earth. Borders: Natural Earth.

    Raises
    ------
    BadInput
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.DataFrame({"lat": [51.92, None], "lon": [4.48, None], "caption": ["Port", "?"], "kind": "sighting"})
    >>> world_map(places, title="Sightings").alt
    'Sightings. Map of 1 place: Port (sighting). 1 row without usable coordinates left out.'
    """
    need(points, ("lat", "lon"), "draw a map")
    spots = spots_of(points)
    shaded = {style.plain(code).lower(): value for code, value in (countries or {}).items()}
    missing = len(points) - len(spots)
    outline = _outline(spots, shaded)
    if not len(outline):
        return nothing(title, " ".join(["No places to show.", *_left_out(missing)]))
    return _draw(spots, shaded, outline, title, missing)


def spots_of(points: pd.DataFrame) -> list[Spot]:
    """Return the rows whose coordinates are on the globe."""
    lat, lon = (pd.to_numeric(pd.Series(values(points, name)), errors="coerce") for name in ("lat", "lon"))
    rows = zip(lon, lat, words(points, "caption"), words(points, "kind"), strict=True)
    return [Spot(*row) for row in rows if abs(row[0]) <= 180 and abs(row[1]) <= 90]


def _outline(spots: list[Spot], shaded: Mapping[str, str | float]) -> Points:
    """Return what the map must show: the places, or the main land of the shaded countries if there are none."""
    if spots:
        return np.array([(spot.lon, spot.lat) for spot in spots])
    rings = [country.rings[0] for country in countries() if country.iso2 in shaded]
    return np.concatenate(rings) if rings else np.empty((0, 2))


def _left_out(missing: int) -> list[str]:
    return [f"{style.count(missing, 'row')} without usable coordinates left out."] if missing else []


def _draw(
    spots: list[Spot], shaded: Mapping[str, str | float], outline: Points, title: str, missing: int
) -> Picture:
    numbered = 0 < len(spots) <= _NUMBERED
    sheet = Canvas(680, _height(len(spots) if numbered else 0, centre_of(outline)[2] > REGION))
    colours = style.kind_colours(spot.kind for spot in spots)
    top = _kinds(sheet, sheet.heading(title), spots, colours)
    width = sheet.width - 2 * style.MARGIN - (_KEY + 14 if numbered else 0)
    window = window_on(outline, (style.MARGIN, top), (width, sheet.height - top - 40), _LEAST_KM)
    room = Room(Box(window.left, window.top, window.left + window.width, window.top + window.height))
    draw_base(sheet, window, shaded, room)
    (_draw_numbers if numbered else _draw_dots)(sheet, window, spots, colours, room)
    locator(sheet, window, room)
    unsaid = name_countries(sheet, window, shaded, room)
    if numbered:
        _draw_key(sheet, window, spots, colours)
    notes = _notes(spots, shaded, missing, unsaid)
    sheet.notes(["Borders: Natural Earth, no political statement.", " ".join(notes)])
    return sheet.picture(_alt(spots, shaded, title, missing))


def _height(numbers: int, world: bool) -> float:
    """A world map is twice as wide as high; the key needs 13 points a line."""
    return max(350.0 if world else 470.0, 110.0 + 13 * numbers)


def _kinds(sheet: Canvas, top: float, spots: list[Spot], colours: Mapping[str, str]) -> float:
    numbers = pd.Series([spot.kind for spot in spots], dtype=object).value_counts()
    return legend(
        sheet, top, [("o", colours[kind], f"{kind} ({numbers[kind]:,})") for kind in colours if kind]
    )


def _draw_dots(
    sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room
) -> None:
    if not spots:
        return
    at = window.place(np.array([(spot.lon, spot.lat) for spot in spots]))
    for kind, colour in colours.items():
        own = [point for point, spot in zip(at, spots, strict=True) if spot.kind == kind]
        sheet.marks(np.round(own, 1), shape="o", size=6, fill=colour, alpha=0.75, linewidths=0.4)
    for x, y in at:
        room.take(Box(x - 3, y - 3, x + 3, y + 3))


def _draw_numbers(
    sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room
) -> None:
    true = [(float(x), float(y)) for x, y in window.place(np.array([(spot.lon, spot.lat) for spot in spots]))]
    moved = spread(dict(enumerate(fanned(true, _MARK + 2))), _MARK + 1)
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
        room.take(Box(x - _MARK / 2, y - _MARK / 2, x + _MARK / 2, y + _MARK / 2))


def fanned(points: list[Point], gap: float) -> list[Point]:
    """Set points nearer than ``gap`` to each other on a circle around their middle, in the order they lie in."""
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
    sheet.marks([at], shape="o", size=_MARK, fill=style.PAPER, edgecolors=colour, linewidths=2.2, zorder=6)
    sheet.text((at[0], at[1] + 2.8), str(number), size=style.TINY, bold=True, anchor="middle")


def _draw_key(sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str]) -> None:
    x, step = window.left + window.width + 14, min(26.0, window.height / len(spots))
    for number, spot in enumerate(spots):
        y = window.top + step * (number + 0.5)
        _number(sheet, (x + 8, y), number + 1, colours[spot.kind])
        caption = spot.caption or f"{spot.lat:.3f}, {spot.lon:.3f}"
        lines = style.wrap(caption, style.SMALL, _KEY - 22)
        lines = lines if step > 22 else [style.shorten(caption, style.SMALL, _KEY - 22)]
        for row, line in enumerate(lines):
            base = y + 3 + (row - (len(lines) - 1) / 2) * 10
            sheet.text(
                (x + 21, base), line, size=style.SMALL, full=caption if lines[-1].endswith("…") else ""
            )


def _notes(
    spots: list[Spot], shaded: Mapping[str, str | float], missing: int, unsaid: list[str]
) -> list[str]:
    notes = _left_out(missing)
    if len(spots) > _NUMBERED:
        notes.append(f"{len(spots):,} places, too many to number.")
    weights = [value for value in shaded.values() if not isinstance(value, str)]
    if weights:
        notes.append(f"Shading: darker is more, from {min(weights):,g} to {max(weights):,g}.")
    if unsaid:
        notes.append(f"Shaded without a label: {'; '.join(unsaid)}.")
    unknown = sorted(set(shaded) - {country.iso2 for country in countries()})
    if unknown:
        notes.append(f"Not in the atlas: {', '.join(unknown)}.")
    return notes


def _alt(spots: list[Spot], shaded: Mapping[str, str | float], title: str, missing: int) -> str:
    places = f"Map of {style.count(len(spots), 'place')}{_named(spots)}." if spots else "Map."
    tinted = [f"{style.count(len(shaded), 'country', 'countries')} shaded."] if shaded else []
    return " ".join([*([f"{title}."] if title else []), places, *tinted, *_left_out(missing)])


def _named(spots: list[Spot]) -> str:
    """Name up to eight places; of more, say how many there are of each kind."""
    if len(spots) > 8:
        kinds = Counter(spot.kind for spot in spots if spot.kind)
        return ": " + ", ".join(f"{number:,} {kind}" for kind, number in kinds.items()) if kinds else ""
    named = [spot.caption + (f" ({spot.kind})" if spot.kind else "") for spot in spots if spot.caption]
    return ": " + ", ".join(named) if named else ""
