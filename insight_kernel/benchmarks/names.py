"""What generated entities say of themselves: pools of invented values, one per property."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from insight_kernel.model.names import name_tokens

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "ch")
_VOWELS = ("a", "e", "i", "o", "u")
_COUNTRIES = 180
_NAMES = 150_000


def _nothing() -> pa.Array:
    return pa.array([], pa.string())


@dataclass(frozen=True)
class Pool:
    """One property of one schema: its values and how uneven they are drawn, or the schema referred to."""

    schema: str
    prop: str
    values: pa.Array = field(default_factory=_nothing)
    often: float = 1.0
    skew: int = 1
    tokens: pa.Array = field(default_factory=_nothing)
    refers: str = ""
    role: int | None = None


def pools(random: np.random.Generator) -> Iterator[Pool]:
    """Yield all properties of the generated store."""
    names = full_names(random, _NAMES)
    tokens = pa.array([name_tokens(name) for name in names], pa.list_(pa.string()))
    texts, countries, days = pa.array(names), _countries(), _days(random)
    yield Pool("Person", "name", texts, skew=2, tokens=tokens)
    yield Pool("Person", "alias", texts, often=0.3, tokens=tokens)
    yield Pool("Person", "personStatus", pa.array(["suspect", "associate", "unassessed", "wanted"]), skew=2)
    yield Pool("Person", "nationality", countries, skew=3)
    yield Pool("Person", "nationality", countries, often=0.1)
    yield Pool("Person", "birthDate", days)
    yield Pool("Person", "gender", pa.array(["male", "female", "other"]), skew=2)
    yield Pool("Person", "country", countries, skew=3)
    yield Pool("Person", "profession", pa.array(_words(random, 2_000)), skew=3)
    yield Pool("Person", "birthPlace", pa.array(_words(random, 20_000)), skew=3)
    yield Pool("Person", "idNumber", _numbers(random, "P"))
    yield Pool("Company", "name", texts, tokens=tokens)
    yield Pool("Company", "jurisdiction", countries, skew=3)
    yield Pool("Company", "country", countries, skew=3)
    yield Pool("Company", "incorporationDate", days)
    yield Pool("Company", "registrationNumber", _numbers(random, "R"))
    yield Pool("Ownership", "owner", refers="Person", role=1)
    yield Pool("Ownership", "asset", refers="Company", role=2)
    yield Pool("Ownership", "percentage", pa.array([str(n) for n in range(1, 101)]))
    yield Pool("Ownership", "startDate", days)
    yield Pool("Ownership", "role", pa.array(["shareholder", "founder", "trustee"]), skew=2)


def full_names(random: np.random.Generator, size: int) -> list[str]:
    """Return invented names of two words, some of them equal."""
    first, last = _words(random, 2_000), _words(random, 12_000)
    picks = zip(random.integers(0, len(first), size), random.integers(0, len(last), size), strict=True)
    return [f"{first[a]} {last[b]}" for a, b in picks]


def _words(random: np.random.Generator, size: int) -> list[str]:
    onsets = random.integers(0, len(_ONSETS), (size, 3))
    vowels = random.integers(0, len(_VOWELS), (size, 3))
    rows = zip(onsets.tolist(), vowels.tolist(), strict=True)
    return ["".join(_ONSETS[a] + _VOWELS[b] for a, b in zip(*row, strict=True)).title() for row in rows]


def _countries() -> pa.Array:
    import pycountry

    return pa.array(sorted(country.alpha_2.lower() for country in pycountry.countries)[:_COUNTRIES])


def _days(random: np.random.Generator) -> pa.Array:
    days = np.datetime64("1940-01-01") + np.sort(random.choice(25_000, 20_000, replace=False))
    return pa.array(np.datetime_as_string(days))


def _numbers(random: np.random.Generator, letter: str) -> pa.Array:
    return pa.array([f"{letter}{n:08d}" for n in random.integers(0, 10**8, 500_000).tolist()])
