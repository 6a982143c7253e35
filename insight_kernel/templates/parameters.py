"""Parameters of a run: read from text, and checked against the sidecar before any kernel starts.

Messages name the parameter, what was expected and where that stands; they never repeat a value.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from insight_kernel.errors import BadInput
from insight_kernel.templates.sidecar import Sidecar

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Parameters = dict[str, Any]


def parse_pairs(pairs: Iterable[str], sidecar: Sidecar) -> Parameters:
    """Read `name=value` texts; a value is text where the sidecar says so, otherwise JSON.

    Raises
    ------
    BadInput
        When a pair has no `=`, or a name comes twice.
    """
    given: Parameters = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator or name in given:
            wrong = "one comes twice" if separator else "one has no '='"
            raise BadInput("read the parameters", wrong, "Write each as -p name=value.")
        given[name] = _read(text, sidecar.parameters["properties"].get(name, {}))
    return given


def _read(text: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("type", "string") == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # the check that follows says what was expected


def check(given: Mapping[str, Any], sidecar: Sidecar) -> Parameters:
    """Return the parameters as the template takes them.

    A whole number where text is declared becomes its digits: `papermill -p` turns an id of digits only into a
    number. Zeros it lost at the front cannot be restored; the schema's pattern then refuses what is left, and
    `papermill -r` hands the text over as it is.

    Raises
    ------
    BadInput
        For an unknown name, a missing one, or a value that is not what the schema says; all in one line.
    """
    from jsonschema import Draft202012Validator  # slow to import, see `sidecar`

    properties = sidecar.parameters["properties"]
    found = {name: _as_declared(value, properties.get(name, {})) for name, value in given.items()}
    errors = Draft202012Validator(sidecar.parameters).iter_errors(found)
    wrong = sorted({line for error in errors for line in _said(error, found, sidecar)})
    if wrong:
        raise BadInput(
            "run the template", "; ".join(wrong), f"The parameters are declared in {sidecar.place}."
        )
    return found


def hash_of(given: Mapping[str, Any]) -> str:
    """Return parameters as a log may hold them: their SHA-256."""
    return hashlib.sha256(json.dumps(dict(given), sort_keys=True).encode()).hexdigest()


def _as_declared(value: Any, schema: Mapping[str, Any]) -> Any:
    digits = isinstance(value, int) and not isinstance(value, bool) and schema.get("type") == "string"
    return str(value) if digits else value


def _said(error: "ValidationError", given: Parameters, sidecar: Sidecar) -> Iterator[str]:
    properties = sidecar.parameters["properties"]
    if error.validator == "additionalProperties":
        known = ", ".join(sidecar.names)
        yield from (f"unknown parameter {_plain(n)} (known: {known})" for n in given if n not in properties)
    elif error.validator == "required":
        missing = (name for name in sidecar.required if name not in given)
        yield from (f"parameter {name} is missing ({_expected(properties[name])})" for name in missing)
    elif error.absolute_path:
        name = str(error.absolute_path[0])
        yield f"parameter {name} is not {_expected(properties[name])}"


def _plain(name: str) -> str:
    """Show a name only when it looks like one: anything else could be code or a person's data."""
    return name if name.isidentifier() and len(name) <= 40 else "with an odd name"


def _expected(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "value")
    words = [kinds if isinstance(kinds, str) else " or ".join(kinds)]
    words += [f"of the form {schema['pattern']}"] if "pattern" in schema else []
    words += [f"one of {', '.join(map(str, schema['enum']))}"] if "enum" in schema else []
    words += [f"at least {schema['minimum']}"] if "minimum" in schema else []
    words += [f"at most {schema['maximum']}"] if "maximum" in schema else []
    return " ".join(words)
