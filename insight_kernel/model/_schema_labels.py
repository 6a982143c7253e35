"""Names of schemata and properties as people read them."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CAPITAL_WORDS = """
BIC BIK BVD CAGE CIK CPV CRS CSV DUNS EU FIPS FNS FSS GII GPP HTML IBAN ICAO ICCID ICIJ ID IMEI IMO IMSI
INN IP IPO IRS ISIN JIB KPP LEI MAC MBS MIME MMSI NPI NUTS OGRN OKOPF OKPO OKSM OKVED OSM PDF PFR SIM TED
UN URL USC VAT ZIP
"""
_CAPITALS = frozenset(_CAPITAL_WORDS.split())


def label_of(name: str) -> str:
    """Turn a camel-case name into a label.

    Examples
    --------
    >>> label_of("birthDate"), label_of("vatCode"), label_of("BankAccount")
    ('Birth date', 'VAT code', 'Bank account')
    """
    words = [_written(word) for word in _WORD.findall(name)]
    label = " ".join(words) or name
    return label[0].upper() + label[1:]


def plural_of(label: str) -> str:
    """Put a label in the plural by the regular English rules.

    Examples
    --------
    >>> plural_of("Company"), plural_of("Image hash"), plural_of("Vehicle")
    ('Companies', 'Image hashes', 'Vehicles')
    """
    if re.search(r"[^aeiou]y$", label):
        return label[:-1] + "ies"
    if label.endswith(("s", "x", "ch", "sh")):
        return label + "es"
    return label + "s"


def _written(word: str) -> str:
    return word.upper() if word.upper() in _CAPITALS else word.lower()
