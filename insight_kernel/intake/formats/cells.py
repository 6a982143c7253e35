"""Values as one text: one value as it is, several as a JSON list; so it stands in cells and in attributes of graphs.

A value that no cell or attribute keeps as it is - empty, with spaces at its ends, with control characters - stands in
a list too, where JSON writes it in plain characters.
"""

import json
import re
from collections.abc import Sequence

_UNKEPT = re.compile(
    r"^$|^\s|\s$|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|_x", re.ASCII
)  # _x: what spreadsheets write for a character
_ACTS = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
"""How a cell begins that a spreadsheet may take for a formula; quotes before it are those of `neutral`."""


def packed(values: Sequence[str]) -> str:
    r"""Return values as one text.

    Examples
    --------
    >>> packed(["Ana"]), packed(["Ana", "Anna"]), packed(["a\x00"])
    ('Ana', '["Ana", "Anna"]', '["a\\u0000"]')
    """
    if len(values) == 1 and not values[0].startswith("[") and not _UNKEPT.search(values[0]):
        return values[0]
    plain = any(map(_UNKEPT.search, values))
    return json.dumps(list(values), ensure_ascii=plain).replace("_x", "\\u005fx")


def unpacked(text: str) -> list[str]:
    """Return the values that a text holds; what is no list of texts is one value.

    Examples
    --------
    >>> unpacked('["Ana", "Anna"]'), unpacked("[sic")
    (['Ana', 'Anna'], ['[sic'])
    """
    try:
        found = json.loads(text) if text.startswith("[") else None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list) and all(isinstance(value, str) for value in found):
        return found
    return [text]


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a quote before what begins like one.

    Examples
    --------
    >>> neutral("=1+1"), neutral("'=1+1"), neutral("'Ali"), neutral("+33 1")
    ("'=1+1", "''=1+1", "'Ali", "'+33 1")
    """
    return f"'{text}" if _ACTS.match(text) else text


def told(text: str) -> str:
    """Return what `neutral` was given.

    Examples
    --------
    >>> told("'=1+1"), told("'Ali")
    ('=1+1', "'Ali")
    """
    return text[1:] if text.startswith("'") and _ACTS.match(text[1:]) else text
