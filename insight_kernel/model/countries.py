"""Countries by any of their names and codes, as lower-case two-letter codes.

ISO 3166-1, its translations (both from pycountry) and the further codes FollowTheMoney data uses.
"""

from __future__ import annotations

import gettext
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from unicodedata import normalize

from insight_kernel.model._country_names import ALSO, FURTHER, LANGUAGES, SYNONYMS

_NAME_FIELDS = ("name", "official_name", "common_name")
_ACCENT = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u093c]")
"""Accents, and the points and vowel signs that Hebrew, Arabic and Hindi may leave out."""
_PUNCTUATION = re.compile(r"[\x00-/:-@\[-`{-\xbf\u2000-\u206f\u3000-\u303f]+")
"""Spelt out because what is no letter to `\\w` includes the vowels of Indian scripts."""
_SUBDIVISION = re.compile(r"([a-z]{2})[-_][a-z0-9]{1,3}", re.ASCII)


@lru_cache(maxsize=16_384)
def country(value: str) -> str | None:
    """Return the code of a country: ISO 3166-1 alpha-2 in lower case, or a further one such as `xk`, `suhh`.

    Reads alpha-2 and alpha-3 codes, codes of subdivisions (as their country), and names in English and some
    forty other languages. A name that means two countries cannot be read.

    Examples
    --------
    >>> country("DE"), country("deu"), country("Deutschland"), country("us-ca"), country("Atlantis")
    ('de', 'de', 'de', 'us', None)
    """
    asked = value.lower()
    if asked in _codes() and not _is_word(value):
        return _codes()[asked]
    key = _key(value)
    found = _english().get(key) or _translated().get(key) or _codes().get(asked)
    if found is None and (part := _SUBDIVISION.fullmatch(asked)):
        return _codes().get(part[1])
    return found


def _is_word(value: str) -> bool:
    """Tell a short name from a code: `Nga` is Russia in Vietnamese, `NGA` and `nga` are Nigeria."""
    return len(value) > 2 and value.istitle() and "-" not in value


@cache
def _codes() -> Mapping[str, str]:
    from pycountry import countries

    codes = {each.alpha_3.lower(): each.alpha_2.lower() for each in countries}
    codes |= {each.alpha_2.lower(): each.alpha_2.lower() for each in countries}
    codes |= {code: code for code in FURTHER}
    return codes | {other: code for code, others in SYNONYMS.items() for other in others.split("; ")}


@cache
def _english() -> Mapping[str, str]:
    return _unambiguous(_english_names())


def _english_names() -> Iterator[tuple[str, str]]:
    from pycountry import countries

    for each in countries:
        for field in _NAME_FIELDS:
            if written := getattr(each, field, None):
                yield written, each.alpha_2.lower()
    for table in (FURTHER, ALSO):
        for code, names in table.items():
            for written in names.split("; "):
                yield written, code


@cache
def _translated() -> Mapping[str, str]:
    """Return names in other languages; they are read only when a first name is not English."""
    return _unambiguous(pair for language in LANGUAGES.split() for pair in _names_in(language))


def _names_in(language: str) -> Iterator[tuple[str, str]]:
    from pycountry import LOCALES_DIR, countries

    translations = gettext.translation("iso3166-1", LOCALES_DIR, [language], fallback=True)
    for each in countries:
        for field in _NAME_FIELDS:
            if written := getattr(each, field, None):
                yield translations.gettext(written), each.alpha_2.lower()


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for written, code in pairs:
        found[_key(written)].add(code)
    return {key: codes.pop() for key, codes in found.items() if len(codes) == 1}


def _key(name: str) -> str:
    """Bring a name into the form in which names are compared: no accents, no punctuation, no article."""
    letters = _ACCENT.sub("", normalize("NFKD", name.casefold()))
    words = _PUNCTUATION.sub(" ", letters.replace(".", "").replace("&", " and ")).split()
    spelt = ["saint" if word == "st" else word for word in words]
    return " ".join(spelt[1:] if spelt[:1] == ["the"] else spelt)
