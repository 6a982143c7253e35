"""The map: the right window, everything named, nothing lost without a word; and the shipped geometry."""

import numpy as np
import pandas as pd
import pytest

from insight_kernel.errors import BadInput
from insight_kernel.views import world_map
from insight_kernel.views.geometry.build import convert, cut
from insight_kernel.views.places import fanned, spots_of
from insight_kernel.views.world import Regional, centre_of, countries, whole, window_on

PORTS = [
    (51.92, 4.48, "Rotterdam"),
    (51.22, 4.40, "Antwerp"),
    (53.55, 9.99, "Hamburg"),
    (36.13, -5.45, "Algeciras"),
]


def frame(rows, columns=("lat", "lon", "caption", "kind")):
    """Build the points of a map."""
    return pd.DataFrame([(*row, "port")[: len(columns)] for row in rows], columns=list(columns))


def test_places_are_numbered_with_a_key(texts):
    """Numbers follow the rows, on the map and in the key."""
    shown = texts(world_map(frame(PORTS), title="Ports"))
    assert {"Ports", "port (4)", *(name for _, _, name in PORTS)} <= set(shown)
    assert [shown.count(str(number)) for number in (1, 2, 3, 4)] == [2, 2, 2, 2]
    assert {"Spain", "France", "Germany"} <= set(shown)


def test_every_map_says_where_its_borders_come_from(texts):
    """Natural Earth, and no political statement."""
    assert "Borders: Natural Earth, no political statement." in texts(world_map(frame(PORTS)))


@pytest.mark.parametrize(
    ("lat", "lon", "usable"),
    [
        (51.9, 4.5, True),
        ("51.9", "4.5", True),
        (("51.9", "52"), ("4.5", "5"), True),
        (0, 0, True),
        (-90, 180, True),
        (None, 4.5, False),
        (float("nan"), 4.5, False),
        ("north", "4.5", False),
        (91, 4.5, False),
        (51.9, 181, False),
        ((), 4.5, False),
    ],
)
def test_which_coordinates_are_usable(lat, lon, usable):
    """Numbers or text, of several values the first; on the globe."""
    points = pd.DataFrame({"lat": [lat], "lon": [lon]}, dtype=object)
    assert len(spots_of(points)) == usable


def test_rows_without_coordinates_are_counted(texts):
    """Nobody believes to see all when some are missing."""
    picture = world_map(frame([*PORTS, (None, None, "Somewhere")]))
    assert "1 row without usable coordinates left out." in texts(picture)
    assert picture.alt.endswith("1 row without usable coordinates left out.")
    assert "Somewhere" not in picture.svg


def test_no_places_gives_a_picture_that_says_so(texts):
    """Empty is said, with the number of rows that could not be placed."""
    assert texts(world_map(frame([]))) == ["No places to show."]
    assert texts(world_map(frame([(None, 1, "x")]))) == [
        "No places to show. 1 row without usable coordinates left out."
    ]


def test_a_missing_column_is_named():
    """The error says what was asked, what is wrong and what to do."""
    with pytest.raises(BadInput, match=r"^Cannot draw a map: the frame has no column 'lon'\. Rename or add"):
        world_map(pd.DataFrame({"lat": [1.0]}))


def test_countries_are_shaded_and_explained(texts):
    """Numbers and texts stand in the country; what cannot be shown is listed."""
    shown = texts(world_map(frame([]), countries={"FR": 12, "de": 30, "zz": 1}))
    assert {"France", "12", "Germany", "30"} <= set(shown)
    assert "Shading: darker is more, from 1 to 30. Not in the atlas: zz." in shown


def test_more_places_than_numbers_become_dots(texts):
    """Beyond 36 places there are kinds and counts, no numbers."""
    rows = [(50 + n % 7, n % 11, f"Place {n}") for n in range(60)]
    shown = texts(world_map(frame(rows)))
    assert "60 places, too many to number." in shown
    assert not any(text.startswith("Place") for text in shown)


@pytest.mark.parametrize(
    ("rows", "scale"),
    [
        (PORTS, "500 km"),
        (PORTS[:1], "10 km"),
        ([(0, 0, "a"), (40, -74, "b"), (35, 139, "c"), (-33, 151, "d")], "5,000 km at the equator"),
    ],
)
def test_the_scale_bar_has_a_round_length(rows, scale, texts):
    """A city, a region and the world each have theirs."""
    assert scale in texts(world_map(frame(rows)))


def test_the_scale_bar_is_true():
    """From Rotterdam to Hamburg are 411 km by the haversine formula; the window agrees within one percent."""
    lonlat = np.array([(lon, lat) for lat, lon, _ in PORTS[:3]])
    window = window_on(lonlat, (0, 0), (400, 300), 10)
    first, _, third = window.place(lonlat)
    lon, lat = np.radians(lonlat).T
    a = (
        np.sin((lat[2] - lat[0]) / 2) ** 2
        + np.cos(lat[0]) * np.cos(lat[2]) * np.sin((lon[2] - lon[0]) / 2) ** 2
    )
    true = 2 * 6371 * np.arcsin(a**0.5)
    assert np.hypot(*(third - first)) / window.scale == pytest.approx(true, rel=0.01)


