"""A second opinion on who may see what: the written rules in Cedar, sharing no code with the package.

Written from the specification alone. `read` turns one plain question into what the policies read: a word of the
wrong type is left out, so that the rule which needs it refuses; a label with one wrong field is left out whole.
The vocabularies and the defaults stand in the policies.

Where the specification is silent, the stricter reading was taken: a field of a label that is not in its table makes
the label unreadable, a subject without any organisation is one whose organisation is missing, an organisation that
is no code and an empty word are of the wrong type, and so is a necessity that is neither true nor false.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import cedarpy

HERE = Path(__file__).parent
ORDER = ("unreadable-label", "expired", "purpose", "clearance", "recipient", "file", "special", "consent")
CODE = re.compile("[A-Z][A-Z0-9-]{1,31}")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
CODES = ("only", "excluded", "consent")
WORDS = ("purposes", "files", "handling", "special")
TEXTS = ("level", "existence")
Plain = dict[str, Any]


class Twin:
    """The rules, read once; they must be valid by their schema."""

    def __init__(self, policies: str | None = None) -> None:
        policies = policies or (HERE / "rules.cedar").read_text("utf-8")
        schema = (HERE / "rules.cedarschema").read_text("utf-8")
        if wrong := cedarpy.validate_policies(policies, schema).errors:
            raise ValueError([str(one) for one in wrong])
        self._read = cedarpy.PolicySet.from_str(policies), cedarpy.Schema.from_str(schema)

    def reasons(self, questions: Sequence[Plain]) -> list[str | None]:
        """Return for each question the first rule that refuses, or None where the value is visible."""
        contexts = [list(read(question)) for question in questions]
        answers = iter(self._ask([one for several in contexts for one in several]))
        return [_first([next(answers) for _ in several]) for several in contexts]

    def _ask(self, contexts: list[Plain]) -> list[set[str]]:
        policies, schema = self._read
        asked = [
            {
                "principal": 'Asker::"a"',
                "action": 'Action::"see"',
                "resource": 'Value::"v"',
                "context": context,
            }
            for context in contexts
        ]
        return [_permitted(one) for one in cedarpy.is_authorized_batch(asked, policies, "[]", schema)]


def _permitted(answer: cedarpy.AuthzResult) -> set[str]:
    """Return the rules that permit; an error of Cedar refuses everything."""
    if answer.diagnostics.errors or not answer.allowed:
        return set()
    return set(answer.diagnostics.id_annotations_by_reason.values())


def _first(permitted: list[set[str]]) -> str | None:
    satisfied = set.intersection(*permitted)
    return next((rule for rule in ORDER if rule not in satisfied), None)


def read(question: Plain) -> Iterator[Plain]:
    """Yield one context for each organisation of the subject."""
    subject = question.get("subject")
    subject = subject if isinstance(subject, dict) else {}
    context: Plain = {}
    necessity = question.get("necessity", False)
    _keep(context, "necessity", necessity if isinstance(necessity, bool) else None)
    _keep(context, "label", _label(question.get("label")))
    _keep(context, "purpose", _text(question.get("purpose")))
    _keep(context, "day", _day(question.get("day")))
    _keep(context, "clearance", _text(subject.get("clearance")))
    for field in ("purposes", "files", "permits"):
        _keep(context, field, _words(subject.get(field)))
    if "recipient" in question:  # a rendition; the recipient need not consent to what is released to itself
        context["consenting"] = [question["recipient"]]
    for organisation in _organisations(subject):
        yield context if organisation is None else {**context, "organisation": organisation}


def _organisations(subject: Plain) -> Sequence[str | None]:
    """Return the organisations; without one, or with one that is no code, nobody is known to ask."""
    several = subject.get("organisations", [subject.get("organisation")])
    return _codes(several) or [None]


def _label(plain: object) -> Plain | None:
    """Return the fields of a label by their types, or None when one of them cannot be read."""
    if not isinstance(plain, dict):
        return None
    found = {field: _field(field, value) for field, value in plain.items()}
    return None if None in found.values() else found


def _field(field: str, value: object) -> object:
    if field in CODES:
        return _codes(value)
    if field in WORDS:
        return _words(value)
    if field == "owner":
        return value if isinstance(value, str) and CODE.fullmatch(value) else None
    if field == "expires":
        return _day(value)
    if field == "conditions":
        return value.strip() if isinstance(value, str) else None
    return _text(value) if field in TEXTS else None


def _codes(value: object) -> list[str] | None:
    words = _words(value)
    return words if words is not None and all(CODE.fullmatch(word) for word in words) else None


def _words(value: object) -> list[str] | None:
    right = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    return value if right else None  # type: ignore[return-value]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: object) -> int | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:
        return None


def _keep(context: Plain, name: str, value: object) -> None:
    if value is not None:
        context[name] = value
