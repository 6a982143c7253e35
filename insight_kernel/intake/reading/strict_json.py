"""JSON as its standard has it: what other readers let pass is refused, since each would read it differently."""

import json
from typing import Any, NoReturn

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside


def read_json(data: bytes, _: Inside) -> Content:
    """Read one JSON text, or one on each line."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("is not UTF-8, as JSON must be") from None
    try:
        found = type(parsed(text)).__name__
    except Refused:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(isinstance(parsed(line), dict) for line in lines):
            raise
        return Content(text, {"holds": "dict", "values": len(lines)})
    return Content(text, {"holds": found, "values": 1})


def parsed(text: str) -> Any:
    """Return what a JSON text says; raise `Refused` for anything the standard does not allow.

    Examples
    --------
    >>> parsed('{"a": [1, 2]}')
    {'a': [1, 2]}
    >>> parsed("[NaN]")
    Traceback (most recent call last):
    insight_kernel.intake.reading.document.Refused: is not JSON: a number that is none
    """
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        place = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise Refused(f"is not JSON{place}") from None
    except RecursionError:
        raise Refused("is nested too deep") from None


def _no_number(_: str) -> NoReturn:
    raise Refused("is not JSON: a number that is none")
