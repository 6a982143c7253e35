"""As many names as a world of any size needs: each of a culture's comes once, in an order drawn by chance."""

from collections.abc import Iterator
from itertools import product
from math import gcd, prod
from random import Random

from insight_kernel.training.world.background.parts import ENDING, ENDING_OF_WOMEN, FIRST, MEN, SECOND, WOMEN
from insight_kernel.training.world.names import Name

_Part = tuple[str, str]


class Names:
    """The names of one culture and gender; people with two given names come when all with one are used up."""

    def __init__(self, culture: str, gender: str, rng: Random) -> None:
        self.gender, self.family_first = gender, culture in ("zh", "ja")
        given = (MEN if gender == "male" else WOMEN)[culture]
        endings = (ENDING if gender == "male" else ENDING_OF_WOMEN)[culture]
        self.given = _joined(*given.split("|")) if "|" in given else _pairs(given)
        self.family = _joined(FIRST[culture], SECOND[culture], endings)
        self.rng = rng

    def __iter__(self) -> Iterator[Name]:
        for group in (self.given, _two(self.given)):
            for place in shuffled(len(group) * len(self.family), self.rng):
                given, family = group[place // len(self.family)], self.family[place % len(self.family)]
                yield Name(given, family, self.gender, self.family_first)


def shuffled(size: int, rng: Random) -> Iterator[int]:
    """Yield the numbers below ``size``, each once, in an order that looks like chance and needs no memory.

    Examples
    --------
    >>> sorted(shuffled(10, Random(1))) == list(range(10))
    True
    """
    start = rng.randrange(size)
    step = next(n for n in iter(lambda: rng.randrange(size // 3, size) or 1, None) if gcd(n, size) == 1)
    yield from ((start + step * turn) % size for turn in range(size))


def combinations_of(*groups: int, rng: Random) -> Iterator[tuple[int, ...]]:
    """Yield one place in each of several groups, every combination once, shuffled.

    Examples
    --------
    >>> sorted(combinations_of(2, 2, rng=Random(1)))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    for number in shuffled(prod(groups), rng):
        places = []
        for size in groups:
            number, place = divmod(number, size)
            places.append(place)
        yield tuple(places)


def _two(given: list[_Part]) -> list[_Part]:
    """Return every given name followed by every other."""
    return [(f"{a[0]} {b[0]}", f"{a[1]} {b[1]}") for a, b in product(given, given) if a != b]


def _joined(*halves: str) -> list[_Part]:
    """Return every way of saying one part after the other, in both scripts."""
    ways = product(*(_pairs(half) for half in halves))
    return [("".join(part[0] for part in way), "".join(part[1] for part in way)) for way in ways]


def _pairs(words: str) -> list[_Part]:
    """Read ``latin/native``; without a stroke both are the same, and a stroke alone is nothing at all."""
    pairs = (word.partition("/") for word in words.split())
    return [(latin, native if stroke else latin) for latin, stroke, native in pairs]
