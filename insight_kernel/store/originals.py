"""Delivered files without what is gone: a file of which nothing is left is removed, otherwise its places are emptied.

Lines and rows keep their numbers, so that the places of what is left stay right. Of an item that lost some of its
values nothing stays in its file; what is left of it stands in the store alone. Doing it again changes nothing.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from insight_kernel.files import remove, replace_file
from insight_kernel.store import sql_originals
from insight_kernel.store.database import Database
from insight_kernel.store.folder import StoreFolder

_BOM = b"\xef\xbb\xbf"
Numbers = frozenset[int]


def is_whole(file: Path) -> bool:
    """Tell whether a delivered file is kept, with nothing taken out of it."""
    return file.exists() and not _note_of(file).exists()


def keep_original(file: Path, content: bytes) -> None:
    """Keep a delivered file, or keep it whole again: it may be another owner's who took nothing back."""
    remove(_note_of(file))
    replace_file(file, content)


def clear_originals(database: Database, folder: StoreFolder) -> None:
    """Take out of the files kept whatever a purge removed; what was done to a file stands beside it."""
    with database.snapshot() as snapshot:
        found = snapshot.rows(sql_originals.GONE_PLACES)
        act = snapshot.state.acts
    for digest, everything, places in found:
        _clear(folder / "originals" / digest, places, act, whole=everything)


def _clear(file: Path, places: Sequence[str], act: int, *, whole: bool) -> None:
    note = _note_of(file)
    if whole:
        remove(note)
        remove(file)
    elif places and file.exists() and list(places) != _noted(note):
        replace_file(file, emptied(file.read_bytes(), places))
        replace_file(note, json.dumps({"act": act, "places": places}).encode())


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.redacted")


def _noted(note: Path) -> object:
    return json.loads(note.read_bytes())["places"] if note.exists() else None


def emptied(content: bytes, places: Sequence[str]) -> bytes:
    r"""Return a delivered file with these places empty: `line N` of a file of lines, `row N` of a table.

    Examples
    --------
    >>> emptied(b'{"id": 1}\n{"id": 2}\n', ["line 1"])
    b'\n{"id": 2}\n'
    >>> emptied(b'id,name\n1,"A\nB"\n2,C\n', ["row 1"])
    b'id,name\n\n2,C\n'
    """
    lines = _numbers(places, "line")
    parts = _lines(content, lines) if lines else _rows(content, _numbers(places, "row"))
    return b"".join(parts)


def _numbers(places: Sequence[str], kind: str) -> Numbers:
    return frozenset(int(number) for name, _, number in (p.partition(" ") for p in places) if name == kind)


def _lines(content: bytes, gone: Numbers) -> Iterator[bytes]:
    for number, line in enumerate(io.BytesIO(content), start=1):
        yield _ending(line) if number in gone else line


def _rows(content: bytes, gone: Numbers) -> Iterator[bytes]:
    """Yield the lines of a table read as intake reads it; a row may be several lines, an empty row is one."""
    yield _BOM if content.startswith(_BOM) else b""
    lines = list(io.StringIO(content.decode("utf-8-sig"), newline=""))
    for number, (start, end) in enumerate(_extents(lines)):
        said = "".join(lines[start:end]).encode()
        yield _ending(said) if number in gone else said


def _extents(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield of each row, the header being number 0, its first line and the one after its last."""
    rows, start = csv.reader(iter(lines), strict=True), 0
    while start < len(lines):
        try:
            next(rows)
        except StopIteration:
            break
        except csv.Error:
            pass  # a row that intake could not take either; the reader goes on with the next line
        yield start, rows.line_num
        start = rows.line_num


def _ending(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
