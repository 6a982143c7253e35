"""Offences and sightings of the background: more in some ports than in others, by no clock."""

from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.incidents import EVERYDAY, FILES, SEAL
from insight_kernel.training.world.places import CITIES, City, in_country, near

_OFFENCES = 36
_MANNERS = (
    "Window forced with a screwdriver while the owner was at work.",
    "Caller said to be a grandson in need of money.",
    "Goods paid for with a copied card.",
    "Pocket cut open in a crowded tram.",
    "Fuel drawn from parked lorries at night.",
    "False parcel notice leads to a page that asks for a password.",
    "Cigarettes hidden behind a double wall of a van.",
)
_SIGHTINGS = (("ke-sightings", "ke"), ("de-sightings", "de"))


def deliver_offences(draft: Draft, town: Town) -> None:
    """Deliver a town's share of offences and sightings; the people involved are of side ``c``."""
    rng = draft.rng(f"offences/{town.number}")
    for place in range(_OFFENCES):
        _offence(draft, town, f"offence:town/{town.number}/{place}", rng)
    for source, country in _SIGHTINGS:
        _sighting(draft, town, source, rng.choice(in_country(country)), rng)


def _offence(draft: Draft, town: Town, handle: str, rng: Random) -> None:
    country = rng.choices(("fr", "br", "gr"), (5, 3, 2))[0]
    city = in_country(country)[int(len(in_country(country)) * rng.random() ** 1.7)]
    kind = EVERYDAY[int(len(EVERYDAY) * rng.random() ** 1.5)]
    draft.add(
        FILES[country],
        "Offence",
        draft.key(handle),
        name=f"{kind.capitalize()} in {city.name}",
        offenceType=kind,
        modusOperandi=_manner(city, rng),
        date=draft.day(rng.randrange(10, 720)),
        location=city.name,
        country=country,
        involved=rng.choice(town.people["c"]).id if rng.random() < 0.25 else None,
        **near(city, rng, 9),
    )


def _manner(city: City, rng: Random) -> str | None:
    """Return how it was done, if that is known; the series' manner is copied elsewhere, now and then."""
    if rng.random() > 0.4:
        return None
    return SEAL if city.country != "fr" and rng.random() < 0.1 else rng.choice(_MANNERS)


def _sighting(draft: Draft, town: Town, source: str, city: City, rng: Random) -> None:
    draft.add(
        source,
        "Observation",
        draft.key(f"event:town/{town.number}/{source}"),
        name=f"Seen in {city.name}",
        date=draft.day(rng.randrange(10, 720)),
        location=city.name,
        country=CITIES[city.name].country,
        observed=rng.choice(town.people["c"]).id,
        **near(city, rng, 3),
    )
