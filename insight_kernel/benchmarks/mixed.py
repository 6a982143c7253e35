"""A thousand files as a seizure holds them: mails with attachments, pages, texts, office files, archives."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from random import Random

_WORDS = [
    "the", "car", "left", "harbour", "at", "night", "two", "men", "waited", "near", "cranes", "payment", "came",
    "later", "from", "account", "phone", "ship",
]  # fmt: skip
_WORD_FILE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument"


def write_mixed(folder: Path, files: int) -> list[Path]:
    """Write so many files of ten kinds in turns; equal numbers give equal files."""
    chance, made = Random(1), []  # noqa: S311  (texts, not secrets)
    for number in range(files):
        suffix, content = _KINDS[number % len(_KINDS)]
        path = folder / f"{number:05d}{suffix}"
        path.write_bytes(content(chance))
        made.append(path)
    return made


def _text(chance: Random, words: int = 300) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _plain(chance: Random) -> bytes:
    return _text(chance).encode()


def _mail(chance: Random) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "a@north.example",
        "b@south.example",
        _text(chance, 5),
    )
    message.set_content(_text(chance))
    message.add_attachment(_table(chance), maintype="text", subtype="csv", filename="calls.csv")
    return message.as_bytes()


def _page(chance: Random) -> bytes:
    cells = f"<table><tr><td>{_text(chance, 20)}</table>"
    return f"<html><title>{_text(chance, 4)}</title><p>{_text(chance)}{cells}".encode()


def _table(chance: Random) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(
        [["from", "to", "said"], *([chance.randrange(10**9), 2, _text(chance, 4)] for _ in range(50))]
    )
    return out.getvalue().encode()


def _json(chance: Random) -> bytes:
    return json.dumps(
        [{"name": _text(chance, 2), "phones": [chance.randrange(10**9)]} for _ in range(50)]
    ).encode()


def _archive(chance: Random) -> bytes:
    return _zipped({f"{n}.txt": _text(chance, 100) for n in range(5)})


def _document(chance: Random) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{_text(chance, 30)}</w:t></w:r></w:p>" for _ in range(10))
    main = f'<w:document xmlns:w="{_WORD_FILE}"><w:body>{body}</w:body></w:document>'
    return _office(main, "word/document.xml", f"{_TYPE}.wordprocessingml.document.main+xml", {})


def _workbook(chance: Random) -> bytes:
    sheets = '<sheets><sheet name="Calls" sheetId="1" r:id="r1"/></sheets>'
    row = "".join(f'<c t="inlineStr"><is><t>{_text(chance, 2)}</t></is></c>' for _ in range(5))
    rows = "".join(f'<row r="{n}">{row}</row>' for n in range(1, 41))
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>'
    return _office(book, "xl/workbook.xml", f"{_TYPE}.spreadsheetml.sheet.main+xml", {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/_rels/workbook.xml.rels": _related("r1", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
    })  # fmt: skip


def _office(main: str, at: str, kind: str, more: dict[str, str]) -> bytes:
    types = (f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
             'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
             '<Default Extension="xml" ContentType="application/xml"/>'
             f'<Override PartName="/{at}" ContentType="{kind}"/></Types>')  # fmt: skip
    return _zipped({"[Content_Types].xml": types, "_rels/.rels": _related("r1", f"{_OFFICE}/officeDocument", at),
                    at: main, **more})  # fmt: skip


def _related(name: str, kind: str, target: str) -> str:
    return (f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="{name}" Type="{kind}" '
            f'Target="{target}"/></Relationships>')  # fmt: skip


def _zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def _portable(chance: Random) -> bytes:
    """Return a PDF file of one page, its cross-references counted."""
    lines = "".join(f"({_text(chance, 10)}) Tj T* " for _ in range(30))
    shown = f"BT /F1 9 Tf 12 TL 40 800 Td {lines}ET"
    font = "<< /Font << /F1 5 0 R >> >>"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {font} >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, starts = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(parts) + 1} /Root 1 0 R >>\n"
    return f"{out}{head}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


_KINDS: tuple[tuple[str, Callable[[Random], bytes]], ...] = (
    (".eml", _mail), (".txt", _plain), (".html", _page), (".eml", _mail), (".csv", _table), (".json", _json),
    (".docx", _document), (".xlsx", _workbook), (".pdf", _portable), (".zip", _archive),
)  # fmt: skip
