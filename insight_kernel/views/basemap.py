"""What lies under the places: sea, land, borders, a grid, country names, a scale bar and a locator."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas
from insight_kernel.views.labels import Box, Room
from insight_kernel.views.world import RADIUS_KM, Points, Window, countries, whole, window_on

SEA, LAND, BORDER, GRID = "#e6eef4", "#fbfaf6", "#b4bdc6", "#cdd8e1"
_LIGHT, _DARK, _TINT = "#dbe7f1", "#6ea0c8", "#c9dcec"
_EQUATOR = 2 / (3**0.5 * 1.340264)  # how Equal Earth shortens the equator
_STEPS = (30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)  # degrees between grid lines


def draw_base(sheet: Canvas, window: Window, shaded: Mapping[str, str | float], room: Room) -> None:
    """Draw everything that lies under the places and mark what they must not cover."""
    frame = _frame(sheet, window)
    _land(sheet, window, shaded, frame)
    if window.project is not whole:
        _grid(sheet, window, frame)
    _scale_bar(sheet, window, room)
    sheet.box((window.left, window.top), window.width, window.height, fill=False, linewidth=0.8, edgecolor=style.LINE)


def _frame(sheet: Canvas, window: Window) -> Rectangle:
    """Fill the window with sea and return it as the shape everything else is cut at."""
    frame = Rectangle((window.left, window.top), window.width, window.height, transform=sheet.axes.transData)
    sheet.box((window.left, window.top), window.width, window.height, facecolor=SEA)
    return frame


def _land(sheet: Canvas, window: Window, shaded: Mapping[str, str | float], frame: Rectangle) -> None:
    tints = _tints(shaded)
    rings: dict[str, list[Points]] = {}
    for country in countries():
        seen = [shape for ring in country.rings if (shape := window.shape(ring)) is not None]
        rings.setdefault(tints.get(country.iso2, LAND), []).extend(seen)
    for fill, shapes in sorted(rings.items(), key=lambda item: item[0] != LAND):
        sheet.polygons(shapes, fill=fill, edge=BORDER, linewidths=0.6, zorder=1, clip_path=frame)


def _tints(shaded: Mapping[str, str | float]) -> dict[str, str]:
    """Return the fill of each shaded country: by weight from light to dark, or one tint."""
    weights = {code: float(value) for code, value in shaded.items() if not isinstance(value, str)}
    span = max(weights.values(), default=0.0) - min(weights.values(), default=0.0)
    tints = dict.fromkeys(shaded, _TINT)
    for code, weight in weights.items():
        part = (weight - min(weights.values())) / span if span else 1.0
        tints[code] = to_hex((1 - part) * np.array(to_rgb(_LIGHT)) + part * np.array(to_rgb(_DARK)))
    return tints


def _grid(sheet: Canvas, window: Window, frame: Rectangle) -> None:
    """Draw parallels and meridians, with their degrees at the left and at the lower edge."""
    degrees = window.height / window.scale / (RADIUS_KM * np.pi / 180)
    step = next((step for step in _STEPS if degrees / step >= 2.5), _STEPS[-1])
    lon, lat = _seen(window)
    for number in range(int(lat[0] // step), int(lat[1] // step) + 2):
        line = window.place(np.column_stack([np.linspace(*lon, 60), np.full(60, number * step)]))
        _grid_line(sheet, window, frame, line, 0, _degrees(number * step, "N", "S"))
    around = step / max(0.25, np.cos(np.radians(sum(lat) / 2)))
    step = next((step for step in reversed(_STEPS) if step >= around), _STEPS[0])
    for number in range(int(lon[0] // step), int(lon[1] // step) + 2):
        line = window.place(np.column_stack([np.full(60, number * step), np.linspace(*lat, 60)]))
        _grid_line(sheet, window, frame, line, 1, _degrees((number * step + 180) % 360 - 180, "E", "W"))


def _seen(window: Window) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the longitudes and latitudes that may be in the window, found by trying the globe."""
    lon0, lat0 = _middle(window)
    reach = np.degrees(np.hypot(window.width, window.height) / window.scale / RADIUS_KM) * 0.6
    wide = min(180.0, reach / max(0.05, np.cos(np.radians(min(89.0, abs(lat0) + reach)))))
    return (lon0 - wide, lon0 + wide), (max(-89.9, lat0 - reach), min(89.9, lat0 + reach))


