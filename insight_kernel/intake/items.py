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


Items = Iterator[Item | Bad]
