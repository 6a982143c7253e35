"""PDF and office documents: their text through one library, their tables as parts, what they say of themselves."""

import asyncio
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import xberg
from PIL import Image

from insight_kernel.intake.reading.budget import MOST_BYTES, RATIO
from insight_kernel.intake.reading.document import Content, Document, Refused
from insight_kernel.intake.reading.inside import Inside, Reader
from insight_kernel.intake.reading.scans import opened, scans_of

_OOXML, _OASIS = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
MIME = {
    "pdf": "application/pdf", "docx": f"{_OOXML}wordprocessingml.document", "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "pptx": f"{_OOXML}presentationml.presentation", "odt": f"{_OASIS}text", "ods": f"{_OASIS}spreadsheet",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf", "dbf": "application/x-dbf",
}  # fmt: skip
"""Kind -> what the library calls it."""
_SAID = ("title", "subject", "authors", "keywords", "created_at", "modified_at", "created_by", "modified_by")
_ALWAYS: dict[str, Any] = {
    "use_cache": False,  # nothing on the disk
    "disable_ocr": True,  # a language set for all would turn text into gibberish
    "security_limits": xberg.SecurityLimits(
        max_archive_size=MOST_BYTES, max_compression_ratio=RATIO,
        max_table_cells=20_000_000,
    ),
}  # fmt: skip
_PLAIN = xberg.ExtractionConfig(**_ALWAYS)
_PAGES = xberg.ExtractionConfig(**_ALWAYS, pages=xberg.PageConfig(extract_pages=True))
_PICTURES = xberg.ExtractionConfig(
    **_ALWAYS, pdf_options=xberg.PdfConfig(extract_images=True),
    images=xberg.ImageExtractionConfig(run_ocr_on_images=False, inject_placeholders=False, max_images_per_page=4),
)  # fmt: skip
_WHY = {"encrypt": "is encrypted", "password": "is encrypted", "security": "unfolds to more than may be read"}
"""Word in what the library says -> what it means."""


def reader_of(kind: str) -> Reader:
    """Return what reads one of the kinds of `MIME`."""

    def read(data: bytes, inside: Inside) -> Content:
        found = _extracted(data, kind, _PAGES if kind == "pdf" else _PLAIN)
        text = "\n\n".join(each.content for each in found)
        tables = [table for each in found for table in each.tables or ()]
        names = _sheets(found)
        parts = tuple(_table(table, number, names, inside) for number, table in enumerate(tables))
        said = {name: value for each in found for name, value in _said(each)}
        warnings = tuple(str(warning.message) for each in found for warning in each.processing_warnings)
        scans = tuple(scans_of(_silent(data, found), inside)) if kind == "pdf" else ()
        if not (text.strip() or scans or parts):
            warnings = (*warnings, "says nothing that can be read")
        return Content(_shown(text), said, parts, warnings, scans)

    return read


def _extracted(data: bytes, kind: str, how: xberg.ExtractionConfig) -> list[Any]:
    asked = xberg.ExtractInput(kind=xberg.ExtractInputKind.BYTES, bytes=data, mime_type=MIME[kind])
    try:
        result = asyncio.run(xberg.extract(asked, how))
    except Exception as error:  # the library raises its own and plain ones; their texts may hold values
        said = str(error).lower()
        known = (meaning for word, meaning in _WHY.items() if word in said)
        raise Refused(next(known, f"is no whole {kind} file")) from None
    return list(result.results)


def _silent(data: bytes, found: list[Any]) -> Iterator[tuple[int, Image.Image]]:
    """Yield the pictures on pages that say nothing in letters, each with the number of its page."""
    silent = {page.page_number for each in found for page in each.pages or () if not page.content.strip()}
    for image in silent and [
        image for each in _extracted(data, "pdf", _PICTURES) for image in each.images or ()
    ]:
        if image.page_number in silent and not image.is_mask:
            with suppress(Refused), opened(image.data) as picture:
                yield image.page_number, picture


def _shown(text: str) -> str:
    """Return text with letters as they are written, not as they were set: Arabic stands in PDFs in shapes."""
    return (
        unicodedata.normalize("NFKC", text).strip()
        if any("\ufb00" <= c <= "\ufefc" for c in text)
        else text.strip()
    )


def _said(found: Any) -> Iterator[tuple[str, Any]]:
    for name in _SAID:
        if value := getattr(found.metadata, name):
            yield name, value
    if found.counts is not None and found.counts.pages:
        yield "pages", found.counts.pages


def _sheets(found: list[Any]) -> list[str]:
    """Return the names of a workbook's sheets."""
    books = [each.metadata.format.excel for each in found if each.metadata.format is not None]
    return [name for book in books if book is not None for name in book.sheet_names or ()]


def _table(table: Any, number: int, names: list[str], inside: Inside) -> Document:
    """Return a table as a part: cells parted by tabs, a row on each line."""
    rows = [[" ".join(str(cell).split()) for cell in row] for row in table.cells]
    name = names[number] if number < len(names) else f"table {number + 1}"
    return inside.part(f"{name}.tsv", "\n".join("\t".join(row) for row in rows).encode())
