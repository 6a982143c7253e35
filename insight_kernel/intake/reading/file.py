"""Reading one file's bytes: what it is, by the reader for it, and what lies within it in turn."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from insight_kernel.intake.reading.archives import read_gzip, read_tar, read_zip
from insight_kernel.intake.reading.budget import DEEPEST, Budget
from insight_kernel.intake.reading.cards import read_calendar, read_cards
from insight_kernel.intake.reading.document import Content, Document, Refused, TooMuch
from insight_kernel.intake.reading.inside import Inside, Reader, Wanted
from insight_kernel.intake.reading.kinds import kind_of
from insight_kernel.intake.reading.mail import read_emlx, read_mail
from insight_kernel.intake.reading.markup import read_html, read_xml
from insight_kernel.intake.reading.office import MIME, reader_of
from insight_kernel.intake.reading.pictures import PICTURES, read_picture
from insight_kernel.intake.reading.plain import read_text
from insight_kernel.intake.reading.strict_json import read_json
from insight_kernel.intake.reading.tables import read_table

READERS: Mapping[str, Reader] = {
    **{kind: reader_of(kind) for kind in MIME},
    **dict.fromkeys(PICTURES, read_picture),
    "calendar": read_calendar, "emlx": read_emlx, "gzip": read_gzip, "html": read_html, "json": read_json,
    "mail": read_mail, "table": read_table, "tar": read_tar, "text": read_text, "vcard": read_cards, "xml": read_xml,
    "zip": read_zip,
}  # fmt: skip
"""Kind -> what reads it."""


def read_bytes(name: str, data: bytes, wanted: Wanted = "nothing") -> Document:
    """Read a file's bytes, and what is wanted of pictures; one that is refused says why, and never raises.

    Examples
    --------
    >>> read_bytes("a.json", b'{"a": NaN}')
    Document('a.json', json: is not JSON: a number that is none)
    >>> read_bytes("hello.html", b"<p>Hello, <b>world</b>").content.text
    'Hello, world'
    """
    return _read(name, data, Inside(name, Budget(), 0, _read, wanted))


def _read(name: str, data: bytes, inside: Inside) -> Document:
    kind, warning = kind_of(data, name)
    warnings = (warning,) if warning else ()
    found = Document(name, kind, hashlib.sha256(data).hexdigest())
    try:
        content = _content(kind, data, inside)
    except Refused as error:
        if isinstance(error, TooMuch) and inside.depth:
            raise
        return replace(found, error=str(error), content=Content(warnings=warnings))
    return replace(found, content=replace(content, warnings=(*warnings, *content.warnings)))


def _content(kind: str, data: bytes, inside: Inside) -> Content:
    inside.budget.spend(len(data))
    if inside.depth > DEEPEST:
        raise Refused("lies too deep in other files")
    if not data:
        raise Refused("is empty")
    if kind == "encrypted":
        raise Refused("is encrypted")
    reader = READERS.get(kind)
    if reader is None:
        raise Refused(f"is of a kind that is not read: {kind}")
    return reader(data, inside)
