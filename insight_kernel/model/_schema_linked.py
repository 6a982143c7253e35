"""Declarations of all files linked into schemata; all mistakes are reported, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from insight_kernel.model._schema_declared import Declaration, near
from insight_kernel.model._schema_labels import label_of, plural_of
from insight_kernel.model._schema_parts import TYPES, Edge, Property, Schema
from insight_kernel.model._schema_yaml import Item, Mistake


def link(declared: Iterable[Declaration], mistakes: list[Mistake]) -> dict[str, Schema]:
    """Link declarations into schemata by name, parents before heirs; mistakes are added to `mistakes`.

    A schema whose ancestry is broken is left out and not examined further, so that one wrong parent does not
    bury the report under its consequences.
    """
    unique = _unique(declared, mistakes)
    schemata: dict[str, Schema] = {}
    for declaration in _parents_first(unique, mistakes):
        schemata[declaration.name] = _schema(declaration, schemata)
        mistakes.extend(_check(declaration, schemata[declaration.name]))
    for declaration in unique.values():
        mistakes.extend(_check_properties(declaration, unique))
    return schemata


def _unique(declared: Iterable[Declaration], mistakes: list[Mistake]) -> dict[str, Declaration]:
    found: dict[str, Declaration] = {}
    for declaration in declared:
        first = found.setdefault(declaration.name, declaration)
        if first is not declaration:
            wrong = f"is already declared in {first.file} line {first.line}"
            mistakes.append(declaration.mistake("", wrong))
    return found


def _parents_first(declared: Mapping[str, Declaration], mistakes: list[Mistake]) -> Iterator[Declaration]:
    """Yield each declaration after all its parents; those below a cycle or an unknown parent never come."""
    waiting = {name: each for name, each in declared.items() if _parents_known(each, declared, mistakes)}
    done: set[str] = set()
    while ready := [each for each in waiting.values() if done.issuperset(each.names("extends"))]:
        for declaration in ready:
            done.add(declaration.name)
            yield waiting.pop(declaration.name)
    for name, declaration in waiting.items():
        if name in _reachable(name, waiting):
            mistakes.append(declaration.mistake("extends", "descends from itself"))


def _parents_known(
    declaration: Declaration, declared: Mapping[str, Declaration], mistakes: list[Mistake]
) -> bool:
    unknown = [item for item in declaration.items("extends") if item.text not in declared]
    for item in unknown:
        wrong = f"no schema {item.text!r}{near(item.text, declared)}"
        mistakes.append(declaration.mistake("extends", wrong, item.line))
    return not unknown


def _reachable(name: str, waiting: Mapping[str, Declaration]) -> set[str]:
    """Return everything `name` descends from, by way of what is still waiting."""
    seen: set[str] = set()
    todo = list(waiting[name].names("extends"))
    while todo:
        parent = todo.pop()
        if parent in waiting and parent not in seen:
            seen.add(parent)
            todo.extend(waiting[parent].names("extends"))
    return seen


def _schema(declared: Declaration, known: Mapping[str, Schema]) -> Schema:
    parents = [known[name] for name in declared.names("extends")]
    label = declared.text("label") or label_of(declared.name)
    return Schema(
        name=declared.name,
        label=label,
        plural=declared.text("plural") or plural_of(label),
        extends=declared.names("extends"),
        abstract=declared.flag("abstract"),
        edge=_edge(declared.mapping("edge"), label) if "edge" in declared.parts else None,
        caption=declared.names("caption") or _first(parent.caption for parent in parents),
        featured=declared.names("featured") or _first(parent.featured for parent in parents),
        required=declared.names("required"),
        start=declared.names("start") or _first(parent.start for parent in parents),
        end=declared.names("end") or _first(parent.end for parent in parents),
        properties=MappingProxyType(_properties(declared, parents)),
        ancestors=frozenset({declared.name}.union(*(parent.ancestors for parent in parents))),
    )


def _first(candidates: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return next((each for each in candidates if each), ())


def _edge(given: Mapping[str, Item], label: str) -> Edge:
    return Edge(
        source=given["source"].text if "source" in given else "",
        target=given["target"].text if "target" in given else "",
        directed="directed" not in given or given["directed"].value is True,
        label=given["label"].text if "label" in given else label.lower(),
    )


def _properties(declared: Declaration, parents: Iterable[Schema]) -> dict[str, Property]:
    own = declared.mapping("properties")
    found = {name: _property(declared.name, name, item) for name, item in own.items()}
    for parent in parents:
        for name, inherited in parent.properties.items():
            found.setdefault(name, inherited)
    return found


def _property(schema: str, name: str, item: Item) -> Property:
    given = item.mapping
    texts = {key: given[key].text for key in ("type", "range", "reverse", "label") if key in given}
    return Property(
        name=name,
        label=texts.get("label") or label_of(name),
        type="entity" if "range" in texts else texts.get("type", "string"),
        schema=schema,
        range=texts.get("range", ""),
        reverse=texts.get("reverse", ""),
        sensitive="sensitive" in given and given["sensitive"].value is True,
    )


def _check(declared: Declaration, schema: Schema) -> Iterator[Mistake]:
    """Check that the properties a schema speaks of exist and are of the right type."""
    for key in ("caption", "featured", "required", "start", "end"):
        for item in declared.items(key):
            if item.text not in schema.properties:
                wrong = f"no property {item.text!r}{near(item.text, schema.properties)}"
                yield declared.mistake(key, wrong, item.line)
            elif key == "caption" and schema.properties[item.text].type == "entity":
                yield declared.mistake(key, f"{item.text!r} is an entity and cannot be shown", item.line)
            elif key in ("start", "end") and schema.properties[item.text].type != "date":
                yield declared.mistake(key, f"{item.text!r} is not a date", item.line)
    if "edge" in declared.parts and schema.edge is not None:
        yield from _check_ends(declared, schema, schema.edge)


def _check_ends(declared: Declaration, schema: Schema, edge: Edge) -> Iterator[Mistake]:
    for end, name in (("source", edge.source), ("target", edge.target)):
        if not name:
            yield declared.mistake("edge", f"names no {end}")
        elif name not in schema.properties:
            hint = near(name, schema.properties)
            yield declared.mistake("edge", f"no property {name!r} for its {end}{hint}")
        elif schema.properties[name].type != "entity":
            yield declared.mistake("edge", f"its {end} {name!r} is not an entity")
    if edge.source and edge.source == edge.target:
        yield declared.mistake("edge", "its two ends are the same property")


def _check_properties(declared: Declaration, known: Mapping[str, Declaration]) -> Iterator[Mistake]:
    """Check types and ranges of the properties a schema declares itself."""
    for name, item in declared.mapping("properties").items():
        given = item.mapping
        kind = given["type"].text if "type" in given else ""
        if "range" in given:
            aim = given["range"].text
            if aim not in known:
                yield declared.mistake(name, f"no schema {aim!r} for its range{near(aim, known)}", item.line)
            if kind not in ("", "entity"):
                yield declared.mistake(name, f"has a range and cannot be of type {kind!r}", item.line)
        elif kind == "entity" or "reverse" in given:
            yield declared.mistake(name, "refers to entities and needs a range", item.line)
        elif kind not in TYPES:
            yield declared.mistake(name, f"no type {kind!r}{near(kind, TYPES)}", item.line)
