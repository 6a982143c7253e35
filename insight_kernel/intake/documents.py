"""Documents as records: a file and everything that lies within it, each an entity that names what it lies in."""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from email.utils import getaddresses
from pathlib import Path, PurePath
from typing import Any

from insight_kernel.intake.hashes import image_hashes
from insight_kernel.intake.items import Bad, Entity, Item, Items, whole_file
from insight_kernel.intake.reading.apart import read
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.pictures import PICTURES
from insight_kernel.model.ids import document_key
from insight_kernel.model.values import clean

SCHEMATA: Mapping[str, str] = {
    "mail": "Email", "emlx": "Email", "html": "HyperText", "table": "Table", "zip": "Package", "tar": "Package",
    "gzip": "Package", **dict.fromkeys(("pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx"), "Pages"),
    **dict.fromkeys(("xls", "xlsx", "ods", "dbf"), "Workbook"),
    **dict.fromkeys(("text", "json", "xml", "vcard", "calendar"), "PlainText"),
    **dict.fromkeys(PICTURES, "Image"), "sound": "Audio",
}  # fmt: skip
"""Kind of a file -> what FollowTheMoney calls it; what is not named here is a Document."""
DOCUMENTS = tuple(f".{ending}" for ending in (
    "eml", "emlx", "pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx", "xls", "xlsx", "ods", "dbf", "html", "htm", "xml",
    "txt", "tsv", "vcf", "ics", "zip", "tar", "gz", "tgz", "png", "jpg", "jpeg", "gif", "tif", "tiff", "webp",
))  # fmt: skip
"""Endings by which files of a folder are taken; a file that is named itself is read whatever its name."""
_SAID = {"title": "title", "subject": "subject", "message-id": "messageId", "in-reply-to": "inReplyTo",
         "content-language": "language",
         "encoding": "encoding", "from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "rows": "rowCount"}  # fmt: skip
_MOMENTS = {"date": "date", "created_at": "authoredAt"}
_OF_PEOPLE = frozenset({"name", "email", "phone", "position", "address", "birthDate"})
_OF_EVENTS = ("name", "location", "startDate", "endDate")
_ADDRESSED = frozenset({"from", "to", "cc", "bcc"})
Further = Callable[[Item, Document, str], Item | Bad]
"""What is made of an item of a document, the document and its id."""


def read_documents(path: Path, further: Further = lambda item, *_: item) -> Items:
    """Yield a file and each of its parts as an item; a file that cannot be read is not taken."""
    found = read(path)
    if found.error is not None:
        yield whole_file(found.error)
    else:
        yield from _items(found, path.name, (), further)


def _items(document: Document, place: str, above: tuple[str, ...], further: Further) -> Items:
    """Yield a document and what lies within; `above` are the ids of what it lies in, the nearest last."""
    name = document_key(place, document.sha256, above)
    properties = _properties(document, above)
    entity = Entity(name, SCHEMATA.get(document.kind, "Document"), properties)
    content = json.dumps([name, dict(sorted(properties.items()))], ensure_ascii=False).encode()
    told = (entity, *_told(document, name), *image_hashes(document, name, image=name))
    yield further(Item(place, content, told), document, name)
    for number, part in enumerate(document.content.parts, 1):
        yield from _items(part, f"{place} > {number}", (*above, name), further)


def _told(document: Document, name: str) -> Iterator[Entity]:
    """Yield the people of address cards, and the events of calendars with whoever takes part; each names its proof."""
    for number, person in enumerate(document.content.metadata.get("people", ()), 1):
        said = {key: values for key, values in person.items() if key in _OF_PEOPLE}
        yield Entity(f"{name}/person/{number}", "Person", {**said, "proof": [name]})
    for number, event in enumerate(document.content.metadata.get("events", ()), 1):
        parties = {role: [Entity(f"{name}/event/{number}/{role}/{n}", "LegalEntity", {**party, "proof": [name]})
                          for n, party in enumerate(event[role], 1)] for role in ("organizer", "involved")}  # fmt: skip
        said = {key: event[key] for key in _OF_EVENTS if event[key]}
        ends = {role: [party.id for party in found] for role, found in parties.items() if found}
        yield Entity(f"{name}/event/{number}", "Event", {**said, **ends, "proof": [name]})
        yield from (party for found in parties.values() for party in found)


def _properties(document: Document, above: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what is said of a document, in FollowTheMoney's words."""
    name, content = PurePath(document.name).name, document.content
    mime, _ = mimetypes.guess_type(name)
    found = {
        "fileName": [name], "extension": [PurePath(name).suffix.removeprefix(".")], "mimeType": [mime or ""],
        "contentHash": [document.sha256], "bodyText": [content.text], "parent": list(above[-1:]),
        "ancestors": list(above), "processingStatus": ["success" if document.ok else "failure"],
        "processingError": [document.error or "", *content.warnings],
        "author": list(map(str, content.metadata.get("authors") or ())),
    }  # fmt: skip
    for said, prop in _SAID.items():
        found[prop] = _addresses(said, content.metadata.get(said))
    for said, prop in _MOMENTS.items():
        found[prop] = [clean("date", str(content.metadata.get(said))) or ""]
    if columns := content.metadata.get("columns"):
        found["columns"] = [json.dumps(columns, ensure_ascii=False)]
    return {key: kept for key, values in found.items() if (kept := [value for value in values if value])}


def _addresses(said: str, value: Any) -> list[str]:
    """Return what stands in a header: of one that names people, each of them."""
    if value is None:
        return []
    if said not in _ADDRESSED:
        return [str(value)]
    return [
        f"{name} <{address}>" if name else address for name, address in getaddresses([str(value)]) if address
    ]
