"""The shipped geometry, two projections, and the window of the world a map shows."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Projection = Callable[[Points], Points]

RADIUS_KM = 6371.0
REGION = 50.0  # degrees from the middle up to which a map is a regional one
_BACK = np.cos(np.radians(130))  # a ring that reaches this far round the globe is never in a regional window


@dataclass(frozen=True)
class Country:
    """A country of the atlas: its outer rings as arrays of (longitude, latitude), largest first."""

    name: str
    iso2: str
    rings: tuple[Points, ...]


@cache
def countries() -> tuple[Country, ...]:
    """Return all countries, larger ones first, so that enclaves are drawn on top."""
    packed = files("insight_kernel.views").joinpath("geometry/world.geojson.gz").read_bytes()
    found = [_country(feature) for feature in json.loads(gzip.decompress(packed))["features"]]
    return tuple(sorted(found, key=lambda country: -_extent(country.rings[0])))


def _country(feature: dict[str, Any]) -> Country:
    rings = [np.array(polygon[0], dtype=float) for polygon in feature["geometry"]["coordinates"]]
    for ring in rings:
        ring.setflags(write=False)  # shared by every map of this process
    about = feature["properties"]
    return Country(about["name"], about["iso2"] or "", tuple(sorted(rings, key=_extent, reverse=True)))


def _extent(ring: Points) -> float:
    return float(np.prod(np.ptp(ring, axis=0)))


@dataclass(frozen=True)
class Regional:
    """Lambert's azimuthal equal-area projection (Snyder 1987), in kilometres; true to scale at its centre."""

    lon: float
    lat: float

    def __call__(self, lonlat: Points) -> Points:
        """Return (longitude, latitude) as kilometres east and south of the centre; NaN on the far side."""
        lon, lat = np.radians(lonlat[:, 0] - self.lon), np.radians(lonlat[:, 1])
        sin0, cos0 = np.sin(np.radians(self.lat)), np.cos(np.radians(self.lat))
        near = sin0 * np.sin(lat) + cos0 * np.cos(lat) * np.cos(lon)
        k = RADIUS_KM * np.sqrt(2 / np.maximum(1 + near, 1e-9))
        north = cos0 * np.sin(lat) - sin0 * np.cos(lat) * np.cos(lon)
        points = np.column_stack([k * np.cos(lat) * np.sin(lon), -k * north])
        return np.where((near > _BACK)[:, None], points, np.nan)

    def back(self, points: Points) -> Points:
        """Return (longitude, latitude) of projected points; longitudes run on around the centre's."""
        x, y = points[:, 0], -points[:, 1]
        rho = np.maximum(np.hypot(x, y), 1e-9)
        c = 2 * np.arcsin(np.clip(rho / (2 * RADIUS_KM), 0, 1))
        sin0, cos0 = np.sin(np.radians(self.lat)), np.cos(np.radians(self.lat))
        lat = np.arcsin(np.clip(np.cos(c) * sin0 + y * np.sin(c) * cos0 / rho, -1, 1))
        lon = np.arctan2(x * np.sin(c), rho * cos0 * np.cos(c) - y * sin0 * np.sin(c))
        return np.column_stack([self.lon + np.degrees(lon), np.degrees(lat)])


