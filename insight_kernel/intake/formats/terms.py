"""What the formats share: an entity as texts, what could not be carried, and the head of a file that leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from insight_kernel.intake.items import Bad, Entity, Item, Items, Losses


class UnreadableError(Exception):
    """A file that cannot be read at all; its text says why, without a value."""


@dataclass(frozen=True)
class Head:
    """What is said of a whole file: its day, and lines of a word and a sentence (for whom, how to be handled ...)."""

    day: date = date(1970, 1, 1)
    lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Format:
    """A format of exchange.

    Attributes
    ----------
    name, title
        How it is asked for, and what people call it.
    endings, perhaps
        How names of its files end; and how they may end, where the content decides.
    read
        A file's path -> its items; what cannot be read is a `Bad`.
    write
        Items, where to, and the file's head -> what the format could not carry.
    fits
        Whether a file is of this format, where its name ends as it may.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    read: Callable[[Path], Items]
    write: Callable[[Sequence[Item], BinaryIO, Head], Losses]
    perhaps: tuple[str, ...] = ()
    fits: Callable[[Path], bool] = lambda _: True


def entity_of(raw: Any) -> Entity | tuple[str, str]:
    """Return the entity an object of id, schema and properties says; or the field that is wrong, and its rule.

    Examples
    --------
    >>> entity_of({"id": "a", "schema": "Person", "properties": {"name": "Ana"}})
    ('properties.name', 'must be a list of texts')
    """
    if not isinstance(raw, dict):
        return "", "not an object"
    for name in ("id", "schema"):
        if not is_text(raw.get(name)) or not raw[name]:
            return name, "must be a text"
    if not isinstance(raw.get("properties"), dict):
        return "properties", "must be an object"
    for name, values in raw["properties"].items():
        if not isinstance(values, list) or not all(map(is_text, values)):
            return f"properties.{name}", "must be a list of texts"
    return Entity(raw["id"], raw["schema"], raw["properties"])


def item_of(
    place: str, raw: Any, content: bytes, *, label: Any = None, grade: str | None = None
) -> Item | Bad:
    """Return the item of one entity, or what is wrong with it."""
    found = entity_of(raw)
    if isinstance(found, tuple):
        return Bad(place, *found, content)
    return Item(place, content, (found,), label, grade)


def is_text(value: object) -> bool:
    """Tell whether it is a text that can be written down: JSON can also name halves of characters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
