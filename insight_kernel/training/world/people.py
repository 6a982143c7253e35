"""What nominal files say: names in two scripts, birth, address, passport, family; doubles and namesakes."""

from dataclasses import replace

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.places import in_country, near, street
from insight_kernel.training.world.reserved import passport

#: Place in the crowd of a side -> the other country's file that has the same person under another id.
_DOUBLES = (("a", 0, "fr-nominal"), ("a", 5, "de-nominal"), ("b", 0, "gr-nominal"), ("b", 4, "ke-nominal"))
_NAMESAKES = (("a", 2, "fr-nominal"), ("b", 3, "ua-nominal"), ("c", 1, "jp-nominal"), ("c", 2, "de-nominal"))


def deliver_people(draft: Draft, cast: Cast) -> None:
    """Let each country deliver the persons it knows, with families, doubles and namesakes."""
    for number, actor in enumerate(cast.everybody):
        hidden = actor is cast.a[0]  # of the main subject neither address nor passport is known
        at_home = number % 2 == 0 and in_country(actor.country) and not hidden
        deliver_person(draft, actor, addressEntity=deliver_home(draft, actor) if at_home else None)
        if number % 3 == 0 and not hidden:
            deliver_passport(draft, actor, number)
    _families(draft, cast)
    _doubles(draft, cast)
    _namesakes(draft, cast)


def deliver_person(draft: Draft, actor: Actor, source: str | None = None, **more: str | None) -> str:
    """Let a source (else the country's own) deliver an actor; ``more`` replaces values, None drops one."""
    name = actor.name
    stated: dict[str, str | None] = {
        "name": name.latin,
        "alias": name.native if name.native != name.latin else None,
        "firstName": name.given[0],
        "lastName": name.family[0],
        "birthDate": actor.born,
        "nationality": actor.country,
        "gender": name.gender,
        "personStatus": actor.status,
    }
    return draft.add(source or actor.source, "Person", actor.id, **(stated | more))


def deliver_passport(draft: Draft, actor: Actor, number: int) -> None:
    """Deliver a passport; some have expired."""
    draft.add(
        actor.source,
        "Passport",
        draft.key(f"passport:{actor.id}/{number}"),
        holder=actor.id,
        number=passport(actor.country.upper(), 100 + number),
        country=actor.country,
        type="Passport",
        startDate=draft.day(200 + 10 * (number % 150)),
        endDate=draft.day(10 * (number % 150) - 500),
    )


def deliver_home(draft: Draft, actor: Actor) -> str:
    """Deliver a home address with its position and return its id."""
    rng = draft.rng(f"home/{actor.id}")
    city, house = rng.choice(in_country(actor.country)), street(rng)
    return draft.add(
        actor.source,
        "Address",
        draft.key(f"address:{actor.id}"),
        full=f"{house}, {city.name}",
        street=house,
        city=city.name,
        country=city.country,
        **near(city, rng),
    )


def _families(draft: Draft, cast: Cast) -> None:
    """Tie each household to its head; the main subject's son is a minor, seen with a permit only."""
    household = cast.households["a"]
    for relative, relationship in zip(household, ("mother", "brother", "wife", "son"), strict=True):
        deliver_family(draft, cast.a[0], relative, relationship)
    for relative, relationship in zip(cast.households["b"], ("father", "sister"), strict=True):
        deliver_family(draft, cast.b[0], relative, relationship)
    for name in ("c0", "c1"):
        father, mother, child = cast.households[name]
        for parent in (father, mother):
            deliver_family(draft, parent, child, "child")
        deliver_family(draft, father, mother, "wife")
    draft.plant(
        "family",
        [cast.a[0].id, *(relative.id for relative in household[:3])],
        "Ask for the relatives of the main subject.",
        seen_by="ana ben",
    )
    draft.plant(
        "minor",
        [household[3].id],
        "Ask for the son of the main subject: nine years old, so the permit for minors is needed.",
        seen_by="",
        not_seen_by="ana ben",
    )


def deliver_family(draft: Draft, person: Actor, relative: Actor, relationship: str) -> None:
    """Deliver that two persons are related."""
    ends = {"person": person.id, "relative": relative.id}
    draft.link(relative.source, "Family", ends, relationship=relationship)


def _doubles(draft: Draft, cast: Cast) -> None:
    for side, place, source in _DOUBLES:
        deliver_double(draft, cast.around(side)[place], source)


def deliver_double(draft: Draft, actor: Actor, source: str) -> None:
    """Deliver a person again under another id, with the name as it sounds abroad and a coarser birth date."""
    double = replace(actor, id=draft.key(f"person:double/{actor.id}"))
    deliver_person(
        draft,
        double,
        source,
        name=actor.name.variant,
        firstName=None,
        lastName=None,
        birthDate=actor.born[:7],
    )
    draft.plant(
        "duplicate",
        [actor.id, double.id],
        "Compare persons of different sources: names sound alike, born in the same month, same gender.",
        seen_by="ana ben",
    )


def _namesakes(draft: Draft, cast: Cast) -> None:
    """Deliver other persons of the same name, born eleven years apart."""
    for side, place, source in _NAMESAKES:
        actor = cast.around(side)[place]
        born = f"{int(actor.born[:4]) - 11}-{12 - int(actor.born[5:7]) or 12:02d}-07"
        deliver_namesake(draft, actor, source, born)


def deliver_namesake(draft: Draft, actor: Actor, source: str, born: str) -> None:
    """Deliver another person of the same name, born on another day."""
    other = replace(actor, id=draft.key(f"person:namesake/{actor.id}"), born=born, status="unassessed")
    deliver_person(draft, other, source)
    draft.plant(
        "namesake",
        [actor.id, other.id],
        "Compare persons of the same name: born many years apart, so they are two people.",
        seen_by="ana ben",
    )