@pytest.mark.parametrize(
    "rows",
    [PORTS, PORTS[:1], [(-17.7, 178.0, "Suva"), (-13.8, -171.7, "Apia")], [(89, 0, "a"), (85, 180, "b")]],
)
def test_all_places_are_inside_the_window(rows):
    """Also across the date line and around a pole."""
    lonlat = np.array([(lon, lat) for lat, lon, _ in rows])
    at = window_on(lonlat, (10, 20), (400, 300), 40).place(lonlat)
    assert ((at > [10, 20]) & (at < [410, 320])).all()


def test_the_date_line_does_not_make_the_world_small():
    """Fiji and Samoa are neighbours, although their longitudes have different signs."""
    lon, lat, far = centre_of(np.array([(178.0, -17.7), (-171.7, -13.8)]))
    assert abs(lon) > 170
    assert lat == pytest.approx(-15.8, abs=0.2)
    assert far < 6


@pytest.mark.parametrize(("lon", "lat"), [(4.5, 52), (-60, -20), (179, 10), (20, 80)])
def test_projecting_back_returns_the_place(lon, lat):
    """The inverse of the regional projection is its inverse."""
    project = Regional(10, 48) if lon != 179 else Regional(-175, 0)
    back = project.back(project(np.array([(lon, lat)], dtype=float)))[0]
    assert (back[0] - lon + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)
    assert back[1] == pytest.approx(lat)


def test_equal_earth_has_its_published_proportions():
    """Savric, Patterson and Jenny give width to height as 2.05458 to 1."""
    (x, _), (_, y) = whole(np.array([(180.0, 0.0), (0.0, -90.0)]))
    assert x / y == pytest.approx(2.05458, abs=1e-4)


def test_numbers_at_one_place_are_fanned_out():
    """Five reports from one address can all be read, in a circle around it."""
    moved = np.array(fanned([(50.0, 50.0)] * 5 + [(200.0, 50.0)], 16))
    gaps = np.hypot(*(moved[:, None] - moved[None, :]).transpose(2, 0, 1)) + np.eye(6) * 99
    assert gaps.min() > 15
    assert moved[:5].mean(axis=0) == pytest.approx([50, 50])
    assert tuple(moved[5]) == (200, 50)


@pytest.mark.parametrize(
    ("code", "name", "lon", "lat"),
    [
        ("fr", "France", 2.35, 48.85),
        ("jp", "Japan", 138.5, 36.2),
        ("ru", "Russia", 37.6, 55.7),
        ("xk", "Kosovo", 20.9, 42.6),
    ],
)
def test_countries_lie_where_they_are(code, name, lon, lat):
    """A place known to be in a country is inside one of its rings."""
    (country,) = [country for country in countries() if country.iso2 == code]
    assert country.name == name
    assert any(inside(ring, lon, lat) for ring in country.rings)


def inside(ring, lon, lat):
    """Count how often a ray to the east crosses the ring."""
    (x, y), (u, v) = ring.T, np.roll(ring, -1, axis=0).T
    spans = (y > lat) != (v > lat)
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = x + (lat - y) * (u - x) / (v - y)
    return (spans & (lon < cross)).sum() % 2 == 1


def test_the_geometry_is_complete_and_cut_at_the_date_line():
    """241 areas, none lost in rounding; no ring jumps around the globe."""
    assert len(countries()) == 241
    assert max(np.abs(np.diff(ring[:, 0])).max() for country in countries() for ring in country.rings) <= 360
    crossing = [
        country.name
        for country in countries()
        for ring in country.rings
        if np.abs(np.diff(ring[:, 0])).max() > 180
    ]
    assert crossing == ["Antarctica"]  # its ring runs along the pole


@pytest.mark.parametrize(
    ("ring", "parts", "south"),
    [
        ([(0, 0), (10, 0), (10, 5), (0, 0)], 1, 0),
        ([(170, 0), (-170, 0), (-170, 5), (170, 5), (170, 0)], 2, 0),
        ([(-90, -70), (0, -70), (90, -70), (180, -70), (-90, -70)], 2, -90),
    ],
)
def test_rings_are_cut_at_the_date_line(ring, parts, south):
    """A ring across it becomes two; one around the pole is closed through the pole."""
    found = cut(ring)
    assert len(found) == parts
    assert min(lat for part in found for _, lat in part) == south
    assert all(-180 <= lon <= 180 for part in found for lon, _ in part)
    assert all(part[0] == part[-1] for part in found)


def test_topojson_is_decoded():
    """Delta coding, quantisation and an arc walked backwards: a square known beforehand comes out."""
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 1], [0, 1], [2, 0]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, -2]], "id": "250", "properties": {"name": "Square"}}
                ]
            }
        },
    }
    (feature,) = convert(topology)["features"]
    assert feature["properties"] == {"name": "Square", "iso2": "fr"}
    assert feature["geometry"]["coordinates"] == [
        [[[10, 20], [11, 20], [11, 21], [10, 21], [10, 20.5], [10, 20]]]
    ]
