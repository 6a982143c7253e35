"""STIX 2.1 bundles: what STIX has a place for stands there, everything else in an extension that the bundle defines.

`insight_data` of an object: `entity` (its id), `schema`, `properties` (what stands at no place of STIX), `grade`.
What several items say of one entity is several objects. What objects of others say beside the places of
`stix_kinds.py` is not read; the file itself is kept.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from insight_kernel.intake.formats.stix_kinds import NOTE, OTHER, RELATIONSHIP, Kind, kind_of, kind_read
from insight_kernel.intake.formats.stix_marks import (
    DATA,
    OURS,
    ContradictionError,
    label_of,
    markings_of,
    within,
)
from insight_kernel.intake.formats.terms import Head, item_of
from insight_kernel.intake.items import Bad, Entity, Item, Items, Losses, whole_file
from insight_kernel.model.schema import vocabulary

_OASIS = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace in which STIX 2.1 makes ids of observable objects."""
_NEW = "extension-definition--5d1b0f4a-7a52-4c4c-a2fb-0d6f0a4d2f63"
_MAKER = f"identity--{uuid5(OURS, 'INSIGHT')}"
_DEFINED = "2026-11-22T00:00:00.000Z"
_EXTENSIONS = (
    (DATA, "insight-data", "property-extension",
     "entity: id of the entity this object speaks of; schema: its kind; properties: a list of texts for each "
     "property that STIX has no place for; grade: scale and grades of source and information; label: in a marking "
     "definition, the whole label as its owner wrote it."),
    (_NEW, "insight-entity", "new-sdo",
     "x-insight-entity: an entity of a kind for which STIX has no object; all it says stands in insight-data."),
)  # fmt: skip
_OF_BUNDLE = frozenset({"marking-definition", "extension-definition"})
_REFERRING = {"note": "entity", "observed-data": "observed"}
_BUNDLE = re.compile(rb'"type"\s*:\s*"bundle"')
_NO_HEAD = Head()
Object = dict[str, Any]


def is_stix(path: Path) -> bool:
    """Tell whether a file begins like a bundle."""
    with path.open("rb") as file:
        return _BUNDLE.search(file.read(2_000)) is not None


def read_stix(path: Path) -> Items:
    """Yield the entity of each object of a bundle, labelled as its markings say."""
    try:
        raw = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        yield whole_file("not JSON")
        return
    objects = raw.get("objects", []) if isinstance(raw, dict) and raw.get("type") == "bundle" else None
    if not isinstance(objects, list):
        yield whole_file("is no bundle of STIX 2.1")
        return
    bundle = {
        said["id"]: said for said in objects if isinstance(said, dict) and isinstance(said.get("id"), str)
    }
    for number, said in enumerate(objects, start=1):
        if not isinstance(said, dict) or (
            str(said.get("type")) not in _OF_BUNDLE and said.get("id") != _MAKER
        ):
            yield _read(f"object {number}", said, bundle)


