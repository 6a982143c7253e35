"""Real cities with invented street addresses; positions in degrees (WGS 84)."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class City:
    """A city, its country (ISO 3166-1 alpha-2, lower case) and the position of its centre."""

    name: str
    country: str
    latitude: float
    longitude: float


CITIES: dict[str, City] = {
    city.name: city
    for city in (
        City("Marseille", "fr", 43.2965, 5.3698),
        City("Paris", "fr", 48.8566, 2.3522),
        City("Lyon", "fr", 45.7640, 4.8357),
        City("Tangier", "ma", 35.7595, -5.8340),
        City("Casablanca", "ma", 33.5731, -7.5898),
        City("Hamburg", "de", 53.5511, 9.9937),
        City("Cologne", "de", 50.9375, 6.9603),
        City("Santos", "br", -23.9608, -46.3336),
        City("Recife", "br", -8.0476, -34.8770),
        City("Yokohama", "jp", 35.4437, 139.6380),
        City("Piraeus", "gr", 37.9430, 23.6469),
        City("Thessaloniki", "gr", 40.6401, 22.9444),
        City("Odesa", "ua", 46.4825, 30.7233),
        City("Mombasa", "ke", -4.0435, 39.6682),
        City("Nairobi", "ke", -1.2921, 36.8219),
    )
}
_STREETS = (
    "Lantern Street",
    "Saltmarsh Road",
    "Cooper's Quay",
    "Windmill Lane",
    "Tinker Square",
    "Gull Stairs",
)


def in_country(country: str) -> list[City]:
    """Return the cities of one country in the order of the table.

    Examples
    --------
    >>> [city.name for city in in_country("ke")]
    ['Mombasa', 'Nairobi']
    """
    return [city for city in CITIES.values() if city.country == country]


def near(city: City, rng: Random, spread_km: float = 4.0) -> dict[str, str]:
    """Return ``latitude`` and ``longitude`` of a point at most ``spread_km`` from a city in each direction.

    Examples
    --------
    >>> near(CITIES["Paris"], Random(1))
    {'latitude': '48.8302', 'longitude': '2.3772'}
    """
    degrees = (
        spread_km / 111
    )  # a degree of latitude is 111 km; of longitude less, so the point is never farther
    return {
        "latitude": f"{city.latitude + rng.uniform(-degrees, degrees):.4f}",
        "longitude": f"{city.longitude + rng.uniform(-degrees, degrees):.4f}",
    }


def street(rng: Random) -> str:
    """Return a street and house number that stand on no map."""
    return f"{rng.randrange(1, 90)} {rng.choice(_STREETS)}"
