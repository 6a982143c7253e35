"""Places on a map that needs no tile server."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from insight_kernel.views import style
from insight_kernel.views.basemap import draw_base, locator, name_countries, tints
from insight_kernel.views.canvas import Canvas, nothing, pristine
from insight_kernel.views.frames import need
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.legend import Around, Entry, legend
from insight_kernel.views.picture import Picture
from insight_kernel.views.places import KEY, Places, Spot, draw_dots, draw_key, draw_numbers, spots_of
from insight_kernel.views.world import REGION, Points, centre_of, countries, window_on

_NUMBERED = 36  # more numbers than that neither fit the map nor the key
_LEAST_KM = 40.0


@pristine
def world_map(
    points: pd.DataFrame, *, title: str = "", countries: Mapping[str, str | float] | None = None
) -> Picture:
    """Draw places on land and borders, with a key and a scale bar, and ask no server for it.

    Parameters
    ----------
    points
        One row a place: ``lat`` and ``lon`` in degrees (WGS 84); ``caption`` and ``kind`` may be absent. Rows
        without usable coordinates are left out, and the picture says how many.
    title
        Written above the map.
    countries
        Countries to shade: ISO 3166-1 alpha-2 code -> a number (more is darker) or a text, which is written
        there.

    Returns
    -------
    Picture
        Up to 36 places are numbered, in the order of the rows, with a key beside; more are dots. Numbers that
        would cover each other are moved aside, a thin line showing the true place. Regions up to some 100
        degrees across are in Lambert's azimuthal equal-area projection, larger ones in Equal Earth.

    Raises
    ------
    BadInput
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(51.92, 4.48, "Port", "sighting"), (None, None, "Unknown", "sighting")]
    >>> places = pd.DataFrame(rows, columns=["lat", "lon", "caption", "kind"])
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


def _outline(spots: list[Spot], shaded: Mapping[str, str | float]) -> Points:
    """Return what the map must show: the places or, if there are none, the shaded countries."""
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
    entries = _kinds(spots, colours)
    top = legend(sheet, sheet.heading(title), entries)
    width = sheet.width - 2 * style.MARGIN - (KEY + 14 if numbered else 0)
    window = window_on(outline, (style.MARGIN, top), (width, sheet.height - top - 40), _LEAST_KM)
    room = Room(Box(window.left, window.top, window.left + window.width, window.top + window.height))
    draw_base(sheet, window, shaded, room)
    moved = (draw_numbers if numbered else draw_dots)(sheet, window, spots, colours, room)
    locator(sheet, window, room)
    names, unsaid = name_countries(sheet, window, shaded, room)
    if numbered:
        draw_key(sheet, window, spots, colours)
    notes = (
        "Borders: Natural Earth, no political statement.",
        " ".join(_notes(spots, shaded, missing, unsaid)),
    )
    sheet.notes(notes)
    around = Around(style.plain(title), entries, tuple(filter(None, notes)))
    scene = Places(spots, colours, moved, names, tints(shaded), window, around)
    return sheet.picture(_alt(spots, shaded, title, missing), scene)


def _height(numbers: int, world: bool) -> float:
    """Return the sheet's height: a world map is twice as wide as high; the key needs 13 points a line."""
    return max(350.0 if world else 470.0, 110.0 + 13 * numbers)


def _kinds(spots: list[Spot], colours: Mapping[str, str]) -> tuple[Entry, ...]:
    numbers = Counter(spot.kind for spot in spots)
    return tuple(("o", colours[kind], f"{kind} ({numbers[kind]:,})") for kind in colours if kind)


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
