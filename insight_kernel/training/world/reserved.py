"""Numbers nobody holds: reserved telephone ranges, a test bank, plates and passports no authority issues."""

from collections.abc import Iterator
from itertools import count
from string import ascii_uppercase

#: Kept free by their regulators for film and documentation: prefix and digits still to come.
#: The British range +44 7700 900xxx is left out because checkers of number plans call it invalid.
PHONE_RANGES: dict[str, tuple[str, int]] = {
    "fr": ("+33199000", 3),
    "de": ("+4930231250", 2),
    "de-hamburg": ("+4940669690", 2),
    "us": ("+121255501", 2),
    "us-west": ("+131055501", 2),
    "fr-south": ("+33465710", 3),
}

_LETTERS = {letter: str(10 + place) for place, letter in enumerate(ascii_uppercase)}
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def phones(region: str) -> Iterator[str]:
    """Yield the telephone numbers of one reserved range, in E.164, each once.

    Examples
    --------
    >>> next(phones("fr"))
    '+33199000017'
    """
    prefix, digits = PHONE_RANGES[region]
    size = 10**digits
    for step in range(1, size):
        yield f"{prefix}{step * 17 % size:0{digits}d}"  # 17 has no common factor with 10: no number twice


def iban(country: str, number: int) -> str:
    """Return an account number with right check digits at the bank ``TEST``, which does not exist.

    Raises ``KeyError`` for a country whose bank codes are not letters (ISO 13616 registry).

    Examples
    --------
    >>> iban("GB", 1)
    'GB75TEST00000000000001'
    """
    length = {"GB": 14, "IE": 14, "RO": 16, "LV": 13}[country]
    account = f"TEST{number:0{length}d}"
    digits = "".join(_LETTERS.get(sign, sign) for sign in account + country) + "00"
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def vin(number: int) -> str:
    """Return a vehicle identification number of the maker ``ZZ9``, with the North American check digit.

    Examples
    --------
    >>> vin(1)
    'ZZ9TEST04X0000001'
    """
    bare = f"ZZ9TEST00X{number:07d}"
    total = sum(
        int(_VIN_VALUES.get(sign, sign)) * weight for sign, weight in zip(bare, _VIN_WEIGHTS, strict=True)
    )
    return f"{bare[:8]}{'0123456789X'[total % 11]}{bare[9:]}"


def plates(country: str) -> Iterator[str]:
    """Yield registration numbers no authority issues: French ones use I, O and U, German ones start with Q.

    Examples
    --------
    >>> next(plates("FR")), next(plates("DE"))
    ('IO-137-UI', 'QX-TE 237')
    """
    pattern = {"FR": "IO-{:03d}-UI", "DE": "QX-TE {:03d}", "GR": "QQJ-{:04d}", "MA": "{:05d}-X-00"}[country]
    start = {"FR": 100, "DE": 200, "GR": 3000, "MA": 40000}[country]
    for step in count(1):
        yield pattern.format(start + 37 * step)


def passport(country: str, number: int) -> str:
    """Return a document number that says of itself that it is a specimen.

    Examples
    --------
    >>> passport("FR", 7)
    'TESTFR00007'
    """
    return f"TEST{country}{number:05d}"


def address(number: int) -> str:
    """Return an internet address of the blocks kept for documentation (RFC 5737).

    Examples
    --------
    >>> address(5)
    '198.51.100.15'
    """
    block = ("192.0.2", "203.0.113", "198.51.100")[number % 3]
    return f"{block}.{10 + number % 200}"
