"""Schema, property and edge: what is known about a kind of entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_TYPES = """
address checksum country date email entity gender html iban identifier ip json language mimetype name
notice noticestatus number phone status string text topic url
"""
TYPES = frozenset(_TYPES.split())
"""The types a property can have; `values.clean` reads each of them."""


@dataclass(frozen=True)
class Property:
    """One property of a schema.

    Attributes
    ----------
    name, label
        As written in data, and as read by people.
    type
        One of `TYPES`.
    schema
        Name of the schema that declares it; its heirs share the same object.
    range
        For type `entity`: name of the schema its entities belong to; otherwise empty.
    reverse
        For type `entity`: how the other end may call this reference; often empty.
    sensitive
        Whether it always tells of race, politics, religion, union, health, sex life, genes or biometrics.
    """

    name: str
    label: str
    type: str
    schema: str
    range: str = ""
    reverse: str = ""
    sensitive: bool = False


@dataclass(frozen=True)
class Edge:
    """How entities of a link schema join two others: the properties that name its ends, and a verb."""

    source: str
    target: str
    directed: bool
    label: str


@dataclass(frozen=True, eq=False)
class Schema:
    """A kind of entity.

    Attributes
    ----------
    name, label, plural
        As written in data, and as read by people.
    extends
        The parents, in the order of declaration.
    abstract
        Only there to be extended: no entity is just this.
    edge
        Its two ends when it is a link, otherwise None.
    caption, featured
        Properties tried in this order for a name to show; properties shown first. Taken from the first parent
        that has them when not declared.
    required
        Properties without which a record is not accepted; counts for exactly this schema, not for its heirs.
    start, end
        Date properties that open and close it on a timeline, best first; inherited like `caption`.
    properties
        All properties by name, inherited ones included: its own first, then those of each parent in order.
    ancestors
        Names of everything it descends from, itself included.
    """

    name: str
    label: str
    plural: str
    extends: tuple[str, ...]
    abstract: bool
    edge: Edge | None
    caption: tuple[str, ...]
    featured: tuple[str, ...]
    required: tuple[str, ...]
    start: tuple[str, ...]
    end: tuple[str, ...]
    properties: Mapping[str, Property]
    ancestors: frozenset[str]

    def is_a(self, other: str) -> bool:
        """Tell whether this is the schema named `other`, or descends from it."""
        return other in self.ancestors
