"""Files made to do harm, of each kind: what they are called, how they are made, and why they are refused."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

MIB, GIB = 2**20, 2**30
TOO_MUCH = "unfolds to more than may be read"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/></Relationships>'
)


def packed(*members: tuple[str, bytes | str], flags: int = 0) -> bytes:
    """Return a ZIP archive; with `flags`, every member says so of itself."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content)
    said = bytearray(data.getvalue())
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = said.find(start)
        while flags and at >= 0:
            said[at + offset] |= flags
            at = said.find(start, at + 1)
    return bytes(said)


def docx(body: bytes) -> bytes:
    return packed(
        ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS.format("officeDocument", "word/document.xml")),
        ("word/document.xml", body),
    )  # fmt: skip


def xlsx(rows: bytes) -> bytes:
    book = (
        '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    return packed(
        ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS.format("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", _RELATIONS.format("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet % rows),
    )  # fmt: skip


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, of which the first is its catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, trailer, len(data))  # fmt: skip


def page(content: bytes, filters: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a PDF of one page with this content."""
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources <<>>>>",
        b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), filters, content), trailer=trailer,
    )  # fmt: skip


def deflated(size: int, times: int = 1) -> bytes:
    """Return so many spaces, deflated so many times."""
    squeeze = zlib.compressobj(1)
    data = b"".join(squeeze.compress(b" " * MIB) for _ in range(size // MIB)) + squeeze.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


_WORD = (
    b'<?xml version="1.0"?>%s<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body>%s</w:body></w:document>"
)
_LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
_LOCKED = b"/Encrypt <</Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4>> /ID [<00><00>]" % (
    b"41" * 32,
    b"42" * 32,
)
FLATE = b"/Filter /FlateDecode"
_NOTHING = "says nothing that can be read"


class Bomb(NamedTuple):
    """A file's name, its bytes, and what is said of it: its error, or else its warnings."""

    name: str
    made: Callable[[], bytes]
    said: str


BOMBS: Mapping[str, Bomb] = {
    "a text document that unfolds": Bomb("a.docx", lambda: docx(_WORD % (b"", b" " * 300 * MIB)), TOO_MUCH),
    "a text document that nests": Bomb("a.docx", lambda: docx(_WORD % (b"", b"<w:p>" * 200_000)), TOO_MUCH),
    "a text document with entities": Bomb("a.docx", lambda: docx(_WORD % (_LAUGHS, b"<w:p>&c;</w:p>")), _NOTHING),
    "a workbook that unfolds": Bomb("a.xlsx", lambda: xlsx(b" " * 300 * MIB), TOO_MUCH),
    "a PDF that unfolds twice": Bomb(
        "a.pdf", lambda: page(deflated(GIB // 4, 2), b"/Filter [/FlateDecode /FlateDecode]"), _NOTHING),
    "a PDF whose pages are each other's": Bomb(
        "a.pdf", lambda: pdf(b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 2>>"),
        "is no whole pdf file"),
    "an encrypted PDF": Bomb("a.pdf", lambda: page(b"x" * 32, trailer=_LOCKED), "is encrypted"),
    "an encrypted text document": Bomb(
        "a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le"),
        "is encrypted"),
    "half a workbook": Bomb("a.xlsx", lambda: xlsx(b"<row/>" * 999)[:900], "is no whole ZIP archive (BadZipFile)"),
    "a program called a PDF": Bomb(
        "a.pdf", lambda: b"\x7fELF" + bytes(range(256)) * 9, "is of a kind that is not read: binary"),
    "text in two encodings": Bomb("a.txt", lambda: "é".encode() * 9 + "Жж".encode("cp1251") * 9, ""),
}  # fmt: skip
