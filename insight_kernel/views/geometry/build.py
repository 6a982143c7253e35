"""Make ``world.geojson.gz`` from the npm package world-atlas: TopoJSON in, compact GeoJSON out.

Run it when a new edition of the atlas is adopted; nothing else uses it::

    python -m insight_kernel.views.geometry.build world-atlas-2.0.2.tgz insight_kernel/views/geometry
"""

import gzip
import json
import sys
import tarfile
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pycountry

Point = tuple[float, float]
Ring = list[Point]

MEMBER = "package/countries-50m.json"
DECIMALS = 2  # about one kilometre, the accuracy the 1:50 million data has anyway

# Natural Earth shows Kosovo without a number of ISO 3166-1; "xk" is the code in common use for it.
WITHOUT_NUMBER = {"Kosovo": "xk"}


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Undo quantisation and delta coding: each arc becomes a list of (longitude, latitude) in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        summed = accumulate(arc, lambda a, b: (a[0] + b[0], a[1] + b[1]))
        arcs.append([(x * sx + tx, y * sy + ty) for x, y in summed])
    return arcs


def ring_of(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs into one ring; a negative number ``~n`` means arc ``n`` walked backwards."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def unwrapped(ring: Ring) -> Ring:
    """Let longitudes run on past 180 degrees; a ring around a pole is closed through that pole."""
    run = [ring[0]]
    for x, y in ring[1:]:
        turns = round((run[-1][0] - x) / 360)
        run.append((x + 360 * turns, y))
    if abs(run[-1][0] - run[0][0]) > 180:
        pole = 90.0 if run[0][1] > 0 else -90.0
        run += [(run[-1][0], pole), (run[0][0], pole), run[0]]
    return run


def side_of(ring: Ring, limit: float, sign: int) -> Ring:
    """Keep what lies west (sign 1) or east (sign -1) of a meridian (Sutherland, Hodgman 1974)."""
    kept: Ring = []
    for (x0, y0), (x1, y1) in pairwise(ring):
        in0, in1 = (limit - x0) * sign >= 0, (limit - x1) * sign >= 0
        kept += [(x0, y0)] if in0 else []
        kept += [(limit, y0 + (y1 - y0) * (limit - x0) / (x1 - x0))] if in0 != in1 else []
    return [*kept, kept[0]] if kept else []


def cut(ring: Ring) -> list[Ring]:
    """Cut a ring at the antimeridian, as RFC 7946 asks: world-atlas has stitched it together there."""
    run = unwrapped(ring)
    parts = []
    for turn in range(int((min(run)[0] + 180) // 360), int((max(run)[0] + 180) // 360) + 1):
        part = side_of(side_of(run, 360 * turn + 180.0, 1), 360 * turn - 180.0, -1)
        parts.append([(x - 360 * turn, y) for x, y in part])
    return [part for part in parts if part]


def rounded(ring: Ring) -> list[list[float]]:
    """Round to ``DECIMALS`` and drop points that fell on their predecessor; a collapsed ring is empty."""
    points = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring]
    kept = points[:1] + [b for a, b in pairwise(points) if a != b]
    return [list(point) for point in kept] if len(kept) >= 4 else []


def polygons_of(geometry: dict[str, Any], arcs: list[Ring]) -> list[list[list[list[float]]]]:
    """Return the polygons of one country, outer ring first; none of those with holes needs cutting."""
    nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    polygons = []
    for outer, *holes in nested:
        inner = [rounded(ring_of(numbers, arcs)) for numbers in holes]
        polygons += [[rounded(part), *inner] for part in cut(ring_of(outer, arcs))]
    return [[ring for ring in polygon if ring] for polygon in polygons if polygon[0]]


def iso2_of(geometry: dict[str, Any]) -> str | None:
    """Return the lower-case ISO 3166-1 alpha-2 code, or None for an area that has none."""
    country = pycountry.countries.get(numeric=geometry.get("id", ""))
    name = geometry["properties"]["name"]
    return country.alpha_2.lower() if country else WITHOUT_NUMBER.get(name)


def convert(topology: dict[str, Any]) -> dict[str, Any]:
    """Turn the countries of a world-atlas topology into a GeoJSON feature collection, ordered by name."""
    arcs = decode_arcs(topology)
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"name": geometry["properties"]["name"], "iso2": iso2_of(geometry)},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons_of(geometry, arcs)},
        }
        for geometry in topology["objects"]["countries"]["geometries"]
    ]
    features = [feature for feature in features if feature["geometry"]["coordinates"]]
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda f: f["properties"]["name"])}


def main(package: str, folder: str) -> None:
    """Read the npm package and write the geometry beside this module."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise SystemExit(
                f"Cannot build the map: {package} holds no {MEMBER}. Give a world-atlas 2 package."
            )
        topology = json.load(member)
    text = json.dumps(convert(topology), separators=(",", ":"), ensure_ascii=False)
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)  # no time: equal input, equal bytes
    (Path(folder) / "world.geojson.gz").write_bytes(packed)


if __name__ == "__main__":
    main(*sys.argv[1:])
