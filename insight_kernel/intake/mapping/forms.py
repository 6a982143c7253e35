"""Forms: text with a field on each line, as messages between bureaux and reports of police stations have it."""

import re
from typing import Any

from insight_kernel.intake.mapping.trees import put
from insight_kernel.intake.reading.document import Document

_FIELD = re.compile(r"(?:\d+(?:\.\d+)*[.)]?\s+)?(?P<name>[^\W\d_][^:\n]{0,60}?)\s*[:：]\s*(?P<value>.*)")
_SECTION = re.compile(r"\[([^\]\n]{1,60})\]|-{2,}\s*([^-\n]{1,60}?)\s*-{2,}|={2,}\s*([^=\n]{1,60}?)\s*={2,}")
SAID = ("subject", "from", "to", "cc", "date", "message-id", "in-reply-to", "title")
"""What a document says of itself, a column each: `@subject` and so on, beside `@id`, `@file` and `@text`."""


def form_of(document: Document, id_: str) -> dict[str, Any]:
    """Return the fields of a document and what it says of itself; sections are trees, several of a name a list.

    A line that begins with a space goes on with the field before it, as do lines that are no field, until a blank one.
    """
    said = {f"@{name}": str(value) for name in SAID if (value := document.content.metadata.get(name))}
    return {**said, "@id": id_, "@file": document.name, "@text": document.content.text,
            **fields_of(document.content.text)}  # fmt: skip


def fields_of(text: str) -> dict[str, Any]:
    r"""Return the fields of a form.

    Examples
    --------
    >>> fields_of("Reference: A-1\n\n[Person]\n1.1 Name: SAMPLE\nAddress: 2 Main Street\n  Lyon\n[Person]\nName: OTHER")
    {'Reference': 'A-1', 'Person': [{'Name': 'SAMPLE', 'Address': '2 Main Street\nLyon'}, {'Name': 'OTHER'}]}
    """
    whole: dict[str, Any] = {}
    section, last = whole, ""
    for line in text.splitlines():
        if heading := _SECTION.fullmatch(line.strip()):
            section, last = {}, ""
            put(whole, next(filter(None, heading.groups())).strip(), section)
        elif (field := _FIELD.match(line)) and not line[:1].isspace():
            last = field["name"].strip()
            put(section, last, field["value"].strip())
        elif line.strip() and last:
            _go_on(section, last, line.strip())
        else:
            last = ""
    return whole


def _go_on(section: dict[str, Any], name: str, line: str) -> None:
    """Add a line to the last value of a field."""
    held = section[name]
    if isinstance(held, list):
        held[-1] = f"{held[-1]}\n{line}".strip()
    elif isinstance(held, str):
        section[name] = f"{held}\n{line}".strip()
