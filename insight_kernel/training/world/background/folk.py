"""Draws the people of the background, so that nobody resembles anybody by accident."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from random import Random

from insight_kernel.training.world.background.names import Names
from insight_kernel.training.world.cast import COUNTRIES, STRANGERS, Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.names import Name

_CULTURES = {"a": "ar ar ar fr fr fr pt", "b": "uk uk uk el el el sw", "c": "zh ja pt de sw fr fr el ar de"}
_STATUS = ("unassessed",) * 9 + ("associate",) * 4 + ("suspect",) * 3 + ("convicted", "charged")
_LIVED = (25, 64)
_ALIKE = 0.8
_CROWD = 10
_FAMILIES = 3
Family = tuple[Actor, Actor, Actor]


@dataclass(frozen=True)
class Town:
    """The people one step of the world's size adds: by side, families, and those of restricted files."""

    number: int
    people: dict[str, tuple[Actor, ...]]
    families: tuple[Family, ...]
    strangers: dict[str, Actor]

    @property
    def everybody(self) -> tuple[Actor, ...]:
        """Return all that the countries' own files know, each once."""
        crowd = (actor for side in self.people.values() for actor in side)
        return (*crowd, *(actor for family in self.families for actor in family))


class Folk:
    """Draws actors: no name twice, and nobody born in the same month as somebody with a similar name."""

    def __init__(self, draft: Draft, cast: Cast) -> None:
        self.draft = draft
        self.names = {
            (culture, gender): iter(Names(culture, gender, draft.rng(f"names/{culture}/{gender}")))
            for culture in COUNTRIES
            for gender in ("male", "female")
        }
        known = (*cast.everybody, *cast.strangers.values())
        self.taken = {actor.name.latin for actor in known}
        self.born: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for actor in known:
            self.born[actor.born[:7], actor.name.gender].append(actor.name.latin)

    def town(self, number: int) -> Town:
        """Draw a town; towns differ in size, most are small."""
        rng = self.draft.rng(f"town/{number}")
        crowds = {"a": _CROWD, "b": _CROWD, "c": 15 + min(75, int(7 * rng.paretovariate(1.8)))}
        people = {
            side: tuple(self._of_side(side, f"{number}-{side}{n}", rng) for n in range(size))
            for side, size in crowds.items()
        }
        families = tuple(self._family(f"{number}-family{n}", rng) for n in range(_FAMILIES))
        return Town(number, people, families, dict(self._strangers(number, rng)))

    def actor(
        self,
        handle: str,
        culture: str,
        side: str,
        status: str,
        rng: Random,
        *,
        gender: str = "",
        age: int = 0,
    ) -> Actor:
        """Draw one person."""
        gender = gender or rng.choice(("male", "female"))
        name = self._name(culture, gender)
        return self._as(handle, name, culture, side, status, rng, age or rng.randrange(*_LIVED))

    def birthday(self, name: Name, age: int, rng: Random) -> str:
        """Return a day of birth that makes nobody look like somebody else delivered twice."""
        year = self.draft.today.year - age
        while True:
            born = date(year, rng.randrange(1, 13), rng.randrange(1, 29)).isoformat()
            neighbours = self.born[born[:7], name.gender]
            if not any(_alike(name.latin, other) for other in neighbours):
                neighbours.append(name.latin)
                return born

    def _as(
        self, handle: str, name: Name, culture: str, side: str, status: str, rng: Random, age: int
    ) -> Actor:
        country, source = COUNTRIES[culture]
        key = self.draft.key(f"person:town/{handle}")
        return Actor(key, name, country, source, self.birthday(name, age, rng), status, side)

    def _name(self, culture: str, gender: str) -> Name:
        name = next(name for name in self.names[culture, gender] if name.latin not in self.taken)
        self.taken.add(name.latin)
        return name

    def _of_side(self, side: str, handle: str, rng: Random) -> Actor:
        return self.actor(handle, rng.choice(_CULTURES[side].split()), side, rng.choice(_STATUS), rng)

    def _family(self, handle: str, rng: Random) -> Family:
        """Draw a father, a mother and a grown-up child of one name."""
        culture = rng.choice(_CULTURES["c"].split())
        father = self.actor(f"{handle}-father", culture, "c", "unassessed", rng, gender="male", age=57)
        relatives = []
        for role, gender, age in (("mother", "female", 55), ("child", rng.choice(("male", "female")), 28)):
            name = self._related(father.name, culture, gender)
            relatives.append(self._as(f"{handle}-{role}", name, culture, "c", "unassessed", rng, age))
        return (father, relatives[0], relatives[1])

    def _related(self, name: Name, culture: str, gender: str) -> Name:
        """Return a new name with the family of a known one."""
        drawn = (replace(name, given=other.given, gender=gender) for other in self.names[culture, gender])
        found = next(name for name in drawn if name.latin not in self.taken)
        self.taken.add(found.latin)
        return found

    def _strangers(self, number: int, rng: Random) -> Iterator[tuple[str, Actor]]:
        """Yield the people of restricted files, like those of the story."""
        for role, (culture, side, status) in STRANGERS.items():
            yield role, self.actor(f"{number}-{role}", culture, side, status, rng)
        yield "missing", self.actor(f"{number}-missing", "sw", "c", "missing", rng, age=9)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
