"""Values as text in one canonical form for each type of property.

Reading is forgiving about form and strict about meaning: what can be read in one way only is written that
way, what could mean several things cannot be read. A clean value stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from insight_kernel.errors import BadInput
from insight_kernel.model import _value_code as code
from insight_kernel.model import _value_contact as contact
from insight_kernel.model import _value_text as text
from insight_kernel.model._value_date import date
from insight_kernel.model._value_number import number
from insight_kernel.model.countries import country

__all__ = ["PERSON_STATUS", "clean"]

PERSON_STATUS = code.PERSON_STATUS
"""Why a person is in the data; mandatory on every person."""

_ENTITY = re.compile(r"\S+")
_LONG = frozenset({"address", "html", "identifier", "json", "name", "string", "text", "url"})
_LONGEST_SHORT = 320
"""No value of a type not in `_LONG` has more characters; longer ones would only fill the caches."""


def clean(type_: str, value: str) -> str | None:
    """Return the canonical form of a value, or None when it cannot be read.

    Parameters
    ----------
    type_
        One of `schema.TYPES`.
    value
        As delivered. Whatever it is, it never makes this fail.

    Raises
    ------
    BadInput
        When there is no such type.

    Examples
    --------
    >>> clean("country", "Deutschland"), clean("date", "2024-5"), clean("phone", "12 34")
    ('de', '2024-05', None)
    """
    reader = _READERS.get(type_)
    if reader is None:
        raise BadInput(
            f"clean a value of type {type_!r}", "there is no such type", "Use a type of the vocabulary."
        )
    plain = text.plain(value)
    if not plain or (len(plain) > _LONGEST_SHORT and type_ not in _LONG):
        return None
    return reader(plain)


def _as_it_is(value: str) -> str | None:
    return value


def _entity(value: str) -> str | None:
    """Accept the id of any delivering system, as long as it is one word."""
    return value if _ENTITY.fullmatch(value) else None


_READERS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "address": text.address,
        "checksum": code.checksum,
        "country": country,
        "date": date,
        "email": contact.email,
        "entity": _entity,
        "gender": code.gender,
        "html": _as_it_is,
        "iban": code.iban,
        "identifier": _as_it_is,
        "ip": contact.ip,
        "json": code.json,
        "language": code.language,
        "mimetype": code.mimetype,
        "name": text.name,
        "notice": code.notice,
        "noticestatus": code.noticestatus,
        "number": number,
        "phone": contact.phone,
        "status": code.status,
        "string": _as_it_is,
        "text": _as_it_is,
        "topic": code.topic,
        "url": contact.url,
    }
)
