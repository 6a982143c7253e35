"""Sidecar: what stands in `NAME.yml` beside a template - its title, question, purposes and parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from insight_kernel.errors import BadInput
from insight_kernel.model.label import PURPOSES
from insight_kernel.model.plain_yaml import read_yaml

ENTITY = "entity-id"
"""The `format` of a parameter that names an entity; it must exist for whoever the report is made for."""

_FIELDS = {"title", "question", "purpose", "parameters"}
_NAME = re.compile(r"[a-z_][a-z0-9_]*")  # papermill writes names into code unquoted


@dataclass(frozen=True)
class Sidecar:
    """What a template is for and which parameters it takes.

    Attributes
    ----------
    place
        Where it was read, for messages.
    title, question
        What people read.
    purpose
        The purposes it may be run for.
    parameters
        A JSON Schema (2020-12) of type object that allows no other properties.
    """

    place: str
    title: str
    question: str
    purpose: tuple[str, ...]
    parameters: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parameters, in the order of the file."""
        return tuple(self.parameters["properties"])

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the parameters that must be given."""
        return tuple(self.parameters.get("required", ()))

    def entities(self, given: Mapping[str, Any]) -> list[str]:
        """Return the given values that name entities."""
        properties = self.parameters["properties"]
        return [str(v) for name, v in given.items() if properties[name].get("format") == ENTITY]


def read_sidecar(text: str, place: str) -> Sidecar:
    """Read a sidecar; one `BadInput` names everything that is wrong with it.

    Examples
    --------
    >>> read_sidecar("title: A", "a.yml")
    Traceback (most recent call last):
    insight_kernel.errors.BadInput: Cannot use a.yml: it has not exactly title, question, purpose, parameters. \
Mend the file.
    """
    try:
        raw = read_yaml(text)
    except yaml.YAMLError:
        raw = None
    if not isinstance(raw, dict) or set(raw) != _FIELDS:
        raise _bad(place, "it has not exactly title, question, purpose, parameters")
    purposes = raw["purpose"] if isinstance(raw["purpose"], list) else [raw["purpose"]]
    if not purposes or not set(map(str, purposes)) <= set(PURPOSES):
        raise _bad(place, f"purpose: one or more of {', '.join(PURPOSES)}")
    _check_schema(raw["parameters"], place)
    return Sidecar(place, str(raw["title"]), str(raw["question"]), tuple(purposes), raw["parameters"])


def _check_schema(schema: Any, place: str) -> None:
    # here, because it builds a grammar as it is imported: a second of every start of a gateway, needed by few
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise _bad(place, f"parameters: {error.message}") from None
    closed = isinstance(schema, dict) and schema.get("additionalProperties") is False
    if not closed or schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        raise _bad(place, "parameters: not of type object with properties and additionalProperties: false")
    odd = [name for name in schema["properties"] if not _NAME.fullmatch(name)]
    if odd:
        raise _bad(place, f"parameters: names are lower-case letters, digits and _, not {odd[0]!r}")


def _bad(place: str, wrong: str) -> BadInput:
    return BadInput(f"use {place}", wrong, "Mend the file.")
