"""Enough telephone numbers and plates nobody holds for a world of any size; each comes once."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from insight_kernel.training.world.background.names import combinations_of, shuffled

#: Ranges kept free for film and documentation: by ARCEP, by the Bundesnetzagentur, and 555-01xx in each area of
#: the North American plan.
_FRENCH = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
_GERMAN = ("+493023125", "+494066969", "+496990009", "+498999998")
_AREAS = (
    "201 202 203 206 207 208 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253"
    " 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320"
    " 321 323 330 334 336 337 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419"
)
_REGION = {"fr": "fr", "ma": "fr", "de": "de", "gr": "de", "ua": "de"}
_LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"
_CONFUSED = "IOU"  # never used on French plates, so no French plate has them


class Numbers:
    """Hands out telephone numbers by country; when a region has no more, French ones."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self.taken = taken
        french, german = (_of(ranges, size, rng) for ranges, size in ((_FRENCH, 4), (_GERMAN, 3)))
        american = _of(tuple(f"+1{area}55501" for area in _AREAS.split()), 2, rng)
        self.free = {"fr": french, "de": chain(german, french), "us": chain(american, french)}

    def next(self, country: str) -> str:
        """Return a number nobody has yet."""
        free = self.free[_REGION.get(country, "us")]
        return next(number for number in free if number not in self.taken)


def free_plates(country: str, rng: Random, taken: set[str]) -> Iterator[str]:
    """Yield registration numbers no authority issues: with I, O and U in France, beginning with Q elsewhere.

    Examples
    --------
    >>> next(free_plates("GR", Random(2), set()))[0]
    'Q'
    """
    pair = [one + other for one in _CONFUSED for other in _CONFUSED]
    letters = [one + other for one in _LETTERS for other in _LETTERS + _CONFUSED]
    groups: dict[str, tuple[list[str], list[str]]] = {
        "FR": (pair, pair),
        "DE": (list(_LETTERS), letters),
        "GR": (list("IO"), list(_LETTERS)),
    }
    first, second = groups[country]
    digits = 10_000 if country == "GR" else 1_000
    for one, other, number in combinations_of(len(first), len(second), digits, rng=rng):
        plate = {
            "FR": f"{first[one]}-{number:03d}-{second[other]}",
            "DE": f"Q{first[one]}-{second[other]} {number:03d}",
            "GR": f"Q{first[one]}{second[other]}-{number:04d}",
        }[country]
        if plate not in taken:
            yield plate


def _of(ranges: tuple[str, ...], digits: int, rng: Random) -> Iterator[str]:
    size = 10**digits
    for place in shuffled(len(ranges) * size, rng):
        yield f"{ranges[place // size]}{place % size:0{digits}d}"
