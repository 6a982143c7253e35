"""What a reader yields: delivered items, or the place and rule of one that cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
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
    """One delivered item: where it stood, its bytes, the entities it speaks of.

    `label` are fields of a label said of this item, `grade` its scale and grades as `str(Grade)` writes them.
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


Items = Iterator[Item | Bad]
