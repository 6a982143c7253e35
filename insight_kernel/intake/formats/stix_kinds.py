"""Which object of STIX 2.1 an entity is, and which of its properties STIX has a place for.

A value stands at the place of STIX only where it comes back from there as the same text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from insight_kernel.intake.formats.terms import is_text
from insight_kernel.model.schema import vocabulary

_HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}
_HEX = re.compile(r"[0-9a-fA-F]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MIDNIGHT = "T00:00:00.000Z"
To = Callable[[str], Any]
Back = Callable[[Any], list[str]]


@dataclass(frozen=True)
class Place:
    """A property of STIX for one of ours; `to` and `back` turn one value, `to` may have none."""

    theirs: str
    ours: str
    to: To = str
    back: Back = lambda value: [value] if is_text(value) else []

    def put(self, text: str) -> Any:
        """Return a value as STIX has it; None where it would not come back the same."""
        try:
            value = self.to(text) if text else None
        except ValueError:
            return None
        return value if value is not None and self.back(value) == [text] else None


@dataclass(frozen=True)
class Kind:
    """An object of STIX.

    Attributes
    ----------
    type, schema
        Its type, and the schema of such an object where nothing says it.
    places, fixed
        Where values stand, and what is always the same.
    needs
        Properties without which it is no such object: one of these groups must be whole.
    told_by
        For what STIX calls observable: the properties its id is made of; nothing for other objects.
    """

    type: str
    schema: str
    places: tuple[Place, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ((),)
    told_by: tuple[str, ...] = ()


def _whole(value: Any) -> list[str]:
    return [str(value)] if isinstance(value, int) and not isinstance(value, bool) else []


def _fraction(value: Any) -> list[str]:
    return [repr(value)] if isinstance(value, float) else _whole(value)


def _size(text: str) -> int | None:
    return size if (size := int(text)) >= 0 else None


def _degrees(text: str) -> float | None:
    return degrees if abs(degrees := float(text)) <= 180 else None


def _hash(text: str) -> dict[str, str] | None:
    return {_HASHES[len(text)]: text} if len(text) in _HASHES and _HEX.fullmatch(text) else None


def _hashes(value: Any) -> list[str]:
    return [text for text in value.values() if is_text(text)] if isinstance(value, dict) else []


def _moment(text: str) -> str | None:
    return text + _MIDNIGHT if _DAY.fullmatch(text) else None


def _day(value: Any) -> list[str]:
    return [value.removesuffix(_MIDNIGHT)] if is_text(value) else []


def _lower(value: Any) -> list[str]:
    return [value.lower()] if is_text(value) else []


_TOLD = Place("description", "description")
_NAME, _HASH = Place("name", "name"), Place("hashes", "contentHash", _hash, _hashes)
_MIME = Place("mime_type", "mimeType")


def _identity(class_: str, schema: str) -> Kind:
    return Kind("identity", schema, (_NAME, _TOLD), {"identity_class": class_}, (("name",),))


LOCATION = Kind(
    "location", "Address",
    (Place("name", "full"), _TOLD, Place("street_address", "street"), Place("city", "city"),
     Place("postal_code", "postalCode"), Place("administrative_area", "state"),
     Place("country", "country", lambda text: text.upper() if re.fullmatch("[a-z]{2}", text) else None, _lower),
     Place("latitude", "latitude", _degrees, _fraction), Place("longitude", "longitude", _degrees, _fraction)),
    needs=(("country",), ("latitude", "longitude")),
)  # fmt: skip
ACCOUNT = Kind(
    "user-account", "UserAccount", (Place("account_login", "username"), Place("account_type", "service")),
    needs=(("account_login",),), told_by=("account_type", "account_login"),
)  # fmt: skip
FILE = Kind(
    "file", "Document", (_HASH, Place("name", "fileName"), _MIME, Place("size", "fileSize", _size, _whole)),
    needs=(("hashes",), ("name",)), told_by=("hashes", "name", "extensions"),
)  # fmt: skip
NOTE = Kind("note", "Note", (Place("content", "description"),), needs=(("content", "object_refs"),))
RELATIONSHIP = Kind(
    "relationship", "UnknownLink", (_TOLD, Place("start_time", "startDate", _moment, _day)),
    needs=(("source_ref", "target_ref"),),
)  # fmt: skip
OTHER = Kind("x-insight-entity", "", ())
"""What STIX has no object for."""
_WRITTEN = {
    "Person": _identity("individual", "Person"), "LegalEntity": _identity("unknown", "LegalEntity"),
    **{name: _identity("organization", name) for name in ("Organization", "Company", "PublicBody")},
    "Address": LOCATION, "UserAccount": ACCOUNT, "Note": NOTE,
}  # fmt: skip
_READ = {
    kind.type: kind for kind in (
        LOCATION, ACCOUNT, FILE, NOTE, RELATIONSHIP,
        Kind("artifact", "Document", (_HASH, _MIME)),
        Kind("email-addr", "UserAccount", (Place("value", "username"), Place("value", "email"))),
        Kind("ipv4-addr", "Device", (Place("value", "name"), Place("type", "deviceType"))),
        Kind("ipv6-addr", "Device", (Place("value", "name"), Place("type", "deviceType"))),
        Kind("observed-data", "Observation", (Place("first_observed", "startDate", _moment, _day),
                                              Place("last_observed", "endDate", _moment, _day))),
        Kind("report", "Document", (Place("name", "title"), Place("description", "summary"),
                                    Place("published", "publishedAt", _moment, _day))),
    )
}  # fmt: skip
_CLASSES = {"individual": "Person", "organization": "Organization", "group": "Organization"}


def kind_of(schema: str) -> Kind:
    """Return which object an entity of a schema is, if it has what such an object needs.

    Examples
    --------
    >>> [kind_of(name).type for name in ("Person", "Ownership", "Image", "Vehicle")]
    ['identity', 'relationship', 'file', 'x-insight-entity']
    """
    found = vocabulary().schemata.get(schema)
    if found is None:
        return OTHER
    if found.edge:
        return RELATIONSHIP
    return FILE if found.is_a("Document") else _WRITTEN.get(schema, OTHER)


def kind_read(said: Mapping[str, Any]) -> Kind | None:
    """Return which kind an object of others is; None for one that is not read."""
    if said.get("type") == "identity":
        return _WRITTEN[_CLASSES.get(str(said.get("identity_class")), "LegalEntity")]
    return _READ.get(str(said.get("type")))
