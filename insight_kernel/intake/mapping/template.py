"""Texts with columns in them: `{{Street}}, {{Town}}`."""

import re
from collections.abc import Callable

_FIELD = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_LEFT_OVER = " ,"


def fields_of(template: str) -> tuple[str, ...]:
    """Return the columns a template names.

    Examples
    --------
    >>> fields_of("{{Street}}, {{ Town }}")
    ('Street', 'Town')
    """
    return tuple(_FIELD.findall(template))


def filled(template: str, cell: Callable[[str], str]) -> str:
    """Return the text with what stands in the columns, without what parts them at either end.

    Examples
    --------
    >>> filled("{{Street}}, {{Town}}", {"Street": "", "Town": "Lyon"}.__getitem__)
    'Lyon'
    """
    return _FIELD.sub(lambda match: cell(match[1]), template).strip(_LEFT_OVER)