def _middle(window: Window) -> tuple[float, float]:
    """Return longitude and latitude of the window's middle: the nearest knot of ever finer grids."""
    aim, lon, lat, reach = np.array([window.left + window.width / 2, window.top + window.height / 2]), 0.0, 0.0, 180.0
    for _ in range(12):
        lons, lats = np.meshgrid(np.linspace(lon - reach, lon + reach, 25), np.linspace(lat - reach, lat + reach, 25))
        knots = np.column_stack([lons.ravel(), np.clip(lats.ravel(), -90, 90)])
        away = np.hypot(*(window.place(knots) - aim).T)
        (lon, lat), reach = knots[int(np.nanargmin(away))], reach / 4
    return float(lon), float(lat)


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(round(value, 2)):g}°{positive if value > 0 else negative if value < 0 else ''}"


def _grid_line(sheet: Canvas, window: Window, frame: Rectangle, line: Points, axis: int, name: str) -> None:
    line = line[np.isfinite(line).all(axis=1)]
    if len(line) < 2:
        return
    sheet.lines([np.round(line, 1)], color=GRID, linewidths=0.5, zorder=1.5, clip_path=frame)
    edge = (window.left, window.top + window.height)[axis]
    order = np.argsort(line[:, axis])
    cross = float(np.interp(edge, line[order, axis], line[order, 1 - axis]))
    low, size = ((window.top, window.height), (window.left, window.width))[axis]
    inside = line[:, axis].min() <= edge <= line[:, axis].max() and low + 14 < cross < low + size - 30
    if inside:
        at = (edge + 3, cross - 2) if axis == 0 else (cross + 2, edge - 3)
        sheet.text(at, name, size=6.5, color=style.MUTED, halo=True)


def _scale_bar(sheet: Canvas, window: Window, room: Room) -> None:
    """Draw a bar of a round length; on a world map it holds along the equator, and says so."""
    world = window.project is whole
    km = window.scale * (_EQUATOR if world else 1.0)
    length = max(n * 10.0**power for power in range(-2, 5) for n in (1, 2, 5) if n * 10.0**power * km <= 110)
    name = f"{length:,g} km" + (" at the equator" if world else "")
    wide = max(length * km, style.text_width(name, style.TINY)) + 14
    x, y = window.left + window.width - wide - 6, window.top + window.height - 28
    sheet.box((x, y), wide, 22, round_=3, facecolor=style.PAPER, alpha=0.85, zorder=7)
    bar: list[Any] = [[(x + 7, y + 13), (x + 7, y + 17), (x + 7 + length * km, y + 17), (x + 7 + length * km, y + 13)]]
    sheet.lines(bar, color=style.INK, linewidths=1.2, zorder=8)
    sheet.text((x + 7, y + 9.5), name, size=style.TINY)
    room.take(Box(x, y, x + wide, y + 22))


def name_countries(sheet: Canvas, window: Window, shaded: Mapping[str, str | float], room: Room) -> None:
    """Write the names of countries where they fit; shaded ones first, with their caption or number."""
    for country in sorted(countries(), key=lambda country: country.iso2 not in shaded):
        shapes = [shape for ring in country.rings[:4] if (shape := window.shape(ring)) is not None]
        if shapes:
            value = shaded.get(country.iso2, "")
            detail = style.plain(value) if isinstance(value, str) else f"{value:,g}"
            _name(sheet, max(shapes, key=_area), country.name, style.shorten(detail, style.TINY, 90), room)


def _name(sheet: Canvas, shape: Points, name: str, detail: str, room: Room) -> None:
    (x, y), (wide, high) = _balance(shape), np.ptp(shape, axis=0)
    half = max(style.text_width(name, style.SMALL), style.text_width(detail, style.TINY)) / 2
    box = Box(x - half, y - 6, x + half, y + (13 if detail else 4))
    if (not detail and (2 * half > wide * 1.15 or high < 9)) or room.overlaps(box):
        return
    room.take(box)
    sheet.text((x, y + 2), name, size=style.SMALL, color="#7c8792", anchor="middle", halo=True)
    sheet.text((x, y + 11), detail, size=style.TINY, anchor="middle", halo=True)


def _area(shape: Points) -> float:
    (x, y), (u, v) = shape.T, np.roll(shape, -1, axis=0).T
    return abs(float((x * v - u * y).sum())) / 2


def _balance(shape: Points) -> tuple[float, float]:
    """Return the centre of gravity of a shape."""
    x, y = (shape - shape[0]).T
    u, v = np.roll(x, -1), np.roll(y, -1)
    cross = x * v - u * y
    total = max(abs(float(cross.sum())), 1e-9) * (1 if cross.sum() >= 0 else -1) * 3
    return float(((x + u) * cross).sum() / total + shape[0][0]), float(((y + v) * cross).sum() / total + shape[0][1])
