"""Ways to reach somebody: phone numbers, mail addresses, web addresses, network addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SPACED = re.compile(r"(?:\+|00)([1-9](?:[ .\-/]?\d){6,14})", re.ASCII)
"""An international number with nothing in it but digits and what parts them."""
_PARTED = str.maketrans("", "", " .-/")
_INTERNATIONAL = re.compile(r"(?:tel:)?\s*(?:\+|00)\s*([\d(].*)", re.IGNORECASE)
_LOCAL_PART = re.compile(r"[^<>()\[\],;:?\s@\"]{1,64}")
_DOMAIN_LABEL = re.compile(r"(?!-)[^\x00-\x2c\x2e\x2f\x3a-\x60\x7b-\x7f\s]{1,63}(?<!-)")
_SCHEMES = ("http", "https", "ftp")
_NO_SCHEME = re.compile(r"[\w.-]+(?::\d+)?(?:[/?#].*)?", re.DOTALL)


@lru_cache(maxsize=16_384)
def phone(value: str) -> str | None:
    """Return a phone number in E.164 form; it must say its country, by `+` or `00`.

    Possible numbers are enough: numbers out of service and numbers reserved for fiction are read too.

    Examples
    --------
    >>> phone("+44 (0)20 7946 0000"), phone("0033 1 23 45 67 89"), phone("01 23 45 67 89")
    ('+442079460000', '+33123456789', None)
    """
    if _E164.fullmatch(value):
        return value
    spaced = _SPACED.fullmatch(value)
    if spaced and _plainly_possible(digits := spaced[1].translate(_PARTED)):
        return f"+{digits}"
    found = _INTERNATIONAL.match(value)
    return _parsed_phone("+" + found[1]) if found else None


def _plainly_possible(digits: str) -> bool:
    """Tell whether a number is possible with nothing to be cut off: as the library says, much faster."""
    for size in (1, 2, 3):
        if known := _numbers_of(digits[:size]):
            lengths, prefix = known
            national = digits[size:]
            return len(national) in lengths and not (prefix and national.startswith(prefix))
    return False


@lru_cache(maxsize=1_024)
def _numbers_of(calling_code: str) -> tuple[frozenset[int], str] | None:
    """Return the lengths of national numbers and what may stand before them; None where that is no fixed text."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    code = int(calling_code)
    region = region_code_for_country_code(code)
    if region == "ZZ":
        return None
    known = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if known is None or known.general_desc is None:
        return None
    plain = known.national_prefix_for_parsing in (None, known.national_prefix)
    return frozenset(known.general_desc.possible_length if plain else ()), known.national_prefix or ""


def _parsed_phone(value: str) -> str | None:
    import phonenumbers  # its tables take long to import and few values need them

    try:
        parsed = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written if _E164.fullmatch(written) else None


def email(value: str) -> str | None:
    """Return a mail address; its domain in lower case and in its own script.

    Examples
    --------
    >>> email("mailto:Ana@Example.ORG"), email("ana@localhost")
    ('Ana@example.org', None)
    """
    local, _, domain = value.removeprefix("mailto:").rpartition("@")
    domain = _own_script(domain.rstrip(".").lower())
    labels = domain.split(".")
    top_level_fits = len(labels) > 1 and len(labels[-1]) > 1 and not labels[-1].isdigit()
    if not top_level_fits or not _LOCAL_PART.fullmatch(local):
        return None
    return f"{local}@{domain}" if all(map(_DOMAIN_LABEL.fullmatch, labels)) else None


def _own_script(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:  # names newer than the standard library's rules stay as they are
        return domain


def url(value: str) -> str | None:
    """Return a web address (http, https, ftp); without a scheme http is meant.

    Examples
    --------
    >>> url("example.org"), url("HTTPS://example.org/a?b=1"), url("javascript:alert(1)")
    ('http://example.org/', 'https://example.org/a?b=1', None)
    """
    given = value if "://" in value or not _NO_SCHEME.fullmatch(value) else f"http://{value}"
    try:
        parts = urlsplit(given)
        host = "" if re.search(r"\s", parts.netloc) else parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not host or ("." not in host and given is not value):
        return None
    return urlunsplit(parts._replace(path=parts.path or "/"))


@lru_cache(maxsize=16_384)
def ip(value: str) -> str | None:
    """Return a network address in its shortest form.

    Examples
    --------
    >>> ip("2001:DB8:0:0::1"), ip("192.0.2.300")
    ('2001:db8::1', None)
    """
    try:
        return str(ip_address(value))
    except ValueError:
        return None
