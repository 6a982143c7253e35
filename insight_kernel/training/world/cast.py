"""Who plays in the world: two cells, the broker between them, families, and a crowd around each.

Everybody is on a *side*: ``a`` and ``b`` are the worlds around the two cells, ``c`` has to do with neither. Later
modules tie people of one side only, so that the broker stays the only way from one cell to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.names import Name, names

#: Mother tongue of a name -> nationality (ISO 3166-1 alpha-2, lower case) and who delivers such persons.
COUNTRIES = {
    "ar": ("ma", "ma-nominal"),
    "uk": ("ua", "ua-nominal"),
    "el": ("gr", "gr-nominal"),
    "zh": ("cn", "jp-nominal"),
    "ja": ("jp", "jp-nominal"),
    "fr": ("fr", "fr-nominal"),
    "de": ("de", "de-nominal"),
    "pt": ("br", "br-nominal"),
    "sw": ("ke", "ke-nominal"),
}
_CELL_A = ("ar", "fr", "ar", "fr", "ar", "pt")
_CELL_B = ("uk", "el", "uk", "el", "sw")
_CROWD = {"a": "ar fr ar fr pt fr ar de fr ar", "b": "uk el sw uk el uk sw el uk el", "c": "zh ja pt de sw ja zh pt de sw"}
_CROWD_STATUS = ("unassessed", "associate", "unassessed", "suspect", "unassessed", "convicted", "charged")


@dataclass(frozen=True)
class Actor:
    """One person as the world knows him; sources know less."""

    id: str
    name: Name
    country: str
    source: str
    born: str
    status: str
    side: str


@dataclass(frozen=True)
class Cast:
    """Everybody: cells (``a[0]`` is the main subject), broker, households by name, and the crowd."""

    a: tuple[Actor, ...]
    b: tuple[Actor, ...]
    broker: Actor
    households: dict[str, tuple[Actor, ...]]
    crowd: tuple[Actor, ...]

    @property
    def everybody(self) -> tuple[Actor, ...]:
        """All actors, each once."""
        return (*self.a, *self.b, self.broker, *(p for h in self.households.values() for p in h), *self.crowd)

    def around(self, side: str) -> list[Actor]:
        """The crowd of one side."""
        return [actor for actor in self.crowd if actor.side == side]


class Casting:
    """Draws actors: each name once, birth dates of adults."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.rng = draft, draft.rng("cast")
        self.names = {culture: names(culture, draft.rng(f"names/{culture}")) for culture in COUNTRIES}

    def actor(self, handle: str, culture: str, status: str, side: str, *, family: Actor | None = None) -> Actor:
        """Draw the next person of a culture; with ``family`` he bears that family's name and script."""
        name = next(self.names[culture])
        if family:
            name = replace(family.name, given=name.given, gender=name.gender)
        country, source = COUNTRIES[culture]
        return Actor(self.draft.key(f"person:{handle}"), name, country, source, self.born(), status, side)

    def born(self) -> str:
        """Return the birth date of somebody between 24 and 64 years old."""
        return _birthday(self.rng, self.draft.today.year - self.rng.randrange(25, 64))


def cast_world(draft: Draft) -> Cast:
    """Draw everybody, always in the same order."""
    casting = Casting(draft)
    a = tuple(casting.actor(f"a{n}", c, "wanted" if n == 0 else "suspect", "a") for n, c in enumerate(_CELL_A))
    b = tuple(casting.actor(f"b{n}", c, "suspect", "b") for n, c in enumerate(_CELL_B))
    broker = casting.actor("broker", "de", "associate", "broker")
    head = replace(a[0], born=f"{a[0].born[:4]}-04-11")  # a date that can be read with day and month swapped
    a = (head, *a[1:])
    return Cast(a, b, broker, dict(_households(casting, a[0], b[0])), tuple(_crowd(casting)))


def _households(casting: Casting, head_a: Actor, head_b: Actor) -> Iterator[tuple[str, tuple[Actor, ...]]]:
    """Yield the families: of the head of each cell (without him), and two that have to do with neither."""
    yield "a", (
        casting.actor("a-mother", "ar", "unassessed", "a", family=head_a),
        casting.actor("a-brother", "ar", "associate", "a", family=head_a),
        casting.actor("a-wife", "fr", "unassessed", "a"),
        _child(casting, "a-son", head_a),
    )
    yield "b", (
        casting.actor("b-father", "uk", "unassessed", "b", family=head_b),
        casting.actor("b-sister", "uk", "unassessed", "b", family=head_b),
    )
    for number, culture in enumerate(("zh", "pt")):
        father = casting.actor(f"c{number}-father", culture, "unassessed", "c")
        rest = [casting.actor(f"c{number}-{role}", culture, "unassessed", "c", family=father) for role in ("mother", "child")]
        yield f"c{number}", (father, *rest)


def _child(casting: Casting, handle: str, parent: Actor) -> Actor:
    """Draw a child of nine, whose record nobody sees without the permit for minors."""
    child = casting.actor(handle, "ar", "unassessed", parent.side, family=parent)
    return replace(child, born=_birthday(casting.rng, casting.draft.today.year - 9))


def _crowd(casting: Casting) -> Iterator[Actor]:
    """Yield the people around the cells and apart from them."""
    for side, cultures in _CROWD.items():
        for number, culture in enumerate(cultures.split()):
            status = _CROWD_STATUS[number % len(_CROWD_STATUS)]
            yield casting.actor(f"crowd-{side}{number}", culture, status, side)


def _birthday(rng: Random, year: int) -> str:
    return date(year, rng.randrange(1, 13), rng.randrange(1, 29)).isoformat()
