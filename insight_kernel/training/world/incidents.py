"""What happened where: a series of port thefts, everyday offences, two years in the main subject's life."""

from insight_kernel.training.world.cast import Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.places import CITIES, in_country, near

EVERYDAY = ("burglary", "assault", "theft", "fraud", "arson", "smuggling")
FILES = {"fr": "fr-incidents", "br": "br-incidents", "gr": "gr-incidents"}
SEAL = "Container opened at night, seal replaced by one with the same number."

#: Days ago, source, kind of entity, what, city.
_SUBJECT = (
    (710, "gr-incidents", "Event", "Checked aboard a freighter", "Piraeus"),
    (598, "fr-incidents", "Event", "Founding meeting of a forwarding company", "Marseille"),
    (471, "ke-sightings", "Observation", "Seen in the old port", "Mombasa"),
    (365, "fr-incidents", "Offence", "Questioned about replaced seals", "Marseille"),
    (243, "de-sightings", "Observation", "Seen in a cafe by the harbour", "Hamburg"),
    (158, "fr-incidents", "Event", "Traffic check", "Paris"),
    (121, "de-sightings", "Observation", "Seen at a motorway stop", "Cologne"),
    (64, "gr-incidents", "Event", "Left a hotel without paying", "Thessaloniki"),
    (29, "fr-incidents", "Event", "Seen leaving the ferry", "Marseille"),
)


def deliver_incidents(draft: Draft, cast: Cast) -> None:
    """Deliver everyday offences, the series, and the main subject's events."""
    _everyday(draft, cast)
    _series(draft, cast)
    events = [_of_subject(draft, cast.a[0].id, *row) for row in _SUBJECT]
    draft.plant(
        "timeline",
        [cast.a[0].id, *events],
        "Put the main subject's dated events on a timeline and a map: nine in two years, in four countries.",
        seen_by="ana ben",
    )


def _everyday(draft: Draft, cast: Cast) -> None:
    """Spread offences over the ports of three countries; the people involved have to do with neither cell."""
    rng = draft.rng("everyday")
    apart = cast.around("c")
    for number in range(27):
        country = ("fr", "br", "gr")[number % 3]
        city, kind = rng.choice(in_country(country)), rng.choice(EVERYDAY)
        draft.add(
            FILES[country],
            "Offence",
            draft.key(f"offence:{number}"),
            name=f"{kind.capitalize()} in {city.name}",
            offenceType=kind,
            date=draft.day(rng.randrange(10, 720)),
            location=city.name,
            country=country,
            involved=rng.choice(apart).id if number % 4 == 0 else None,
            **near(city, rng, 9),
        )


def _series(draft: Draft, cast: Cast) -> None:
    """Put nine thefts of one manner by the port of Marseille, one every three weeks."""
    rng = draft.rng("series")
    found = [
        draft.add(
            "fr-incidents",
            "Offence",
            draft.key(f"offence:series-{number}"),
            name="Theft from a container",
            offenceType="theft",
            modusOperandi=SEAL,
            date=draft.day(40 + 21 * number),
            location="Marseille",
            country="fr",
            involved=cast.a[3].id if number == 4 else None,
            **near(CITIES["Marseille"], rng, 1),
        )
        for number in range(9)
    ]
    draft.plant(
        "series",
        found,
        "Look for hot spots and equal manners: nine thefts with replaced seals by the port, every 21 days.",
        seen_by="ana ben",
    )


def _of_subject(draft: Draft, subject: str, ago: int, source: str, schema: str, name: str, city: str) -> str:
    """Deliver one event of the main subject's life and return its id."""
    tie = {"observed": subject} if schema == "Observation" else {"involved": subject}
    return draft.add(
        source,
        schema,
        draft.key(f"event:subject-{ago}"),
        name=name,
        date=draft.day(ago),
        location=city,
        country=CITIES[city].country,
        **tie,
        **near(CITIES[city], draft.rng(f"subject/{ago}"), 2),
    )
