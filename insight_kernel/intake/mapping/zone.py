"""Machine-readable zones of travel documents, read and checked as ICAO Doc 9303 (parts 4 to 6) says."""

from collections.abc import Mapping
from dataclasses import dataclass

_WEIGHTS = (7, 3, 1)
_FILLER = "<"
_VALUES = {_FILLER: 0, **{c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}}
_SEX = {"M": "male", "F": "female"}


class ZoneError(Exception):
    """The zone is not one, or a check digit of it is wrong; the text says which."""


@dataclass(frozen=True)
class _Layout:
    """Where the parts stand in the zone written as one line, and over what the check digit of all is made."""

    parts: Mapping[str, slice]
    checked: Mapping[str, int]
    whole: tuple[slice, ...]
    last: int


_TD1 = _Layout(
    {"type": slice(0, 2), "country": slice(2, 5), "number": slice(5, 14), "birth": slice(30, 36), "sex": slice(37, 38),
     "expiry": slice(38, 44), "nationality": slice(45, 48), "names": slice(60, 90)},
    {"number": 14, "birth": 36, "expiry": 44},
    (slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)), 59,
)  # fmt: skip
_TD2 = _Layout(
    {"type": slice(0, 2), "country": slice(2, 5), "names": slice(5, 36), "number": slice(36, 45),
     "nationality": slice(46, 49), "birth": slice(49, 55), "sex": slice(56, 57), "expiry": slice(57, 63)},
    {"number": 45, "birth": 55, "expiry": 63},
    (slice(36, 46), slice(49, 56), slice(57, 71)), 71,
)  # fmt: skip
_TD3 = _Layout(
    {"type": slice(0, 2), "country": slice(2, 5), "names": slice(5, 44), "number": slice(44, 53),
     "nationality": slice(54, 57), "birth": slice(57, 63), "sex": slice(64, 65), "expiry": slice(65, 71)},
    {"number": 53, "birth": 63, "expiry": 71},
    (slice(44, 54), slice(57, 64), slice(65, 87)), 87,
)  # fmt: skip
_LAYOUTS = {90: _TD1, 72: _TD2, 88: _TD3}
PARTS = ("type", "country", "number", "surname", "given", "nationality", "birth", "sex", "expiry")
"""What is read of a zone."""


def check_digit(text: str) -> str:
    """Return the check digit of a text: weights 7, 3, 1, modulo 10.

    Examples
    --------
    >>> check_digit("L898902C3"), check_digit("740812")
    ('6', '2')
    """
    return str(sum(_VALUES[c] * _WEIGHTS[n % 3] for n, c in enumerate(text)) % 10)


def read_zone(text: str, century_after: int) -> dict[str, str]:
    r"""Return the parts of a zone, dates in ISO form; years of birth lie in the hundred up to `century_after`.

    Raises
    ------
    ZoneError
        When it has not the form of one, or a check digit is wrong.

    Examples
    --------
    >>> names = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    >>> zone = read_zone(f"{names}\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", 2026)
    >>> zone["surname"], zone["given"], zone["number"], zone["birth"], zone["expiry"]
    ('ERIKSSON', 'ANNA MARIA', 'L898902C3', '1974-08-12', '2012-04-15')
    """
    line = "".join(text.split()).upper()
    layout = _LAYOUTS.get(len(line))
    if layout is None or not set(line) <= set(_VALUES):
        raise ZoneError("is no machine-readable zone")
    _check(line, layout)
    raw = {name: line[place] for name, place in layout.parts.items()}
    surname, _, given = raw.pop("names").partition("<<")
    found = {name: _words(part) for name, part in raw.items()} | {
        "surname": _words(surname),
        "given": _words(given),
    }
    return found | {"sex": _SEX.get(raw["sex"], ""), "birth": _day(raw["birth"], century_after),
                    "expiry": _day(raw["expiry"], century_after + 50)}  # fmt: skip


def _check(line: str, layout: _Layout) -> None:
    for name, place in layout.checked.items():
        if not _fits(line[layout.parts[name]], line[place]):
            raise ZoneError(f"the check digit of its {name} is wrong")
    if not _fits("".join(line[part] for part in layout.whole), line[layout.last]):
        raise ZoneError("its last check digit is wrong")


def _fits(text: str, digit: str) -> bool:
    return check_digit(text) == digit or (digit == _FILLER and not text.strip(_FILLER))


def _words(part: str) -> str:
    return part.replace(_FILLER, " ").strip()


def _day(digits: str, latest: int) -> str:
    """Return YYMMDD as a date of the hundred years up to the latest; what is not known is left out."""
    if not digits[:2].isdigit():
        return ""
    year = latest - (latest - int(digits[:2])) % 100
    known = [part for part in (digits[2:4], digits[4:6]) if part.isdigit()]
    return "-".join([str(year), *known])
