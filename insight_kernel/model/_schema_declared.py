"""What a schema file says, checked for shape but not yet linked to other schemata.

A file maps schema names to `extends`, `abstract`, `label`, `plural`, `edge`, `caption`, `featured`,
`required`, `start`, `end` and `properties`. A property is a type name, or a mapping of `type`, `range`,
`reverse`, `label` and `sensitive`; a `range` makes it a reference to another entity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from insight_kernel.model._schema_yaml import Item, Mistake, read_tree

_SCHEMA_SHAPE: Mapping[str, type] = {
    "label": str,
    "plural": str,
    "abstract": bool,
    "extends": list,
    "caption": list,
    "featured": list,
    "required": list,
    "start": list,
    "end": list,
    "edge": dict,
    "properties": dict,
}
_EDGE_SHAPE: Mapping[str, type] = {"source": str, "label": str, "target": str, "directed": bool}
_PROPERTY_SHAPE: Mapping[str, type] = {
    "type": str,
    "range": str,
    "reverse": str,
    "label": str,
    "sensitive": bool,
}
_KIND = {str: "a text", bool: "true or false", list: "a list of names", dict: "a mapping"}


@dataclass(frozen=True)
class Declaration:
    """One schema as its file declares it; every part keeps its line."""

    name: str
    file: str
    line: int
    parts: Mapping[str, Item]

    def text(self, key: str) -> str:
        """Return the text under `key`, empty when it is not given."""
        return self.parts[key].text if key in self.parts else ""

    def flag(self, key: str) -> bool:
        """Tell whether `key` is given as true."""
        return key in self.parts and self.parts[key].value is True

    def names(self, key: str) -> tuple[str, ...]:
        """Return the names listed under `key`, in their order."""
        return tuple(item.text for item in self.items(key))

    def items(self, key: str) -> list[Item]:
        """Return the entries listed under `key`, with their lines."""
        value = self.parts[key].value if key in self.parts else []
        return value if isinstance(value, list) else []

    def mapping(self, key: str) -> dict[str, Item]:
        """Return the mapping under `key`, empty when it is not given."""
        return self.parts[key].mapping if key in self.parts else {}

    def mistake(self, key: str, wrong: str, line: int = 0) -> Mistake:
        """Say that something under `key` is wrong."""
        at = line or (self.parts[key].line if key in self.parts else self.line)
        return Mistake(self.file, at, f"{self.name}.{key}" if key else self.name, wrong)


def near(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
    """Return a hint with the nearest known names, or nothing.

    Examples
    --------
    >>> near("Persn", frozenset({"Person", "Company"}))
    ' (near: Person)'
    """
    close = get_close_matches(name, list(known), n=3, cutoff=0.75)
    return f" (near: {', '.join(close)})" if close else ""


def read_declarations(text: str, file: str, mistakes: list[Mistake]) -> list[Declaration]:
    """Read all schemata of one file; parts of the wrong shape are reported and left out.

    Examples
    --------
    >>> wrong = []
    >>> [each.name for each in read_declarations("Car: {extend: [Thing]}", "a.yml", wrong)]
    ['Car']
    >>> print(wrong[0])
    a.yml line 1, Car.extend: unknown key (near: extends)
    """
    found = []
    for name, item in read_tree(text, file, mistakes).items():
        if not isinstance(item.value, dict):
            mistakes.append(Mistake(file, item.line, name, "must be a mapping"))
            continue
        parts = _checked(item.mapping, _SCHEMA_SHAPE, file, name, mistakes)
        _check_inner(parts, file, name, mistakes)
        found.append(Declaration(name, file, item.line, parts))
    return found


def _check_inner(parts: dict[str, Item], file: str, name: str, mistakes: list[Mistake]) -> None:
    if "edge" in parts:
        edge = _checked(parts["edge"].mapping, _EDGE_SHAPE, file, f"{name}.edge", mistakes)
        parts["edge"] = Item(edge, parts["edge"].line)
    if "properties" in parts:
        properties = dict(_properties(parts["properties"], file, name, mistakes))
        parts["properties"] = Item(properties, parts["properties"].line)


def _properties(item: Item, file: str, name: str, mistakes: list[Mistake]) -> Iterator[tuple[str, Item]]:
    """Bring the short form (a type name) into the long one (a mapping)."""
    for key, given in item.mapping.items():
        where = f"{name}.{key}"
        if isinstance(given.value, str):
            yield key, Item({"type": given}, given.line)
        elif isinstance(given.value, dict):
            yield key, Item(_checked(given.mapping, _PROPERTY_SHAPE, file, where, mistakes), given.line)
        else:
            mistakes.append(Mistake(file, given.line, where, "must be a type name or a mapping"))


def _checked(
    given: Mapping[str, Item], shape: Mapping[str, type], file: str, where: str, mistakes: list[Mistake]
) -> dict[str, Item]:
    """Keep the parts with a known key and the right kind of value."""
    good = {}
    for key, item in given.items():
        if key not in shape:
            mistakes.append(Mistake(file, item.line, f"{where}.{key}", f"unknown key{near(key, shape)}"))
        elif not _fits(item, shape[key]):
            mistakes.append(Mistake(file, item.line, f"{where}.{key}", f"must be {_KIND[shape[key]]}"))
        else:
            good[key] = item
    return good


def _fits(item: Item, kind: type) -> bool:
    if kind is list:
        return isinstance(item.value, list) and all(isinstance(each.value, str) for each in item.value)
    return isinstance(item.value, kind)
