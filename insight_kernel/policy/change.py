"""Change of a label by its owner: what the new one is, and whether it only narrows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.model.label import LEVELS, Label, Unreadable, Words, read_label

FIELDS = ("level", "only", "excluded", "purposes", "files", "expires", "handling", "conditions", "consent")
"""What an owner may change; `special` follows from whom a record is about and is only ever added to."""

_GROWING = ("excluded", "files", "handling", "consent", "special")
_ASKED = "change the label"


def changed(label: Label, fields: Mapping[str, Any]) -> Label:
    """Return the label with the fields that are stated replaced; null lifts `only` and `conditions`.

    Raises
    ------
    BadInput
        For a field that is not an owner's to change, or a value that makes the label unreadable.

    Examples
    --------
    >>> label = read_label({"owner": "FR", "purposes": ["warn", "oversight"], "expires": "2031-01-01"})
    >>> changed(label, {"level": "restricted", "excluded": ["JP"]}).as_dict()["excluded"]
    ['JP']
    """
    foreign = sorted(set(fields) - set(FIELDS) - {"special"})
    if foreign or not fields:
        wrong = f"{', '.join(foreign)}: not yours to change" if foreign else "no field is stated"
        raise BadInput(_ASKED, wrong, f"State one or more of {', '.join(FIELDS)}.")
    raw = {**label.as_dict(), **fields}
    for name in ("only", "conditions"):
        if name in fields and fields[name] is None:
            del raw[name]
    found = read_label(raw)
    if isinstance(found, Unreadable):
        raise BadInput(_ASKED, str(found), "Mend these fields.")
    kept = replace(found, purposes=found.purposes | {"oversight"})
    return kept.with_special(label.special)


def both(one: Label, other: Label) -> Label:
    """Return the label that shows what both show and no more: what binds while an owner has said two things.

    Examples
    --------
    >>> a = read_label({"owner": "FR", "purposes": ["warn"], "expires": "2031-01-01", "only": ["MA", "JP"]})
    >>> b = read_label({"owner": "FR", "purposes": ["warn", "border"], "expires": "2030-01-01", "only": ["JP"]})
    >>> both(a, b) == both(b, a), both(a, b).only, both(a, b).expires.year
    (True, frozenset({'JP'}), 2030)
    """
    limits = [label.only for label in (one, other) if label.only is not None]
    said = sorted({label.conditions for label in (one, other) if label.conditions})
    return replace(
        one, level=max(one.level, other.level, key=LEVELS.index), expires=min(one.expires, other.expires),
        only=frozenset.intersection(*limits) if limits else None, conditions=" ".join(said) or None,
        purposes=one.purposes & other.purposes or frozenset({"oversight"}),
        existence="hidden" if "hidden" in (one.existence, other.existence) else one.existence,
        **{name: getattr(one, name) | getattr(other, name) for name in _GROWING},
    )  # fmt: skip


def is_tighter(new: Label, old: Label) -> bool:
    """Tell whether nobody sees or may be sent more under the new label than under the old one.

    Examples
    --------
    >>> label = read_label({"owner": "FR", "purposes": ["warn"], "expires": "2031-01-01"})
    >>> [is_tighter(changed(label, change), label) for change in (
    ...     {"level": "restricted"}, {"expires": "2030-01-01"}, {"expires": "2032-01-01"}, {"purposes": ["border"]})]
    [True, True, False, False]
    """
    return (
        new.owner == old.owner
        and LEVELS.index(new.level) >= LEVELS.index(old.level)
        and _narrower(new.only, old.only)
        and new.purposes - {"oversight"} <= old.purposes
        and new.expires <= old.expires
        and all(getattr(new, name) >= getattr(old, name) for name in _GROWING)
        and old.conditions in (None, new.conditions)
        and (new.existence == old.existence or new.existence == "hidden")
    )  # fmt: skip


def _narrower(new: Words | None, old: Words | None) -> bool:
    return old is None or (new is not None and new <= old)
