"""The house style: one palette, one set of sizes, and how wide a text will be."""

import re
import unicodedata
from collections.abc import Iterable

INK = "#1f2a36"  # text and strong lines
MUTED = "#5c6873"  # notes, axes, secondary text; 5.7:1 on white
LINE = "#9aa5b1"  # links and frames
HAIR = "#dfe4ea"  # grid
SHADE = "#f4f6f8"  # alternating bands, plates behind text
PAPER = "#ffffff"
ACCENT = "#c2410c"  # what the reader should look at first

# Okabe and Ito (2008), told apart under the common colour blindnesses; yellow and purple darkened for paper.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#b0528c", "#56b4e9", "#d55e00", "#8a7a00")
OTHER = "#7b8794"

TITLE, BODY, SMALL, TINY = 14.0, 9.5, 8.5, 7.5  # font sizes in points
MARGIN = 18.0

# The reader's machine chooses; the later names are for Arabic, Hebrew, Chinese, Japanese, Korean and emoji.
FONTS = (
    '"Segoe UI", "Helvetica Neue", Arial, "Noto Sans", "DejaVu Sans", "Noto Sans Arabic", "Geeza Pro", '
    '"Noto Sans Hebrew", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans", '
    '"Malgun Gothic", "Noto Color Emoji", sans-serif'
)

# Control characters are not legal in XML; direction overrides and isolates let a name pose as another one.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+")
_NARROW = frozenset("ijlIft.,:;'|!()[]{}/\\ ")
_BROAD = frozenset("mwMW@%&")


def plain(value: object) -> str:
    """Return any value as one printable line: no control characters, no direction overrides."""
    missing = value is None or value != value  # NaN and NaT differ from themselves
    return "" if missing else " ".join(_UNPRINTABLE.sub(" ", str(value)).split())


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in points, a little on the wide side, whatever font the reader has."""
    return size * sum(map(_advance, text))


def _advance(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.9
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.68 if character.isupper() else 0.57


def shorten(text: str, size: float, width: float) -> str:
    """Cut a text so that it fits ``width`` points; an ellipsis shows that something is missing."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into at most two lines of ``width`` points, as even as its spaces allow."""
    if text_width(text, size) <= width:
        return [text]
    spaces = [at for at, character in enumerate(text) if character == " "]
    first = min(spaces, key=lambda at: _longer_half(text, at, size), default=len(text))
    if text_width(text[:first], size) > width:
        first = next(at for at in range(len(text)) if text_width(text[: at + 1], size) > width)
    rest = text[first:].strip()
    return [text[:first].strip(), shorten(rest, size, width)] if rest else [shorten(text, size, width)]


def _longer_half(text: str, at: int, size: float) -> float:
    return max(text_width(text[:at], size), text_width(text[at + 1 :], size))


def kind_colours(kinds: Iterable[str]) -> dict[str, str]:
    """Give each kind a colour, in the order of first appearance; from the eighth on all are grey."""
    distinct = list(dict.fromkeys(kinds))
    return {kind: PALETTE[n] if n < len(PALETTE) else OTHER for n, kind in enumerate(distinct)}


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 link", "2,000 links"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
