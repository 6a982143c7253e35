"""From the raw body to a typed request: strict, and with refusals that never repeat what was sent."""

import json
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

MOST_BYTES = 1_000_000
_DEEPEST = 8
Model = TypeVar("Model", bound=BaseModel)


class BadRequestError(Exception):
    """The request breaks a rule at a place; neither repeats a value."""

    def __init__(self, place: str, rule: str, *, code: str = "bad_request", status: int = 422) -> None:
        super().__init__(place, rule)
        self.place, self.rule, self.code, self.status = place, rule, code, status


def parse(model: type[Model], body: bytes) -> Model:
    """Read a JSON body as `model`; duplicate keys, NaN, deep nesting and anything undeclared are refused.

    So is half of a surrogate pair, in keys and values at any depth: it could not be written down again.

    Examples
    --------
    >>> from insight_kernel.gateway.requests import Find
    >>> parse(Find, b'{"schema": "Person", "limit": 5}').limit
    5
    >>> parse(Find, b'{"schema": "Person", "schema": "Company"}')
    Traceback (most recent call last):
    insight_kernel.gateway.parsing.BadRequestError: ('body', 'a key stands twice')
    """
    try:
        raw = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_not_a_number)
        _check(raw, _DEEPEST)
    except (ValueError, RecursionError):  # also a number of thousands of digits
        raise BadRequestError("body", "must be JSON in UTF-8") from None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise BadRequestError(_place(first["loc"], model), _RULES.get(first["type"], first["type"])) from None


_RULES = {
    "extra_forbidden": "no such field",
    "missing": "is required",
    "int_type": "must be a whole number",
    "string_type": "must be a text",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "string_pattern_mismatch": "must be a name: letters, digits, underscore",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "too_long": "has too many items",
    "too_short": "has too few items",
    "string_too_long": "is too long",
    "string_too_short": "is empty",
}


def _place(loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Name the place by declared fields and positions only: an undeclared key is the sender's own text."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    return ".".join(str(part) for part in loc if isinstance(part, int) or part in known) or "body"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequestError("body", "a key stands twice")
    return found


def _not_a_number(_: str) -> NoReturn:
    raise BadRequestError("body", "NaN and Infinity are not numbers")


def _check(value: object, left: int) -> None:
    """Refuse what is nested too deep; raise `ValueError` for a text that cannot be encoded."""
    if left < 0:
        raise BadRequestError("body", f"nested deeper than {_DEEPEST}")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, left)
            _check(item, left - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, left - 1)
