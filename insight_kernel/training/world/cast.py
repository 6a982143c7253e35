"""Who plays in the world: two cells, the broker between them, families, and a crowd around each.

Everybody is on a *side*: ``a`` and ``b`` are the worlds around the two cells, ``c`` has to do with neither.
Later modules tie people of one side only, so that the broker stays the only way from one cell to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

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
#: The members of each cell after its head.
_CELL_A = ("fr", "ar", "fr", "ar", "pt")
_CELL_B = ("el", "uk", "el", "sw")
_CROWD = {
    "a": "ar fr ar fr pt fr ar de fr ar",
    "b": "uk el sw uk el uk sw el uk el",
    "c": "zh ja pt de sw ja zh pt de sw",
}
CROWD_STATUS = ("unassessed", "associate", "unassessed", "suspect", "unassessed", "convicted", "charged")
#: People of restricted files: mother tongue, side, status.
STRANGERS = {
    "excluded": ("el", "b", "suspect"),
    "expired": ("uk", "b", "convicted"),
    "confidential": ("sw", "b", "associate"),
    "victim": ("pt", "c", "victim"),
    "witness": ("fr", "a", "witness"),
    "plain-victim": ("fr", "c", "victim"),
    "plain-witness": ("el", "c", "witness"),
    "wanted": ("ar", "c", "wanted"),
}


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
    """Everybody: cells (``a[0]`` is the main subject), broker, households, crowd, and strangers by role."""

    a: tuple[Actor, ...]
    b: tuple[Actor, ...]
    broker: Actor
    households: dict[str, tuple[Actor, ...]]
    crowd: tuple[Actor, ...]
    strangers: dict[str, Actor]

    @property
    def everybody(self) -> tuple[Actor, ...]:
        """Actors the countries' own files know, each once; strangers stand in restricted files only."""
        return (*self.a, *self.b, self.broker, *(p for h in self.households.values() for p in h), *self.crowd)

    def around(self, side: str) -> list[Actor]:
        """Return the crowd of one side."""
        return [actor for actor in self.crowd if actor.side == side]


class Casting:
    """Draws actors: each name once, adults between 25 and 64 unless the story needs another age."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.rng = draft, draft.rng("cast")
        self.names = {culture: names(culture, draft.rng(f"names/{culture}")) for culture in COUNTRIES}
        self.taken: set[str] = set()

    def actor(
        self,
        handle: str,
        culture: str,
        side: str,
        status: str = "unassessed",
        *,
        gender: str = "",
        family: Actor | None = None,
        age: int = 0,
    ) -> Actor:
        """Draw the next person of a culture, with the family name and the age where these are given."""
        name = self.name(culture, gender, family)
        country, source = COUNTRIES[culture]
        born = self.birthday(age or self.rng.randrange(25, 64))
        return Actor(self.draft.key(f"person:{handle}"), name, country, source, born, status, side)

    def name(self, culture: str, gender: str, family: Actor | None) -> Name:
        """Return the next name that fits and that nobody bears yet."""
        fitting = (name for name in self.names[culture] if gender in ("", name.gender))
        if family:
            fitting = (replace(family.name, given=name.given, gender=name.gender) for name in fitting)
        name = next(name for name in fitting if name.latin not in self.taken)
        self.taken.add(name.latin)
        return name

    def birthday(self, years_ago: int) -> str:
        """Return a date in the year so many years before the year of writing."""
        year = self.draft.today.year - years_ago
        return date(year, self.rng.randrange(1, 13), self.rng.randrange(1, 29)).isoformat()

    def child(self, handle: str, culture: str, side: str, *, family: Actor | None = None) -> Actor:
        """Draw a boy of nine, whose record nobody sees without the permit for minors."""
        return self.actor(handle, culture, side, gender="male", family=family, age=9)


def cast_world(draft: Draft) -> Cast:
    """Draw everybody, always in the same order."""
    casting = Casting(draft)
    head = casting.actor("a0", "ar", "a", "wanted", gender="male", age=44)
    head = replace(head, born=f"{head.born[:4]}-04-11")  # a date that can be read with day and month swapped
    second = casting.actor("b0", "uk", "b", "suspect", gender="male", age=47)
    broker = casting.actor("broker", "de", "broker", "associate", gender="male")
    return Cast(
        a=(head, *_members(casting, "a", _CELL_A)),
        b=(second, *_members(casting, "b", _CELL_B)),
        broker=broker,
        households=dict(_households(casting, head, second)),
        crowd=tuple(_crowd(casting)),
        strangers={handle: casting.actor(handle, *row) for handle, row in STRANGERS.items()}
        | {"missing": replace(casting.child("missing", "sw", "c"), status="missing")},
    )


def _members(casting: Casting, side: str, cultures: tuple[str, ...]) -> list[Actor]:
    return [
        casting.actor(f"{side}{n}", culture, side, "suspect") for n, culture in enumerate(cultures, start=1)
    ]


def _households(casting: Casting, head_a: Actor, head_b: Actor) -> Iterator[tuple[str, tuple[Actor, ...]]]:
    """Yield the families: of the head of each cell (without him), and two that have to do with neither."""
    yield (
        "a",
        (
            casting.actor("a-mother", "ar", "a", gender="female", family=head_a, age=68),
            casting.actor("a-brother", "ar", "a", "associate", gender="male", family=head_a, age=41),
            casting.actor("a-wife", "fr", "a", gender="female", age=42),
            casting.child("a-son", "ar", "a", family=head_a),
        ),
    )
    father = casting.actor("b-father", "uk", "b", gender="male", family=head_b, age=71)
    yield "b", (father, casting.actor("b-sister", "uk", "b", gender="female", family=head_b, age=43))
    for number, culture in enumerate(("zh", "pt")):
        father = casting.actor(f"c{number}-father", culture, "c", gender="male", age=55)
        mother = casting.actor(f"c{number}-mother", culture, "c", gender="female", family=father, age=53)
        yield (
            f"c{number}",
            (father, mother, casting.actor(f"c{number}-child", culture, "c", family=father, age=27)),
        )


def _crowd(casting: Casting) -> Iterator[Actor]:
    """Yield the people around the cells and apart from them."""
    for side, cultures in _CROWD.items():
        for number, culture in enumerate(cultures.split()):
            yield casting.actor(
                f"crowd-{side}{number}", culture, side, CROWD_STATUS[number % len(CROWD_STATUS)]
            )
