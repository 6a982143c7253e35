"""Places on a map that needs no tile server."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight_kernel.views import style
from insight_kernel.views.basemap import draw_base, name_countries
from insight_kernel.views.canvas import Canvas, nothing, pristine
from insight_kernel.views.frames import need, values, words
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.layout import spread
from insight_kernel.views.legend import legend
from insight_kernel.views.picture import Picture
from insight_kernel.views.world import Points, Window, countries, window_on

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
    sheet = Canvas(680, 470 if len(spots) <= 26 or not numbered else 560)
    colours = style.kind_colours(spot.kind for spot in spots)
    top = _kinds(sheet, sheet.heading(title), spots, colours)
    width = sheet.width - 2 * style.MARGIN - (_KEY + 14 if numbered else 0)
    window = window_on(outline, (style.MARGIN, top), (width, sheet.height - top - 40), _LEAST_KM)
    room = Room(Box(window.left, window.top, window.left + window.width, window.top + window.height))
    draw_base(sheet, window, shaded, room)
    (_draw_numbers if numbered else _draw_dots)(sheet, window, spots, colours, room)
    name_countries(sheet, window, shaded, room)
    if numbered:
        _draw_key(sheet, window, spots, colours)
    sheet.notes(["Borders: Natural Earth, no political statement.", " ".join(_notes(spots, shaded, missing))])
    return sheet.picture(_alt(spots, shaded, title, missing))


def _kinds(sheet: Canvas, top: float, spots: list[Spot], colours: Mapping[str, str]) -> float:
    numbers = pd.Series([spot.kind for spot in spots], dtype=object).value_counts()
    return legend(sheet, top, [("o", colours[kind], f"{kind} ({numbers[kind]:,})") for kind in colours if kind])


def _draw_dots(sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room) -> None:
    if not spots:
        return
    at = window.place(np.array([(spot.lon, spot.lat) for spot in spots]))
    for kind, colour in colours.items():
        own = [point for point, spot in zip(at, spots, strict=True) if spot.kind == kind]
        sheet.marks(np.round(own, 1), shape="o", size=6, fill=colour, alpha=0.75, linewidths=0.4)
    for x, y in at:
        room.take(Box(x - 3, y - 3, x + 3, y + 3))


def _draw_numbers(sheet: Canvas, window: Window, spots: list[Spot], colours: Mapping[str, str], room: Room) -> None:
    true = window.place(np.array([(spot.lon, spot.lat) for spot in spots]))
    moved = spread({number: (float(x), float(y)) for number, (x, y) in enumerate(true)}, _MARK + 1)
    shifted = [(tuple(true[n]), at) for n, at in moved.items() if np.hypot(*(true[n] - at)) > 3]
    sheet.lines(shifted, color=style.INK, linewidths=0.7, zorder=4)
    sheet.marks([start for start, _ in shifted], shape="o", size=4, fill=style.INK, linewidths=0.4)
    for number, (x, y) in moved.items():
        _number(sheet, (x, y), number + 1, colours[spots[number].kind])
        room.take(Box(x - _MARK / 2, y - _MARK / 2, x + _MARK / 2, y + _MARK / 2))


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
            sheet.text((x + 21, base), line, size=style.SMALL, full=caption if lines[-1].endswith("…") else "")


def _notes(spots: list[Spot], shaded: Mapping[str, str | float], missing: int) -> list[str]:
    notes = _left_out(missing)
    if len(spots) > _NUMBERED:
        notes.append(f"{len(spots):,} places, too many to number.")
    unknown = sorted(set(shaded) - {country.iso2 for country in countries()})
    if unknown:
        notes.append(f"Not in the atlas: {', '.join(unknown)}.")
    weights = [value for value in shaded.values() if not isinstance(value, str)]
    if weights:
        notes.append(f"Shading: darker is more, from {min(weights):,g} to {max(weights):,g}.")
    return notes


def _alt(spots: list[Spot], shaded: Mapping[str, str | float], title: str, missing: int) -> str:
    named = [f"{spot.caption or 'unnamed'}{f' ({spot.kind})' if spot.kind else ''}" for spot in spots[:8]]
    more = f" and {len(spots) - 8} more" if len(spots) > 8 else ""
    places = f"Map of {style.count(len(spots), 'place')}: {', '.join(named)}{more}." if spots else "Map."
    tinted = [f"{style.count(len(shaded), 'country', 'countries')} shaded."] if shaded else []
    return " ".join([*([f"{title}."] if title else []), places, *tinted, *_left_out(missing)])
