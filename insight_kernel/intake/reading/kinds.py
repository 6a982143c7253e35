"""What a file is: its content says so; its name counts only where content can be several things."""

import io
import re
import zipfile
from pathlib import PurePath

_STARTS = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"BZh", "tar"), (b"\xfd7zXZ\x00", "tar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"), (b"BEGIN:VCARD", "vcard"), (b"BEGIN:VCALENDAR", "calendar"),
)  # fmt: skip
_PACKED = {
    "word/": "docx", "xl/": "xlsx", "ppt/": "pptx",
}  # fmt: skip
_STREAMS = {
    "EncryptedPackage": "encrypted",
    "WordDocument": "doc",
    "Workbook": "xls",
    "PowerPoint Document": "ppt",
}
_TYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_NAMED = {
    ".eml": "mail", ".emlx": "emlx", ".csv": "table", ".tsv": "table", ".json": "json", ".jsonl": "json",
    ".ndjson": "json", ".html": "html", ".htm": "html", ".xml": "xml", ".svg": "xml", ".txt": "text", ".m4a": "sound",
    ".dbf": "dbf",
}  # fmt: skip
_TEXTS = frozenset({"mail", "emlx", "table", "json", "html", "xml", "text"})
_MAIL = re.compile(
    rb"^(?:From|To|Subject|Date|Received|MIME-Version|Message-ID|Return-Path):", re.MULTILINE | re.IGNORECASE
)
_EXPECTED = {
    **{f".{kind}": kind for kind in ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "doc", "xls", "ppt", "rtf", "zip",
                                     "png", "gif", "webp", "rar")},
    ".jpg": "jpeg", ".jpeg": "jpeg", ".tif": "tiff", ".tiff": "tiff",
}  # fmt: skip
_HEAD = 4_096


def kind_of(data: bytes, name: str) -> tuple[str, str | None]:
    """Return what bytes are, and a warning where the name says otherwise.

    Examples
    --------
    >>> kind_of(b"%PDF-1.7 ...", "a.pdf"), kind_of(b"%PDF-1.7 ...", "a.txt")
    (('pdf', None), ('pdf', 'is pdf, although its name ends in .txt'))
    >>> kind_of(b"<!DOCTYPE html><p>one", "page"), kind_of(b"a,b", "a.csv"), kind_of(b"not one", "b.pdf")[0]
    (('html', None), ('table', None), 'text')
    """
    suffix = PurePath(name).suffix.lower()
    found = "emlx" if suffix == ".emlx" else _by_content(data) or _by_name(data, suffix)
    expected = _EXPECTED.get(suffix) or _NAMED.get(suffix, found)
    fits = found == expected or (found in _TEXTS and expected in _TEXTS)
    return found, None if fits else f"is {found}, although its name ends in {suffix}"


def _by_content(data: bytes) -> str:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[257:262] == b"ustar":
        return "tar"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    found = next((kind for start, kind in _STARTS if head.startswith(start)), "")
    if found == "zip":
        return _packed(data)
    if found == "ole":
        return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in data), "ole")
    return found or _by_words(head.lower())


def _by_words(head: bytes) -> str:
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    if head.startswith(b"<?xml"):
        return "html" if b"<html" in head else "xml"
    return "mail" if len(set(_MAIL.findall(head.partition(b"\n\n")[0]))) > 1 else ""


def _by_name(data: bytes, suffix: str) -> str:
    named = _NAMED.get(suffix, "")
    if named in _TEXTS or (named and b"\x00" in data[:_HEAD]):
        return named
    return "binary" if b"\x00" in data[:_HEAD] and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else "text"


def _packed(data: bytes) -> str:
    """Return what a ZIP archive is that is more than an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if names[:1] == ["mimetype"]:
                return _TYPES.get(archive.read("mimetype")[:100].decode("latin-1"), "zip")
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return "zip"
    if "[Content_Types].xml" not in names:
        return "zip"
    return next(
        (kind for start, kind in _PACKED.items() if any(name.startswith(start) for name in names)), "zip"
    )
