"""From what matplotlib writes to SVG that can stand in any page, several times over.

matplotlib never sees the words: it draws numbered tokens, and the words are put in here, as escaped text.
A caption can therefore be neither markup nor mathematics, nor ask for a glyph that matplotlib's font lacks.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from insight_kernel.views import style

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
_LOCAL = re.compile(r"#([\w-]+)")
_AROUND_COMMAND = re.compile(r"\s*([A-Za-z])\s*")
_FONT_IS_INHERITED = ("font-family", "font")


@dataclass(frozen=True)
class Words:
    """What a token stands for: the text shown, the full text if it was shortened, a halo or not."""

    shown: str
    full: str = ""
    halo: bool = False


def finish(raw: str, words: Mapping[str, Words], alt: str) -> str:
    """Return clean SVG text.

    Parameters
    ----------
    raw
        The output of matplotlib's SVG backend with ``svg.fonttype: none``.
    words
        The words of each token drawn as text.
    alt
        Becomes the accessible name of the picture.
    """
    root = ElementTree.fromstring(raw)  # noqa: S314 - our own output, not a foreign file
    _drop(root, ("metadata", "style"))
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip(), None  # no indentation
        _attributes_for_style(element)
        if "d" in element.attrib:
            element.set("d", _AROUND_COMMAND.sub(r"\1", element.attrib["d"]))
        if element.tag == f"{SVG}text":
            _put_words(element, words)
    _set_frame(root, alt)
    return _with_own_ids(root)


def _drop(root: ElementTree.Element, names: tuple[str, ...]) -> None:
    """Remove the date-bearing metadata, and the style sheet: it would apply to the whole page around us."""
    tags = {SVG + name for name in names}
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in tags]:
            parent.remove(child)


def _attributes_for_style(element: ElementTree.Element) -> None:
    """Say style in attributes, because pages with a strict content policy ignore ``style``."""
    for declaration in filter(None, element.attrib.pop("style", "").split(";")):
        name, _, value = declaration.partition(":")
        if name.strip() not in _FONT_IS_INHERITED:
            element.set(name.strip(), value.strip())
    if element.tag == f"{SVG}text" and element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]


def _put_words(element: ElementTree.Element, words: Mapping[str, Words]) -> None:
    word = words[element.text or ""]
    element.text = word.shown
    if word.halo:
        halo = {
            "paint-order": "stroke",
            "stroke": style.PAPER,
            "stroke-width": "2.6",
            "stroke-opacity": "0.9",
        }
        element.attrib.update(halo)
    if word.full and word.full != word.shown:
        ElementTree.SubElement(element, f"{SVG}title").text = word.full


def _set_frame(root: ElementTree.Element, alt: str) -> None:
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.update(
        {
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": alt,
            "font-family": style.FONTS,
            "stroke-linejoin": "round",
        }
    )


def _with_own_ids(root: ElementTree.Element) -> str:
    """Keep only the ids something points to, each prefixed with a hash of the picture."""
    ElementTree.register_namespace("", SVG[1:-1])
    used = {
        name for element in root.iter() for value in _references(element) for name in _LOCAL.findall(value)
    }
    digest = hashlib.sha256(ElementTree.tostring(root)).hexdigest()
    for element in root.iter():
        _rename(element, used, f"i{digest[:12]}-")
    return ElementTree.tostring(root, encoding="unicode")


def _references(element: ElementTree.Element) -> list[str]:
    named = ("clip-path", "fill", "stroke", HREF)
    return [value for name, value in element.attrib.items() if name in named and "#" in value]


def _rename(element: ElementTree.Element, used: set[str], prefix: str) -> None:
    own = element.attrib.pop("id", None)
    if own in used:
        element.set("id", f"{prefix}{own}")
    if "clip-path" in element.attrib:
        element.set("clip-path", element.attrib["clip-path"].replace("#", f"#{prefix}"))
    if HREF in element.attrib:
        element.set("href", element.attrib.pop(HREF).replace("#", f"#{prefix}"))