def write_stix(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:
    """Write a bundle; what the head says stands in a statement by which every object is marked. Nothing is lost."""
    made = f"{head.day.isoformat()}T00:00:00.000Z"
    objects = [*_definitions(), *(statement := _statement(head, made))]
    writing = _Writing(made, [said["id"] for said in statement])
    objects += writing.objects(items)
    objects += writing.markings.values()
    ids = " ".join(said["id"] for said in objects)
    bundle = {"type": "bundle", "id": f"bundle--{uuid5(OURS, ids)}", "objects": objects}
    out.write(json.dumps(bundle, ensure_ascii=False, indent=1).encode())
    return ()


@dataclass
class _Writing:
    """A bundle while it is written: ids given so far, and the markings that objects name."""

    made: str
    statements: list[str]
    markings: dict[str, Object] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)  # of an entity -> of its first object that is no link
    _given: set[str] = field(default_factory=set)

    def objects(self, items: Sequence[Item]) -> Iterator[Object]:
        """Yield an object for each entity; links, notes and what else refers to others come last."""
        told = [(item, entity) for item in items for entity in item.entities]
        later = [pair for pair in told if kind_of(pair[1].schema) in (RELATIONSHIP, NOTE)]
        for item, entity in told:
            if kind_of(entity.schema) not in (RELATIONSHIP, NOTE):
                said = self._object(item, entity)
                self._ids.setdefault(entity.id, said["id"])
                yield said
        for item, entity in later:
            yield self._object(item, entity)

    def _object(self, item: Item, entity: Entity) -> Object:
        kind = kind_of(entity.schema)
        said, rest = self._placed(kind, entity)
        if not any(set(group) <= said.keys() for group in kind.needs):
            kind, said, rest = OTHER, {}, {name: list(values) for name, values in entity.properties.items()}
        data = {
            "extension_type": "property-extension", "entity": entity.id, "schema": entity.schema,
            "properties": {name: values for name, values in rest.items() if values},
            **({"grade": item.grade} if item.grade else {}),
        }  # fmt: skip
        said["extensions"] = {DATA: data} | ({_NEW: {"extension_type": "new-sdo"}} if kind is OTHER else {})
        id_ = self._id(kind, entity, said)
        dated = (
            {} if kind.told_by else {"created_by_ref": _MAKER, "created": self.made, "modified": self.made}
        )
        marks = {"object_marking_refs": refs} if (refs := self._marks(item)) else {}
        return {"type": kind.type, "spec_version": "2.1", "id": id_, **dated, **marks, **kind.fixed, **said}

    def _placed(self, kind: Kind, entity: Entity) -> tuple[Object, dict[str, list[str]]]:
        """Return what stands at places of STIX, and the values that do not."""
        rest = {name: list(values) for name, values in entity.properties.items()}
        said = self._referred(kind, entity, rest)
        for place in kind.places:
            values = rest.get(place.ours)
            if values and (value := place.put(values[0])) is not None:
                said[place.theirs] = value
                rest[place.ours] = values[1:]
        if ("latitude" in said) != ("longitude" in said):  # STIX has both or none
            for place in kind.places:
                if place.theirs in ("latitude", "longitude") and said.pop(place.theirs, None) is not None:
                    rest[place.ours] = list(entity.properties[place.ours])
        return said, rest

    def _referred(self, kind: Kind, entity: Entity, rest: dict[str, list[str]]) -> Object:
        """Return what refers to other objects of this bundle, where all of it does."""
        if kind is NOTE:
            refs = [self._ids.get(key) for key in rest.get("entity", ())]
            if not refs or None in refs or len(set(refs)) < len(refs):
                return {}
            del rest["entity"]
            return {"object_refs": refs}
        edge = vocabulary().schemata[entity.schema].edge if kind is RELATIONSHIP else None
        ends = [name for name in (edge.source, edge.target) if len(rest.get(name, ())) == 1] if edge else []
        refs = [self._ids[key] for name in ends if (key := rest[name][0]) in self._ids]
        if len(refs) < 2:
            return {}
        for name in ends:
            del rest[name]
        named = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in entity.schema)
        return {"relationship_type": named.lstrip("-"), "source_ref": refs[0], "target_ref": refs[1]}

    def _id(self, kind: Kind, entity: Entity, said: Mapping[str, Any]) -> str:
        """Return an id that is the same each time; of observable objects by what they are told by."""
        told = {name: said[name] for name in kind.told_by if name in said}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        found = f"{kind.type}--{uuid5(_OASIS, text) if told else uuid5(OURS, entity.id)}"
        again = 1
        while found in self._given:
            again += 1
            found = f"{kind.type}--{uuid5(OURS, f'{entity.id} {again}')}"
        self._given.add(found)
        return found

    def _marks(self, item: Item) -> list[str]:
        marks = markings_of(item.label, self.made, released=bool(self.statements))
        self.markings.update({mark["id"]: mark for mark in marks})
        return [*(mark["id"] for mark in marks), *self.statements]


def _definitions() -> Iterator[Object]:
    """Yield who made the bundle, and the extensions it uses."""
    dated = {"spec_version": "2.1", "created": _DEFINED, "modified": _DEFINED}
    yield {"type": "identity", "id": _MAKER, **dated, "name": "INSIGHT", "identity_class": "system"}
    for id_, name, kind, meaning in _EXTENSIONS:
        yield {
            "type": "extension-definition", "id": id_, **dated, "created_by_ref": _MAKER, "name": name,
            "description": f"What INSIGHT writes as {name}.", "schema": meaning, "version": "1.0",
            "extension_types": [kind],
        }  # fmt: skip


