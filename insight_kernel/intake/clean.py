"""From a delivered entity to labelled statement rows: checked against the vocabulary, values cleaned."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from insight_kernel.intake.items import Entity
from insight_kernel.intake.profile import SourceProfile
from insight_kernel.model.label import Label, Unreadable, Words, read_label
from insight_kernel.model.names import name_tokens
from insight_kernel.model.schema import Edge, Property, Schema, Vocabulary
from insight_kernel.model.values import PERSON_STATUS, clean
from insight_kernel.policy.change import is_tighter

_STATUS, _PERSON = "personStatus", "Person"
_STATUS_SPECIAL: Mapping[str, Words] = {"victim": frozenset({"victim"}), "witness": frozenset({"witness"})}
_ADULT = 18
_NO_KINDS: Words = frozenset()


class RejectedError(Exception):
    """The entity cannot be taken; `field` and `rule` say why, never the value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field, self.rule = field, rule


class Row(NamedTuple):
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


class _Plan(NamedTuple):
    """What is known of a property of a schema before its values are."""

    type: str
    role: int | None
    special: Words


class _Labels:
    """The labels of the statements under one label: with special kinds added, each made once."""

    def __init__(self, base: Label) -> None:
        self._base = base
        self._made: dict[tuple[Words, Words], Label] = {}

    def of(self, kinds: Words, more: Words = _NO_KINDS) -> Label:
        """Return the label with these kinds."""
        found = self._made.get((kinds, more))
        if found is None:
            found = self._made[kinds, more] = self._base.with_special(kinds | more)
        return found


@dataclass(frozen=True)
class Cleaner:
    """Turns entities of one source into rows; `number` is the store's keyed hash for ids."""

    vocabulary: Vocabulary
    profile: SourceProfile
    number: Callable[[str, str], int]
    today: date

    def record_rows(self, entities: Sequence[Entity], own: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the statements of all entities of one record; whom it protects is protected in all of it.

        `own` are the fields of a label that the record states itself. Raises `RejectedError` at the first thing
        that is not in the vocabulary, or when that label would show more than that of the source.
        """
        kinds = _NO_KINDS.union(*map(self._kinds, entities))
        labels = self._labels_of(own)
        return [row for entity in entities for row in self._rows(entity, kinds, labels)]

    def _labels_of(self, own: Mapping[str, Any] | None) -> _Labels:
        key = "" if own is None else json.dumps(own, sort_keys=True)
        if key not in self._labels:
            self._labels[key] = _Labels(self.profile.label if own is None else self._narrowed(own))
        return self._labels[key]

    def _narrowed(self, own: Mapping[str, Any]) -> Label:
        fields = dict(own)
        if isinstance(purposes := fields.get("purposes"), list) and purposes:
            fields["purposes"] = [*purposes, "oversight"]
        found = read_label({**self.profile.label.as_dict(), **fields})
        if isinstance(found, Unreadable):
            raise RejectedError("label", str(found))
        if not is_tighter(found, self.profile.label):
            raise RejectedError("label", "would show more than the label of its source")
        return found

    def _rows(self, entity: Entity, kinds: Words, labels: _Labels) -> list[Row]:
        """Return the statements of one entity, each labelled with `kinds` too."""
        schema = self._schema(entity)
        properties = self._with_status(schema, entity.properties)
        eid, plans = self.number(self.profile.keys, entity.id), self._plans_of(schema)
        found: list[Row] = []
        for name, values in properties.items():
            plan = plans.get(name)
            if plan is None:
                raise RejectedError(f"properties.{name}", f"{schema.name} has no such property")
            if values:
                self._add(found, eid, schema, name, plan, values, labels.of(kinds, plan.special))
        if schema.edge is not None:
            found += _missing_ends(eid, schema, schema.edge, properties, labels.of(kinds))
        return found

    def _add(
        self,
        found: list[Row],
        eid: int,
        schema: Schema,
        name: str,
        plan: _Plan,
        values: Sequence[str],
        label: Label,
    ) -> None:
        """Add the statements of one property; what cannot be read is kept as it was delivered."""
        type_, node = plan.type, schema.edge is None
        if type_ == "entity":
            refs = [self.number(self.profile.keys, key) for key in values]
            found += [
                Row(eid, schema.name, name, None, ref, plan.role, None, label, False, None) for ref in refs
            ]
            return
        for raw in values:
            if value := clean(type_, raw) or raw.strip():
                tokens = name_tokens(value) or None if type_ == "name" else None
                original = raw if raw != value else None
                found.append(Row(eid, schema.name, name, value, None, None, original, label, node, tokens))

    def _with_status(self, schema: Schema, given: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        if _PERSON not in schema.ancestors:
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
        if _PERSON not in schema.ancestors:
            return _NO_KINDS
        properties = self._with_status(schema, entity.properties)
        kinds = _NO_KINDS.union(*(_STATUS_SPECIAL.get(s, _NO_KINDS) for s in properties[_STATUS]))
        born = (clean("date", day) or day for day in properties.get("birthDate", ()))
        minor = any(may_be_minor(day, self.today) for day in born)
        return kinds | {"minor"} if minor else kinds

    def _plans_of(self, schema: Schema) -> Mapping[str, _Plan]:
        if schema.name not in self._plans:
            special = self.profile.special
            self._plans[schema.name] = {
                name: _Plan(prop.type, _role(schema, name), special.get(name, _NO_KINDS) | _always(prop))
                for name, prop in schema.properties.items()
            }
        return self._plans[schema.name]

    @cached_property
    def _plans(self) -> dict[str, Mapping[str, _Plan]]:
        return {}

    @cached_property
    def _labels(self) -> dict[str, _Labels]:
        return {}

    def record_label(self, rows: Sequence[Row], own: Mapping[str, Any] | None = None) -> Label:
        """Return the label under which a whole record is counted: the special kinds that stand on all of it."""
        return self._labels_of(own).of(
            frozenset.intersection(*(row.label.special for row in rows)) if rows else _NO_KINDS
        )


def _missing_ends(
    eid: int, schema: Schema, edge: Edge, properties: Mapping[str, Sequence[str]], label: Label
) -> Iterator[Row]:
    """State each end that the record leaves out, so that a hidden end is not taken for one left out."""
    for role, name in ((1, edge.source), (2, edge.target)):
        if not properties.get(name):
            yield Row(eid, schema.name, name, None, None, role, None, label, False, None)


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


def _always(prop: Property) -> Words:
    return frozenset({"sensitive"}) if prop.sensitive else _NO_KINDS


def _role(schema: Schema, name: str) -> int | None:
    if schema.edge is None:
        return None
    return {schema.edge.source: 1, schema.edge.target: 2}.get(name)
