"""From a delivered entity to labelled statement rows: checked against the vocabulary, values cleaned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from insight_kernel.intake.items import Entity
from insight_kernel.intake.profile import SourceProfile
from insight_kernel.model.label import Label, Words
from insight_kernel.model.names import name_tokens
from insight_kernel.model.schema import Property, Schema, Vocabulary
from insight_kernel.model.values import PERSON_STATUS, clean

_STATUS = "personStatus"
_STATUS_SPECIAL: Mapping[str, Words] = {"victim": frozenset({"victim"}), "witness": frozenset({"witness"})}
_ADULT = 18
_NO_KINDS: Words = frozenset()


class RejectedError(Exception):
    """The entity cannot be taken; `field` and `rule` say why, never the value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field, self.rule = field, rule


@dataclass(frozen=True, slots=True)
class Row:
    """One statement before it has numbers; a row without value and reference states that an end is not known."""

    eid: int
    type: str
    prop: str
    value: str | None
    ref: int | None
    role: int | None
    original: str | None
    label: Label
    node: bool
    tokens: tuple[str, ...] | None


@dataclass(frozen=True)
class Cleaner:
    """Turns entities of one source into rows; `number` is the store's keyed hash for ids."""

    vocabulary: Vocabulary
    profile: SourceProfile
    number: Callable[[str, str], int]
    today: date

    def record_rows(self, entities: Sequence[Entity]) -> list[Row]:
        """Return the statements of all entities of one record; whom it protects is protected in all of it.

        Raises `RejectedError` at the first thing that is not in the vocabulary.
        """
        kinds = _NO_KINDS.union(*map(self._kinds, entities))
        return [row for entity in entities for row in self.rows(entity, kinds)]

    def rows(self, entity: Entity, kinds: Words = _NO_KINDS) -> list[Row]:
        """Return the statements of one entity, each labelled with `kinds` too."""
        schema = self._schema(entity)
        properties = self._with_status(schema, entity.properties)
        kinds |= self._kinds(entity)
        eid = self.number(self.profile.keys, entity.id)
        found = [
            row
            for name, values in properties.items()
            for row in self._property_rows(eid, schema, _known(schema, name), values, kinds)
        ]
        found += self._missing_ends(eid, schema, properties, kinds)
        return found

    def _with_status(self, schema: Schema, given: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        if not schema.is_a("Person"):
            return given
        if given.get(_STATUS):
            if not set(given[_STATUS]) <= PERSON_STATUS:
                raise RejectedError(_STATUS, "not a status of the list")
            return given
        if self.profile.person_status is None:
            raise RejectedError(_STATUS, "missing, and the source profile has no person_status")
        return {**given, _STATUS: [self.profile.person_status]}

    def _schema(self, entity: Entity) -> Schema:
        schema = self.vocabulary.schemata.get(entity.schema)
        if schema is None or schema.abstract:
            raise RejectedError("schema", "unknown schema" if schema is None else "an abstract schema")
        return schema

    def _kinds(self, entity: Entity) -> Words:
        """Return the special kinds that stand on every statement of the record of this person."""
        schema = self._schema(entity)
        if not schema.is_a("Person"):
            return _NO_KINDS
        properties = self._with_status(schema, entity.properties)
        kinds = _NO_KINDS.union(*(_STATUS_SPECIAL.get(s, _NO_KINDS) for s in properties[_STATUS]))
        born = (clean("date", day) or day for day in properties.get("birthDate", ()))
        minor = any(may_be_minor(day, self.today) for day in born)
        return kinds | {"minor"} if minor else kinds

    def _property_rows(
        self, eid: int, schema: Schema, prop: Property, values: Sequence[str], kinds: Words
    ) -> Iterator[Row]:
        label = self._label(kinds | self.profile.special.get(prop.name, _NO_KINDS) | _always(prop))
        if prop.type == "entity":
            role = _role(schema, prop.name)
            for key in values:
                ref = self.number(self.profile.keys, key)
                yield Row(eid, schema.name, prop.name, None, ref, role, None, label, False, None)
            return
        for raw in values:
            value = clean(prop.type, raw) or raw.strip()  # what cannot be read is kept as it was delivered
            if value:
                original = raw if raw != value else None
                tokens = name_tokens(value) if prop.type == "name" else None
                node = schema.edge is None
                yield Row(
                    eid, schema.name, prop.name, value, None, None, original, label, node, tokens or None
                )

    def _missing_ends(
        self, eid: int, schema: Schema, properties: Mapping[str, Sequence[str]], kinds: Words
    ) -> Iterator[Row]:
        """State each end that the record leaves out, so that a hidden end is not taken for one left out."""
        if schema.edge is None:
            return
        for role, name in ((1, schema.edge.source), (2, schema.edge.target)):
            if not properties.get(name):
                yield Row(eid, schema.name, name, None, None, role, None, self._label(kinds), False, None)

    def _label(self, kinds: Words) -> Label:
        if kinds not in self._labels:
            self._labels[kinds] = self.profile.label.with_special(kinds)
        return self._labels[kinds]

    @cached_property
    def _labels(self) -> dict[Words, Label]:
        return {}

    def record_label(self, rows: Sequence[Row]) -> Label:
        """Return the label under which a whole record is counted: the special kinds that stand on all of it."""
        return self._label(
            frozenset.intersection(*(row.label.special for row in rows)) if rows else _NO_KINDS
        )


def may_be_minor(birth: str, today: date) -> bool:
    """Tell whether somebody born on this (perhaps partial) date may still be under 18; unreadable dates do not say.

    Examples
    --------
    >>> [may_be_minor(day, date(2026, 11, 21)) for day in ("2008", "2008-11-21", "2008-11-22", "1990-01", "?")]
    [True, False, True, False, False]
    """
    parts = birth[:10].split("-")
    if not all(part.isdigit() for part in parts):
        return False
    latest = (*(int(part) for part in parts), 12, 31)[:3] if len(parts) < 3 else tuple(int(p) for p in parts)
    if len(parts) == 2:
        latest = (int(parts[0]), int(parts[1]), 31)
    return (latest[0] + _ADULT, *latest[1:]) > (today.year, today.month, today.day)


def _known(schema: Schema, name: str) -> Property:
    found = schema.properties.get(name)
    if found is None:
        raise RejectedError(f"properties.{name}", f"{schema.name} has no such property")
    return found


def _always(prop: Property) -> Words:
    return frozenset({"sensitive"}) if prop.sensitive else _NO_KINDS


def _role(schema: Schema, name: str) -> int | None:
    if schema.edge is None:
        return None
    return {schema.edge.source: 1, schema.edge.target: 2}.get(name)
