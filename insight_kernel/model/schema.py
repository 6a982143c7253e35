"""The vocabulary: which kinds of entities there are, and what can be said of each.

The shipped schemata keep the names of FollowTheMoney, so that data travels both ways, and
add what police need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from insight_kernel.errors import BadInput
from insight_kernel.model._schema_declared import Declaration, near, read_declarations
from insight_kernel.model._schema_linked import link
from insight_kernel.model._schema_parts import TYPES, Edge, Property, Schema
from insight_kernel.model._schema_yaml import Mistake

__all__ = ["TYPES", "Edge", "Property", "Schema", "Vocabulary", "vocabulary"]

SHIPPED = Path(__file__).parent / "schemata"
"""The folder of the shipped schema files."""


class Vocabulary:
    """All schemata, by name.

    Examples
    --------
    >>> person = vocabulary().get("Person")
    >>> person.label, person.is_a("LegalEntity"), person.properties["birthDate"].type
    ('Person', True, 'date')
    """

    def __init__(self, schemata: Mapping[str, Schema]) -> None:
        self.schemata: Mapping[str, Schema] = MappingProxyType(dict(sorted(schemata.items())))
        self._descendants = _concrete_descendants(self.schemata)
        self.caption_properties = frozenset(name for each in schemata.values() for name in each.caption)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Vocabulary:
        """Read every `*.yml` of the folders into one vocabulary.

        Parameters
        ----------
        folders
            Their files may extend and refer to each other's schemata.

        Raises
        ------
        BadInput
            When anything is wrong: it lists all mistakes of all files, each with its file, line and place.

        Examples
        --------
        >>> len(Vocabulary.load([SHIPPED]).schemata) > 71
        True
        """
        mistakes: list[Mistake] = []
        schemata = link(list(_read(folders, mistakes)), mistakes)
        if mistakes:
            raise _report(mistakes)
        return cls(schemata)

    def get(self, name: str) -> Schema:
        """Return the schema of this name.

        Raises
        ------
        BadInput
            When there is none; it names the nearest ones.

        Examples
        --------
        >>> vocabulary().get("Persn")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        insight_kernel.errors.BadInput: Cannot use schema 'Persn': there is no such schema (near: Person)...
        """
        if name not in self.schemata:
            wrong = f"there is no such schema{near(name, self.schemata)}"
            raise BadInput(f"use schema {name!r}", wrong, "Use a name of the vocabulary.")
        return self.schemata[name]

    def descendants(self, name: str) -> tuple[str, ...]:
        """Return the names, sorted, of all schemata that are `name` and not abstract, itself included.

        Raises
        ------
        BadInput
            When there is no schema `name`.

        Examples
        --------
        >>> vocabulary().descendants("Vehicle")
        ('Airplane', 'Vehicle', 'Vessel')
        """
        return self._descendants.get(self.get(name).name, ())


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary shipped with the package, read once per process.

    Examples
    --------
    >>> vocabulary() is vocabulary()
    True
    """
    return Vocabulary.load([SHIPPED])


def _read(folders: Iterable[Path], mistakes: list[Mistake]) -> Iterator[Declaration]:
    for folder in folders:
        if not (paths := sorted(folder.glob("*.yml"))):
            mistakes.append(Mistake(folder.name, 1, "folder", "holds no schema file (*.yml)"))
        for path in paths:
            yield from read_declarations(path.read_text(encoding="utf-8"), path.name, mistakes)


def _report(mistakes: Iterable[Mistake]) -> BadInput:
    found = sorted(set(mistakes), key=lambda each: (each.file, each.line, each.where, each.wrong))
    count = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    wrong = "; ".join(map(str, found))
    return BadInput("load the schemata", f"{count}: {wrong}", "Mend these places and load again.")


def _concrete_descendants(schemata: Mapping[str, Schema]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for schema in schemata.values():
        for ancestor in () if schema.abstract else schema.ancestors:
            found[ancestor].append(schema.name)
    return {name: tuple(sorted(names)) for name, names in found.items()}
