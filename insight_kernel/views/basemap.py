"""What lies under the places: sea, land, borders, a grid, country names, a scale bar and a locator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.world import (
    RADIUS_KM,
    Country,
    Points,
    Regional,
    Window,
    countries,
    whole,
    window_on,
)

SEA, LAND, BORDER, GRID = "#e6eef4", "#fbfaf6", "#b4bdc6", "#cdd8e1"
_LIGHT, _DARK, _TINT = "#c3d8ea", "#6ea0c8", "#c9dcec"
_EQUATOR = 2 / (3**0.5 * 1.340264)  # how Equal Earth shortens the equator
_LOCATE_KM = 1500.0  # a window narrower than this gets a locator
_STEPS = (30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)  # degrees between grid lines


@dataclass(frozen=True)
class Name:
    """A country's name as written on the map: its middle, longitude and latitude, and the detail under it."""

    name: str
    detail: str
    lon: float
    lat: float


def draw_base(sheet: Canvas, window: Window, shaded: Mapping[str, str | float], room: Room) -> None:
    """Draw everything that lies under the places and mark what they must not cover."""
    sheet.box((window.left, window.top), window.width, window.height, facecolor=SEA)
    _land(sheet, window, shaded)
    _scale_bar(sheet, window, room)
    if isinstance(window.project, Regional):
        _grid(sheet, window, window.project, room)
    _edge(sheet, window)


def _edge(sheet: Canvas, window: Window) -> None:
    sheet.box(
        (window.left, window.top),
        window.width,
        window.height,
        fill=False,
        linewidth=0.8,
        edgecolor=style.LINE,
    )


def locator(sheet: Canvas, window: Window, room: Room) -> None:
    """Draw the surroundings of a small window into a free upper corner, with the window marked."""
    if window.km > _LOCATE_KM:
        return
    left = room.best([Box(x, window.top + 6, x + 92, window.top + 76) for x in _corners(window)]).left
    lon, lat = window.centre()
    around = window_on(np.array([[lon, lat]]), (left, window.top + 6), (92, 70), max(1800.0, 9 * window.km))
    draw: dict[str, Any] = {"edgecolor": style.LINE, "linewidth": 0.6}
    sheet.box((left, window.top + 6), 92, 70, facecolor=SEA, zorder=7, **draw)
    shapes = [
        shape
        for country in countries()
        for ring in country.rings
        if (shape := around.shape(ring)) is not None
    ]
    sheet.polygons(shapes, fill=LAND, edge=BORDER, linewidths=0.4, zorder=7.1, clip=around.frame)
    sheet.box((left, window.top + 6), 92, 70, fill=False, zorder=7.2, **draw)
    wide, high = (max(5.0, size / window.scale * around.scale) for size in (window.width, window.height))
    corner = (left + 46 - wide / 2, window.top + 41 - high / 2)
    sheet.box(corner, wide, high, fill=False, edgecolor=style.ACCENT, linewidth=1.4, zorder=7.3)


def _corners(window: Window) -> tuple[float, float]:
    return window.left + window.width - 98, window.left + 6


def _land(sheet: Canvas, window: Window, shaded: Mapping[str, str | float]) -> None:
    fills = tints(shaded)
    rings: dict[str, list[Points]] = {}
    for country in countries():
        seen = [shape for ring in country.rings if (shape := window.shape(ring)) is not None]
        rings.setdefault(fills.get(country.iso2, LAND), []).extend(seen)
    for fill, shapes in sorted(rings.items(), key=lambda item: item[0] != LAND):
        sheet.polygons(shapes, fill=fill, edge=BORDER, linewidths=0.6, zorder=1, clip=window.frame)


def tints(shaded: Mapping[str, str | float]) -> dict[str, str]:
    """Return the fill of each shaded country: by weight from light to dark, or one tint."""
    weights = {code: float(value) for code, value in shaded.items() if not isinstance(value, str)}
    span = max(weights.values(), default=0.0) - min(weights.values(), default=0.0)
    fills = dict.fromkeys(shaded, _TINT)
    for code, weight in weights.items():
        part = (weight - min(weights.values())) / span if span else 1.0
        fills[code] = _mixed(part)
    return fills


def _mixed(part: float) -> str:
    """Return a colour between the lightest (0) and the darkest tint (1)."""
    red, green, blue = (a + (b - a) * part for a, b in zip(to_rgb(_LIGHT), to_rgb(_DARK), strict=True))
    return to_hex((red, green, blue))


def _grid(sheet: Canvas, window: Window, project: Regional, room: Room) -> None:
    """Draw parallels and meridians, with their degrees at the left and at the lower edge."""
    (west, south), (east, north) = _seen(window, project)
    step = _step((window.height / window.scale) / (RADIUS_KM * np.pi / 180) / 2.5)
    for degrees in _round_numbers(south, north, step):
        line = np.column_stack([np.linspace(west, east, 60), np.full(60, degrees)])
        _grid_line(sheet, window, line, 0, _degrees(degrees, "N", "S"), room)
    step = _step((east - west) / 3)
    for degrees in _round_numbers(west, east, step):
        line = np.column_stack([np.full(60, degrees), np.linspace(south, north, 60)])
        _grid_line(sheet, window, line, 1, _degrees((degrees + 180) % 360 - 180, "E", "W"), room)


def _step(most: float) -> float:
    return next((step for step in _STEPS if step <= most), _STEPS[-1])


