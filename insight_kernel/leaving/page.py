"""The last look at a page before it is kept: nothing in it may act, and nothing may reach out.

Outputs are escaped where they are made and the page forbids scripts to the browser. This look holds also where
both were forgotten: in a template of a colleague, or in a viewer that knows no content security policy.
"""

import re
from html.parser import HTMLParser

from insight_kernel.errors import Refused
from insight_kernel.leaving.pictures import png_fault

_TEXT = """
html head meta title style body header main section h1 h2 h3 h4 p ul ol li b i em strong small span div pre code
br hr blockquote a table caption colgroup col thead tbody tfoot tr th td figure figcaption img
"""
_PICTURES = """
svg g defs desc metadata path rect circle ellipse line polyline polygon text tspan use clippath lineargradient
radialgradient stop pattern mask marker symbol
"""
_TAGS = frozenset((_TEXT + _PICTURES).split())
_POINTERS = {
    "href",
    "xlink:href",
    "src",
    "action",
    "formaction",
    "background",
    "poster",
    "data",
    "srcset",
    "ping",
}
_PNG = "data:image/png;base64,"
_WORDS = {"aria-label", "alt", "title"}  # read by people only: a name may look like anything
_REACHING = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(|javascript:", re.IGNORECASE)


def refuse_active(page: str) -> str:
    """Return the page if it is harmless.

    Raises
    ------
    Refused
        It names the first tag or attribute that is not.

    Examples
    --------
    >>> refuse_active("<p>&lt;script&gt;</p>")
    '<p>&lt;script&gt;</p>'
    >>> refuse_active("<p onclick='x'></p>")
    Traceback (most recent call last):
    insight_kernel.errors.Refused: Cannot keep the report: it holds the attribute 'onclick'. Mend the template: \
reports hold no active content.
    """
    _Look().feed(page)
    return page


class _Look(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag and its attributes."""
        if tag not in _TAGS:
            raise _active(f"the tag {tag!r}")
        self._in_style = tag == "style"
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a style."""
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Look into styles."""
        if self._in_style and _REACHING.search(data):
            raise _active("a style that reaches out")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002  # whatever it says
        """Refuse what readers do not see."""
        raise _active("a comment")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "srcdoc" or (name, value.lower()) == ("http-equiv", "refresh"):
            raise _active(f"the attribute {name!r}")
        picture = tag == "img" and name == "src" and value.startswith(_PNG)
        fault = png_fault(value.removeprefix(_PNG)) if picture else None
        if fault is not None:
            raise _active(fault)
        inside = value.startswith("#") or picture
        if name in _POINTERS and not inside:
            raise _active(f"an address in {name!r}")
        if name not in _WORDS and _REACHING.search(value):
            raise _active(f"the attribute {name!r}")


def _active(what: str) -> Refused:
    return Refused(
        "keep the report", f"it holds {what}", "Mend the template: reports hold no active content."
    )