def whole(lonlat: Points) -> Points:
    """Equal Earth projection in kilometres (Savric, Patterson, Jenny 2019), for maps of the whole world."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(lat))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    y = a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t
    return RADIUS_KM * np.column_stack([2 * np.sqrt(3) * lon * np.cos(t) / (3 * slope), -y])


def centre_of(lonlat: Points) -> tuple[float, float, float]:
    """Return longitude and latitude of the middle of points, and the largest distance from it, in degrees."""
    lon, lat = np.radians(lonlat).T
    spots = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    middle = spots.mean(axis=0)
    length = float(np.linalg.norm(middle))
    if length < 1e-6:
        return 0.0, 0.0, 180.0
    x, y, z = middle / length
    far = np.degrees(np.arccos(np.clip(spots @ (middle / length), -1, 1))).max()
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(z))), float(far)


@dataclass(frozen=True)
class Window:
    """A rectangle on the sheet and the part of a projected world seen through it."""

    left: float
    top: float
    width: float
    height: float
    project: Projection
    middle: tuple[float, float]  # kilometres
    scale: float  # points for a kilometre

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, top, width and height on the sheet."""
        return self.left, self.top, self.width, self.height

    @property
    def km(self) -> float:
        """How much of the world is seen from left to right."""
        return self.width / self.scale

    def place(self, lonlat: Points) -> Points:
        """Return where (longitude, latitude) lie on the sheet, in points; NaN on the far side."""
        corner = np.array([self.left + self.width / 2, self.top + self.height / 2])
        placed: Points = (self.project(lonlat) - np.array(self.middle)) * self.scale + corner
        return placed

    def centre(self) -> tuple[float, float]:
        """Return longitude and latitude of the middle of a regional window."""
        if not isinstance(self.project, Regional):
            return 0.0, 0.0
        lon, lat = self.project.back(np.array([self.middle]))[0]
        return float(lon), float(lat)

    def shape(self, ring: Points) -> Points | None:
        """Return the part of a ring that is seen, without detail finer than half a point, or None."""
        points = self.place(ring)
        low, high = points.min(axis=0), points.max(axis=0)
        box = (self.left - 4, self.top - 4, self.left + self.width + 4, self.top + self.height + 4)
        seen = low[0] < box[2] and high[0] > box[0] and low[1] < box[3] and high[1] > box[1]
        if not seen or max(high - low) < 0.7:  # NaN compares false: rings of the far side end here too
            return None
        clipped = _clip(_thin(points), box)
        return np.round(clipped, 1) if len(clipped) >= 3 else None


def window_on(lonlat: Points, at: tuple[float, float], size: tuple[float, float], least_km: float) -> Window:
    """Return the window that shows all points with a margin.

    Parameters
    ----------
    lonlat
        At least one (longitude, latitude).
    at, size
        The rectangle on the sheet: top left corner; width and height.
    least_km
        How much of the world is shown at least, from left to right.
    """
    lon0, lat0, far = centre_of(lonlat)
    project = Regional(round(lon0, 2), round(lat0, 2)) if far <= REGION else whole
    points = project(lonlat)
    spans = np.maximum(np.ptp(points, axis=0) * 1.3, [least_km, least_km * size[1] / size[0]])
    scale = float((np.array(size) / spans).min())
    x, y = (points.max(axis=0) + points.min(axis=0)) / 2
    return Window(*at, *size, project=project, middle=(float(x), float(y)), scale=scale)


def _thin(points: Points) -> Points:
    """Drop points that fall into the half-point square of their predecessor."""
    squares = np.round(points * 2)
    return np.asarray(points[np.append(True, (squares[1:] != squares[:-1]).any(axis=1))])


def _clip(points: Points, box: tuple[float, float, float, float]) -> Points:
    """Cut a ring at a rectangle, side by side (Sutherland, Hodgman 1974)."""
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        if not len(points):
            break
        points = _cut(points, (points[:, axis] - limit) * sign)
    return points


def _cut(points: Points, inside: Points) -> Points:
    """Keep the part of a ring where ``inside`` is not negative; new corners stand where it is zero."""
    following, after = np.roll(points, -1, axis=0), np.roll(inside, -1)
    crossing = (inside < 0) != (after < 0)
    part = np.where(crossing, inside / np.where(crossing, inside - after, 1.0), 0.0)
    corners = points + (following - points) * part[:, None]
    both = np.stack([points, corners], axis=1).reshape(-1, 2)
    keep = np.stack([inside >= 0, crossing], axis=1).reshape(-1)
    return np.asarray(both[keep], dtype=float)
