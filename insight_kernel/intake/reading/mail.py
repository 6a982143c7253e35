"""Mail: what was said, by whom, to whom and when; each attachment is a part of its own."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from insight_kernel.intake.reading.document import Content, Document, Refused
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.markup import text_of_html
from insight_kernel.intake.reading.plain import decoded

_HEADERS = (
    "From",
    "To",
    "Cc",
    "Bcc",
    "Reply-To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Language",
)
_COUNTED = re.compile(rb"\s*(\d+)\s*\n")
_DEEPEST = 50  # multiparts within each other


def read_mail(data: bytes, inside: Inside) -> Content:
    """Read a message; its text is that of the parts that are shown, plain where there is a choice."""
    message = message_from_bytes(data, policy=default)
    leaves = list(_leaves(message, 0))
    shown = [part for part in leaves if _is_shown(part)]
    texts = [text for part in shown if (text := _text(part))]
    parts = [_part(part, number, inside) for number, part in enumerate(leaves, 1) if not _is_shown(part)]
    warnings = sorted({type(defect).__name__ for part in message.walk() for defect in part.defects})
    return Content("\n\n".join(texts), _said(message), tuple(parts), tuple(warnings))


def read_emlx(data: bytes, inside: Inside) -> Content:
    """Read a message as Apple's Mail keeps it: its length, the message, and a list of properties."""
    counted = _COUNTED.match(data)
    if counted is None:
        raise Refused("does not begin with the length of its message")
    return read_mail(data[counted.end() : counted.end() + int(counted[1])], inside)


def _leaves(part: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """Yield the parts that hold something, in order; of alternatives, the plainest and what is attached to others."""
    if depth > _DEEPEST:
        raise Refused("is nested too deep")
    below = cast(list[EmailMessage], part.get_payload()) if part.is_multipart() else []
    if part.get_content_type() == "message/rfc822" or not part.is_multipart():
        yield part
    elif part.get_content_type() == "multipart/alternative":
        chosen = next((each for each in below if each.get_content_type() == "text/plain"), None)
        for each in below:
            if chosen is None or each is chosen or not each.get_content_type().startswith("text/"):
                yield from _leaves(each, depth + 1)
    else:
        for each in below:
            yield from _leaves(each, depth + 1)


def _is_shown(part: EmailMessage) -> bool:
    shown = part.get_content_type() in ("text/plain", "text/html")
    return shown and part.get_filename() is None and part.get_content_disposition() != "attachment"


def _text(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    text, _ = decoded(data if isinstance(data, bytes) else b"", part.get_content_charset())
    return text_of_html(text)[0] if part.get_content_type() == "text/html" else text.strip()


def _part(part: EmailMessage, number: int, inside: Inside) -> Document:
    name = part.get_filename() or f"part {number}"
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        below = cast(list[EmailMessage], part.get_payload())
        return inside.part(name, b"".join(each.as_bytes() for each in below))
    data = part.get_payload(decode=True)
    return inside.part(name, data if isinstance(data, bytes) else b"")


def _said(message: EmailMessage) -> dict[str, str]:
    """Return the headers that tell of people and times, decoded; the date with its offset, as ISO 8601."""
    found = {name.lower(): text for name in _HEADERS if (text := _header(message, name))}
    try:
        date = message["Date"].datetime
    except Exception:  # a header may be anything, and the library's reading of it may fail in any way
        date = None
    return {**found, **({"date": date.isoformat()} if isinstance(date, datetime) else {})}


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message[name] or "").split())
    except Exception:  # as above: then as it stands
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return " ".join(str(raw[0]).split()) if raw else ""