def _statement(head: Head, made: str) -> list[Object]:
    if not head.lines:
        return []
    text = "\n".join(f"{word}: {said}" for word, said in head.lines)
    return [{"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uuid5(OURS, text)}",
             "created": made, "definition_type": "statement", "definition": {"statement": text}}]  # fmt: skip


def _read(place: str, said: Any, bundle: Mapping[str, Any]) -> Item | Bad:
    content = json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace")
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        return Bad(place, "id", "must be a text", content)
    wrong = _not_read(said)
    if wrong:
        return Bad(place, *wrong, content)
    try:
        label = label_of(_texts(said.get("object_marking_refs")), bundle)
    except ContradictionError as error:
        return Bad(place, "object_marking_refs", str(error), content)
    data = _data(said)
    kind = _kind(said, data)
    if kind is None:
        return Bad(place, "type", "objects of this type are not read", content)
    ids = _ids(bundle)
    raw = {
        "id": ids(said["id"]), "schema": data.get("schema", kind.schema),
        "properties": _properties(said, data, kind, ids),
    }  # fmt: skip
    item = item_of(place, raw, content, label=label, grade=data.get("grade"))
    return item if isinstance(item, Bad) else _with_links(item, said, ids)


def _not_read(said: Object) -> tuple[str, str] | None:
    """Return why an object is not read, whatever its type: it may mean less than it says."""
    if said.get("revoked"):
        return "revoked", "is revoked"
    if said.get("granular_markings"):
        return "granular_markings", "markings of single properties are not read"
    if not all(isinstance(ref, str) for ref in _listed(said.get("object_marking_refs", []))):
        return "object_marking_refs", "must be a list of texts"
    grade, data = _data(said).get("grade", ""), _data(said)
    if not isinstance(grade, str) or not isinstance(data.get("properties", {}), dict):
        return "extensions", "is not what insight-data is defined to be"
    return None


def _data(said: Any) -> Object:
    """Return what stands in our extension."""
    found = within(said, "extensions", DATA)
    return found if isinstance(found, dict) else {}


def _kind(said: Object, data: Object) -> Kind | None:
    if said.get("type") == OTHER.type:
        return OTHER if data else None
    found = kind_of(data["schema"]) if isinstance(data.get("schema"), str) else kind_read(said)
    return found if found is None or found.type == said.get("type") else None


def _properties(said: Object, data: Object, kind: Kind, ids: Callable[[str], str]) -> Object:
    """Return the values at places of STIX, then those of the extension."""
    found: dict[str, list[str]] = {}
    for place in kind.places:
        if place.theirs in said:
            found.setdefault(place.ours, []).extend(place.back(said[place.theirs]))
    schema = vocabulary().schemata.get(str(data.get("schema", kind.schema)))
    if kind is RELATIONSHIP and schema is not None and schema.edge is not None:
        ends = ((schema.edge.source, "source_ref"), (schema.edge.target, "target_ref"))
        found |= {name: [ids(ref) for ref in _texts([said.get(end)])] for name, end in ends}
        if not data:
            found["role"] = _texts([said.get("relationship_type")])
    elif kind.type in _REFERRING:
        found[_REFERRING[kind.type]] = [ids(ref) for ref in _texts(said.get("object_refs"))]
    for name, values in data.get("properties", {}).items():
        found[name] = [*found.get(name, ()), *values] if isinstance(values, list) else values
    return {name: values for name, values in found.items() if values}


def _with_links(item: Item, said: Object, ids: Callable[[str], str]) -> Item:
    """Return the item of a report together with links to what it is about."""
    if said["type"] != "report":
        return item
    [report] = item.entities
    links = (
        Entity(f"{report.id} {number}", "Documentation", {"document": [report.id], "entity": [ids(ref)]})
        for number, ref in enumerate(_texts(said.get("object_refs")), start=1)
    )
    return Item(item.place, item.content, (report, *links), item.label, item.grade)


def _ids(bundle: Mapping[str, Any]) -> Callable[[str], str]:
    """Return what turns the id of an object into that of its entity."""

    def id_of(ref: str) -> str:
        entity = _data(bundle.get(ref)).get("entity")
        return entity if isinstance(entity, str) and entity else ref

    return id_of


def _texts(values: Any) -> list[str]:
    return [value for value in _listed(values) if isinstance(value, str)]


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]
