"""Labels as marking definitions of STIX 2.1: a TLP 2.0 tag for everybody, and the whole label in an extension of ours.

A tag wider than the label beside it is a contradiction, and its object is not taken.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from insight_kernel.model.label import LEVELS

OURS = UUID("8f6f0c4e-5a0b-4c55-9d5e-6a8f3c1f7d21")
"""The namespace of ids made here."""
DATA = "extension-definition--0b8e9d0a-6a3c-4f0e-9c46-3d1c53b3f0a5"
"""The extension that holds what STIX has no property for; `stix.py` says what stands in it."""
_TLP_EXTENSION, _TLP_DAY = (
    "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d",
    "2022-10-01T00:00:00.000Z",
)
TLP = {
    "clear": "94868c89-83c2-464b-929b-a1a8aa3c8487", "green": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber+strict": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}  # fmt: skip
"""Tags of TLP 2.0, the widest first, and the ids under which OASIS publishes them."""
_OLDER = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear", "34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "f88d31f6-486f-44da-b317-01333bde0b82": "amber", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
}  # fmt: skip
_KNOWN = {
    f"marking-definition--{id_}": tag for id_, tag in [*((i, t) for t, i in TLP.items()), *_OLDER.items()]
}
_SAYS: Mapping[str, Mapping[str, Any]] = {
    "clear": {"level": "official"}, "green": {"level": "official"}, "amber": {"level": "restricted"},
    "amber+strict": {"level": "confidential"}, "red": {"level": "confidential", "only": []},
}  # fmt: skip
_ORDER = list(TLP)
_OF_LEVEL = dict(zip(LEVELS, ("green", "amber", "amber+strict"), strict=True))
Object = dict[str, Any]


class ContradictionError(Exception):
    """Markings that cannot be followed; the text says why."""


def tag_of(label: Mapping[str, Any]) -> str:
    """Return the TLP tag a label comes to: by its level, and `red` where it is for named recipients only.

    Examples
    --------
    >>> [tag_of(label) for label in ({}, {"level": "restricted"}, {"handling": ["H2"]}, {"only": ["FR"]})]
    ['green', 'amber', 'amber+strict', 'red']
    """
    if "only" in label:
        return "red"
    tag = _OF_LEVEL.get(str(label.get("level", LEVELS[0])), "red")
    passes = "H2" not in str(
        label.get("handling")
    )  # whatever it is: an unreadable label is no reason to believe a tag
    return tag if passes else max(tag, "amber+strict", key=_ORDER.index)


def markings_of(label: Mapping[str, Any] | None, made: str, *, released: bool) -> list[Object]:
    """Return the marking definitions of a label: its tag, and itself.

    What is released goes to one organisation and to nobody else, whatever its label would let others see.
    """
    tag = max(tag_of(label or {}), "amber+strict" if released else "clear", key=_ORDER.index)
    tlp: Object = {
        "type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{TLP[tag]}",
        "created": _TLP_DAY, "name": f"TLP:{tag.upper()}",
        "extensions": {_TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": tag}},
    }  # fmt: skip
    if label is None:
        return [tlp] if released else []
    body = json.dumps(label, sort_keys=True, ensure_ascii=False)
    return [tlp, {
        "type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uuid5(OURS, body)}",
        "created": made, "name": "INSIGHT label",
        "extensions": {DATA: {"extension_type": "property-extension", "label": dict(label)}},
    }]  # fmt: skip


def label_of(refs: Iterable[str], bundle: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the label that an object's markings say; None where they say nothing of it.

    Raises
    ------
    ContradictionError
        For a marking that is not known, for several labels, and for a tag wider than the label beside it.
    """
    tags, labels = [], []
    for ref in refs:
        marking = bundle.get(ref, {})
        if ref not in _KNOWN and within(marking, "type") != "marking-definition":
            raise ContradictionError("names a marking that is not in the bundle")
        tags += [_KNOWN[ref]] if ref in _KNOWN else _tag(marking)
        label = within(marking, "extensions", DATA, "label")
        labels += [label] if isinstance(label, dict) and label not in labels else []
    if len(labels) > 1:
        raise ContradictionError("has several labels: each owner delivers what is its own")
    strictest = max(tags, key=_ORDER.index, default=None)
    if not labels:
        return _SAYS[strictest] if strictest else None
    if strictest and _ORDER.index(strictest) < _ORDER.index(tag_of(labels[0])):
        raise ContradictionError(f"says TLP:{strictest.upper()}, which is wider than its label")
    return labels[0]


def within(said: Any, *names: str) -> Any:
    """Return what lies in objects within each other; None where it is not there.

    Examples
    --------
    >>> within({"a": {"b": 1}}, "a", "b"), within({"a": []}, "a", "b")
    (1, None)
    """
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _tag(marking: Object) -> list[str]:
    """Return the tag of a marking definition of others that says one."""
    newer = within(marking, "extensions", _TLP_EXTENSION, "tlp_2_0")
    said = str(newer or within(marking, "definition", "tlp") or "")
    tag = {"white": "clear"}.get(said.lower(), said.lower())
    if said and tag not in TLP:
        raise ContradictionError("has a TLP tag that is not known")
    return [tag] if said else []
