"""Label: what an owner says about its data, and reading one without guessing.

A field that is absent takes its default. A field that is there but null, of the wrong type, outside its
vocabulary, or empty where a value is needed makes the whole label unreadable: what cannot be understood
may be a restriction.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

LEVELS = ("official", "restricted", "confidential")
PURPOSE_MEANINGS = {
    "wanted": "locate or arrest",
    "identify": "identify persons, objects or bodies",
    "investigate": "support an investigation or give criminal history",
    "warn": "warn of a person, event, object or modus operandi",
    "victim": "find or protect victims and missing persons",
    "forensic": "forensic work",
    "border": "security check or border management",
    "network": "identify threats, trends and networks",
    "training": "exercises on invented data",
    "oversight": "data protection, by officers",
}
PURPOSES = tuple(PURPOSE_MEANINGS)
HANDLING = ("H1", "H2", "H3")
SPECIAL = ("sensitive", "victim", "minor", "witness")
EXISTENCE = ("hidden", "contact-owner")

_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,31}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Words = frozenset[str]
_NONE: Words = frozenset()


@dataclass(frozen=True)
class Label:
    """One readable label; equal labels are interchangeable and share one number in a store.

    Examples
    --------
    >>> label = read_label({"owner": "FR", "purposes": ["network"], "expires": "2031-01-01"})
    >>> label.level, label.only is None
    ('official', True)
    """

    owner: str
    purposes: Words
    expires: date
    level: str = "official"
    only: Words | None = None
    excluded: Words = _NONE
    files: Words = _NONE
    handling: Words = _NONE
    conditions: str | None = None
    consent: Words = _NONE
    special: Words = _NONE
    existence: str = "hidden"

    def body(self) -> str:
        """Return the label as canonical JSON: equal labels have equal bodies, defaults are left out."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that differ from their default, as `read_label` reads them."""
        return {f.name: _plain(value) for f in fields(self) if (value := getattr(self, f.name)) != f.default}

    def with_special(self, kinds: Words) -> "Label":
        """Return the label with further special kinds; it never shows more than before."""
        return replace(self, special=self.special | kinds) if kinds - self.special else self


@dataclass(frozen=True)
class Unreadable:
    """A label nobody may be shown anything by; `problems` names field and rule, never a value."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.problems)


def is_code(text: object) -> bool:
    """Tell whether `text` has the form of an organisation or group code."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def read_day(text: object) -> date | None:
    """Return the day written `YYYY-MM-DD`, or None for anything else."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_label(raw: object) -> Label | Unreadable:
    """Read a label as its owner wrote it; report every problem, not only the first."""
    if not isinstance(raw, Mapping):
        return Unreadable(("label: must be an object",))
    problems = [f"{name}: unknown field" for name in raw if name not in _READERS]
    values: dict[str, Any] = {}
    for name, (reader, rule) in _READERS.items():
        if name in raw:
            try:
                values[name] = reader(raw[name])
            except ValueError:
                problems.append(f"{name}: {rule}")
        elif name in ("owner", "purposes", "expires"):
            problems.append(f"{name}: missing")
    if not problems and "H3" in values.get("handling", _NONE) and not values.get("conditions", "").strip():
        problems.append("conditions: required with H3")
    return Unreadable(tuple(problems)) if problems else Label(**values)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError
    return raw


def _any_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError
    return raw


def _code(raw: object) -> str:
    if not is_code(raw):
        raise ValueError
    return str(raw)


def _expiry(raw: object) -> date:
    day = read_day(raw)
    if day is None:
        raise ValueError
    return day


def _one_of(words: tuple[str, ...]) -> Callable[[object], str]:
    def read(raw: object) -> str:
        if not isinstance(raw, str) or raw not in words:
            raise ValueError
        return raw

    return read


def _set_of(read: Callable[[object], str], *, empty: bool = True) -> Callable[[object], Words]:
    def read_set(raw: object) -> Words:
        if not isinstance(raw, list) or not (raw or empty):
            raise ValueError
        return frozenset(read(item) for item in raw)

    return read_set


_CODES = "a list of organisation or group codes"
_READERS: Mapping[str, tuple[Callable[[object], Any], str]] = {
    "owner": (_code, "an organisation code"),
    "level": (_one_of(LEVELS), "one of " + ", ".join(LEVELS)),
    "only": (_set_of(_code), _CODES),
    "excluded": (_set_of(_code), _CODES),
    "purposes": (_set_of(_one_of(PURPOSES), empty=False), "a list of at least one of " + ", ".join(PURPOSES)),
    "files": (_set_of(_text), "a list of case ids"),
    "expires": (_expiry, "a date YYYY-MM-DD"),
    "handling": (_set_of(_one_of(HANDLING)), "a list of " + ", ".join(HANDLING)),
    "conditions": (_any_text, "a text"),
    "consent": (_set_of(_code), _CODES),
    "special": (_set_of(_one_of(SPECIAL)), "a list of " + ", ".join(SPECIAL)),
    "existence": (_one_of(EXISTENCE), "one of " + ", ".join(EXISTENCE)),
}
FIELDS = frozenset(_READERS)
"""What a label can say."""
SETS = frozenset({"only", "excluded", "purposes", "files", "handling", "consent", "special"})
"""Those of its fields that hold any number of words."""
