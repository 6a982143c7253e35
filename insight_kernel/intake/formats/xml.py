"""XML of others, read so that it does nothing: no entities, no document type, nothing fetched, no endless depth."""

import re
from pathlib import Path
from typing import Any

from insight_kernel.intake.formats.terms import UnreadableError
from insight_kernel.intake.items import Lost

_UNWRITTEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_PLACE = "a character that XML cannot hold"


def parsed(path: Path) -> Any:
    """Return the root of an XML file.

    Raises
    ------
    UnreadableError
        When it is no XML, or declares a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        tree = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError):
        raise UnreadableError("is not XML that can be read") from None
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise UnreadableError("declares a document type, whose entities may unfold without end")
    return tree.getroot()


def is_written(text: str) -> bool:
    r"""Tell whether XML can hold a text.

    Examples
    --------
    >>> is_written("Ana"), is_written("An\x00a")
    (True, False)
    """
    return not _UNWRITTEN.search(text)


def written(text: str) -> str:
    r"""Return a text with a mark in place of each character that XML cannot hold.

    Examples
    --------
    >>> written("An\x00a")
    'An�a'
    """
    return _UNWRITTEN.sub("\ufffd", text)


def kept(values: Any, what: str, lost: Lost) -> list[str]:
    """Return the values that XML can hold; others are counted as lost."""
    found = []
    for value in values:
        if is_written(value):
            found.append(value)
        else:
            lost.add(what, NO_PLACE)
    return found
