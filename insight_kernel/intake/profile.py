"""Source profile: what an owner says once about everything a source delivers."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from insight_kernel.errors import BadInput
from insight_kernel.model.grade import Grade, read_grade
from insight_kernel.model.label import SPECIAL, Label, Unreadable, Words, read_label
from insight_kernel.model.plain_yaml import read_yaml
from insight_kernel.model.schema import Vocabulary
from insight_kernel.model.values import PERSON_STATUS

_RETENTION_YEARS = 5
_FIELDS = frozenset({"source", "title", "keys", "label", "person_status", "grade", "special", "invented"})


@dataclass(frozen=True)
class SourceProfile:
    """The profile as used at intake.

    Attributes
    ----------
    source, title
        Short name, and the name people read.
    keys
        The key space: sources that share one speak of the same entity under the same delivered key.
    label
        The label of every statement, before status, birth date and `special` add to it.
    person_status, grade, special
        Default status of persons; the source's grade; further special kinds by property.
    invented
        Whether everything in it is invented; only then may it carry the purpose `training`.
    """

    source: str
    title: str
    keys: str
    label: Label
    person_status: str | None
    grade: Grade | None
    special: dict[str, Words]
    invented: bool

    def as_json(self) -> str:
        """Return what the store keeps of the profile."""
        grade = None if self.grade is None else str(self.grade)
        return json.dumps({"keys": self.keys, "grade": grade, "person_status": self.person_status})


def default_expiry(today: date) -> date:
    """Return the first of this month five years on: the longest a value stays unless its owner says so.

    Examples
    --------
    >>> default_expiry(date(2026, 11, 21))
    datetime.date(2031, 11, 1)
    """
    return date(today.year + _RETENTION_YEARS, today.month, 1)


def read_profile(path: Path, *, source: str | None, today: date, vocabulary: Vocabulary) -> SourceProfile:
    """Read a profile file; raise one `BadInput` that names the file and every mistake in it."""
    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"use the profile {path}", str(error), "Name a readable YAML file.") from None
    except yaml.YAMLError as error:
        raise BadInput(f"use the profile {path}", f"not YAML: {error}", "Mend the file.") from None
    if not isinstance(raw, dict):
        raise BadInput(f"use the profile {path}", "it is not a list of fields", "Write at least a label.")
    return _read(path, raw, source, today, vocabulary)


def _read(
    path: Path, raw: dict[str, Any], source: str | None, today: date, known: Vocabulary
) -> SourceProfile:
    mistakes = [f"{name}: unknown field" for name in raw if name not in _FIELDS]
    invented = raw.get("invented", False)
    label = _label(raw.get("label"), today, mistakes)
    grade = _grade(raw.get("grade"), mistakes)
    special = _special(raw.get("special", {}), known, mistakes)
    name = source or raw.get("source") or path.stem
    status = raw.get("person_status")
    if status is not None and not (isinstance(status, str) and status in PERSON_STATUS):
        mistakes.append("person_status: one of " + ", ".join(sorted(PERSON_STATUS)))
    if not isinstance(invented, bool):
        mistakes.append("invented: true or false")
    if not str(name).isprintable() or "/" in str(name):
        mistakes.append("source: a name without / and control characters")
    if label and "training" in label.purposes and invented is not True:
        mistakes.append("label.purposes: training is for invented sources only (invented: true)")
    if mistakes or label is None:
        raise BadInput(
            f"use the profile {path}", "; ".join(mistakes), "Mend these fields; nothing was loaded."
        )
    title, keys = str(raw.get("title", name)), str(raw.get("keys", f"{label.owner}/{name}"))
    return SourceProfile(str(name), title, keys, label, status, grade, special, invented)


def _label(raw: object, today: date, mistakes: list[str]) -> Label | None:
    """Read the label, fill in what intake fills in: the expiry, and the purpose of oversight."""
    fields = dict(raw) if isinstance(raw, dict) else raw
    if isinstance(fields, dict):
        fields.setdefault("expires", default_expiry(today).isoformat())
        if isinstance(purposes := fields.get("purposes"), list) and purposes:
            fields["purposes"] = [*purposes, "oversight"]
    label = read_label(fields)
    if isinstance(label, Unreadable):
        mistakes += [f"label.{problem}" for problem in label.problems]
        return None
    return label


def _grade(raw: object, mistakes: list[str]) -> Grade | None:
    try:
        return read_grade(raw)
    except BadInput as error:
        mistakes.append(f"grade: {error.wrong}. {error.remedy}")
        return None


def _special(raw: object, known: Vocabulary, mistakes: list[str]) -> dict[str, Words]:
    if not isinstance(raw, dict):
        mistakes.append("special: property names, each with a list of kinds")
        return {}
    schemata = known.schemata.values()
    for name, kinds in raw.items():
        if not any(name in schema.properties for schema in schemata):
            mistakes.append(f"special.{name}: no schema has this property")
        if any(name in schema.required for schema in schemata) or name == "personStatus":
            mistakes.append(
                f"special.{name}: a mandatory property is never labelled more strictly than its record"
            )
        if not isinstance(kinds, list) or not all(kind in SPECIAL for kind in kinds):
            mistakes.append(f"special.{name}: a list of {', '.join(SPECIAL)}")
    return {} if mistakes else {name: frozenset(kinds) for name, kinds in raw.items()}
