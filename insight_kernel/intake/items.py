"""What a reader yields: delivered items, or the place and rule of one that cannot be read; what a writer leaves out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    """One entity of a delivered item, as FollowTheMoney writes it: id, schema, property -> values."""

    id: str
    schema: str
    properties: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Item:
    """One delivered item.

    Attributes
    ----------
    place, content
        Where it stood, and its bytes.
    entities
        What it speaks of.
    label
        Fields of a label that the item states itself; they may only narrow the label of its source.
    grade
        Its own grade, as `str` of a `Grade` writes it; None is that of its source.
    """

    place: str
    content: bytes
    entities: tuple[Entity, ...]
    label: Mapping[str, Any] | None = None
    grade: str | None = None


@dataclass(frozen=True)
class Bad:
    """An item that cannot be taken: where it stood, the field, the rule it breaks, its bytes for quarantine."""

    place: str
    field: str
    rule: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.place}: {self.field}: {self.rule}" if self.field else f"{self.place}: {self.rule}"


def whole_file(reason: str) -> Bad:
    """Return what is said of a file of which nothing can be read."""
    return Bad("file", "", reason, b"")


Items = Iterator[Item | Bad]


@dataclass(frozen=True, order=True)
class Loss:
    """What a format or layout cannot carry: a property (or `label`, `grade`, `entity`), why not, and how often."""

    what: str
    why: str
    times: int

    def __str__(self) -> str:
        return f"{self.what}: {self.times} not carried, {self.why}"


Losses = tuple[Loss, ...]


class Lost:
    """Counts what is left out while a file is written.

    Examples
    --------
    >>> lost = Lost()
    >>> lost.add("Person.notes", "too long"), lost.add("Person.notes", "too long")
    (None, None)
    >>> print(*lost.all())
    Person.notes: 2 not carried, too long
    """

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()

    def add(self, what: str, why: str) -> None:
        """Count one value, label or entity that is left out."""
        self._found[what, why] += 1

    def without_marks(self, items: Iterable[Item]) -> None:
        """Count the labels and grades of items, for a format that has no place for them."""
        for item in items:
            for what, mark in (("label", item.label), ("grade", item.grade)):
                if mark is not None:
                    self.add(what, "the format has no place for it")

    def all(self) -> Losses:
        """Return what was lost, in order of what it is."""
        return tuple(sorted(Loss(what, why, times) for (what, why), times in self._found.items()))
