"""Tables: a row for each entity, a column for each property; as CSV, and as a workbook with a sheet for each schema."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, BinaryIO

from insight_kernel.intake.formats.cells import neutral, packed, told, unpacked
from insight_kernel.intake.formats.terms import Head, item_of
from insight_kernel.intake.items import Bad, Entity, Item, Items, Losses, Lost, whole_file

_FIRST = ("id", "schema")
_CSV_CELL, _XLSX_CELL = 131_072, 32_767  # characters
_SHEET_ROWS, _WORKBOOK_BYTES = 1_000_000, 512 * 2**20
_TOO_LONG = "longer than a cell can be"
_NO_HEAD = Head()


def is_csv(path: Path) -> bool:
    """Tell whether a table begins with the columns of an exchange."""
    with path.open("rb") as file:
        return file.read(100).removeprefix(b"\xef\xbb\xbf").startswith(b"id,schema")


def is_xlsx(path: Path) -> bool:
    """Tell whether a sheet of a workbook begins with the columns of an exchange."""
    return any(isinstance(item, Item) or item.place != "file" for item in read_xlsx(path))


def read_csv(path: Path) -> Items:
    """Yield the entity of each row; columns are `id`, `schema`, then properties."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.reader(lines, strict=True)
        try:
            yield from _items(rows, "row ")
        except (csv.Error, UnicodeDecodeError):
            yield whole_file("is not a table of comma-separated values in UTF-8 from here on")


def write_csv(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:  # noqa: ARG001  # no place for it
    """Write one table of all entities; cells a spreadsheet would take for formulas get a quote."""
    lost = Lost()
    lost.without_marks(items)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    csv.writer(text).writerows(_rows([e for item in items for e in item.entities], _CSV_CELL, lost))
    text.detach()
    return lost.all()


def read_xlsx(path: Path) -> Items:
    """Yield the entity of each row of each sheet that begins with the columns `id` and `schema`."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _WORKBOOK_BYTES:
                yield whole_file("unfolds to more than may be read")
                return
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            rows = ([_said(cell) for cell in row] for row in book.get_sheet_by_name(name).iter_rows())
            yield from _items(rows, f"{name}, row ", only_ours=True)
    except (CalamineError, zipfile.BadZipFile, OSError):
        yield whole_file("is not a workbook that can be read")


def write_xlsx(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:
    """Write a sheet for each schema, after one that says how the file is to be handled; every cell is a text."""
    from xlsxwriter import Workbook

    lost = Lost()
    lost.without_marks(items)
    sheets: dict[str, list[Entity]] = defaultdict(list)
    for item in items:
        for entity in item.entities:
            sheets[entity.schema].append(entity)
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": head.day})
        if head.lines:
            _fill(
                book.add_worksheet("Handling"), ([neutral(word), neutral(said)] for word, said in head.lines)
            )
        for schema, entities in sorted(sheets.items()):
            for start in range(0, len(entities), _SHEET_ROWS):
                sheet = book.add_worksheet(f"{schema} {start // _SHEET_ROWS + 1}" if start else schema)
                _fill(sheet, _rows(entities[start : start + _SHEET_ROWS], _XLSX_CELL, lost))
    return lost.all()


def _fill(sheet: Any, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)


def _rows(entities: Sequence[Entity], most: int, lost: Lost) -> Iterator[list[str]]:
    columns = sorted({name for entity in entities for name, values in entity.properties.items() if values})
    yield [*_FIRST, *columns]
    for entity in entities:
        cells = (_cell(entity, name, most, lost) for name in columns)
        yield [neutral(packed([entity.id])), entity.schema, *cells]


def _cell(entity: Entity, name: str, most: int, lost: Lost) -> str:
    """Return the values of a property as far as they fit into a cell; the longest go first."""
    values = list(entity.properties.get(name, ()))
    while values and len(cell := neutral(packed(values))) > most:
        values.remove(max(values, key=len))
        lost.add(f"{entity.schema}.{name}", _TOO_LONG)
    return cell if values else ""


def _items(rows: Iterator[list[str]], place: str, *, only_ours: bool = False) -> Items:
    header = [told(cell) for cell in next(rows, [])]
    if tuple(header[:2]) != _FIRST:
        if not only_ours:
            yield whole_file("its first two columns are not id and schema")
        return
    for number, row in enumerate(rows, start=1):
        if any(row):
            yield _item(f"{place}{number}", header, row)


def _item(place: str, header: Sequence[str], row: Sequence[str]) -> Item | Bad:
    content = json.dumps([header, row], ensure_ascii=False).encode("utf-8", "backslashreplace")
    if len(row) != len(header):
        return Bad(place, "", f"has {len(row)} cells, the header has {len(header)}", content)
    cells = {name: unpacked(told(cell)) for name, cell in zip(header, row, strict=True) if cell}
    names = {name: cells.pop(name, [""])[0] for name in _FIRST}
    return item_of(place, {**names, "properties": cells}, content)


def _said(cell: Any) -> str:
    """Return what a cell of any type says; a whole number without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
