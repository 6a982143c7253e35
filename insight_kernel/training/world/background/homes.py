"""What the countries' files say of a town's people: records, homes, families, and the traps among them."""

from random import Random

from insight_kernel.training.world.background.folk import Folk, Town
from insight_kernel.training.world.cast import Actor
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import (
    deliver_double,
    deliver_family,
    deliver_home,
    deliver_namesake,
    deliver_passport,
    deliver_person,
)
from insight_kernel.training.world.places import in_country
from insight_kernel.training.world.traps import (
    PROTECTED,
    WITHHELD,
    deliver_protected,
    deliver_wanted_only,
    deliver_withheld,
)

_TRAPS = 4
_ABROAD = ("fr-nominal", "de-nominal", "gr-nominal", "ke-nominal", "br-nominal")
_PLACES = 1_000  # people of one town; numbers of documents are counted in steps of it


def deliver_homes(draft: Draft, folk: Folk, town: Town) -> None:
    """Deliver a town's people, families, doubles, namesakes and restricted files."""
    for place, actor in enumerate(town.everybody):
        _deliver(draft, actor, town.number * _PLACES + place)
    for father, mother, child in town.families:
        deliver_family(draft, father, child, "child")
        deliver_family(draft, mother, child, "child")
        deliver_family(draft, father, mother, "wife")
    _traps(draft, folk, town)
    _restricted(draft, town)


def _deliver(draft: Draft, actor: Actor, number: int) -> None:
    """Deliver one person: every second with a home, every third with a passport."""
    at_home = number % 2 == 0 and in_country(actor.country)
    deliver_person(draft, actor, addressEntity=deliver_home(draft, actor) if at_home else None)
    if number % 3 == 0:
        deliver_passport(draft, actor, number)


def _traps(draft: Draft, folk: Folk, town: Town) -> None:
    """Deliver some people twice, others' namesakes, and one with day and month of birth swapped abroad."""
    rng = draft.rng(f"traps/{town.number}")
    chosen = rng.sample(town.people["c"], 2 * _TRAPS + 1)
    for actor in chosen[:_TRAPS]:
        deliver_double(draft, actor, _abroad(actor, rng))
    for actor in chosen[_TRAPS:-1]:
        age = draft.today.year - int(actor.born[:4]) + rng.randrange(8, 20)
        deliver_namesake(draft, actor, _abroad(actor, rng), folk.birthday(actor.name, age, rng))
    _contradiction(draft, chosen[-1], rng)


def _abroad(actor: Actor, rng: Random) -> str:
    """Return a nominal file of another country than the person's own."""
    return rng.choice([source for source in _ABROAD if source != actor.source])


def _contradiction(draft: Draft, actor: Actor, rng: Random) -> None:
    """Let another country know the same person with day and month of birth swapped, where both can be."""
    year, month, day = actor.born.split("-")
    if day > "12" or day == month:
        return
    deliver_person(draft, actor, _abroad(actor, rng), birthDate=f"{year}-{day}-{month}")
    draft.plant(
        "contradiction",
        [actor.id],
        "Read this person's birth dates with their sources: day and month are swapped in one of the files.",
        seen_by="ana ben",
    )


def _restricted(draft: Draft, town: Town) -> None:
    """Deliver the people whose label keeps them from somebody."""
    for role in WITHHELD:
        deliver_withheld(draft, town.strangers[role], role, town.people["b"][2])
    for role in PROTECTED:
        deliver_protected(draft, town.strangers[role], role)
    deliver_wanted_only(draft, town.strangers["wanted"])