def _round_numbers(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(int(low // step) + 1, int(high // step) + 1)]


def _seen(window: Window, project: Regional) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the lowest and highest longitude and latitude in the window; around a pole, all longitudes."""
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 21), np.linspace(-0.5, 0.5, 21))
    spots = np.column_stack([x.ravel() * window.width, y.ravel() * window.height]) / window.scale
    lonlat = project.back(spots + np.array(window.middle))
    (west, south), (east, north) = lonlat.min(axis=0), lonlat.max(axis=0)
    if east - west > 300:
        west, east = project.lon - 180, project.lon + 180
    return (float(west), float(south)), (float(east), float(north))


def _degrees(value: float, positive: str, negative: str) -> str:
    side = "" if value in (0, -180) else positive if value > 0 else negative
    return f"{abs(round(value, 2)):g}°{side}"


def _grid_line(sheet: Canvas, window: Window, lonlat: Points, axis: int, name: str, room: Room) -> None:
    line = np.round(window.place(lonlat), 1)
    sheet.lines([line], color=GRID, linewidths=0.5, zorder=1.5, clip=window.frame)
    edge = (window.left, window.top + window.height)[axis]
    away = line[:, axis] - edge
    for n in np.flatnonzero((away[1:] < 0) != (away[:-1] < 0))[:1]:
        cross = line[n, 1 - axis] + (line[n + 1, 1 - axis] - line[n, 1 - axis]) * away[n] / (
            away[n] - away[n + 1]
        )
        x, y = (edge + 3, cross - 2) if axis == 0 else (cross + 2, edge - 3)
        box = Box(x, y - 6, x + style.text_width(name, 6.5), y + 1)
        if not room.overlaps(box):
            room.take(box)
            sheet.text((float(x), float(y)), name, size=6.5, color=style.MUTED, halo=True)


def _scale_bar(sheet: Canvas, window: Window, room: Room) -> None:
    """Draw a bar of a round length; on a world map it holds along the equator, and says so."""
    world = window.project is whole
    km = window.scale * (_EQUATOR if world else 1.0)
    length = max(n * 10.0**power for power in range(-2, 5) for n in (1, 2, 5) if n * 10.0**power * km <= 110)
    name = f"{length:,g} km" + (" at the equator" if world else "")
    wide = max(length * km, style.text_width(name, style.TINY)) + 14
    x, y = window.left + window.width - wide - 6, window.top + window.height - 28
    sheet.box((x, y), wide, 22, round_=3, facecolor=style.PAPER, alpha=0.85, zorder=7)
    bar: list[Any] = [
        [(x + 7, y + 13), (x + 7, y + 17), (x + 7 + length * km, y + 17), (x + 7 + length * km, y + 13)]
    ]
    sheet.lines(bar, color=style.INK, linewidths=1.2, zorder=8)
    sheet.text((x + 7, y + 9.5), name, size=style.TINY)
    room.take(Box(x, y, x + wide, y + 22))


def name_countries(
    sheet: Canvas, window: Window, shaded: Mapping[str, str | float], room: Room
) -> tuple[list[Name], list[str]]:
    """Write the names of countries where they fit; return them, and what could not be said of the shaded ones."""
    names, unsaid = [], []
    for country in sorted(countries(), key=lambda country: country.iso2 not in shaded):
        shapes = [shape for ring in country.rings[:4] if (shape := window.shape(ring)) is not None]
        detail = _detail(shaded.get(country.iso2, ""))
        if shapes and _name(sheet, max(shapes, key=_area), country.name, detail, room):
            names.append(Name(country.name, detail, *_middle(max(shapes, key=_area), country, window)))
        elif country.iso2 in shaded:
            unsaid.append(f"{country.name} {detail}".strip())
    return names, unsaid


def _middle(shape: Points, country: Country, window: Window) -> tuple[float, float]:
    """Return longitude and latitude of where a name stands; on a world map, of the middle of the country."""
    if not isinstance(window.project, Regional):
        return _balance(country.rings[0])
    corner = np.array([window.left + window.width / 2, window.top + window.height / 2])
    away = (np.array([_balance(shape)]) - corner) / window.scale + np.array(window.middle)
    lon, lat = window.project.back(away)[0]
    return round(float(lon), 3), round(float(lat), 3)


def _detail(value: str | float) -> str:
    text = style.plain(value) if isinstance(value, str) else f"{value:,g}"
    return style.shorten(text, style.TINY, 90)


def _name(sheet: Canvas, shape: Points, name: str, detail: str, room: Room) -> bool:
    (x, y), (wide, high) = _balance(shape), np.ptp(shape, axis=0)
    half = max(style.text_width(name, style.SMALL), style.text_width(detail, style.TINY)) / 2
    box = Box(x - half, y - 6, x + half, y + (13 if detail else 4))
    if (not detail and (2 * half > wide * 1.15 or high < 9)) or room.overlaps(box):
        return False
    room.take(box)
    color = style.INK if detail else "#7c8792"
    sheet.text((x, y + 2), name, size=style.SMALL, color=color, anchor="middle", halo=True)
    sheet.text((x, y + 11), detail, size=style.TINY, anchor="middle", halo=True)
    return True


def _area(shape: Points) -> float:
    (x, y), (u, v) = shape.T, np.roll(shape, -1, axis=0).T
    return abs(float((x * v - u * y).sum())) / 2


def _balance(shape: Points) -> tuple[float, float]:
    """Return the centre of gravity of a shape."""
    x, y = (shape - shape[0]).T
    u, v = np.roll(x, -1), np.roll(y, -1)
    cross = x * v - u * y
    total = max(abs(float(cross.sum())), 1e-9) * (1 if cross.sum() >= 0 else -1) * 3
    return float(((x + u) * cross).sum() / total + shape[0][0]), float(
        ((y + v) * cross).sum() / total + shape[0][1]
    )
