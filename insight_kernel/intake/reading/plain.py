"""Text in any encoding."""

import codecs

from charset_normalizer import from_bytes

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED_AT = 100_000  # bytes from which an encoding is guessed


def decoded(data: bytes, named: str | None = None) -> tuple[str, str]:
    """Return text and the name of its encoding: a mark's, the one it names itself, UTF-8, or the likeliest.

    Examples
    --------
    >>> decoded("Îș unî©ođ€.".encode())
    ('Îș unî©ođ€.', 'utf-8')
    >>> decoded("Привет, мир! Как дела?".encode("cp1251"), "windows-1251")
    ('Привет, мир! Как дела?', 'windows-1251')
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (marked, named, "utf-8"):
        try:
            if name:
                return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(data[:_LOOKED_AT]).best()
    if best is None:
        raise Refused("is not text in any encoding that is known")
    return data.decode(best.encoding, "replace"), best.encoding


def read_text(data: bytes, _: Inside) -> Content:
    """Read text."""
    text, encoding = decoded(data)
    return Content(text, {"encoding": encoding})
