"""Text free of what cannot be stored or seen, and names and addresses on one line."""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)
"""Controls, direction marks and lone surrogates; the joiners U+200C and U+200D spell words and stay."""

_QUOTED = re.compile(r"""(["'])((?:(?!\1).)*)\1""", re.DOTALL)
_LINE_BREAK = re.compile(r"[\r\n\t;]|<br ?/?>", re.IGNORECASE)
_EMPTY_PART = re.compile(r",(?: ?[,.])+ ?")


def plain(value: str) -> str:
    r"""Return the text composed (NFC), without invisible characters and without space around it.

    Examples
    --------
    >>> plain(" Jose\u0301\u200b\x00 ")
    'José'
    """
    if value.isascii() and value.isprintable():
        return value.strip()
    value = _INVISIBLE.sub("", value)
    return (value if is_normalized("NFC", value) else normalize("NFC", value)).strip()


def one_line(value: str) -> str:
    r"""Return the text with every run of white space as one space.

    Examples
    --------
    >>> one_line("a\n b\u3000c")
    'a b c'
    """
    return " ".join(value.split())


def name(value: str) -> str | None:
    """Return a name on one line, without quotation marks that enclose all of it.

    Examples
    --------
    >>> name('"Anna  Meier"')
    'Anna Meier'
    """
    quoted = _QUOTED.fullmatch(value)
    return one_line(quoted[2] if quoted else value) or None


def address(value: str) -> str | None:
    r"""Return an address on one line, its lines parted by commas.

    Examples
    --------
    >>> address("12 Main St\nSpringfield;, US")
    '12 Main St, Springfield, US'
    """
    lines = filter(None, map(one_line, _LINE_BREAK.split(value)))
    return _EMPTY_PART.sub(", ", ", ".join(lines)).strip() or None
