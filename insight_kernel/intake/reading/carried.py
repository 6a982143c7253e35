"""How a document comes out of the process that read it: as text in JSON, whoever wrote it."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from insight_kernel.intake.reading.document import Content, Document, Scan


def packed(document: Document) -> bytes:
    """Return a document as bytes, with the pictures of its pages."""
    return json.dumps(_packed(document)).encode()


def unpacked(data: bytes) -> Document:
    """Read what `packed` wrote, and nothing else.

    Raises
    ------
    ValueError
        When it is anything else: a reader that was taken over may write what it likes.

    Examples
    --------
    >>> unpacked(packed(Document("a.txt", "text", "00", Content("one"))))
    Document('a.txt', text: 3 characters, 0 parts)
    >>> unpacked(b"[1]")
    Traceback (most recent call last):
    ValueError: is no document
    """
    try:
        return _unpacked(json.loads(data))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise ValueError("is no document") from None


def _packed(document: Document) -> dict[str, Any]:
    content = document.content
    scans = [(scan.page, base64.b64encode(scan.picture).decode()) for scan in content.scans]
    return {
        "name": document.name, "kind": document.kind, "sha256": document.sha256, "error": document.error,
        "language": document.language, "text": content.text, "metadata": content.metadata, "scans": scans,
        "warnings": content.warnings, "parts": [_packed(part) for part in content.parts],
    }  # fmt: skip


def _unpacked(raw: Mapping[str, Any]) -> Document:
    content = Content(
        _text(raw["text"]), dict(raw["metadata"]), tuple(map(_unpacked, raw["parts"])),
        tuple(map(_text, raw["warnings"])),
        tuple(Scan(int(page), base64.b64decode(picture, validate=True)) for page, picture in raw["scans"]),
    )  # fmt: skip
    error, language = (None if raw[key] is None else _text(raw[key]) for key in ("error", "language"))
    return Document(_text(raw["name"]), _text(raw["kind"]), _text(raw["sha256"]), content, error, language)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
