"""HTML as browsers forgive it, and XML that declares nothing of its own."""

import re
from html.parser import HTMLParser
from typing import NoReturn
from xml.parsers import expat

from insight_kernel.intake.reading.document import Content, Refused
from insight_kernel.intake.reading.inside import Inside
from insight_kernel.intake.reading.plain import decoded

_UNSEEN = frozenset({"script", "style", "template", "noscript", "head"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "td", "th", "title", "tr", "ul",
})  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{2,40})""", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_DEEPEST = 500  # elements within each other


def read_html(data: bytes, _: Inside) -> Content:
    """Read what a page shows; scripts and styles are not shown."""
    named = _CHARSET.search(data[:2_048])
    text, encoding = decoded(data, named[1].decode() if named else None)
    shown, title = text_of_html(text)
    return Content(shown, {"encoding": encoding, **({"title": title} if title else {})})


def text_of_html(html: str) -> tuple[str, str]:
    r"""Return the text a page shows, blocks on lines of their own, and its title.

    Examples
    --------
    >>> text_of_html("<title>A</title><p>one<b>two</b><table><td>a<td>b</table><p>three<script>four</script>")
    ('onetwo\na\nb\nthree', 'A')
    """
    page = _Page()
    page.feed(html)
    page.close()
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(page.shown).split("\n"))
    return "\n".join(line for line in lines if line), " ".join("".join(page.title).split())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.title: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "body":  # whatever was left open above it
            self._unseen = []
        elif tag in _UNSEEN or tag == "title":
            self._unseen.append(tag)
        elif tag in _BLOCKS:
            self.shown.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in _BLOCKS:
            self.shown.append("\n")

    def handle_data(self, data: str) -> None:
        if self._unseen[-1:] == ["title"]:
            self.title.append(data)
        elif not self._unseen:
            self.shown.append(data)


def read_xml(data: bytes, _: Inside) -> Content:
    """Read the text of an XML document; one that declares entities is refused, since they may unfold without end."""
    found = _Texts()
    parse_xml(data, found)
    return Content("\n".join(found.texts), {"root": found.root})


class XmlTarget:
    """What is told of an XML document while it is parsed; `depth` counts the elements that are open."""

    depth = 0

    def begun(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the begin of an element."""

    def ended(self, name: str) -> None:
        """Take the end of an element."""

    def said(self, text: str) -> None:
        """Take text."""


def parse_xml(data: bytes, target: XmlTarget) -> None:
    """Tell a target what an XML document holds; what is none, or declares entities, or is too deep, is `Refused`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _declared
    parser.CharacterDataHandler = target.said

    def begun(name: str, attributes: dict[str, str]) -> None:
        target.depth += 1
        if target.depth > _DEEPEST:
            raise Refused("is nested too deep")
        target.begun(name, attributes)

    def ended(name: str) -> None:
        target.depth -= 1
        target.ended(name)

    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused(f"is not XML (line {error.lineno}, column {error.offset + 1})") from None


def _declared(*_: object) -> NoReturn:
    raise Refused("declares entities")


class _Texts(XmlTarget):
    def __init__(self) -> None:
        self.root = ""
        self.texts: list[str] = []

    def begun(self, name: str, attributes: dict[str, str], /) -> None:
        self.root = self.root or name
        for value in attributes.values():
            self.said(value)

    def said(self, text: str) -> None:
        self.texts += [text.strip()] if text.strip() else []
