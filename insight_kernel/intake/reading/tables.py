"""Tables in text: which character parts the cells is found by looking."""

import csv
import io

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.plain import decoded

_DELIMITERS, _LOOKED_AT = ",;\t|", 65_536


def read_table(data: bytes, _: Inside) -> Content:
    """Read a table of cells; its first row names the columns."""
    text, encoding = decoded(data)
    delimiter = delimiter_of(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Refused(f"is not a table ({error})") from None
    columns, uneven = rows[0] if rows else [], sum(len(row) != len(rows[0]) for row in rows)
    said = {"encoding": encoding, "delimiter": delimiter, "columns": columns, "rows": max(len(rows) - 1, 0)}
    return Content(text, said, (), (f"{uneven} rows are not as long as the first",) if uneven else ())


def delimiter_of(text: str) -> str:
    r"""Return the character that parts cells: a comma where none can be told.

    Examples
    --------
    >>> [delimiter_of(text) for text in ("a;b\n1,5;2\n", "a\tb\n", "a")]
    [';', '\t', ',']
    """
    first = text[:_LOOKED_AT].split("\n", 1)[0]
    best = max(_DELIMITERS, key=first.count)
    return best if first.count(best) else ","
