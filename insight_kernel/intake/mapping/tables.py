"""Rows of tables: text in any encoding whose cells any character parts, and the sheets of workbooks."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from insight_kernel.errors import BadInput
from insight_kernel.intake.lines import TooLongError, bounded
from insight_kernel.intake.reading.apart import read
from insight_kernel.intake.reading.document import Refused
from insight_kernel.intake.reading.kinds import kind_of
from insight_kernel.intake.reading.plain import decoded
from insight_kernel.intake.reading.tables import delimiter_of

TEXTS, BOOKS = (".csv", ".tsv"), (".xlsx", ".xls", ".ods", ".dbf")
"""Endings of files of rows."""
_LOOKED_AT = 2**20
_BROKEN = range(0xDC80, 0xDD00)
"""What stands for bytes that are no characters."""


@dataclass(frozen=True)
class Wrong:
    """A row that is none: why, and what stood there, where that can be told."""

    why: str
    content: bytes = b""


@dataclass(frozen=True)
class Rows:
    """The rows of one table, below the names of its columns."""

    header: list[str]
    rows: Iterator[list[str] | Wrong]


@contextmanager
def table_of(path: Path, sheet: str = "") -> Iterator[Rows]:
    """Open a table: a file of text, or a sheet of a workbook (its only one, where none is named).

    Raises
    ------
    BadInput
        When the file is none, or has no such sheet.
    """
    if path.suffix.lower() in BOOKS:
        yield _sheet(path, sheet)
        return
    encoding, delimiter = _written(path)
    with path.open(encoding=encoding, newline="", errors="surrogateescape") as lines:
        yield _rows(csv.reader(bounded(lines), delimiter=delimiter, strict=True), encoding)


def _written(path: Path) -> tuple[str, str]:
    """Return the encoding of a table, and what parts its cells, as its first lines show."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    kind, wrong = kind_of(head, path.name)
    if len(head) == _LOOKED_AT:  # in the middle of a letter
        head = head[: head.rfind(b"\n") + 1]
    try:
        text, encoding = (
            decoded(head) if not _mostly_utf8(head) else (head.decode("utf-8-sig", "replace"), "utf-8-sig")
        )
    except Refused as error:
        raise BadInput(f"load {path}", str(error), "Check the file.") from None
    if wrong:
        raise BadInput(f"load {path}", wrong, f"Name it as what it is ({kind}), or deliver the table.")
    return encoding, delimiter_of(text)


def _mostly_utf8(head: bytes) -> bool:
    """Tell whether most lines that could tell are UTF-8: then the others are wrong, not all of it written otherwise."""
    telling = [line for line in head.splitlines() if not line.isascii()]
    good = sum(_is_utf8(line) for line in telling)
    return good > len(telling) - good


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sheet(path: Path, name: str) -> Rows:
    book = read(path)
    if book.error is not None:
        raise BadInput(f"load {path}", book.error, "Check the file.")
    sheets = {part.name.removesuffix(".tsv"): part.content.text for part in book.content.parts}
    if name not in sheets and (name or len(sheets) != 1):
        known = ", ".join(sheets) or "none"
        raise BadInput(
            f"load {path}", f"it has no sheet {name!r} (it has: {known})", "Name one in the mapping."
        )
    lines = (sheets[name] if name else next(iter(sheets.values()))).split("\n")
    return _rows((line.split("\t") for line in lines), "utf-8")


def _rows(cells: Iterator[list[str]], encoding: str) -> Rows:
    header = next(cells, [])
    return Rows([column.strip() for column in header], _checked(cells, len(header), encoding))


def _checked(cells: Iterator[list[str]], width: int, encoding: str) -> Iterator[list[str] | Wrong]:
    while True:
        try:
            row = next(cells)
        except StopIteration:
            return
        except (csv.Error, TooLongError) as error:
            yield Wrong(f"not CSV ({error})")
            continue  # the reader goes on with the next line
        wrong = _wrong(row, width, encoding)
        yield Wrong(wrong, "\t".join(row).encode("utf-8", "backslashreplace")) if wrong else row


def _wrong(row: list[str], width: int, encoding: str) -> str | None:
    if len(row) != width:
        return f"has {len(row)} cells, the header has {width}"
    if not all(map(str.isascii, row)) and any(ord(c) in _BROKEN for cell in row for c in cell):
        return f"is not text in the encoding of the file ({encoding})"
    return None
