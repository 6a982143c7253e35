"""YAML as plain values that still know the line they stand on.

PyYAML's own construction lets a repeated key win silently and reads `no` as false where a name was meant;
here a repeated key is a mistake and only mappings, lists, texts and booleans exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import yaml

Value: TypeAlias = "str | bool | list[Item] | dict[str, Item]"
"""What a schema file may hold."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a schema file: which file, which line (from 1), where in the schema, and what."""

    file: str
    line: int
    where: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}, {self.where}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Item:
    """One value and its line, counted from 1."""

    value: Value
    line: int

    @property
    def text(self) -> str:
        """The value where it is a text, otherwise nothing."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def mapping(self) -> dict[str, Item]:
        """The value where it is a mapping, otherwise an empty one."""
        return self.value if isinstance(self.value, dict) else {}


def read_tree(text: str, file: str, mistakes: list[Mistake]) -> dict[str, Item]:
    r"""Read one YAML text whose top is a mapping; what cannot be read is added to `mistakes`.

    Examples
    --------
    >>> read_tree("Person:\n  abstract: true", "a.yml", [])["Person"].mapping["abstract"]
    Item(value=True, line=2)
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        mistakes.append(Mistake(file, mark.line + 1 if mark else 1, "YAML", f"not valid YAML, {problem}"))
        return {}
    if node is None:
        return {}
    top = _item(node, file, "top", mistakes)
    if not isinstance(top.value, dict):
        mistakes.append(Mistake(file, top.line, "top", "must be a mapping of schema names"))
    return top.mapping


def _item(node: yaml.Node, file: str, where: str, mistakes: list[Mistake]) -> Item:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Item(_mapping(node, file, where, mistakes), line)
    if isinstance(node, yaml.SequenceNode):
        return Item([_item(child, file, where, mistakes) for child in node.value], line)
    if node.tag == "tag:yaml.org,2002:bool":
        return Item(node.value.lower() in ("true", "yes", "on"), line)
    return Item(str(node.value), line)


def _mapping(node: yaml.MappingNode, file: str, where: str, mistakes: list[Mistake]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for key, child in node.value:
        name = str(key.value)
        inside = name if where == "top" else f"{where}.{name}"
        if name in found:
            mistakes.append(Mistake(file, key.start_mark.line + 1, inside, "stands twice"))
        item = _item(child, file, inside, mistakes)
        found[name] = Item(item.value, key.start_mark.line + 1)
    return found
